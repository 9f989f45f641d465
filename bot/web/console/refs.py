"""Ids in addresses. Ours hold slashes and Chinese, which proxies rewrite: these hold neither."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from bot.errors import NotFound


def ref(id_: str) -> str:
    """An id as one part of a path."""
    return urlsafe_b64encode(id_.encode()).decode().rstrip("=")


def unref(part: str) -> str:
    """The id again. Raises `NotFound` for a part that is none."""
    try:
        return urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    except (binascii.Error, ValueError):
        raise NotFound(part) from None
