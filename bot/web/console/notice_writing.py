"""Writing a notice: words, whom, when, and beside them how each target will see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.engine.context import Scene
from bot.errors import NotPossible
from bot.models import SHANGHAI, Notice, NoticeState, Role, Targets
from bot.rules.permissions import ROLE_NAMES, STAFF, Deed
from bot.services.notice_drafting import UNSENT, Order, Sketch, stamp
from bot.web.console.doors import Door, get, post
from bot.web.console.forms import Form
from bot.web.console.notice_forms import (
    NOW,
    USUAL_HOUR,
    full_text,
    late_in,
    shown_in,
    targets_in,
    timed_in,
)
from bot.web.console.notice_page import ONE, find
from bot.web.console.notice_words import BEATS, WEEKDAYS, faults, number, warnings, when, whom
from bot.web.console.visit import HOME, Visit

MANY_GROUPS = 300
EDITABLE = UNSENT | {NoticeState.DRAFT}
FIELDS = ("text", "timing", "day", "clock", "beat", "hour", "month_day", "until", "late", "urgent",
          "buildings", "template")  # fmt: skip


class NoticeWriting:
    """The composer, its preview, and other words for what is not out yet."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/notices/new", self.new, Deed.ANNOUNCE),
            post("/notices/new", self.create, Deed.ANNOUNCE),
            post("/notices/preview", self.preview, Deed.ANNOUNCE),
            get(ONE + "/edit", self.edit, Deed.ANNOUNCE, about="notice"),
            post(ONE + "/edit", self.rewrite, Deed.ANNOUNCE, about="notice"),
        ]

    async def new(self, visit: Visit) -> web.Response:
        """Empty, from a template, or a copy."""
        filled = {"timing": NOW, "hour": USUAL_HOUR, "clock": USUAL_HOUR, "beat": "weekly"}
        filled["day"] = visit.asked("day") or visit.now.astimezone(SHANGHAI).date().isoformat()
        if visit.asked("day"):
            filled["timing"] = "once"
        ticked = Targets()
        copied = visit.asked("copy")
        if copied:
            notice = await visit.read(lambda scene: scene.notices.find(copied, visit.person))
            if notice.state is not NoticeState.DRAFT or notice.author == visit.person.id:
                filled["text"], ticked = full_text(notice), notice.targets
        return await self._page(visit, filled, ticked)

    async def create(self, visit: Visit) -> web.Response:
        """Keep it as a draft, and look at it once more before it is confirmed."""
        form, person = await visit.form(), visit.person
        if form.text("fill"):
            return await self._filled(visit, form)
        told = await self._faults(visit, form)
        if told or form.text("look"):
            status = 400 if told else 200
            return await self._page(visit, _told(form), targets_in(form), told, status, form)
        made = await visit.write(
            lambda scene: scene.drafting.keep(person, _order(scene, visit, form))
        )
        return visit.go(f"{HOME}/notices/{number(made)}", "写好了，还没有发。看一遍再确认。")

    async def preview(self, visit: Visit) -> web.Response:
        """How it would stand, for a page that asks while one types."""
        form = await visit.form()
        told = await self._faults(visit, form)
        looks = _looks(await self._sketch(visit, form))
        return visit.page("console/notices/preview.html", faults=told, **looks)

    async def edit(self, visit: Visit) -> web.Response:
        """The same form, filled."""
        notice = await visit.read(lambda scene: _own(scene, visit))
        return await self._page(visit, shown_in(notice), notice.targets, notice=notice)

    async def rewrite(self, visit: Visit) -> web.Response:
        """A draft is changed; for what is planned already another draft takes its place."""
        form, person = await visit.form(), visit.person
        notice = await visit.read(lambda scene: _own(scene, visit))
        told = await self._faults(visit, form)
        if told or form.text("look"):
            status = 400 if told else 200
            return await self._page(
                visit, _told(form), targets_in(form), told, status, form, notice=notice
            )

        def write(scene: Scene) -> Notice:
            order = _order(scene, visit, form)
            return scene.drafting.rewrite(_own(scene, visit), person, order, form.text("based_on"))

        try:
            made = await visit.write(write)
        except NotPossible as error:
            now = await visit.read(lambda scene: find(scene, visit))
            return await self._page(
                visit, _told(form), targets_in(form), [str(error)], 409, form, notice=now
            )
        said = (
            "改好了，看一遍再确认。"
            if made.id == notice.id
            else (f"新写的是{number(made)}号，确认以后{number(notice)}号就不发了。")
        )
        return visit.go(f"{HOME}/notices/{number(made)}", said)

    async def _filled(self, visit: Visit, form: Form) -> web.Response:
        """A template's fields become the words."""
        name = form.text("template")

        def fill(scene: Scene) -> tuple[str, list[str]]:
            found = scene.notices.template(name)
            if found is None:
                return form.text("text"), ["没有这个模板，请重新选。"]
            values = {one.name: form.text(f"field_{one.name}") for one in found[0].field}
            done = scene.notices.complete(found[0], values)
            if done.missing:
                names = "、".join(one.name for one in done.missing)
                return form.text("text"), [f"模板还差：{names}。"]
            return done.text or form.text("text"), [done.fault] if done.fault else []

        text, told = await visit.read(fill)
        filled = _told(form) | {"text": text}
        status = 400 if told else 200
        return await self._page(visit, filled, targets_in(form), told, status, form)

    async def _sketch(self, visit: Visit, form: Form) -> Sketch:
        return await visit.read(
            lambda scene: scene.drafting.sketch(visit.person, _order(scene, visit, form))
        )

    async def _faults(self, visit: Visit, form: Form) -> list[str]:
        timed = timed_in(form)
        told = faults(await self._sketch(visit, form))
        return [timed.fault, *told] if timed.fault else told

    async def _page(
        self,
        visit: Visit,
        filled: Mapping[str, str],
        ticked: Targets,
        told: Sequence[str] = (),
        status: int = 200,
        form: Form | None = None,
        *,
        notice: Notice | None = None,
    ) -> web.Response:
        chosen = visit.asked("template") or filled.get("template", "")
        shown = await visit.read(_around, visit, chosen, form, notice)
        values = dict.fromkeys(FIELDS, "") | dict(filled)
        return visit.page(
            "console/notices/write.html",
            status=status,
            filled=values,
            typed={} if form is None else form.shown(),
            weekdays=_weekdays(form, notice),
            ticked=ticked,
            buildings=values["buildings"] or "、".join(ticked.buildings),
            faults=told,
            notice=notice,
            based_on="" if notice is None else stamp(notice),
            beats=BEATS,
            weekday_names=WEEKDAYS,
            roles={role: ROLE_NAMES[role] for role in Role if role in STAFF},
            **shown,
        )


def _around(
    scene: Scene, visit: Visit, chosen: str, form: Form | None, notice: Notice | None
) -> dict[str, Any]:
    """What there is to choose from, and how it would look so far."""
    groups = scene.notices.scope(visit.person)
    found = scene.notices.template(chosen) if chosen else None
    sketch = None
    if form is not None:
        sketch = scene.drafting.sketch(visit.person, _order(scene, visit, form))
    elif notice is not None:
        sketch = scene.drafting.of(notice)
    return {
        "groups": groups[:MANY_GROUPS],
        "tags": sorted({tag for group in groups for tag in group.tags}),
        "templates": [one.name for one in scene.notices.templates],
        "ready": None if found is None else found[0],
        **_looks(sketch),
    }


def _order(scene: Scene, visit: Visit, form: Form) -> Order:
    timed = timed_in(form)
    return Order(
        text=form.text("text"),
        targets=scene.drafting.combined(visit.person, targets_in(form)),
        at=timed.at,
        recurrence=timed.recurrence,
        late=late_in(form),
        urgent=form.ticked("urgent"),
    )


def _own(scene: Scene, visit: Visit) -> Notice:
    """One's own notice that is not out yet. Raises `NotFound`, `NotPossible`."""
    found = find(scene, visit)
    if found.author != visit.person.id:
        raise NotPossible("这条是别人写的，要改请找作者。")
    if found.state not in EDITABLE:
        raise NotPossible("已经发过或不发了，改不了。发过的可以更正。")
    return found


def _told(form: Form) -> dict[str, str]:
    return {name: form.text(name) for name in FIELDS}


def _weekdays(form: Form | None, notice: Notice | None) -> frozenset[str]:
    if form is not None:
        return frozenset(form.texts("weekday"))
    if notice is not None and notice.recurrence is not None:
        return frozenset(map(str, notice.recurrence.weekdays))
    return frozenset()


def _looks(sketch: Sketch | None) -> dict[str, Any]:
    if sketch is None:
        return {"sketch": None, "when": "", "whom": "", "warnings": []}
    return {
        "sketch": sketch,
        "when": when(sketch),
        "whom": whom(sketch),
        "warnings": warnings(sketch),
    }
