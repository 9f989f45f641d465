"""The residents' pages, and what stands before each of them."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, Sequence

import structlog
from aiohttp import web

from bot.errors import DomainError
from bot.models import Appeal, State
from bot.services.open_pages import PAGE, story
from bot.web.console.forms import Form
from bot.web.console.guard import FORM_SEED, TOKEN_FIELD, is_same_origin
from bot.web.console.speaking import Speaker
from bot.web.console.visit import House
from bot.web.h5.call import HALF_A_YEAR, HOME, LARGE, Call
from bot.web.h5.reporting import Reporting

log = structlog.get_logger()

Answer = Callable[[Call], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
NO_SUCH_NUMBER = "没有查到公开的进度，请核对编号。不便公开的事只告诉本人，在「我反映的」里看。"
NO_PLACE = "没有这个地方的网页，可能是链接抄漏了。请重新扫楼道里的二维码。"
STALE = "这个页面放得太久了，请返回刷新以后再试一次。"
TOO_LARGE = "照片太大了，一共不能超过{mb} MB，请少选几张或选小一点的。"
BROKEN = "刚才出了点问题，请过一会儿再试。急事请直接打社区电话。"
FORM_BYTES = 64 * 1024
_NUMBER = re.compile(r"SQ\d{8}-\d{1,6}|\d{1,8}", re.ASCII)
RATINGS = ("满意", "基本满意", "不满意")


class ResidentPages:
    """Everything below `/h5`."""

    def __init__(self, house: House, speaker: Speaker, upload_bytes: int) -> None:
        self._house = house
        self._speaker = speaker
        self._upload_bytes = upload_bytes
        self._reporting = Reporting(speaker)
        house.looks.add(story=story, rating_words=RATINGS, h5_home=HOME)

    def routes(self) -> list[web.AbstractRouteDef]:
        """To be added to the application."""
        at = f"{HOME}/{{place}}"
        return [
            web.get(HOME, self._serve(self.places)),
            web.get(f"{HOME}/large", self.large),
            web.get(at, self._serve(self.front)),
            web.get(f"{at}/notices", self._serve(self.notices)),
            web.get(f"{at}/appeals", self._serve(self.appeals)),
            web.get(f"{at}/progress", self._serve(self.progress)),
            web.get(f"{at}/faq", self._serve(self.faq)),
            web.get(f"{at}/report", self._serve(self._reporting.form)),
            web.post(f"{at}/report", self._serve(self._reporting.send, self._upload_bytes)),
            web.get(f"{at}/mine", self._serve(self.mine)),
            web.post(f"{at}/mine/{{number:SQ[0-9]+-[0-9]+}}", self._serve(self.say)),
            web.get(f"{HOME}/{{tail:.*}}", self._serve(self.nowhere)),
        ]

    def _serve(self, answer: Answer, takes: int = FORM_BYTES) -> Handler:
        async def serve(request: web.Request) -> web.StreamResponse:
            request = request.clone(client_max_size=takes)
            call = Call(request, self._house, None)
            try:
                return await self._through(answer, call)
            except web.HTTPRequestEntityTooLarge:
                return fault(call, 413, TOO_LARGE.format(mb=takes // 1024 // 1024 or 1))
            except web.HTTPException as error:
                return fault(call, error.status, STALE)
            except DomainError:
                return fault(call, 404, NO_PLACE)
            except Exception:
                log.exception("resident's page failed", path=request.match_info.route.name)
                return fault(call, 500, BROKEN)

        return serve

    async def _through(self, answer: Answer, call: Call) -> web.StreamResponse:
        place = call.request.match_info.get("place")
        if place is not None:
            here = await call.read(lambda scene: scene.open_pages.neighbourhood(place))
            call = Call(call.request, self._house, here)
        if call.request.method == "POST" and not await _is_our_form(call):
            return fault(call, 403, STALE)
        return await answer(call)

    async def places(self, call: Call) -> web.Response:
        """Where is it about."""
        found = await call.read(lambda scene: scene.open_pages.neighbourhoods())
        return call.page("h5/places.html", places=found)

    async def large(self, request: web.Request) -> web.Response:
        """长辈版 on or off; it changes nothing but how pages look."""
        back = request.query.get("back", "")
        safe = back.startswith(HOME) and "\\" not in back and "\n" not in back
        response = web.Response(status=303, headers={"Location": back if safe else HOME})
        wanted = "1" if request.query.get("on") == "1" else "0"
        response.set_cookie(
            LARGE, wanted, path=HOME, max_age=HALF_A_YEAR, httponly=True, samesite="Lax"
        )
        return response

    async def front(self, call: Call) -> web.Response:
        """What one can do here, what was said lately, what is being done."""
        area = call.here.area
        notices, appeals = await call.read(
            lambda scene: (scene.open_pages.notices(area), scene.open_pages.appeals(area, 1)[0])
        )
        return call.page("h5/front.html", notices=notices[:3], appeals=appeals[:5])

    async def notices(self, call: Call) -> web.Response:
        """What was said to the groups here in the last two weeks."""
        area = call.here.area
        found = await call.read(lambda scene: scene.open_pages.notices(area))
        return call.page("h5/notices.html", notices=found)

    async def appeals(self, call: Call) -> web.Response:
        """Public matters, newest first."""
        area, number = call.here.area, call.page_number()
        found, more = await call.read(lambda scene: scene.open_pages.appeals(area, number))
        return call.page("h5/appeals.html", appeals=found, number=number, more=more, page=PAGE)

    async def progress(self, call: Call) -> web.Response:
        """How far a public matter is, by its number."""
        asked = call.asked("number").upper().replace("号", "")
        found: Sequence[Appeal] = ()
        if _NUMBER.fullmatch(asked):
            area = call.here.area
            found = await call.read(lambda scene: scene.open_pages.numbered(area, asked))
        fault = NO_SUCH_NUMBER if asked and not found else ""
        return call.page("h5/progress.html", found=found, asked=asked, fault=fault)

    async def faq(self, call: Call) -> web.Response:
        """A question and its answer; without one, everything by what it is about."""
        area, asked = call.here.area, call.asked("q")
        if not asked:
            entries = await call.read(lambda scene: scene.open_pages.answers(area))
            return call.page("h5/faq.html", asked="", entries=entries, found=None)
        # The matcher belongs to the writer thread.
        verdict = await call.write(lambda scene: scene.faq.ask(asked, area, thorough=True))
        found = [verdict.entry] if verdict.entry is not None else list(verdict.choices)
        return call.page("h5/faq.html", asked=asked, entries=[], found=found)

    async def mine(self, call: Call) -> web.Response:
        """What this phone brought up, with how far it is."""
        user = call.user
        appeals = await call.read(
            lambda scene: (
                scene.open_pages.own(person)
                if user and (person := scene.open_pages.visitor(user)) is not None
                else ()
            )
        )
        response = call.page("h5/mine.html", appeals=appeals, states=State)
        return call.remember(response)

    async def say(self, call: Call) -> web.Response:
        """More about one's own matter: what was missing, what one thinks of its end, a reminder."""
        form, number, user = await call.form(), call.part("number"), call.user
        words = said_about(number, form)
        person = await call.read(lambda scene: scene.open_pages.visitor(user)) if user else None
        if not words or person is None:
            return fault(call, 404, NO_SUCH_NUMBER)
        said = await self._speaker.say_as(user, words, ())
        return call.go(f"{call.root}/mine", said.reply)

    async def nowhere(self, call: Call) -> web.Response:
        """An address that leads to nothing."""
        return fault(call, 404, NO_PLACE)


def said_about(number: str, form: Form) -> str:
    """What a button under one's own matter says to the bot; empty for one that there is not."""
    text, rating = " ".join(form.text("text").split())[:200], form.text("rating")
    match form.text("what"):
        case "supply" if text:
            return f"补充 {number} {text}"
        case "rate" if rating in RATINGS:
            return f"{number} {rating}" + (f"，{text}" if text else "")
        case "urge":
            return f"催办 {number}"
        case "withdraw":
            return f"撤回 {number}"
        case _:
            return ""


def fault(call: Call, status: int, words: str) -> web.Response:
    """A page that says what is wrong and where to go on."""
    return call.page("h5/fault.html", status=status, words=words)


async def _is_our_form(call: Call) -> bool:
    """From our own pages, with what the page before handed out."""
    if not is_same_origin(call.request):
        return False
    known = call.request.cookies.get(FORM_SEED, "")
    given = (await call.form()).text(TOKEN_FIELD)
    return bool(known) and hmac.compare_digest(given.encode(), known.encode())
