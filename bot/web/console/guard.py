"""Who gets through a door: a session, a form of ours, a role; what everybody else is told."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

import structlog
from aiohttp import web

from bot.errors import DomainError, HaitangError
from bot.models import Access
from bot.rules.permissions import Deed, may
from bot.services.sign_in import Entered
from bot.web.console.doors import Door, Need
from bot.web.console.faults import sentence, status_of
from bot.web.console.visit import HOME, House, Visit

log = structlog.get_logger()

SESSION = "haitang_session"
FORM_SEED = "haitang_form"
TOKEN_FIELD = "form_token"  # noqa: S105 - a name
TOKEN_HEADER = "X-Form-Token"  # noqa: S105 - a name
STALE = "这个页面放得太久了，请刷新以后再试一次。"
SHUT_OUT = "您的身份做不了这一步，要找{who}来办。"
ONLY_LOOKING = "您的账号只能看，不能改。要改请找系统管理员。"
TOO_LARGE = "内容太大，这里最多收 {limit}。"
GONE = "没有这个页面，可能是链接抄漏了，或者东西已经不在了。"
BROKEN = "刚才出了点问题，没有改动任何东西。请再试一次，还不行就告诉系统管理员。"


class Guard:
    """Wraps doors into handlers of aiohttp."""

    def __init__(self, house: House) -> None:
        self._house = house

    def handler(self, door: Door) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """A door as aiohttp wants it."""

        async def answer(request: web.Request) -> web.StreamResponse:
            return await self.open(door, request)

        return answer

    async def open(self, door: Door, request: web.Request) -> web.StreamResponse:
        """Let a visitor through, or say why not."""
        if door.takes:
            request = request.clone(client_max_size=door.takes)
        entered = await self._who(request)
        visit = Visit(request, self._house, entered)
        visit.token = visit.token or _anonymous_token(request)
        try:
            response = await self._through(door, visit)
        except web.HTTPRequestEntityTooLarge:
            limit = f"{door.takes // 1024 // 1024} MB" if door.takes >= 1 << 20 else "256 KB"
            response = fault(visit, 413, TOO_LARGE.format(limit=limit))
        except web.HTTPException as error:
            if error.status < 400:
                raise
            response = fault(visit, error.status, GONE if error.status == 404 else STALE)
        except DomainError as error:
            response = fault(visit, status_of(error), sentence(error))
        except HaitangError as error:
            response = fault(visit, 400, str(error))
        except Exception:
            log.exception("page failed", path=door.path)
            response = fault(visit, 500, BROKEN)
        if entered is None and visit.token and not request.cookies.get(FORM_SEED):
            response.set_cookie(
                FORM_SEED,
                visit.token,
                path="/",
                httponly=True,
                samesite="Strict",
                secure=is_secure(request),
            )
        return response

    async def _through(self, door: Door, visit: Visit) -> web.StreamResponse:
        if not door.is_safe and not await _is_our_form(visit):
            return fault(visit, 403, STALE)
        if door.needs is Need.NOTHING:
            return await door.answer(visit)
        if visit.entered is None:
            return _to_sign_in(visit, door)
        refusal = _refusal(door, visit.entered)
        if refusal:
            return fault(visit, 403, refusal)
        return await door.answer(visit)

    async def _who(self, request: web.Request) -> Entered | None:
        held = request.cookies.get(SESSION, "")
        if not held:
            return None
        nobody = Visit(request, self._house, None)
        entered = await nobody.read(lambda scene: scene.sign_in.inside(held))
        if entered is not None and await nobody.read(
            lambda scene: scene.sign_in.is_stale(entered.session)
        ):
            await nobody.write(lambda scene: scene.sign_in.seen(entered.session))
        return entered


def fault(visit: Visit, status: int, words: str) -> web.Response:
    """A page that says what is wrong and offers the way back."""
    return visit.page("console/fault.html", status=status, words=words, code=status)


def _refusal(door: Door, entered: Entered) -> str:
    """Why somebody who is in does not get through; empty when they do."""
    if isinstance(door.needs, Deed) and not may(entered.person.role, door.needs):
        who = "社区工作人员" if door.needs is Deed.MANAGE else "网格长或社区工作人员"
        return SHUT_OUT.format(who=who)
    access = entered.account.access
    if door.needs is Need.ADMIN and access is not Access.ADMIN:
        return SHUT_OUT.format(who="系统管理员")
    if not door.is_safe and access is Access.READER and door.needs is not Need.ENTRY:
        return ONLY_LOOKING
    return ""


def _to_sign_in(visit: Visit, door: Door) -> web.StreamResponse:
    """To the sign-in page, and from there back to where one wanted to go."""
    if visit.request.headers.get("HX-Request") == "true":
        return web.Response(status=401, headers={"HX-Redirect": f"{HOME}/sign-in"})
    if not door.is_safe:
        return fault(visit, 401, "您已经退出，或太久没有操作。请重新登录，再填一次。")
    wanted = visit.request.rel_url
    return visit.go(f"{HOME}/sign-in?to={quote(str(wanted), safe='')}")


async def _is_our_form(visit: Visit) -> bool:
    """Posted from a page of ours: the same origin, and the token that the page carried."""
    request = visit.request
    if not is_same_origin(request):
        return False
    given = request.headers.get(TOKEN_HEADER) or (await visit.form()).text(TOKEN_FIELD)
    known = visit.token if visit.entered else request.cookies.get(FORM_SEED, "")
    return bool(known) and hmac.compare_digest(given.encode(), known.encode())


def is_same_origin(request: web.Request) -> bool:
    """What the browser says of where a form came from. One of three headers is always there."""
    if request.headers.get("Sec-Fetch-Site") not in {None, "same-origin", "none"}:
        return False
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if source in {None, "null"}:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    return urlsplit(source).netloc == request.host


def is_secure(request: web.Request) -> bool:
    """Whether the browser came by https; a proxy on this machine is believed."""
    return request.secure or (
        is_loopback(request.remote) and request.headers.get("X-Forwarded-Proto") == "https"
    )


def address(request: web.Request) -> str:
    """Where somebody comes from; a proxy on this machine says it in its last entry."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if forwarded and is_loopback(request.remote):
        return forwarded.rpartition(",")[2].strip()[:64]
    return request.remote or ""


def is_loopback(remote: str | None) -> bool:
    """Whether the other end is on this machine."""
    try:
        return ipaddress.ip_address(remote or "").is_loopback
    except ValueError:
        return False


def _anonymous_token(request: web.Request) -> str:
    """What forms carry before somebody is in: the same as a cookie that only we can set."""
    return request.cookies.get(FORM_SEED) or secrets.token_urlsafe(24)
