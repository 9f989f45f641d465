"""Signatures of the Standard Webhooks scheme 1.0.0, symmetric: who sends, when, and which message.

`webhook-signature` holds `v1,BASE64` of HMAC-SHA256 over `id.timestamp.body`, several with blanks
between them while a secret is changed. Secrets are `whsec_` and base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.errors import BadCallback

TOLERANCE: Final = timedelta(seconds=300)
PREFIX: Final = "whsec_"
MIN_KEY_BYTES: Final = 24
_MAX_ID: Final = 128
_MAX_SIGNATURES: Final = 10
_MAX_DIGITS: Final = 11


def decode_secret(secret: str) -> bytes | None:
    """The key behind a secret; None when it is none, or too short to be one."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) >= MIN_KEY_BYTES else None


def sign(key: bytes, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers that go with a body."""
    timestamp = str(int(at.timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": _signature(key, message_id, timestamp, body),
    }


def check(key: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The id of a message that is signed with this key. Raises `BadCallback`."""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()
    if not 0 < len(message_id) <= _MAX_ID or not message_id.isascii():
        raise BadCallback("没有合格的 webhook-id", 400)
    if not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > _MAX_DIGITS:
        raise BadCallback("没有合格的 webhook-timestamp", 400)
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise BadCallback("时间戳超出允许的范围")
    expected = _signature(key, message_id, timestamp, body).encode()
    # All are compared: how long it takes tells nothing about which one fits.
    fits = [
        hmac.compare_digest(each.encode("utf-8", "surrogatepass"), expected)
        for each in given[:_MAX_SIGNATURES]
    ]
    if not any(fits):
        raise BadCallback("签名不对", 401)
    return message_id


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
