"""计划导入导出: a month of notices as a calendar or a table, looked at before it is planned."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from aiohttp import web
from msgspec import Struct

from bot.engine.context import Scene
from bot.errors import ImportFault
from bot.rules.permissions import Deed
from bot.rules.workdays import WorkCalendar
from bot.services.plan import Checked, Planned, PlanRow
from bot.web.console.doors import Door, get, post
from bot.web.console.files import XLSX
from bot.web.console.held import Held
from bot.web.console.speaking import Speaker
from bot.web.console.visit import HOME, House, Visit

LARGEST = 5 * 1024 * 1024
SHOWN = 100
NO_FILE = "请先选一个 .ics、.xlsx 或 CSV 文件。"
MIMES = {
    "ics": "text/calendar",
    "xlsx": XLSX,
    "csv": "text/csv",
}


class Chosen(Struct, frozen=True):
    """A plan that was read; `to` is for rows that name nobody."""

    name: str
    rows: tuple[PlanRow, ...]
    to: str


class NoticePlans:
    """Choosing a file, looking at what it says, saying yes; and the plan as a file."""

    def __init__(self, house: House, speaker: Speaker) -> None:
        self._held: Held[Chosen] = Held(house.clock.now)
        self._speaker = speaker

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/notices/plan", self.form, Deed.ANNOUNCE),
            post("/notices/plan", self.look, Deed.ANNOUNCE, takes=LARGEST),
            post("/notices/plan/{held}", self.bring, Deed.ANNOUNCE),
            get("/notices/plan/export/{form}", self.export, Deed.ANNOUNCE),
        ]

    async def form(self, visit: Visit) -> web.Response:
        """Choose a file, or take one away."""
        return self._page(visit)

    async def look(self, visit: Visit) -> web.Response:
        """What would be planned, or every row that is wrong; nothing is stored."""
        form = await visit.form()
        upload, to = form.upload("file"), form.text("to")
        if upload is None:
            return self._page(visit, faults=(NO_FILE,), status=400)
        calendar = visit.house.knowledge().calendar
        try:
            rows = await asyncio.to_thread(_read, upload.name, upload.data, visit.now, calendar)
            checked = await visit.read(lambda scene: scene.plans.check(visit.person, rows, to))
        except ImportFault as error:
            return self._page(visit, name=upload.name, faults=error.faults, status=400)
        held = self._held.put(visit.person.id, Chosen(upload.name, tuple(rows), to))
        return self._page(visit, name=upload.name, checked=checked, held=held)

    async def bring(self, visit: Visit) -> web.Response:
        """All of it as drafts, then the one word that plans them."""
        assert visit.entered is not None  # noqa: S101 - the door needs it
        person, name = visit.person, visit.part("held")
        chosen = self._held.get(person.id, name)

        def bring(scene: Scene) -> int:
            batch = scene.plans.bring(person, chosen.rows, chosen.to, "")
            return batch.plan.number

        try:
            number = await visit.write(bring)
        except ImportFault as error:
            return self._page(visit, name=chosen.name, faults=error.faults, status=409)
        self._held.drop(name)
        reply = await self._speaker.say(visit.entered, f"确认计划 {number}")
        return visit.go(f"{HOME}/notices", reply)

    async def export(self, visit: Visit) -> web.Response:
        """What is still to come for the groups that one looks at."""
        form = visit.part("form")
        if form not in MIMES:
            raise web.HTTPNotFound

        def take(scene: Scene) -> Sequence[Planned]:
            plan = scene.plans.export(visit.area)
            scene.audit.exported(visit.person, "notices", len(plan))
            return plan

        plan = await visit.write(take)
        data = await asyncio.to_thread(_write, f"x.{form}", plan, visit.now)
        return visit.file(data, f"通知计划.{form}", MIMES[form])

    def _page(
        self,
        visit: Visit,
        *,
        name: str = "",
        checked: Sequence[Checked] = (),
        faults: Sequence[str] = (),
        held: str = "",
        status: int = 200,
    ) -> web.Response:
        return visit.page(
            "console/notices/plan.html",
            status=status,
            name=name,
            checked=sorted(checked, key=lambda one: one.wording.planned_at)[:SHOWN],
            count=len(checked),
            faults=faults[:SHOWN],
            fault_count=len(faults),
            held=held,
            shown=SHOWN,
        )


def _read(name: str, data: bytes, now: datetime, calendar: WorkCalendar) -> Sequence[PlanRow]:
    # Its libraries would slow every start.
    from bot.services.plan.files import read_plan  # noqa: PLC0415

    return read_plan(name, data, now, calendar)


def _write(name: str, plan: Sequence[Planned], now: datetime) -> bytes:
    from bot.services.plan.files import write_plan  # noqa: PLC0415

    return write_plan(name, plan, now)
