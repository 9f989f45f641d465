"""Callbacks as WeCom makes them: encrypted, signed, and delivered again until they get a 200."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import aiohttp
from msgspec import Struct

from bot.channels.wecom_crypto import CallbackCrypto
from bot.channels.wecom_xml import write_xml
from bot.ports import Clock

CALLBACK_PATIENCE_SECONDS: Final = 5.0
CALLBACK_TRIES: Final = 3

_EXTRA_FIELDS: Final[dict[str, dict[str, str]]] = {
    "image": {"PicUrl": "https://wecom.example/p.jpg", "MediaId": "media-1"},
    "voice": {"MediaId": "media-1", "Format": "amr"},
    "video": {"MediaId": "media-1", "ThumbMediaId": "thumb-1"},
    "location": {"Location_X": "30.1", "Location_Y": "120.2", "Scale": "15", "Label": "东门"},
    "link": {"Title": "社区通知", "Description": "", "Url": "https://wecom.example/a"},
    "file": {"FileName": "名单.xlsx", "MediaId": "media-1"},
    "event": {"Event": "enter_agent", "EventKey": ""},
}


class SignedCallback(Struct, frozen=True):
    """A request as the platform would make it; GET when the body is empty."""

    query: dict[str, str]
    body: bytes


class CallbackAnswer(Struct, frozen=True):
    """What a callback got back after `tries` attempts; status 0 when nobody answered."""

    status: int
    body: str
    tries: int


class _WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class CallbackMaker:
    """Writes as the members of one corporation to one self-built app. Needs no event loop."""

    def __init__(
        self,
        corp_id: str,
        agent_id: int,
        token: str,
        encoding_aes_key: str,
        clock: Clock | None = None,
    ) -> None:
        self.corp_id = corp_id
        self.agent_id = agent_id
        self.token = token
        self.encoding_aes_key = encoding_aes_key
        self.clock = clock or _WallClock()
        self._crypto = CallbackCrypto(token, encoding_aes_key, corp_id)
        self._message_number = 7_000_000_000_000_000_000

    def callback(
        self,
        user: str,
        text: str = "",
        message_id: str | None = None,
        create_time: int | None = None,
        msg_type: str = "text",
        *,
        fields: Mapping[str, str] | None = None,
    ) -> SignedCallback:
        """A member's message. `create_time` is in Unix seconds, by default now.

        `fields` add to the message or replace parts of it; an event has no MsgId.
        """
        now = int(self.clock.now().timestamp())
        inner = {
            "ToUserName": self.corp_id,
            "FromUserName": user,
            "CreateTime": str(now if create_time is None else create_time),
            "MsgType": msg_type,
            **({"Content": text} if msg_type == "text" else _EXTRA_FIELDS.get(msg_type, {})),
        }
        if msg_type != "event":
            inner["MsgId"] = message_id or self.next_number()
        inner |= {"AgentID": str(self.agent_id), **(fields or {})}
        return self.seal(write_xml(inner))

    def seal(self, plaintext: str, *, timestamp: int | None = None) -> SignedCallback:
        """Any text, rightly encrypted and signed: also what the platform would never send."""
        stamp, nonce = self._stamp(timestamp)
        sealed = self._crypto.encrypt(plaintext, stamp, nonce)
        outer = {
            "ToUserName": self.corp_id,
            "AgentID": str(self.agent_id),
            "Encrypt": sealed.encrypt,
        }
        query = {"msg_signature": sealed.signature, "timestamp": stamp, "nonce": nonce}
        return SignedCallback(query, write_xml(outer).encode())

    def echo(self, plaintext: str = "1616140317555161061") -> SignedCallback:
        """The URL check; the right answer is `plaintext` and nothing else."""
        stamp, nonce = self._stamp(None)
        sealed = self._crypto.encrypt(plaintext, stamp, nonce)
        query = {"msg_signature": sealed.signature, "timestamp": stamp, "nonce": nonce}
        return SignedCallback({**query, "echostr": sealed.encrypt}, b"")

    async def post_callback(
        self,
        session: aiohttp.ClientSession,
        url: str,
        callback: SignedCallback,
        *,
        tries: int = 1,
        patience: float = CALLBACK_PATIENCE_SECONDS,
    ) -> CallbackAnswer:
        """Deliver a callback; with `tries=CALLBACK_TRIES` again and again as the platform does.

        Only 200 within `patience` seconds counts as received.
        """
        answer = CallbackAnswer(0, "", 0)
        for number in range(1, tries + 1):
            answer = await deliver(session, url, callback, patience, number)
            if answer.status == 200:
                break
        return answer

    def _stamp(self, timestamp: int | None) -> tuple[str, str]:
        now = int(self.clock.now().timestamp()) if timestamp is None else timestamp
        return str(now), secrets.token_hex(8)

    def next_number(self) -> str:
        """An id that was not used before."""
        self._message_number += 1
        return str(self._message_number)


async def deliver(
    session: aiohttp.ClientSession,
    url: str,
    callback: SignedCallback,
    patience: float = CALLBACK_PATIENCE_SECONDS,
    number: int = 1,
) -> CallbackAnswer:
    """Bring a callback once, the `number`-th time."""
    method = "POST" if callback.body else "GET"
    try:
        async with (
            asyncio.timeout(patience),
            session.request(method, url, params=callback.query, data=callback.body) as response,
        ):
            return CallbackAnswer(response.status, await response.text(), number)
    except (TimeoutError, aiohttp.ClientError, OSError):
        return CallbackAnswer(0, "", number)
