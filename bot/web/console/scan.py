"""Coming in by scanning with WeCom: out to the platform and back, once, in the same browser.

https://developer.work.weixin.qq.com/document/path/98152 (a code to scan) and /91022 (inside WeCom).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from aiohttp import web
from msgspec import Struct

from bot.engine.context import Scene
from bot.errors import NotFound, SendError, SendRefused
from bot.models import Account
from bot.ports import ScanChannel
from bot.rules.permissions import STAFF
from bot.web.console.doors import Door, Need, get
from bot.web.console.entry import SHUT, let_in
from bot.web.console.guard import address, is_secure
from bot.web.console.visit import HOME, Visit

log = structlog.get_logger()

WAITING = "haitang_scan"
LASTS = timedelta(minutes=10)
MOST = 1000
LONGEST_CODE = 512
INSIDE = "wxwork"
"""What the browser inside WeCom calls itself."""

OVER = "这次扫码已经过期了，请再扫一次。"
REFUSED = "没有扫成，请再扫一次；还不行就用密码，或私聊机器人说「登录」。"
AWAY = "企业微信暂时连不上，请过一会儿再扫，或用密码、「登录」链接进来。"
STRANGER = "您不是这个企业的成员，不能扫码进管理台。"
NO_STAFF = "您的企业微信账号还没登记成工作人员，请找社区工作人员登记。"
DISABLED = "您的账号已停用，请找系统管理员。"


class Refusal(Exception):
    """They do not come in: a sentence for them, and the HTTP status."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words, status)


class Pending(Struct, frozen=True):
    """Somebody went out to scan: from where they came, and until when they may come back."""

    channel: str
    to: str
    until: datetime


class ScanPages:
    """`channels` are those that can tell who scanned, by the last part of their name."""

    def __init__(self, channels: Callable[[], Mapping[str, ScanChannel]]) -> None:
        self._channels = channels
        self._pending: dict[str, Pending] = {}

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/scan/{channel}", self.out, Need.NOTHING),
            get("/scan/{channel}/back", self.back, Need.NOTHING),
        ]

    async def out(self, visit: Visit) -> web.Response:
        """To the platform's page, with a state that only this browser has."""
        name = visit.part("channel")
        channel = self._channel(name)
        state = secrets.token_hex(24)
        self._remember(state, Pending(name, visit.asked("to"), visit.now + LASTS), visit.now)
        inside = INSIDE in visit.request.headers.get("User-Agent", "").lower()
        back = f"{visit.house.knowledge().console.url}{HOME}/scan/{name}/back"
        response = visit.go(channel.scan_page(back, state, inside=inside))
        response.set_cookie(
            WAITING,
            state,
            path=f"{HOME}/scan",
            max_age=int(LASTS.total_seconds()),
            httponly=True,
            samesite="Lax",  # the platform sends them back from its own site
            secure=is_secure(visit.request),
        )
        return response

    async def back(self, visit: Visit) -> web.Response:
        """With a code that tells who it was; each state is good for one try."""
        channel = self._channel(visit.part("channel"))
        try:
            pending = self._taken(visit)
            user = await self._who(visit, channel)
            account = await visit.write(lambda scene: _account(scene, channel.name, user))
        except Refusal as refusal:
            fault, status = refusal.args
            return visit.page(
                "console/sign_in.html", status=status, name="", fault=fault, to=visit.asked("to")
            )
        response = await let_in(visit, account, pending.to)
        response.del_cookie(WAITING, path=f"{HOME}/scan")
        return response

    def _taken(self, visit: Visit) -> Pending:
        """What this browser went out with. Raises `Refusal`."""
        state = visit.asked("state")
        held = visit.request.cookies.get(WAITING, "")
        pending = self._pending.pop(state, None)
        if (
            pending is None
            or pending.channel != visit.part("channel")
            or pending.until <= visit.now
            or not hmac.compare_digest(held.encode(), state.encode())
        ):
            raise Refusal(OVER, 410)
        return pending

    async def _who(self, visit: Visit, channel: ScanChannel) -> str:
        """The member that the platform's code stands for. Raises `Refusal`."""
        where, code = address(visit.request), visit.asked("code")
        if await visit.read(lambda scene: scene.sign_in.is_shut("", where)):
            raise Refusal(SHUT, 429)
        if not 0 < len(code) <= LONGEST_CODE:
            raise Refusal(REFUSED, 401)
        try:
            return await channel.member(code)
        except SendRefused:
            await visit.write(lambda scene: scene.sign_in.refused("", where))
            raise Refusal(REFUSED, 401) from None
        except SendError as error:
            log.warning("scan", reason=str(error))
            raise Refusal(AWAY, 503) from None

    def _channel(self, name: str) -> ScanChannel:
        found = self._channels().get(name)
        if found is None:
            raise NotFound(name)
        return found

    def _remember(self, state: str, pending: Pending, now: datetime) -> None:
        """Those that are over go, and the oldest when there are too many."""
        over = [each for each, waiting in self._pending.items() if waiting.until <= now]
        extra = len(self._pending) - len(over) - MOST + 1
        rest = [each for each in self._pending if each not in set(over)]
        for each in [*over, *rest[: max(0, extra)]]:
            del self._pending[each]
        self._pending[state] = pending


def _account(scene: Scene, channel: str, user: str) -> Account:
    """Raises `Refusal` for somebody who is not on staff, or whose account is closed."""
    if not user:
        raise Refusal(STRANGER, 403)
    person = scene.people.known(channel, user)
    if person is None or person.role not in STAFF:
        raise Refusal(NO_STAFF, 403)
    account = scene.accounts.of_person(person)
    if account.disabled:
        raise Refusal(DISABLED, 403)
    return account
