"""An AI bot by callbacks: WeCom calls us, the reply travels in the response, or once an hour later.

There is no push in this mode: what answers no message cannot be said.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Struct

from bot.channels.line import Call, Line
from bot.channels.wecom_aibot import body as bodies
from bot.channels.wecom_aibot import ways, words
from bot.channels.wecom_aibot.body import Body
from bot.channels.wecom_aibot.codes import check
from bot.channels.wecom_aibot.incoming import Reader
from bot.channels.wecom_aibot.long_connection import RATES
from bot.channels.wecom_aibot.media import Media
from bot.channels.wecom_aibot.nonces import Nonces
from bot.channels.wecom_aibot.settings import WecomAibotSettings
from bot.channels.wecom_aibot.ways import Token, Ways
from bot.channels.wecom_crypto import CallbackCrypto
from bot.errors import BadCallback, SendRefused
from bot.models import Attachment, Incoming, Outgoing
from bot.ports import Answer, CallbackRequest, Clock, Fetched

MAX_ENVELOPE_BYTES: Final = 1024 * 1024
_RESPONSE: Final = "cgi-bin/aibot/response"
_MAX_CODE: Final = 1024
_MOST_REMEMBERED: Final = 2_000
_SIGNATURES: Final = ("msg_signature", "msgsignature", "signature")
_OVER: Final = "这条回复已经说完了。"


class _Envelope(Struct):
    encrypt: str = ""
    Encrypt: str = ""


class _Sent(Struct):
    errcode: int


_ENVELOPE: Final = msgspec.json.Decoder(_Envelope)


class CallbackModeChannel:
    """Implements `CallbackChannel`, `AnsweringChannel` and `MediaChannel`."""

    def __init__(self, name: str, settings: WecomAibotSettings, clock: Clock) -> None:
        self.name = name
        self.rate = RATES
        self._clock = clock
        self._settings = settings
        self._crypto = CallbackCrypto(settings.token, settings.encoding_aes_key, "", clock=clock)
        self._reader = Reader(name, settings.names, Ways(answerable=True))
        self._nonces = Nonces(clock)
        self._line = Line(settings.base_url, "企业微信")
        self._media = Media(settings.media_origins)
        self._said: OrderedDict[str, str] = OrderedDict()

    async def start(self) -> None:
        """Open what late replies and fetching need."""
        await self._line.open()
        await self._media.open()

    async def stop(self) -> None:
        """Close it again."""
        await self._line.close()
        await self._media.close()

    def verify(self, request: CallbackRequest) -> str:
        """The bare text that answers the platform's URL check. Raises `BadCallback`."""
        return self._crypto.verify(*_seal(request.query), _required(request.query, "echostr"))

    def parse(self, request: CallbackRequest) -> Incoming | None:
        """The message in a request; None for what is only acknowledged. Raises `BadCallback`."""
        body = self._open(request)
        self._nonces.check(_required(request.query, "nonce"), request.body)
        if body.msgtype == "stream":
            return None
        bodies.check(body, self._settings.bot_id)
        return self._reader.incoming(body, self._code(body.response_url or ""), self._clock.now())

    def answer(
        self, request: CallbackRequest, incoming: Incoming | None, said: Sequence[Outgoing]
    ) -> Answer:
        """The replies as one finished stream; a repeated callback gets the same one again."""
        if incoming is None:
            return self._about_stream(request)
        carried, text = _fitting(said)
        token = ways.read(incoming.reply_token)
        if not carried or token is None:
            return Answer()
        reply = self._reply(token, incoming, text, carried[0].id)
        return self._sealed(request, reply, tuple(row.id for row in carried))

    async def send(self, outgoing: Outgoing) -> str:
        """A late reply: once, within the hour. Raises a `SendError`."""
        token = ways.read(outgoing.reply_token)
        if token is None:
            raise SendRefused("回调模式不能主动发消息，要主动发请改用长连接")
        if not token.handle:
            raise SendRefused("企业微信没有给出可以迟些回复的地址")
        text = words.only_piece(outgoing.text, outgoing.mentions)
        if not text:
            raise SendRefused("消息内容是空的")
        message = msgspec.json.encode(words.markdown(text, feedback=outgoing.id))
        call = Call("POST", _RESPONSE, {"response_code": token.handle}, body=message)
        check((await self._line.ask(call, _Sent)).errcode)
        return ""

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """The bytes of an attachment, decrypted. Raises `SendRefused` or `SendDeferred`."""
        key = attachment.key or self._settings.encoding_aes_key
        return await self._media.fetch(attachment.ref, key, limit)

    def _open(self, request: CallbackRequest) -> Body:
        if len(request.body) > MAX_ENVELOPE_BYTES:
            raise BadCallback("请求体太大", 413)
        try:
            envelope = _ENVELOPE.decode(request.body)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise BadCallback("请求体不是合格的 JSON", 400) from None
        encrypt = envelope.encrypt or envelope.Encrypt
        if not encrypt:
            raise BadCallback("信封里没有 encrypt", 400)
        return bodies.read(self._crypto.decrypt(*_seal(request.query), encrypt))

    def _code(self, response_url: str) -> str:
        """The code in a response_url; only the code is kept, the address is in our settings."""
        wanted = urlsplit(f"{self._settings.base_url.rstrip('/')}/{_RESPONSE}")
        try:
            given = urlsplit(response_url)
        except ValueError:
            return ""
        if (given.scheme, given.netloc, given.path) != (wanted.scheme, wanted.netloc, wanted.path):
            return ""
        code = parse_qs(given.query).get("response_code", [""])[0]
        return code if len(code) <= _MAX_CODE and code.isprintable() and " " not in code else ""

    def _reply(self, token: Token, incoming: Incoming, text: str, row: str) -> dict[str, Any]:
        if token.kind == ways.WELCOME:
            return words.welcome(text)
        if token.kind == ways.CARD:
            return words.card_update(token.task, text)
        stream_id = hashlib.sha256(incoming.message_id.encode()).hexdigest()[:32]
        content = words.pieces(text)[0]
        self._said[stream_id] = content
        if len(self._said) > _MOST_REMEMBERED:
            self._said.popitem(last=False)
        return words.stream(stream_id, content, feedback=row)

    def _about_stream(self, request: CallbackRequest) -> Answer:
        """The platform asks how a stream goes on: it is finished, as it always was."""
        stream = self._open(request).stream
        if stream is None or not stream.id:
            return Answer()
        reply = words.finished(stream.id, self._said.get(stream.id, _OVER))
        return self._sealed(request, reply, ())

    def _sealed(
        self, request: CallbackRequest, reply: dict[str, Any], carried: tuple[str, ...]
    ) -> Answer:
        """Encrypted under the nonce of the request, as the platform wants it."""
        timestamp = int(self._clock.now().timestamp())
        nonce = _required(request.query, "nonce")
        sealed = self._crypto.encrypt(msgspec.json.encode(reply).decode(), str(timestamp), nonce)
        envelope = {
            "encrypt": sealed.encrypt,
            "msgsignature": sealed.signature,
            "timestamp": timestamp,
            "nonce": nonce,
        }
        return Answer(msgspec.json.encode(envelope), "text/plain", carried)


def _fitting(said: Sequence[Outgoing]) -> tuple[list[Outgoing], str]:
    """As many replies, from the first, as one stream takes; what is left over is sent later."""
    carried: list[Outgoing] = []
    text = ""
    for row in said:
        joined = f"{text}\n\n{row.text}" if text else row.text
        if len(words.pieces(joined)) != 1 or row.mentions:
            break
        carried.append(row)
        text = joined
    return carried, text


def _seal(query: Mapping[str, str]) -> tuple[str, str, str]:
    signature = next((query[name] for name in _SIGNATURES if query.get(name)), "")
    if not signature:
        raise BadCallback("请求缺少参数 msg_signature", 400)
    return signature, _required(query, "timestamp"), _required(query, "nonce")


def _required(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    if not value:
        raise BadCallback(f"请求缺少参数 {name}", 400)
    return value
