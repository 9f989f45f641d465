"""A stand-in for one group robot: it takes what the platform takes, at most 20 a minute."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aiohttp import web

from bot.ports import Clock
from bot.testing.wecom.faults import FaultyServer, Refused, json_object

MESSAGES_A_MINUTE: Final = 20
_LIMITS: Final = {"text": 2048, "markdown": 4096, "markdown_v2": 4096}
_CARDS: Final = frozenset({"text_notice", "news_notice"})
_FILE_BYTES: Final = {"file": 20 * 1024 * 1024, "voice": 2 * 1024 * 1024}
_MEDIA_DAYS: Final = 3


class _WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FakeRobot(FaultyServer):
    """One robot of one group. `sent` are the bodies it took, `times` when it was asked.

    Every call counts towards the minute, also one that fails. Calls for faults: `send`, `upload`.
    """

    def __init__(self, key: str, clock: Clock | None = None) -> None:
        super().__init__("send", "upload")
        self.key = key
        self.clock = clock or _WallClock()
        self.sent: list[dict[str, Any]] = []
        self.files: dict[str, tuple[str, bytes, datetime]] = {}
        self.refused_for_pace = 0
        self._times: deque[datetime] = deque()

    def app(self) -> web.Application:
        """Both calls below `/cgi-bin/webhook`."""
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_post("/cgi-bin/webhook/send", self.faulty("send", self._send))
        app.router.add_post("/cgi-bin/webhook/upload_media", self.faulty("upload", self._upload))
        return app

    async def before(self) -> None:
        """Whatever is asked counts."""
        self._times.append(self.clock.now())

    async def _send(self, request: web.Request) -> dict[str, Any]:
        self._check_key(request)
        body = json_object(await request.read(), 40035)
        self._check_pace()
        kind = str(body.get("msgtype"))
        check = getattr(self, f"_check_{kind}", None)
        part = body.get(kind)
        if check is None:
            raise Refused(40008)
        if not isinstance(part, dict):
            raise Refused(40035)
        check(part, kind)
        self.sent.append(body)
        return {"errcode": 0, "errmsg": "ok"}

    async def _upload(self, request: web.Request) -> dict[str, Any]:
        self._check_key(request)
        kind = request.query.get("type", "")
        field = (await request.post()).get("media")
        if kind not in _FILE_BYTES or not isinstance(field, web.FileField):
            raise Refused(40035)
        data = field.file.read()
        if not 5 < len(data) <= _FILE_BYTES[kind]:
            raise Refused(40006)
        media = f"media-{len(self.files) + 1}"
        self.files[media] = (field.filename, data, self.clock.now())
        return {"errcode": 0, "errmsg": "ok", "type": kind, "media_id": media, "created_at": "0"}

    def _check_key(self, request: web.Request) -> None:
        if request.query.get("key") != self.key:
            raise Refused(93000, "invalid webhook url")

    def _check_pace(self) -> None:
        start = self.clock.now() - timedelta(minutes=1)
        while self._times and self._times[0] <= start:
            self._times.popleft()
        if len(self._times) > MESSAGES_A_MINUTE:
            self.refused_for_pace += 1
            raise Refused(45009, "api freq out of limit")

    def _check_text(self, part: dict[str, Any], kind: str) -> None:
        content = part.get("content")
        if not isinstance(content, str):
            raise Refused(40035)
        if not content:
            raise Refused(44004)
        if len(content.encode()) > _LIMITS[kind]:
            raise Refused(45002)

    _check_markdown = _check_markdown_v2 = _check_text

    def _check_image(self, part: dict[str, Any], kind: str) -> None:
        try:
            data = base64.b64decode(str(part.get("base64")), validate=True)
        except binascii.Error:
            raise Refused(40035) from None
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        if digest != part.get("md5") or len(data) > 2 * 1024 * 1024:
            raise Refused(40009)

    def _check_news(self, part: dict[str, Any], kind: str) -> None:
        articles = part.get("articles")
        if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
            raise Refused(40035)
        if not all(article.get("title") and article.get("url") for article in articles):
            raise Refused(40035)

    def _check_file(self, part: dict[str, Any], kind: str) -> None:
        known = self.files.get(str(part.get("media_id")))
        if known is None or self.clock.now() - known[2] > timedelta(days=_MEDIA_DAYS):
            raise Refused(40007)

    _check_voice = _check_file

    def _check_template_card(self, part: dict[str, Any], kind: str) -> None:
        title = part.get("main_title", {}).get("title") or part.get("sub_title_text")
        if part.get("card_type") not in _CARDS or not title:
            raise Refused(40035)
        if part.get("card_action", {}).get("type") not in {1, 2}:
            raise Refused(40035)
        if len(part.get("horizontal_content_list", [])) > 6 or len(part.get("jump_list", [])) > 3:
            raise Refused(40035)
