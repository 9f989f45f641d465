"""Pictures and recordings of an Official Account: by id from the API, or from its picture hosts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from bot.channels.fetched import as_fetched
from bot.channels.line import Call, Line, Reply
from bot.channels.official_api import OfficialApi
from bot.errors import SendDeferred, SendRefused
from bot.models import Attachment
from bot.ports import Fetched

_HOST: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.qpic\.cn\Z")


def on_wechat(url: str) -> str | None:
    """`https` and the picture host of an address, None for every other host."""
    try:
        host, port = urlsplit(url).hostname or "", urlsplit(url).port
    except ValueError:
        return None
    return f"https://{host}" if _HOST.match(host) and port in {None, 80, 443} else None


class OfficialMedia:
    """Fetches what messages refer to."""

    def __init__(self, api: OfficialApi, origin: Callable[[str], str | None] = on_wechat) -> None:
        self._api = api
        self._origin = origin
        self._lines: dict[str, Line] = {}

    async def open(self) -> None:
        """Lines to picture hosts are opened when they are needed."""

    async def close(self) -> None:
        """Close them."""
        for line in self._lines.values():
            await line.close()
        self._lines.clear()

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """The bytes, at most `limit`. Raises `SendRefused` or `SendDeferred`."""
        if "://" in attachment.ref:
            reply = await self._by_address(attachment.ref, limit)
        else:
            reply = await self._api.media(attachment.ref, limit)
        return as_fetched(reply, attachment.name)

    async def _by_address(self, url: str, limit: int) -> Reply:
        origin = self._origin(url)
        if origin is None:
            raise SendRefused("图片不在微信的图片服务器上，不取")
        line = self._lines.get(origin)
        if line is None:
            line = self._lines[origin] = Line(origin, "微信图片服务器")
            await line.open()
        parts = urlsplit(url)
        path = parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
        return await line.fetch(Call("GET", path, {}, SendDeferred, oversize=SendRefused), limit)
