"""导入导出 of people, groups, units: looked at first, every fault named; all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from msgspec import Struct

from bot.engine.context import Scene
from bot.errors import ImportFault
from bot.rules.permissions import Deed
from bot.services.roster import Plan
from bot.services.roster_files import write_csv, write_workbook
from bot.services.roster_table import Kind, Roster, read_roster
from bot.services.workbook_in import read_tables
from bot.web.console.doors import Door, get, post
from bot.web.console.files import CSV, LARGEST, NO_FILE, SHOWN, XLSX, fault_list
from bot.web.console.held import Held
from bot.web.console.visit import HOME, House, Visit

CSVS = {"people": Kind.PEOPLE, "groups": Kind.GROUPS, "units": Kind.UNITS}
CHANGED = "您看的时候有人改过名单，请照现在的再看一遍。"


class Chosen(Struct, frozen=True):
    """A file that was looked at: its rows, or what is wrong with it."""

    name: str
    roster: Roster = Roster()
    faults: tuple[str, ...] = ()


class RosterPages:
    """Choosing, looking, saying yes; and the way out."""

    def __init__(
        self,
        house: House,
        channels: Callable[[], Sequence[str]],
        refresh: Callable[[], Awaitable[None]],
    ) -> None:
        self._held: Held[Chosen] = Held(house.clock.now)
        self._channels = channels
        self._refresh = refresh

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/people/import", self.form, Deed.MANAGE),
            post("/people/import", self.look, Deed.MANAGE, takes=LARGEST),
            post("/people/import/{held}", self.bring, Deed.MANAGE),
            get("/people/import/{held}/faults", self.faults, Deed.MANAGE),
            get("/people/export/empty", self.empty, Deed.MANAGE),
            get("/people/export/{form}", self.export, Deed.MANAGE),
        ]

    async def form(self, visit: Visit) -> web.Response:
        """Choose a file."""
        return self._page(visit)

    async def look(self, visit: Visit) -> web.Response:
        """What the file would do; nothing is changed."""
        upload, person = (await visit.form()).upload("file"), visit.person
        if upload is None:
            return self._page(visit, fault=NO_FILE, status=400)
        channels = self._channels()

        def parse() -> Roster:
            return read_roster(read_tables(upload.name, upload.data), channels)

        try:
            roster = await asyncio.to_thread(parse)
            plan = await visit.read(lambda scene: scene.roster.plan(roster, person))
        except ImportFault as error:
            held = self._held.put(person.id, Chosen(upload.name, faults=error.faults))
            return self._page(visit, held, upload.name, faults=error.faults, status=400)
        held = self._held.put(person.id, Chosen(upload.name, roster))
        return self._page(visit, held, upload.name, plan=plan)

    async def bring(self, visit: Visit) -> web.Response:
        """All of it, unless something changed since it was looked at."""
        form, person, held = await visit.form(), visit.person, visit.part("held")
        chosen = self._held.get(person.id, held)

        def bring(scene: Scene) -> tuple[Plan, int | None]:
            plan = scene.roster.plan(chosen.roster, person)
            if plan.stamp != form.text("stamp"):
                return plan, None
            return plan, scene.roster.apply(chosen.roster, person)

        plan, count = await visit.write(bring)
        if count is None:
            return self._page(visit, held, chosen.name, plan=plan, fault=CHANGED, status=409)
        self._held.drop(held)
        await self._refresh()
        return visit.go(f"{HOME}/people", f"导入了{count}行。每一行都可以在各自的页上撤销。")

    async def faults(self, visit: Visit) -> web.Response:
        """Every fault, as a table to work through."""
        chosen = self._held.get(visit.person.id, visit.part("held"))
        return fault_list(visit, chosen.faults)

    async def empty(self, visit: Visit) -> web.Response:
        """An empty workbook to fill in."""
        data = await asyncio.to_thread(write_workbook, {}, self._channels())
        return visit.file(data, "人员和群空表.xlsx", XLSX)

    async def export(self, visit: Visit) -> web.Response:
        """Everything of one's own range, in the same columns."""
        form, person = visit.part("form"), visit.person
        if form != "xlsx" and form not in CSVS:
            raise web.HTTPNotFound
        rows = await visit.write(lambda scene: scene.roster.export(person))
        if form == "xlsx":
            data = await asyncio.to_thread(write_workbook, rows, self._channels())
            return visit.file(data, "人员和群.xlsx", XLSX)
        return visit.file(write_csv(CSVS[form], rows), f"{CSVS[form].value}.csv", CSV)

    def _page(
        self,
        visit: Visit,
        held: str = "",
        name: str = "",
        *,
        plan: Plan | None = None,
        faults: tuple[str, ...] = (),
        fault: str = "",
        status: int = 200,
    ) -> web.Response:
        changes = () if plan is None else plan.changes
        return visit.page(
            "console/roster.html",
            status=status,
            held=held,
            name=name,
            plan=plan,
            fresh=[one for one in changes if one.fresh],
            changed=[one for one in changes if not one.fresh],
            faults=faults[:SHOWN],
            fault_count=len(faults),
            fault=fault,
            shown=SHOWN,
        )
