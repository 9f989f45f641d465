"""Callbacks of an AI bot as WeCom makes them: sealed JSON, and late replies by response_url."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import aiohttp
import msgspec
from aiohttp import web
from msgspec import Struct

from bot.channels.wecom_crypto import CallbackCrypto
from bot.ports import Clock
from bot.testing.wecom.aibot_rules import Errcode
from bot.testing.wecom.callbacks import CallbackAnswer, SignedCallback, deliver

if TYPE_CHECKING:
    from bot.testing.wecom.aibot import FakeAibot

RESPONSE_WITHIN: Final = timedelta(hours=1)
ENVELOPE: Final = {"encrypt", "msgsignature", "timestamp", "nonce"}


class _Address(Struct):
    chat: str
    until: datetime
    used: bool = False


class AibotCallbacks:
    """Signs and seals; needs no event loop but for delivering."""

    def __init__(self, token: str, encoding_aes_key: str, clock: Clock) -> None:
        self.token = token
        self.encoding_aes_key = encoding_aes_key
        self._clock = clock
        self._crypto = CallbackCrypto(token, encoding_aes_key, "")
        self._addresses: dict[str, _Address] = {}

    def seal(
        self, body: dict[str, Any] | str, *, timestamp: int | None = None, nonce: str = ""
    ) -> SignedCallback:
        """Any JSON (or text), rightly encrypted and signed."""
        stamp = int(self._clock.now().timestamp()) if timestamp is None else timestamp
        plain = body if isinstance(body, str) else msgspec.json.encode(body).decode()
        own = nonce or secrets.token_hex(8)
        sealed = self._crypto.encrypt(plain, str(stamp), own)
        query = {"msg_signature": sealed.signature, "timestamp": str(stamp), "nonce": own}
        return SignedCallback(query, msgspec.json.encode({"encrypt": sealed.encrypt}))

    def echo(self, plaintext: str = "1616140317555161061") -> SignedCallback:
        """The URL check; the right answer is `plaintext` and nothing else."""
        callback = self.seal(plaintext)
        encrypt = msgspec.json.decode(callback.body)["encrypt"]
        return SignedCallback({**callback.query, "echostr": encrypt}, b"")

    def read(self, callback: SignedCallback, answer: bytes) -> dict[str, Any] | None:
        """What an answer holds, if it is rightly sealed under the nonce of its callback.

        None for an empty one. Raises whatever is wrong with it.
        """
        if not answer:
            return None
        envelope = msgspec.json.decode(answer, type=dict[str, Any])
        if set(envelope) != ENVELOPE or envelope["nonce"] != callback.query["nonce"]:
            raise ValueError(sorted(envelope))
        # A number by the document; the platform's own plugin answers with a string.
        if not str(envelope["timestamp"]).isdigit():
            raise ValueError("timestamp")
        plain = self._crypto.decrypt(
            envelope["msgsignature"],
            str(envelope["timestamp"]),
            envelope["nonce"],
            envelope["encrypt"],
        )
        found: dict[str, Any] = msgspec.json.decode(plain)
        return found

    def response_url(self, base_url: str, chat: str = "") -> str:
        """An address that takes one late reply within the hour."""
        code = secrets.token_urlsafe(24)
        self._addresses[code] = _Address(chat, self._clock.now() + RESPONSE_WITHIN)
        return f"{base_url}/cgi-bin/aibot/response?response_code={quote(code)}"

    async def deliver(
        self, session: aiohttp.ClientSession, url: str, callback: SignedCallback
    ) -> CallbackAnswer:
        """Bring a callback once, with the platform's patience."""
        return await deliver(session, url, callback)

    async def take_response(self, request: web.Request, fake: FakeAibot) -> web.Response:
        """A late reply: once, within the hour, markdown or a card."""
        errcode = 0
        try:
            address = self._addresses.get(request.query.get("response_code", ""))
            if address is None or address.used or self._clock.now() > address.until:
                raise Errcode(40058)
            body = msgspec.json.decode(await request.read(), type=dict[str, Any])
            if body.get("msgtype") not in {"markdown", "template_card"}:
                raise Errcode(40008)
            fake.record("response_url", address.chat, body)
            address.used = True
        except msgspec.DecodeError:
            errcode = 40058
        except Errcode as refused:
            errcode = refused.errcode
        return web.json_response({"errcode": errcode, "errmsg": "ok" if not errcode else "failed"})
