"""问答: the bank as a list and one page an entry: written, changed, ended, taken out, put back."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec
from aiohttp import web

from bot.engine.context import Scene
from bot.models import FaqEntry, Validity
from bot.rules.permissions import Deed, may
from bot.services.faq_desk import FaultyEntry, Overtaken
from bot.services.faq_entries import stamp
from bot.services.learning import Exchange
from bot.web.console.doors import Door, get, post
from bot.web.console.faq_forms import FIELDS, differences, entry_in, shown_in, told
from bot.web.console.forms import Form
from bot.web.console.visit import HOME, Visit

PAGE = 30
VALIDITIES = {
    Validity.CURRENT: ("在用", "done"),
    Validity.EXPIRING: ("快到期", "waiting"),
    Validity.EXPIRED: ("已停用", "still"),
    Validity.COMING: ("还没开始", "working"),
}
LISTED = f"{HOME}/faq"
PROPOSED = "已交给网格长或社区收录，收录以后才会这样答。"


class FaqPages:
    """The list and the entries."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/faq", self.list, Deed.TEACH),
            get("/faq/new", self.new, Deed.TEACH),
            post("/faq/new", self.create, Deed.TEACH),
            get("/faq/entry/{entry}", self.show, Deed.TEACH, about="faq"),
            post("/faq/entry/{entry}", self.change, Deed.APPROVE, about="faq"),
            post("/faq/entry/{entry}/expire", self.expire, Deed.APPROVE, about="faq"),
            post("/faq/entry/{entry}/remove", self.remove, Deed.APPROVE, about="faq"),
            post("/faq/entry/{entry}/undo", self.undo, Deed.APPROVE, about="faq"),
        ]

    async def list(self, visit: Visit) -> web.Response:
        """What is looked for, some at a time."""
        person, number = visit.person, visit.page_number()
        words, tag, area = visit.asked("q")[:60], visit.asked("tag"), visit.asked("area")
        chosen = _validity(visit.asked("show"))

        def look(scene: Scene) -> dict[str, Any]:
            desk = scene.faq_desk
            search = desk.search(visit.area, words, tag=tag, here=area, validity=chosen)
            rows = desk.found(search, PAGE + 1, PAGE * (number - 1))
            shown = rows[:PAGE]
            return {
                "rows": [(entry, desk.validity(entry)) for entry in shown],
                "more": len(rows) > PAGE,
                "counts": desk.counts(search),
                "answered": desk.answered(shown, person),
                "tags": desk.tags(person),
                "places": desk.areas(person),
                "open": scene.questions.counts(visit.area),
            }

        return visit.page(
            "console/faq/list.html",
            **await visit.read(look),
            number=number,
            q=words,
            tag=tag,
            area=area,
            chosen=chosen,
            validities=VALIDITIES,
            gone=visit.asked("gone"),
        )

    async def new(self, visit: Visit) -> web.Response:
        """An empty form, or one filled from a question, or a copy of an entry for one's own."""
        number, copied = visit.asked("from"), visit.asked("copy")
        filled = FaqEntry(id="", question=visit.asked("q")[:100], answer="", source="")
        filled = msgspec.structs.replace(filled, area=visit.area)
        questions: tuple[int, ...] = ()
        if number.isascii() and number.isdigit():
            filled, questions = await visit.read(
                lambda scene: scene.questions.suggested(int(number), visit.person)
            )
        elif copied:
            found = await visit.read(lambda scene: scene.faq_desk.get(copied, visit.person))
            filled = msgspec.structs.replace(found, id="", area=visit.area)
        return self._form_page(visit, shown_in(filled), {}, questions)

    async def create(self, visit: Visit) -> web.Response:
        """A steward's is a draft, an approver's answers at once."""
        form, person = await visit.form(), visit.person
        wanted = entry_in(form, "")
        numbers = tuple(int(n) for n in form.texts("question_number") if n.isdigit())

        def write(scene: Scene) -> str:
            if not may(person.role, Deed.APPROVE):
                kept = scene.faq_desk.check(wanted)
                known = scene.questions.get(numbers[0], person) if numbers else None
                found = Exchange(kept.question, kept.answer, known)
                scene.learning.learn(found, person, person.area, "", "")
                return ""
            made = scene.faq_desk.create(wanted, person)
            scene.questions.adopted_as(numbers, made.id, person, "")
            return made.id

        try:
            made = await visit.write(write)
        except FaultyEntry as error:
            return self._form_page(visit, told(form), error.faults, numbers, 400)
        if not made:
            return visit.go(f"{HOME}/questions?show=drafts", PROPOSED)
        return visit.go(_path(made), "存好了，现在起就这样答。")

    async def show(self, visit: Visit) -> web.Response:
        """One entry with its history."""
        return await self._entry_page(visit, None, {})

    async def change(self, visit: Visit) -> web.Response:
        """Save; when somebody else was quicker, show both and lose nothing."""
        form, person = await visit.form(), visit.person
        wanted = entry_in(form, visit.part("entry"))
        try:
            await visit.write(
                lambda scene: scene.faq_desk.change(wanted, form.text("based_on"), person)
            )
        except FaultyEntry as error:
            return await self._entry_page(visit, form, error.faults, status=400)
        except Overtaken as error:
            return await self._entry_page(visit, form, {}, overtaken=error.entry, status=409)
        return visit.go(_path(wanted.id), "存好了，现在起就这样答。")

    async def expire(self, visit: Visit) -> web.Response:
        """Not said any more."""
        entry, person = visit.part("entry"), visit.person
        await visit.write(lambda scene: scene.faq_desk.expire(entry, person))
        return visit.go(_path(entry) + "?undo=1", "已停用，不再这样答。点「撤销」可以恢复。")

    async def remove(self, visit: Visit) -> web.Response:
        """Out of the bank, with the way back."""
        entry, person = visit.part("entry"), visit.person
        gone = await visit.write(lambda scene: scene.faq_desk.remove(entry, person))
        return visit.go(f"{LISTED}?gone={quote(entry, safe='')}", f"已删除「{gone.question}」。")

    async def undo(self, visit: Visit) -> web.Response:
        """The last step on an entry is taken back."""
        entry, person = visit.part("entry"), visit.person
        kept = await visit.write(lambda scene: scene.faq_desk.undo(entry, person))
        return visit.go(LISTED if kept is None else _path(entry), "已撤销，恢复成原来的样子。")

    async def _entry_page(
        self,
        visit: Visit,
        form: Form | None,
        faults: dict[str, str],
        *,
        overtaken: FaqEntry | None = None,
        status: int = 200,
    ) -> web.Response:
        id_, person = visit.part("entry"), visit.person

        def look(scene: Scene) -> dict[str, Any]:
            entry = scene.faq_desk.get(id_, person)
            history = scene.faq_desk.history(id_)
            return {
                "entry": entry,
                "validity": scene.faq_desk.validity(entry),
                "writable": scene.faq_desk.may_write(entry.area, person),
                "everywhere": scene.faq_desk.may_write("", person),
                "answered": scene.faq_desk.answered([entry], person).get(id_),
                "history": [(event, _who(scene, event.actor)) for event in history[:20]],
                "undoable": bool(history) and history[0].action != "撤销",
                "based_on": stamp(entry),
                "filled": shown_in(entry) if form is None else told(form),
                "differences": ()
                if overtaken is None or form is None
                else differences(entry_in(form, id_), overtaken),
            }

        shown = await visit.read(look)
        return visit.page(
            "console/faq/entry.html",
            status=status,
            faults=faults,
            questions=(),
            validities=VALIDITIES,
            names=FIELDS,
            **shown,
        )

    def _form_page(
        self,
        visit: Visit,
        filled: dict[str, str],
        faults: dict[str, str],
        questions: tuple[int, ...],
        status: int = 200,
    ) -> web.Response:
        return visit.page(
            "console/faq/new.html",
            status=status,
            filled=filled,
            faults=faults,
            questions=questions,
            based_on="",
            everywhere=False,
            writable=True,
            proposing=not may(visit.person.role, Deed.APPROVE),
        )


def _path(entry: str) -> str:
    return f"{LISTED}/entry/{quote(entry, safe='')}"


def _validity(word: str) -> Validity | None:
    return Validity(word) if word in set(Validity) else None


def _who(scene: Scene, actor: str) -> str:
    person = scene.people.by_id(actor)
    return person.name if person is not None else ""
