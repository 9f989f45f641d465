"""What an Official Account asks of the platform: a token, customer-service messages, media, menus.

Unlike WeCom's, a new token ends the old one: whoever runs a second program with the same account
must not fetch tokens of its own. One keeper fetches, under a lock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from bot.channels.line import CONNECT_SECONDS, TOTAL_SECONDS, Call, Line, Reply
from bot.channels.tokens import Token, TokenKeeper
from bot.channels.wecom_api import fault_in
from bot.errors import SendDeferred, SendRefused, SendUncertain

PLATFORM: Final = "微信公众平台"
# Here 40001 is what a token gets that was replaced by a newer one.
TOKEN_CODES: Final = frozenset({40001, 40014, 42001})
IP_CODE: Final = 40164
IP_WAIT_SECONDS: Final = 300.0
REFUSED_CODES: Final = {
    40003: "这个人没有关注公众号",
    40013: "AppID 不对",
    40125: "AppSecret 不对，请从公众平台重新复制",
    45002: "消息内容太长",
    45015: "他48小时内没有对公众号说过话，或已取消关注，平台不让再发",
    45047: "他最近一次说话以后，客服消息的条数用完了，要等他再说话",
    48001: "公众号没有客服消息的权限，请认证公众号，或把 customer_service 设为 false",
    48004: "公众号的接口被平台封禁，请登录公众平台查看通知",
}
_BUSY, _TOO_OFTEN = -1, 45009
_CALLER_IP: Final = re.compile(r"invalid ip ([0-9a-fA-F.:]{3,45})")


class Answer(Struct):
    """What every call answers; a token comes without an errcode."""

    errcode: int = 0
    errmsg: str = ""


class _TokenAnswer(Answer):
    access_token: str = ""
    expires_in: int = 0


class _AddressAnswer(Answer):
    ip_list: list[str] = []


T = TypeVar("T", bound=Answer)


class OfficialApi:
    """One account's line to the platform. `open` it inside a running loop."""

    def __init__(
        self,
        base_url: str,
        app_id: str,
        secret: str,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self.line = Line(
            base_url.rstrip("/") + "/cgi-bin",
            PLATFORM,
            connect_seconds=connect_seconds,
            total_seconds=total_seconds,
        )
        self._app_id = app_id
        self._secret = secret
        self.tokens = TokenKeeper(self._fetch_token)

    async def open(self) -> None:
        """Make the connection pool. A second call changes nothing."""
        await self.line.open()

    async def close(self) -> None:
        """Close the pool. A second call changes nothing."""
        await self.line.close()

    async def post(self, path: str, body: Mapping[str, Any]) -> None:
        """A call that only says whether it was done. Raises a `SendError`."""
        await self.call(Call("POST", path, {}, SendUncertain, msgspec.json.encode(body)), Answer)

    async def callback_addresses(self) -> tuple[str, ...]:
        """From where the platform calls us; also proves the token and our own address."""
        call = Call("GET", "getcallbackip", {}, SendDeferred)
        return tuple((await self.call(call, _AddressAnswer)).ip_list)

    async def call(self, call: Call, shape: type[T]) -> T:
        """Make a call with a token, a second time when the first token is refused."""
        token = await self.tokens.get()
        answer = await self.line.ask(_with(call, token), shape)
        if answer.errcode in TOKEN_CODES:
            token = await self.tokens.renew(token)
            answer = await self.line.ask(_with(call, token), shape)
        check_errcode(answer.errcode, answer.errmsg)
        return answer

    async def media(self, media_id: str, limit: int) -> Reply:
        """A picture or recording that somebody sent. Raises `SendRefused` or `SendDeferred`."""
        call = Call("GET", "media/get", {"media_id": media_id}, SendDeferred, oversize=SendRefused)
        token = await self.tokens.get()
        reply = await self.line.fetch(_with(call, token), limit)
        fault = fault_in(reply)
        if fault is not None and fault.errcode in TOKEN_CODES:
            reply = await self.line.fetch(_with(call, await self.tokens.renew(token)), limit)
            fault = fault_in(reply)
        if fault is not None:
            check_errcode(fault.errcode, fault.errmsg)
        return reply

    async def _fetch_token(self) -> Token:
        query = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._secret,
        }
        answer = await self.line.ask(Call("GET", "token", query, SendDeferred), _TokenAnswer)
        if answer.errcode == 40001:
            raise SendRefused("AppSecret 不对，请从公众平台重新复制（40001）")
        check_errcode(answer.errcode, answer.errmsg)
        if not answer.access_token or answer.expires_in <= 0:
            raise SendDeferred(f"{PLATFORM}没有给出 access_token")
        return Token(answer.access_token, float(answer.expires_in))


def check_errcode(errcode: int, errmsg: str = "") -> None:
    """Raise what an errcode means for the outbox; nothing for 0."""
    if errcode == 0:
        return
    if errcode in TOKEN_CODES:
        raise SendDeferred("access_token 换新后仍被拒绝，是不是别的程序也在用这个公众号")
    if errcode == IP_CODE:
        found = _CALLER_IP.search(errmsg)
        address = found[1] if found else "本服务器的出口 IP"
        raise SendDeferred(
            f"请在公众平台的「IP白名单」里加上 {address}（40164）", after=IP_WAIT_SECONDS
        )
    if errcode == _BUSY:
        raise SendDeferred(f"{PLATFORM}系统繁忙（-1）")
    if errcode == _TOO_OFTEN:
        raise SendDeferred("接口今天的次数用完了（45009）", after=3600.0)
    reason = REFUSED_CODES.get(errcode, f"{PLATFORM}拒绝了这条消息")
    raise SendRefused(f"{reason}（{errcode}）")


def _with(call: Call, token: str) -> Call:
    return msgspec.structs.replace(call, query={"access_token": token} | call.query)
