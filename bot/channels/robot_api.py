"""The two calls of a WeCom group robot: `webhook/send` and `webhook/upload_media`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import aiohttp
import msgspec
from msgspec import Struct

from bot.channels.line import TOTAL_SECONDS, Call, Line
from bot.channels.pool import Pool
from bot.errors import SendDeferred, SendRefused, SendUncertain

BUSY_RETRIES: Final = 3
BACKOFF_SECONDS: Final = 60.0
# Uploads are good for three days and for their key only.
MEDIA_SECONDS: Final = 3 * 86_400 - 3600.0
_UPLOAD_SECONDS: Final = 60.0
_BUSY, _FORGOTTEN_MEDIA, _TOO_OFTEN, _AT_ONCE = -1, 40007, 45009, 45033
_EMPTY, _UNEXPECTED = 44004, -2
_REFUSED: Final = {
    40008: "消息类型不被支持",
    40033: "消息里有不能发的转义字符",
    44004: "消息内容是空的",
    45002: "消息内容太长",
    93000: "机器人的地址无效，可能已被移出群，请在群的「消息推送」里重新复制",
}


class _Answer(Struct):
    errcode: int
    media_id: str = ""


class RobotApi:
    """One robot's line to the platform. `open` it inside a running loop."""

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        total_seconds: float = TOTAL_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
        pool: Pool | None = None,
    ) -> None:
        base = base_url.rstrip("/") + "/cgi-bin/webhook"
        pool = pool or Pool()
        self.line = Line(base, "企业微信", total_seconds=total_seconds, pool=pool)
        self._slow_line = Line(base, "企业微信", total_seconds=_UPLOAD_SECONDS, pool=pool)
        self._query = {"key": key}
        self._monotonic = monotonic
        self._media: dict[str, tuple[str, float]] = {}

    async def open(self) -> None:
        """Make the connection pools. A second call changes nothing."""
        await self.line.open()
        await self._slow_line.open()

    async def close(self) -> None:
        """Close them. A second call changes nothing."""
        await self.line.close()
        await self._slow_line.close()

    async def post(self, body: dict[str, Any], attempts: int) -> None:
        """Say one message; `attempts` is how often it was tried before. Raises a `SendError`."""
        # UTF-8 as it is: "\\uxxxx" in the body is answered 40033.
        call = Call("POST", "send", self._query, SendUncertain, msgspec.json.encode(body))
        answer = await self.line.ask(call, _Answer)
        if answer.errcode == _FORGOTTEN_MEDIA:
            self._media.clear()
            raise SendDeferred("上传的文件已过期，重新上传再发（40007）")
        _check(answer.errcode, attempts)

    async def probe(self) -> str:
        """Say nothing and hear whether the key is good: 44004 (nothing to say) means that it is."""
        body = msgspec.json.encode({"msgtype": "text", "text": {"content": ""}})
        answer = await self.line.ask(Call("POST", "send", self._query, SendDeferred, body), _Answer)
        if answer.errcode != _EMPTY:
            _check(answer.errcode or _UNEXPECTED, 0)
        return "地址有效。"

    async def upload(self, kind: str, ref: str, name: str, data: bytes) -> str:
        """The platform's id of a file (`kind`: file or voice), uploaded when it is not there yet.

        Uploading twice does no harm, so a lost answer is only a delay.
        """
        known = self._media.get(ref)
        if known is not None and self._monotonic() < known[1]:
            return known[0]

        def form() -> aiohttp.FormData:
            found = aiohttp.FormData(quote_fields=False)
            found.add_field("media", data, filename=name, content_type="application/octet-stream")
            return found

        query = self._query | {"type": kind}
        answer = await self._slow_line.ask(
            Call("POST", "upload_media", query, SendDeferred, form=form), _Answer
        )
        _check(answer.errcode, 0)
        if not answer.media_id:
            raise SendDeferred("企业微信没有给出文件的编号")
        self._media[ref] = (answer.media_id, self._monotonic() + MEDIA_SECONDS)
        return answer.media_id


def _check(errcode: int, attempts: int) -> None:
    """Raise what an errcode means for the outbox; nothing for 0."""
    if errcode == 0:
        return
    if errcode == _TOO_OFTEN:
        raise SendDeferred("发送太频繁，被企业微信限流（45009）", after=BACKOFF_SECONDS)
    if errcode == _AT_ONCE:
        raise SendDeferred("同时调用太多，被企业微信限流（45033）")
    if errcode == _BUSY and attempts < BUSY_RETRIES:
        raise SendDeferred("企业微信系统繁忙（-1）")
    if errcode == _BUSY:
        raise SendRefused("企业微信一直繁忙，试了几次都没有发出（-1）")
    reason = _REFUSED.get(errcode, "企业微信拒绝了这条消息")
    raise SendRefused(f"{reason}（{errcode}）")
