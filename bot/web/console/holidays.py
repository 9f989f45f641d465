"""放假调休表: which days the office works, year by year, brought in from a file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from aiohttp import web
from msgspec import Struct

from bot.engine.context import Scene
from bot.errors import ImportFault
from bot.rules.permissions import Deed
from bot.rules.workdays import YearTable
from bot.services import sheet
from bot.services.holidays import (
    HEADER,
    YearChange,
    read_holiday_file,
    stamp,
    write_holiday_file,
)
from bot.web.console.directory import actors
from bot.web.console.doors import Door, get, post
from bot.web.console.held import Held
from bot.web.console.visit import HOME, House, Visit

LARGEST = 2 * 1024 * 1024
SHOWN = 100
NO_FILE = "请先选一个文件：国务院办公厅通知的文字、JSON 或 CSV。"
CHANGED = "您看的时候有人导入过，请照现在的再看一遍。"


class Chosen(Struct, frozen=True):
    """A file that was looked at."""

    name: str
    years: Mapping[int, YearTable]


class HolidayPages:
    """The years, choosing a file, saying yes."""

    def __init__(self, house: House) -> None:
        self._held: Held[Chosen] = Held(house.clock.now)

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/settings/holidays", self.show, Deed.HANDLE),
            get("/settings/holidays.csv", self.export, Deed.HANDLE),
            get("/settings/holidays-empty.csv", self.empty, Deed.HANDLE),
            post("/settings/holidays", self.look, Deed.MANAGE, takes=LARGEST),
            post("/settings/holidays/undo", self.undo, Deed.MANAGE),
            post("/settings/holidays/{held}", self.bring, Deed.MANAGE),
        ]

    async def show(self, visit: Visit) -> web.Response:
        """The years that are known."""
        return await self._page(visit)

    async def export(self, visit: Visit) -> web.Response:
        """All years in force."""
        years = await visit.read(lambda scene: scene.holidays.years())
        return visit.file(write_holiday_file(years), "放假调休表.csv", "text/csv")

    async def empty(self, visit: Visit) -> web.Response:
        """A sheet to fill in, with two days as they are written."""
        rows = [("2027-01-01", "放假", "元旦"), ("2027-01-02", "上班", "调休")]
        return visit.file(sheet.write(HEADER, rows), "放假调休空表.csv", "text/csv")

    async def look(self, visit: Visit) -> web.Response:
        """What the file would change; nothing is changed yet."""
        upload = (await visit.form()).upload("file")
        if upload is None:
            return await self._page(visit, fault=NO_FILE, status=400)
        try:
            years = await asyncio.to_thread(read_holiday_file, upload.data)
        except ImportFault as error:
            return await self._page(visit, faults=error.faults, name=upload.name, status=400)
        held = self._held.put(visit.person.id, Chosen(upload.name, years))
        plan = await visit.read(lambda scene: scene.holidays.plan(years))
        return await self._page(visit, held=held, name=upload.name, plan=plan)

    async def bring(self, visit: Visit) -> web.Response:
        """Put in place, unless another file came meanwhile."""
        form, person, held = await visit.form(), visit.person, visit.part("held")
        chosen = self._held.get(person.id, held)

        def bring(scene: Scene) -> tuple[Sequence[YearChange], bool]:
            plan = scene.holidays.plan(chosen.years)
            same = stamp(plan) == form.text("stamp")
            if same:
                scene.holidays.apply(chosen.years, person)
            return plan, same

        plan, done = await visit.write(bring)
        if not done:
            return await self._page(
                visit, held=held, name=chosen.name, plan=plan, fault=CHANGED, status=409
            )
        self._held.drop(held)
        said = "放假表换好了，以后的期限按它算；已经定好的期限不变。"
        return visit.go(f"{HOME}/settings/holidays", said)

    async def undo(self, visit: Visit) -> web.Response:
        """Take the last file back."""
        event = (await visit.form()).text("event")
        await visit.write(lambda scene: scene.holidays.undo(event, visit.person))
        return visit.go(f"{HOME}/settings/holidays", "撤回了。")

    async def _page(
        self,
        visit: Visit,
        *,
        held: str = "",
        name: str = "",
        plan: Sequence[YearChange] | None = None,
        faults: Sequence[str] = (),
        fault: str = "",
        status: int = 200,
    ) -> web.Response:
        def look(scene: Scene) -> dict[str, object]:
            history = scene.holidays.history()[:SHOWN]
            return {
                "years": scene.holidays.years(),
                "own": scene.holidays.own(),
                "history": history,
                "names": actors(scene, history),
            }

        found = await visit.read(look)
        return visit.page(
            "console/holidays.html",
            status=status,
            held=held,
            name=name,
            plan=plan,
            stamp="" if plan is None else stamp(plan),
            faults=faults[:SHOWN],
            fault_count=len(faults),
            fault=fault,
            **found,
        )
