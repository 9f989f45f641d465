"""What a WeCom self-built app asks of the platform: an access token, then its calls.

wechatpy's own client blocks and refreshes tokens without end, so these are written on aiohttp.
Every failure becomes one of the three send errors; none of them carries the secret, the token,
an address or the platform's own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, TypeVar

import aiohttp
import msgspec
from msgspec import Struct

from bot.channels.line import CONNECT_SECONDS, TOTAL_SECONDS, Call, Line, Reply
from bot.channels.tokens import Token, TokenKeeper
from bot.errors import SendDeferred, SendRefused, SendUncertain

TOKEN_CODES: Final = frozenset({40014, 42001})
# (reason, seconds to wait; None leaves it to the outbox)
DEFERRED_CODES: Final[dict[int, tuple[str, float | None]]] = {
    -1: ("企业微信系统繁忙", None),
    45009: ("发送太频繁，被企业微信限流", 60.0),
    45033: ("同时调用太多，被企业微信限流", 60.0),
}
IP_CODE: Final = 60020
IP_WAIT_SECONDS: Final = 300.0
REFUSED_CODES: Final = {
    40001: "应用的 Secret 不对，请从企业微信后台重新复制",
    40007: "文件已经过期，平台上没有了",
    40003: "成员账号（userid）无效",
    40008: "消息类型不被支持",
    40013: "企业 ID（corpid）不对",
    40029: "登录的 code 不对，或已经用过",
    40035: "请求的参数不对",
    40056: "应用的 AgentId 不对",
    40058: "请求的参数不对",
    44004: "消息内容是空的",
    45002: "消息内容太长",
    48002: "应用没有调用这个接口的权限",
    50002: "成员不在应用的可见范围内",
    81013: "收信人不存在，或不在应用的可见范围内",
}

_CALLER_IP: Final = re.compile(r"from ip: ?([0-9a-fA-F.:]{3,45})")

Body = dict[str, Any]
T = TypeVar("T", bound="Answer")


class Answer(Struct):
    """What every call answers."""

    errcode: int
    errmsg: str = ""


class _TokenAnswer(Answer):
    access_token: str = ""
    expires_in: int = 0


class _SendAnswer(Answer):
    msgid: str = ""
    invaliduser: str | None = None
    unlicenseduser: str | None = None


class _UserAnswer(Answer):
    name: str = ""


class _MemberAnswer(Answer):
    userid: str = ""


class _AddressAnswer(Answer):
    ip_list: list[str] = []


class _UploadAnswer(Answer):
    media_id: str = ""


class WecomApi:
    """One self-built app's line to the platform. `open` it inside a running loop."""

    def __init__(
        self,
        base_url: str,
        corp_id: str,
        secret: str,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self.line = Line(
            base_url.rstrip("/") + "/cgi-bin",
            "企业微信",
            connect_seconds=connect_seconds,
            total_seconds=total_seconds,
        )
        self._corp_id = corp_id
        self._secret = secret
        self.tokens = TokenKeeper(self._fetch_token)

    async def open(self) -> None:
        """Make the connection pool. A second call changes nothing."""
        await self.line.open()

    async def close(self) -> None:
        """Close the pool. A second call changes nothing."""
        await self.line.close()

    async def send_text(self, agent_id: int, user: str, text: str) -> str:
        """Hand a text of at most 2048 bytes to one member; the platform's id of it."""
        return await self.send_message(
            {
                "touser": user,
                "msgtype": "text",
                "agentid": agent_id,
                "text": {"content": text},
                "safe": 0,
                "enable_duplicate_check": 0,
            }
        )

    async def send_message(self, body: Body) -> str:
        """Say something to a member, or to a group that the app created (`chatid`); its id.

        Raises `SendRefused`, `SendDeferred` or `SendUncertain`.
        """
        path = "appchat/send" if "chatid" in body else "message/send"
        answer = await self.call(_post(path, body), _SendAnswer)
        if answer.invaliduser or answer.unlicenseduser:
            raise SendRefused("收信人无效或没有企业微信许可")
        return answer.msgid

    async def create_group(self, chat: str, name: str, owner: str, members: Sequence[str]) -> None:
        """A group of members under an id of our own, so that a lost answer leaves no riddle."""
        body = {"name": name, "owner": owner, "userlist": list(members), "chatid": chat}
        await self.call(_post("appchat/create", body), Answer)

    async def push_menu(self, agent_id: int, menu: Body) -> None:
        """Replace the app's menu."""
        call = msgspec.structs.replace(
            _post("menu/create", menu), query={"agentid": str(agent_id)}, lost=SendDeferred
        )
        await self.call(call, Answer)

    async def name_of(self, user: str) -> str:
        """What a member is called. Raises `SendRefused` where the app may not know."""
        call = Call("GET", "user/get", {"userid": user}, SendDeferred)
        name = (await self.call(call, _UserAnswer)).name
        if not name:
            raise SendRefused("应用没有读成员姓名的权限")
        return name

    async def member(self, code: str) -> str:
        """Who scanned; empty for somebody who is no member of the corporation."""
        call = Call("GET", "auth/getuserinfo", {"code": code}, SendDeferred)
        return (await self.call(call, _MemberAnswer)).userid

    async def callback_addresses(self) -> tuple[str, ...]:
        """From where the platform calls us; also proves the token and our own address."""
        call = Call("GET", "getcallbackip", {}, SendDeferred)
        return tuple((await self.call(call, _AddressAnswer)).ip_list)

    async def upload(self, kind: str, name: str, data: bytes) -> str:
        """The platform's id of a file (`kind`: image, voice or file), good for three days."""

        def form() -> aiohttp.FormData:
            found = aiohttp.FormData(quote_fields=False)
            found.add_field("media", data, filename=name, content_type="application/octet-stream")
            return found

        call = Call("POST", "media/upload", {"type": kind}, SendDeferred, form=form)
        media_id = (await self.call(call, _UploadAnswer)).media_id
        if not media_id:
            raise SendDeferred("企业微信没有给出文件的编号")
        return media_id

    async def media(self, media_id: str, limit: int) -> Reply:
        """A picture, recording or file that somebody sent.

        Raises `SendRefused` or `SendDeferred`.
        """
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

    async def call(self, call: Call, shape: type[T]) -> T:
        """Make a call with a token, a second time when the first token is refused."""
        token = await self.tokens.get()
        answer = await self.line.ask(_with(call, token), shape)
        if answer.errcode in TOKEN_CODES:
            token = await self.tokens.renew(token)
            answer = await self.line.ask(_with(call, token), shape)
        check_errcode(answer.errcode, answer.errmsg)
        return answer

    async def _fetch_token(self) -> Token:
        query = {"corpid": self._corp_id, "corpsecret": self._secret}
        # Asking for a token twice does no harm, so a lost answer is only a delay.
        answer = await self.line.ask(Call("GET", "gettoken", query, SendDeferred), _TokenAnswer)
        check_errcode(answer.errcode, answer.errmsg)
        if not answer.access_token or answer.expires_in <= 0:
            raise SendDeferred("企业微信没有给出 access_token")
        return Token(answer.access_token, float(answer.expires_in))


def fault_in(reply: Reply) -> Answer | None:
    """The errcode in what should have been a file."""
    if not reply.body.startswith(b"{"):
        return None
    try:
        found = msgspec.json.decode(reply.body, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return found if found.errcode else None


def _post(path: str, body: Body) -> Call:
    return Call("POST", path, {}, SendUncertain, msgspec.json.encode(body))


def _with(call: Call, token: str) -> Call:
    return msgspec.structs.replace(call, query={"access_token": token} | call.query)


def check_errcode(errcode: int, errmsg: str = "") -> None:
    """Raise what an errcode means for the outbox; nothing for 0.

    A token error arrives here only when a fresh token was refused too.
    """
    if errcode == 0:
        return
    if errcode in TOKEN_CODES:
        raise SendDeferred("access_token 换新后仍被拒绝")
    if errcode == IP_CODE:
        raise SendDeferred(_ip_reason(errmsg), after=IP_WAIT_SECONDS)
    if errcode in DEFERRED_CODES:
        reason, after = DEFERRED_CODES[errcode]
        raise SendDeferred(f"{reason}（{errcode}）", after=after)
    reason = REFUSED_CODES.get(errcode, "企业微信拒绝了这条消息")
    raise SendRefused(f"{reason}（{errcode}）")


def _ip_reason(errmsg: str) -> str:
    found = _CALLER_IP.search(errmsg)
    address = found[1] if found else "本服务器的出口 IP"
    return f"请在企业微信后台把 {address} 加进「企业可信IP」（60020），约一分钟后生效"
