"""The two WeCom calls that sending needs: an access token and `message/send`.

wechatpy's own client blocks and refreshes tokens without end, so these are written on aiohttp.
Every failure becomes one of the three send errors; none of them carries the secret, the token,
an address or the platform's own words.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import aiohttp
import msgspec
from msgspec import Struct

from bot.errors import SendDeferred, SendError, SendRefused, SendUncertain

CONNECT_SECONDS: Final = 3.0
TOTAL_SECONDS: Final = 10.0
IDLE_SECONDS: Final = 10.0
MAX_CONNECTIONS: Final = 30
TOKEN_MARGIN_SECONDS: Final = 300.0
TOKEN_QUIET_SECONDS: Final = 5.0

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
    40003: "成员账号（userid）无效",
    40008: "消息类型不被支持",
    40013: "企业 ID（corpid）不对",
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

T = TypeVar("T", bound="_Answer")


class _Answer(Struct):
    """What every call answers."""

    errcode: int
    errmsg: str = ""


class _TokenAnswer(_Answer):
    access_token: str = ""
    expires_in: int = 0


class _SendAnswer(_Answer):
    msgid: str = ""
    invaliduser: str | None = None
    unlicenseduser: str | None = None


class _Call(Struct, frozen=True):
    """One request. `lost` is raised when it left and no usable answer came."""

    method: str
    path: str
    query: dict[str, str]
    lost: type[SendError]
    body: bytes | None = None


class Token(Struct, frozen=True):
    """An access token and for how many seconds it is good."""

    value: str
    expires_in: float

    def __repr__(self) -> str:
        return f"Token(expires_in={self.expires_in})"


class TokenKeeper:
    """Keeps one access token; however many ask, at most one fetch is under way.

    A refused token is renewed at once, but not twice within `quiet` seconds, and a failed fetch
    is not repeated within them either: the platform blocks those who ask too often.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Token]],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        margin: float = TOKEN_MARGIN_SECONDS,
        quiet: float = TOKEN_QUIET_SECONDS,
    ) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._margin = margin
        self._quiet = quiet
        self._lock = asyncio.Lock()
        self._value = ""
        self._good_until = 0.0
        self._renew_after = 0.0
        self._fetch_after = 0.0
        self._failure: SendError | None = None

    async def get(self) -> str:
        """A token that should be good. Raises `SendRefused` or `SendDeferred`."""
        if self._is_good():
            return self._value
        async with self._lock:
            if not self._is_good():
                await self._load()
            return self._value

    async def renew(self, refused: str) -> str:
        """Another token than the one the platform refused. Raises as `get` does."""
        async with self._lock:
            if self._is_good() and self._value != refused:
                return self._value
            now = self._monotonic()
            if now < self._renew_after:
                raise SendDeferred("刚换过的 access_token 又被拒绝", after=self._quiet)
            self._renew_after = now + self._quiet
            self._value = ""
            await self._load()
            return self._value

    def _is_good(self) -> bool:
        return bool(self._value) and self._monotonic() < self._good_until

    async def _load(self) -> None:
        now = self._monotonic()
        if self._failure is not None and now < self._fetch_after:
            raise _copy(self._failure)
        try:
            token = await self._fetch()
        except SendError as error:
            self._failure = error
            self._fetch_after = now + self._quiet
            raise
        self._failure = None
        self._value = token.value
        # A very short life is used to its half rather than not at all.
        self._good_until = now + max(token.expires_in - self._margin, token.expires_in / 2)


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
        self._base_url = base_url.rstrip("/") + "/cgi-bin/"
        self._corp_id = corp_id
        self._secret = secret
        # Waiting for a free connection counts as connecting: whatever happens before that ends,
        # the request has not left.
        self._timeout = aiohttp.ClientTimeout(total=total_seconds, connect=connect_seconds)
        self._session: aiohttp.ClientSession | None = None
        self.tokens = TokenKeeper(self._fetch_token)

    async def open(self) -> None:
        """Make the connection pool. A second call changes nothing."""
        if self._session is None:
            # Idle connections go early: one that the platform closed under a POST would leave
            # the message's fate unknown.
            connector = aiohttp.TCPConnector(limit=MAX_CONNECTIONS, keepalive_timeout=IDLE_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, timeout=self._timeout)

    async def close(self) -> None:
        """Close the pool. A second call changes nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def send_text(self, agent_id: int, user: str, text: str) -> str:
        """Hand a text of at most 2048 bytes to one member; the platform's id of it.

        Raises `SendRefused`, `SendDeferred` or `SendUncertain`.
        """
        body = msgspec.json.encode(
            {
                "touser": user,
                "msgtype": "text",
                "agentid": agent_id,
                "text": {"content": text},
                "safe": 0,
                "enable_duplicate_check": 0,
            }
        )
        token = await self.tokens.get()
        answer = await self._post_message(token, body)
        if answer.errcode in TOKEN_CODES:
            token = await self.tokens.renew(token)
            answer = await self._post_message(token, body)
        check_errcode(answer.errcode, answer.errmsg)
        if answer.invaliduser or answer.unlicenseduser:
            raise SendRefused("收信人无效或没有企业微信许可")
        return answer.msgid

    async def _post_message(self, token: str, body: bytes) -> _SendAnswer:
        query = {"access_token": token}
        return await self._ask(
            _Call("POST", "message/send", query, SendUncertain, body), _SendAnswer
        )

    async def _fetch_token(self) -> Token:
        query = {"corpid": self._corp_id, "corpsecret": self._secret}
        # Asking for a token twice does no harm, so a lost answer is only a delay.
        answer = await self._ask(_Call("GET", "gettoken", query, SendDeferred), _TokenAnswer)
        check_errcode(answer.errcode, answer.errmsg)
        if not answer.access_token or answer.expires_in <= 0:
            raise SendDeferred("企业微信没有给出 access_token")
        return Token(answer.access_token, float(answer.expires_in))

    async def _ask(self, call: _Call, shape: type[T]) -> T:
        """Make a call and read its answer."""
        status, octets = await self._exchange(call)
        if status != 200:
            raise SendDeferred(f"企业微信返回 HTTP {status}")
        try:
            return msgspec.json.decode(octets, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise call.lost("企业微信的回答看不懂") from None

    async def _exchange(self, call: _Call) -> tuple[int, bytes]:
        """Send and read. aiohttp's errors name the address with the token: they end here."""
        if self._session is None:
            raise SendDeferred("通道还没有启动")
        try:
            async with self._session.request(
                call.method,
                self._base_url + call.path,
                params=call.query,
                data=call.body,
                headers={"Content-Type": "application/json"} if call.body else None,
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise SendDeferred("连不上企业微信") from None
        except TimeoutError:
            raise call.lost("企业微信没有及时回答") from None
        except (aiohttp.ClientError, OSError):
            raise call.lost("与企业微信的连接中断") from None


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


def _copy(error: SendError) -> SendError:
    # Raising one exception object in several tasks would mix their tracebacks.
    if isinstance(error, SendDeferred):
        return SendDeferred(str(error), after=error.after)
    return type(error)(str(error))


def _ip_reason(errmsg: str) -> str:
    found = _CALLER_IP.search(errmsg)
    address = found[1] if found else "本服务器的出口 IP"
    return f"请在企业微信后台把 {address} 加进「企业可信IP」（60020），约一分钟后生效"
