"""没答上的: questions by likeness, an answer for them or none; drafts that wait for somebody."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.engine.context import Scene
from bot.models import FaqEntry, QuestionState
from bot.rules.permissions import Deed
from bot.services.faq_box import Candidate, Hearer, tried
from bot.web.console.doors import Door, get, post
from bot.web.console.speaking import Speaker
from bot.web.console.visit import HOME, Visit

SHOWN = 30
SUGGESTED = 5
LIKE = 0.25
"""Less is no likeness that helps."""
LISTED = f"{HOME}/questions"
SHOWS = {
    "open": QuestionState.OPEN,
    "drafts": QuestionState.DRAFT,
    "adopted": QuestionState.ADOPTED,
    "dropped": QuestionState.DISMISSED,
}


class QuestionPages:
    """The list and the page of one bundle."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def doors(self) -> list[Door]:
        """To be guarded."""
        one, about = "/questions/{question}", "question"
        return [
            get("/questions", self.list, Deed.TEACH),
            post("/questions/restore", self.restore, Deed.TEACH),
            get(one, self.show, Deed.TEACH, about=about),
            post(one + "/attach", self.attach, Deed.APPROVE, about=about),
            post(one + "/drop", self.drop, Deed.TEACH, about=about),
            post(one + "/adopt", self.adopt, Deed.APPROVE, about=about),
            post(one + "/decline", self.decline, Deed.APPROVE, about=about),
        ]

    async def list(self, visit: Visit) -> web.Response:
        """Bundles that wait, or single questions that stand elsewhere."""
        asked, number = visit.asked("show", "open"), visit.page_number()
        show = asked if asked in SHOWS else "open"
        begin = SHOWN * (number - 1)

        def look(scene: Scene) -> dict[str, Any]:
            desk = scene.questions
            counts = desk.counts(visit.area)
            if show == "open":
                found = desk.bundles(visit.area)
            else:
                found = [desk.alone(one) for one in desk.of(visit.area, SHOWS[show])]
            rows = [
                (bundle, desk.heard(bundle), scene.people.group_name(bundle.questions[0].group))
                for bundle in found[begin : begin + SHOWN]
            ]
            return {"rows": rows, "more": len(found) > begin + SHOWN, "open": counts}

        return visit.page(
            "console/faq/questions.html",
            **await visit.read(look),
            show=show,
            number=number,
            dropped=visit.asked("dropped"),
        )

    async def show(self, visit: Visit) -> web.Response:
        """One bundle: who asked where, what staff said, and which entries come near."""
        number, person, words = _number(visit), visit.person, visit.asked("q")[:60]

        def look(scene: Scene) -> dict[str, Any]:
            desk = scene.questions
            bundle = desk.bundle(number, person)
            first, groups = bundle.questions[0], {one.group for one in bundle.questions}
            trial = tried(scene.faq, first.text, first.area, Hearer.STAFF)
            return {
                "bundle": bundle,
                "heard": desk.heard(bundle),
                "groups": {group: scene.people.group_name(group) for group in groups},
                "near": _writable(scene, visit, trial.candidates),
                "searched": _found(scene, visit, words),
                "open": desk.counts(visit.area),
            }

        # The matcher belongs to the thread that writes.
        return visit.page("console/faq/question.html", **await visit.write(look), q=words)

    async def attach(self, visit: Visit) -> web.Response:
        """The bundle's words become phrasings of an entry."""
        form, number, person = await visit.form(), _number(visit), visit.person
        entry = form.text("entry")
        kept = await visit.write(lambda scene: scene.questions.attach(number, entry, person, ""))
        return visit.go(LISTED, f"已并到「{kept.question}」，这样问也会答。")

    async def drop(self, visit: Visit) -> web.Response:
        """The bundle needs no answer; it can be put back."""
        number, person = _number(visit), visit.person
        gone = await visit.write(lambda scene: scene.questions.drop(number, person, ""))
        numbers = ".".join(map(str, gone[:50]))
        return visit.go(f"{LISTED}?dropped={numbers}", f"拿掉了{len(gone)}个问题。")

    async def restore(self, visit: Visit) -> web.Response:
        """What was dropped waits again."""
        form, person = await visit.form(), visit.person
        numbers = [int(one) for one in form.text("numbers").split(".") if _is_number(one)]
        count = await visit.write(lambda scene: scene.questions.restore(numbers, person, ""))
        return visit.go(LISTED, f"放回了{count}个问题。")

    async def adopt(self, visit: Visit) -> web.Response:
        """收录 3."""
        return await self._say(visit, "收录")

    async def decline(self, visit: Visit) -> web.Response:
        """不收录 3."""
        return await self._say(visit, "不收录")

    async def _say(self, visit: Visit, command: str) -> web.Response:
        assert visit.entered is not None  # noqa: S101 - the door needs it
        number, person = _number(visit), visit.person
        await visit.read(lambda scene: scene.questions.get(number, person))
        reply = await self._speaker.say(visit.entered, f"{command} {number}")
        return visit.go(f"{LISTED}?show=drafts", reply.replace("5分钟内可以「撤销」。", "").strip())


def _writable(scene: Scene, visit: Visit, found: tuple[Candidate, ...]) -> list[Candidate]:
    """Those that this person may add a phrasing to."""
    desk, person = scene.faq_desk, visit.person
    like = [one for one in found if one.match.score >= LIKE]
    return [one for one in like if desk.may_write(one.entry.area, person)][:SUGGESTED]


def _found(scene: Scene, visit: Visit, words: str) -> list[FaqEntry]:
    if not words:
        return []
    desk = scene.faq_desk
    found = desk.found(desk.search(visit.area, words), 3 * SUGGESTED)
    return [entry for entry in found if desk.may_write(entry.area, visit.person)]


def _number(visit: Visit) -> int:
    part = visit.part("question")
    return int(part) if _is_number(part) else 0


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12
