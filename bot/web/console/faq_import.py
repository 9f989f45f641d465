"""导入导出: a file is looked at first and every fault named; then all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web
from msgspec import Struct

from bot.engine.context import Scene
from bot.errors import ImportFault
from bot.models import FaqEntry
from bot.rules.permissions import Deed
from bot.services.faq_files import read_bank_lines, write_bank_file
from bot.services.faq_import import Plan
from bot.services.faq_table import Line
from bot.web.console.doors import Door, get, post
from bot.web.console.faq_forms import differences
from bot.web.console.files import CSV, LARGEST, NO_FILE, SHOWN, XLSX, fault_list
from bot.web.console.held import Held
from bot.web.console.visit import HOME, House, Visit

MIMES = {"xlsx": XLSX, "csv": CSV}
CHANGED_MEANWHILE = "您看的时候有人改过问答，请照现在的再看一遍。"


class Chosen(Struct, frozen=True):
    """A file that was looked at: its rows, or what is wrong with it."""

    name: str
    lines: tuple[Line, ...] = ()
    faults: tuple[str, ...] = ()


class FaqFilePages:
    """Choosing, looking, saying yes; and the way out."""

    def __init__(self, house: House) -> None:
        self._held: Held[Chosen] = Held(house.clock.now)

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/faq/import", self.form, Deed.APPROVE),
            post("/faq/import", self.look, Deed.APPROVE, takes=LARGEST),
            post("/faq/import/{held}", self.bring, Deed.APPROVE),
            get("/faq/import/{held}/faults", self.faults, Deed.APPROVE),
            get("/faq/export/{form}", self.export, Deed.APPROVE),
        ]

    async def form(self, visit: Visit) -> web.Response:
        """Choose a file."""
        return self._page(visit)

    async def look(self, visit: Visit) -> web.Response:
        """What the file would do; nothing is changed."""
        upload, person = (await visit.form()).upload("file"), visit.person
        if upload is None:
            return self._page(visit, fault=NO_FILE, status=400)
        lines: tuple[Line, ...] = ()
        try:
            # Unpacking and checking many rows takes seconds: not in the loop.
            lines = await asyncio.to_thread(read_bank_lines, upload.name, upload.data)
            plan = await visit.read(lambda scene: scene.faq_imports.plan(lines, person))
        except ImportFault as error:
            held = self._held.put(person.id, Chosen(upload.name, (), error.faults))
            return self._page(visit, held=held, name=upload.name, faults=error.faults, status=400)
        held = self._held.put(person.id, Chosen(upload.name, lines))
        return self._page(visit, held=held, name=upload.name, plan=plan)

    async def bring(self, visit: Visit) -> web.Response:
        """All of it, unless the bank changed since it was looked at."""
        form, person, name = await visit.form(), visit.person, visit.part("held")
        chosen = self._held.get(person.id, name)

        def bring(scene: Scene) -> tuple[Plan, bool]:
            plan = scene.faq_imports.plan(chosen.lines, person)
            same = plan.stamp == form.text("stamp")
            if same:
                scene.faq_imports.apply(plan, person)
            return plan, same

        plan, done = await visit.write(bring)
        if not done:
            return self._page(
                visit, held=name, name=chosen.name, plan=plan, fault=CHANGED_MEANWHILE, status=409
            )
        self._held.drop(name)
        return visit.go(f"{HOME}/faq", f"导入了{plan.count}条，现在起就这样答。")

    async def faults(self, visit: Visit) -> web.Response:
        """Every fault, as a table to work through."""
        chosen = self._held.get(visit.person.id, visit.part("held"))
        return fault_list(visit, chosen.faults)

    async def export(self, visit: Visit) -> web.Response:
        """The answers that one keeps, in the same columns."""
        form, person = visit.part("form"), visit.person
        if form not in MIMES:
            raise web.HTTPNotFound
        entries: Sequence[FaqEntry] = await visit.write(
            lambda scene: scene.faq_imports.export(person)
        )
        data = await asyncio.to_thread(write_bank_file, f"问答.{form}", entries)
        return visit.file(data, f"问答.{form}", MIMES[form])

    def _page(
        self,
        visit: Visit,
        *,
        held: str = "",
        name: str = "",
        plan: Plan | None = None,
        faults: tuple[str, ...] = (),
        fault: str = "",
        status: int = 200,
    ) -> web.Response:
        changed = () if plan is None else plan.changed[:SHOWN]
        return visit.page(
            "console/faq/import.html",
            status=status,
            held=held,
            name=name,
            plan=plan,
            changed=[(one, differences(one.after, one.before)) for one in changed],
            faults=faults[:SHOWN],
            fault_count=len(faults),
            fault=fault,
            shown=SHOWN,
        )
