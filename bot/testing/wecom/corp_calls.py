"""What the stand-in for WeCom does besides tokens and messages to members: groups, files, menus."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from bot.testing.wecom.faults import FaultyServer, Refused, json_object

TEXT_LIMIT_BYTES: Final = 2048
CALLBACK_ADDRESSES: Final = ["192.0.2.*", "198.51.100.7"]
_CALLS: Final = (
    "gettoken",
    "send",
    "appchat",
    "group",
    "menu",
    "upload",
    "media",
    "user",
    "ips",
    "scan",
)


class CorpCalls(FaultyServer):
    """`groups` are the app's own by chatid, `group_messages` what was said in them, `menu` the last
    menu, `files` what members sent or we uploaded, `member_names` what members are called,
    `codes` who scanned (each good once, see `scanned`).

    Without `may_read_names` names are refused, as for an app without the right.
    """

    def __init__(self) -> None:
        super().__init__(*_CALLS)
        self.groups: dict[str, dict[str, Any]] = {}
        self.group_messages: list[tuple[str, dict[str, Any]]] = []
        self.menu: dict[str, Any] = {}
        self.files: dict[str, tuple[str, bytes]] = {
            "media-1": ("p.jpg", b"\xff\xd8\xff" + b"x" * 50)
        }
        self.member_names: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.may_read_names = True
        self.rich_sent: list[dict[str, Any]] = []

    def app(self) -> web.Application:
        """These calls; whoever inherits adds its own."""
        app = web.Application(client_max_size=32 * 1024 * 1024)
        add = app.router
        add.add_post("/cgi-bin/appchat/create", self.faulty("group", self._create))
        add.add_post("/cgi-bin/appchat/send", self.faulty("appchat", self._say))
        add.add_post("/cgi-bin/menu/create", self.faulty("menu", self._menu))
        add.add_post("/cgi-bin/media/upload", self.faulty("upload", self._upload))
        add.add_get("/cgi-bin/user/get", self.faulty("user", self._user))
        add.add_get("/cgi-bin/auth/getuserinfo", self.faulty("scan", self._who))
        add.add_get("/cgi-bin/getcallbackip", self.faulty("ips", self._addresses))
        add.add_get("/cgi-bin/media/get", self._media)
        return app

    def check_token(self, request: web.Request) -> None:
        """Raises `Refused` for a token that is missing, wrong or over."""
        raise NotImplementedError

    def text_in(self, message: dict[str, Any]) -> str:
        """The words of a message, or of its title; raises `Refused` for what is not taken."""
        kind = str(message.get("msgtype"))
        part = message.get(kind)
        if kind in {"text", "markdown"}:
            return self._words(part)
        if kind not in {"textcard", "news", "image", "file", "voice"}:
            raise self.refusal(40008)
        if not isinstance(part, dict):
            raise self.refusal(40035)
        if "media_id" in part and part["media_id"] not in self.files:
            raise self.refusal(40007)
        self.rich_sent.append(message)
        return str(part.get("title", f"[{kind}]"))

    def _words(self, part: object) -> str:
        text = part.get("content") if isinstance(part, dict) else None
        if not isinstance(text, str):
            raise self.refusal(40035)
        if not text:
            raise self.refusal(44004)
        if len(text.encode()) > TEXT_LIMIT_BYTES:
            raise self.refusal(45002)
        return text

    async def _create(self, request: web.Request) -> dict[str, Any]:
        self.check_token(request)
        body = json_object(await request.read(), 40035)
        chat, members = str(body.get("chatid", "")), body.get("userlist", [])
        if not chat.isalnum() or not chat.isascii() or len(chat) > 32 or chat in self.groups:
            raise Refused(86001, "chatid invalid")
        if not 2 <= len(members) <= 2000 or body.get("owner") not in members:
            raise Refused(40035, "userlist invalid")
        if not 0 < len(str(body.get("name", ""))) <= 50:
            raise Refused(86004, "name invalid")
        self.groups[chat] = body
        return {"errcode": 0, "errmsg": "ok", "chatid": chat}

    async def _say(self, request: web.Request) -> dict[str, Any]:
        self.check_token(request)
        body = json_object(await request.read(), 40035)
        if body.get("chatid") not in self.groups:
            raise Refused(86003, "chatid not created by this app")
        self.group_messages.append((body["chatid"], body | {"_text": self.text_in(body)}))
        return {"errcode": 0, "errmsg": "ok"}

    async def _menu(self, request: web.Request) -> dict[str, Any]:
        self.check_token(request)
        self.menu = json_object(await request.read(), 40035) | {
            "_agentid": request.query.get("agentid")
        }
        return {"errcode": 0, "errmsg": "ok"}

    async def _upload(self, request: web.Request) -> dict[str, Any]:
        self.check_token(request)
        field = (await request.post()).get("media")
        if not isinstance(field, web.FileField):
            raise self.refusal(40035)
        media = f"up-{len(self.files)}"
        self.files[media] = (field.filename, field.file.read())
        return {"errcode": 0, "errmsg": "ok", "type": request.query.get("type"), "media_id": media}

    async def _user(self, request: web.Request) -> dict[str, Any]:
        self.check_token(request)
        user = request.query.get("userid", "")
        name = self.member_names.get(user, "") if self.may_read_names else ""
        return {"errcode": 0, "errmsg": "ok", "userid": user} | ({"name": name} if name else {})

    def scanned(self, code: str, userid: str = "", openid: str = "") -> None:
        """Somebody scanned: whoever shows this code once is told who it was."""
        self.codes[code] = {"userid": userid} if userid else {"openid": openid}

    async def _who(self, request: web.Request) -> dict[str, Any]:
        self.check_token(request)
        who = self.codes.pop(request.query.get("code", ""), None)
        if who is None:
            raise self.refusal(40029)
        return {"errcode": 0, "errmsg": "ok", **who}

    async def _addresses(self, request: web.Request) -> dict[str, Any]:
        self.check_token(request)
        return {"errcode": 0, "errmsg": "ok", "ip_list": CALLBACK_ADDRESSES}

    async def _media(self, request: web.Request) -> web.StreamResponse:
        self.calls["media"] += 1
        try:
            self.check_token(request)
            found = self.files.get(request.query.get("media_id", ""))
            if found is None:
                raise self.refusal(40007)
        except Refused as refused:
            return web.json_response(refused.answer)
        headers = {"Content-Disposition": f'attachment; filename="{found[0]}"'}
        return web.Response(body=found[1], content_type="image/jpeg", headers=headers)
