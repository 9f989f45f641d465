"""A stand-in for the Official Account platform: callbacks in three modes, and the calls we make."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web

from bot.channels.wecom_crypto import CallbackCrypto
from bot.channels.wecom_xml import parse_envelope, parse_message, write_xml
from bot.ports import Clock
from bot.testing.wecom.callbacks import SignedCallback
from bot.testing.wecom.faults import FaultyServer, Refused, json_object

GH: Final = "gh_0123456789ab"
MESSAGES_A_WORD: Final = 5
_EXTRA: Final[dict[str, dict[str, str]]] = {
    "image": {"PicUrl": "http://mmbiz.qpic.cn/p.jpg", "MediaId": "media-1"},
    "voice": {"MediaId": "media-1", "Format": "amr", "Recognition": "楼道灯不亮"},
    "video": {"MediaId": "media-1", "ThumbMediaId": "thumb-1"},
    "location": {"Location_X": "30.1", "Location_Y": "120.2", "Scale": "15", "Label": "东门"},
    "link": {"Title": "通知", "Description": "", "Url": "https://mp.example/a"},
    "event": {"Event": "subscribe", "EventKey": ""},
}


class _WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FakeOfficial(FaultyServer):
    """One account. `sent` are customer-service messages as (openid, text), `menu` the last menu.

    Calls for faults: `token`, `send`, `media`, `menu`, `ips`. Whoever writes may be sent `quota`
    messages.
    """

    def __init__(
        self,
        *,
        encoding_aes_key: str = "",
        clock: Clock | None = None,
        quota: int = MESSAGES_A_WORD,
    ) -> None:
        super().__init__("token", "send", "media", "menu", "ips")
        self.app_id = "wx00000000haitang"
        self.secret = "fake-official-secret"  # noqa: S105 - opens nothing real
        self.token = "fakeOfficialToken"  # noqa: S105
        self.encoding_aes_key = encoding_aes_key
        self.clock = clock or _WallClock()
        self.sent: list[tuple[str, str]] = []
        self.menu: dict[str, Any] = {}
        self.files = {"media-1": ("p.jpg", b"\xff\xd8\xff" + b"x" * 100)}
        self.left: dict[str, int] = {}
        self._quota = quota
        self._access_token = ""
        self._number = 23_000_000_000_000_000
        self._crypto = (
            CallbackCrypto(self.token, encoding_aes_key, self.app_id) if encoding_aes_key else None
        )

    def app(self) -> web.Application:
        """The calls below `/cgi-bin`."""
        app = web.Application()
        app.router.add_get("/cgi-bin/token", self.faulty("token", self._issue))
        app.router.add_post("/cgi-bin/message/custom/send", self.faulty("send", self._send))
        app.router.add_post("/cgi-bin/menu/create", self.faulty("menu", self._menu))
        app.router.add_get("/cgi-bin/getcallbackip", self.faulty("ips", self._addresses))
        app.router.add_get("/cgi-bin/media/get", self._media)
        return app

    def callback(
        self,
        user: str,
        text: str = "",
        message_id: str | None = None,
        msg_type: str = "text",
        *,
        fields: Mapping[str, str] | None = None,
        compatible: bool = False,
    ) -> SignedCallback:
        """A follower's message; `compatible`: with a (here: lying) plain half beside."""
        self.left[user] = self._quota
        self._number += 1
        inner = {
            "ToUserName": GH,
            "FromUserName": user,
            "CreateTime": str(int(self.clock.now().timestamp())),
            "MsgType": msg_type,
            **({"Content": text} if msg_type == "text" else _EXTRA.get(msg_type, {})),
        }
        if msg_type != "event":
            inner["MsgId"] = message_id or str(self._number)
        return self.seal(write_xml(inner | dict(fields or {})), compatible=compatible)

    def seal(
        self, xml: str, *, timestamp: int | None = None, compatible: bool = False
    ) -> SignedCallback:
        """Any text as this account's mode wraps it, rightly signed."""
        now = int(self.clock.now().timestamp()) if timestamp is None else timestamp
        query = self._signed(str(now), secrets.token_hex(8))
        if self._crypto is None:
            return SignedCallback(query, xml.encode())
        sealed = self._crypto.encrypt(xml, query["timestamp"], query["nonce"])
        outer = {"ToUserName": GH, "Encrypt": sealed.encrypt}
        if compatible:
            lie = {"FromUserName": "liar", "CreateTime": str(now), "MsgType": "text"}
            outer |= lie | {"Content": "撤销", "MsgId": "1"}
        query |= {"encrypt_type": "aes", "msg_signature": sealed.signature}
        return SignedCallback(query, write_xml(outer).encode())

    def echo(self, words: str = "5837397520665436492") -> SignedCallback:
        """The URL check; the right answer is `words`."""
        query = self._signed(str(int(self.clock.now().timestamp())), secrets.token_hex(8))
        return SignedCallback(query | {"echostr": words}, b"")

    def read(self, answer: bytes) -> dict[str, str]:
        """What the platform makes of a passive reply; no fields for `success`."""
        if answer in {b"success", b""}:
            return {}
        if self._crypto is None:
            return dict(parse_message(answer.decode()).fields)
        outer = parse_message(f"<xml><MsgType>x</MsgType>{answer.decode()[5:]}").fields
        xml = self._crypto.decrypt(
            outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"], parse_envelope(answer)
        )
        return dict(parse_message(xml).fields)

    def refusal(self, errcode: int) -> Refused:
        """An errcode as the platform words it."""
        if errcode == 40164:
            return Refused(errcode, "invalid ip 192.0.2.7 ipv6 ::ffff:192.0.2.7, not in whitelist")
        return Refused(errcode)

    def expire_token(self) -> None:
        """Somebody else fetched a token: ours is over."""
        self._access_token = ""

    def _signed(self, timestamp: str, nonce: str) -> dict[str, str]:
        parts = "".join(sorted((self.token, timestamp, nonce))).encode()
        signature = hashlib.sha1(parts, usedforsecurity=False).hexdigest()
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce}

    async def _issue(self, request: web.Request) -> dict[str, Any]:
        if request.query.get("appid") != self.app_id:
            raise Refused(40013)
        if request.query.get("secret") != self.secret:
            raise Refused(40125)
        # A new token ends the old one.
        self._access_token = secrets.token_urlsafe(32)
        return {"access_token": self._access_token, "expires_in": 7200}

    def _check_token(self, request: web.Request) -> None:
        if not self._access_token or request.query.get("access_token") != self._access_token:
            raise Refused(40001, "invalid credential, access_token is invalid or not latest")

    async def _send(self, request: web.Request) -> dict[str, Any]:
        self._check_token(request)
        body = json_object(await request.read(), 47001)
        user, text = str(body.get("touser")), body.get("text", {}).get("content", "")
        if body.get("msgtype") != "text" or not text:
            raise Refused(40008)
        if user not in self.left:
            raise Refused(45015, "response out of time limit or subscription is canceled")
        if self.left[user] <= 0:
            raise Refused(45047, "out of response count limit")
        if len(text.encode()) > 2048:
            raise Refused(45002)
        self.left[user] -= 1
        self.sent.append((user, text))
        return {"errcode": 0, "errmsg": "ok"}

    async def _menu(self, request: web.Request) -> dict[str, Any]:
        self._check_token(request)
        self.menu = json_object(await request.read(), 47001)
        return {"errcode": 0, "errmsg": "ok"}

    async def _addresses(self, request: web.Request) -> dict[str, Any]:
        self._check_token(request)
        return {"ip_list": ["192.0.2.0/24"]}

    async def _media(self, request: web.Request) -> web.StreamResponse:
        self.calls["media"] += 1
        try:
            self._check_token(request)
            found = self.files.get(request.query.get("media_id", ""))
            if found is None:
                raise Refused(40007)
        except Refused as refused:
            return web.json_response(refused.answer)
        headers = {"Content-Disposition": f'attachment; filename="{found[0]}"'}
        return web.Response(body=found[1], content_type="image/jpeg", headers=headers)
