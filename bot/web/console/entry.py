"""Coming in: the first account, a link from the chat, a password; going out; one's own password."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.engine.context import Scene
from bot.errors import DomainError, NotFound
from bot.models import Account, Purpose
from bot.rules.passwords import LONGEST, SHORTEST, password_fault
from bot.web.console.doors import Door, Need, get, post
from bot.web.console.faults import sentence
from bot.web.console.guard import FORM_SEED, SESSION, address, is_secure
from bot.web.console.hashing import Hashing
from bot.web.console.visit import HOME, Visit

WRONG = "名字或密码不对。忘了密码，请系统管理员给您发一个重设链接。"
SHUT = "试的次数太多了，请过15分钟再来，或让管家用「登录」给您发链接。"
OVER = "这个链接已经用过或过期了。请在私聊里对机器人说「登录」，再要一个。"
SET_UP_OVER = "这个链接已经用过或过期了。重启程序会打印新的链接。"
FAULTS = {
    "short": f"密码至少要{SHORTEST}个字符，可以用一句好记的话。",
    "long": f"密码最多{LONGEST}个字符。",
    "plain": "这个密码太容易猜，请换一句只有您知道的话。",
    "differs": "两次输入的密码不一样，请再输一遍。",
    "old": "现在的密码不对。",
}


class EntryPages:
    """Everything before one is in, and the way out."""

    def __init__(self, hashing: Hashing, areas: Sequence[str]) -> None:
        self._hashing = hashing
        self._areas = tuple(areas)

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/sign-in", self.form, Need.NOTHING),
            post("/sign-in", self.sign_in, Need.NOTHING),
            post("/sign-out", self.sign_out, Need.ENTRY),
            get("/set-up/{link}", self.set_up_form, Need.NOTHING),
            post("/set-up/{link}", self.set_up, Need.NOTHING),
            get("/enter/{link}", self.enter_form, Need.NOTHING),
            post("/enter/{link}", self.enter, Need.NOTHING),
            get("/password/{link}", self.reset_form, Need.NOTHING),
            post("/password/{link}", self.reset, Need.NOTHING),
            get("/me", self.me, Need.ENTRY),
            post("/me/password", self.change_password, Need.ENTRY),
        ]

    async def form(self, visit: Visit) -> web.Response:
        """Name and password, or how to get a link."""
        if visit.entered is not None:
            return visit.go(_target(visit.asked("to")))
        return visit.page("console/sign_in.html", name="", fault="", to=visit.asked("to"))

    async def sign_in(self, visit: Visit) -> web.Response:
        """Compare in the same time whoever it is."""
        form = await visit.form()
        name, password, to = form.text("name"), form.text("password"), form.text("to")
        where = address(visit.request)
        shut = await visit.read(lambda scene: scene.sign_in.is_shut(name, where))
        if shut:
            return visit.page("console/sign_in.html", status=429, name=name, fault=SHUT, to=to)
        secret = await visit.read(lambda scene: scene.sign_in.secret_of(name))
        if not await self._hashing.matches(secret, password[:LONGEST]):
            await visit.write(lambda scene: scene.sign_in.refused(name, where))
            return visit.page("console/sign_in.html", status=401, name=name, fault=WRONG, to=to)
        account = await visit.write(lambda scene: scene.sign_in.admitted(name))
        return await let_in(visit, account, to)

    async def sign_out(self, visit: Visit) -> web.Response:
        """The session ends here and on the server."""
        held = visit.request.cookies.get(SESSION, "")
        await visit.write(lambda scene: scene.sign_in.close(held))
        response = visit.go(f"{HOME}/sign-in", "已退出。")
        response.del_cookie(SESSION, path=HOME)
        return response

    async def set_up_form(self, visit: Visit) -> web.Response:
        """The first account of all."""
        link = visit.part("link")
        try:
            await visit.read(lambda scene: scene.accounts.offered(link, Purpose.SET_UP))
        except NotFound:
            return visit.page("console/over.html", status=410, words=SET_UP_OVER)
        return self._set_up_page(visit, "", "")

    async def set_up(self, visit: Visit) -> web.Response:
        """Make it, and come in with it."""
        form, link = await visit.form(), visit.part("link")
        name, area = form.text("name"), form.text("area")
        fault = new_password_fault(form.text("password"), form.text("again"), name)
        if fault or area not in self._areas:
            return self._set_up_page(visit, name, fault or "请选您管的是哪里。", 400)
        secret = await self._hashing.make(form.text("password"))
        try:
            account = await visit.write(
                lambda scene: scene.accounts.set_up(link, name, secret, area)
            )
        except NotFound:
            return visit.page("console/over.html", status=410, words=SET_UP_OVER)
        except DomainError as error:
            return self._set_up_page(visit, name, sentence(error), 400)
        return await let_in(visit, account, "")

    def _set_up_page(self, visit: Visit, name: str, fault: str, status: int = 200) -> web.Response:
        return visit.page(
            "console/set_up.html", status=status, name=name, fault=fault, areas=self._areas
        )

    async def enter_form(self, visit: Visit) -> web.Response:
        """A button: a chat that looks at the link in advance must not use it up."""
        link = visit.part("link")
        try:
            await visit.read(lambda scene: scene.accounts.offered(link, Purpose.ENTER))
        except NotFound:
            return visit.page("console/over.html", status=410, words=OVER)
        return visit.page("console/enter.html")

    async def enter(self, visit: Visit) -> web.Response:
        """The link is used up here."""
        link = visit.part("link")
        try:
            account = await visit.write(lambda scene: scene.accounts.enter(link))
        except DomainError:
            return visit.page("console/over.html", status=410, words=OVER)
        return await let_in(visit, account, "")

    async def reset_form(self, visit: Visit) -> web.Response:
        """A new password by a link of the administrator's."""
        link = visit.part("link")
        try:
            await visit.read(lambda scene: scene.accounts.offered(link, Purpose.PASSWORD))
        except NotFound:
            return visit.page("console/over.html", status=410, words=OVER)
        return visit.page("console/password.html", fault="")

    async def reset(self, visit: Visit) -> web.Response:
        """Set it, and come in with it."""
        form, link = await visit.form(), visit.part("link")
        fault = new_password_fault(form.text("password"), form.text("again"), "")
        if fault:
            return visit.page("console/password.html", status=400, fault=fault)
        secret = await self._hashing.make(form.text("password"))
        try:
            account = await visit.write(lambda scene: scene.accounts.new_password(link, secret))
        except NotFound:
            return visit.page("console/over.html", status=410, words=OVER)
        return await let_in(visit, account, "")

    async def me(self, visit: Visit) -> web.Response:
        """One's own account."""
        return visit.page("console/me.html", fault="")

    async def change_password(self, visit: Visit) -> web.Response:
        """The old one first; whoever else was in with it is out."""
        assert visit.entered is not None  # noqa: S101 - the door needs it
        account, person = visit.entered.account, visit.person
        form = await visit.form()
        fault = new_password_fault(form.text("password"), form.text("again"), account.name)
        if not fault and account.secret:
            known = await self._hashing.matches(account.secret, form.text("old"))
            fault = "" if known else FAULTS["old"]
        if fault:
            return visit.page("console/me.html", status=400, fault=fault)
        secret = await self._hashing.make(form.text("password"))
        await visit.write(lambda scene: scene.accounts.set_secret(account, secret, person))
        return await let_in(visit, account, f"{HOME}/me", "密码改好了，别处的登录都已退出。")


async def let_in(visit: Visit, account: Account, to: str, said: str = "") -> web.Response:
    """A new session under a new name; whatever was held before is worth nothing."""
    old = visit.request.cookies.get(SESSION, "")

    def change(scene: Scene) -> str:
        scene.sign_in.close(old)
        return scene.sign_in.open(account)

    held = await visit.write(change)
    response = visit.go(_target(to), said)
    response.set_cookie(
        SESSION, held, path=HOME, httponly=True, samesite="Lax", secure=is_secure(visit.request)
    )
    response.del_cookie(FORM_SEED, path="/")
    return response


def new_password_fault(password: str, again: str, name: str) -> str:
    """Why a new password is refused, in words; empty when it is good."""
    fault = password_fault(password, name) or ("" if password == again else "differs")
    return FAULTS[fault] if fault else ""


def _target(to: str) -> str:
    """Where one wanted to go, if that is within the console."""
    return to if to.startswith(HOME + "/") and "\\" not in to and "\n" not in to else HOME
