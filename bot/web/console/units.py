"""单位: to whom matters are handed."""

from __future__ import annotations

from aiohttp import web

from bot.engine.context import Scene
from bot.errors import DomainError, NotAllowed, NotFound, Overtaken
from bot.models import Unit
from bot.rules.permissions import Deed
from bot.rules.taxonomy import Taxonomy
from bot.web.console.directory import actors
from bot.web.console.doors import Door, get, post
from bot.web.console.faults import sentence, status_of
from bot.web.console.refs import ref, unref
from bot.web.console.visit import HOME, Visit

SHOWN = 12


class UnitPages:
    """The list and one page a unit."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/units", self.list, Deed.HANDLE),
            post("/units", self.add, Deed.MANAGE),
            get("/units/{unit}", self.show, Deed.HANDLE),
            post("/units/{unit}", self.change, Deed.MANAGE),
            post("/units/{unit}/remove", self.remove, Deed.MANAGE),
            post("/units/{unit}/undo", self.undo, Deed.MANAGE),
        ]

    async def list(self, visit: Visit) -> web.Response:
        """The office's own, then those that the table of kinds names."""
        return await self._list(visit, {"name": "", "phone": "", "note": ""})

    async def add(self, visit: Visit) -> web.Response:
        """One more."""
        form = await visit.form()
        unit = Unit(name=form.text("name"), phone=form.text("phone"), note=form.text("note"))
        try:
            await visit.write(lambda scene: scene.units.save(unit, visit.person))
        except NotAllowed:
            raise
        except DomainError as error:
            shown = {"name": "", "phone": "", "note": ""} | form.shown()
            return await self._list(visit, shown, sentence(error), status_of(error))
        return visit.go(f"{HOME}/units", f"登记好了，现在可以转给{unit.name}了。")

    async def show(self, visit: Visit) -> web.Response:
        """One unit."""
        return await self._page(visit, unref(visit.part("unit")))

    async def change(self, visit: Visit) -> web.Response:
        """Another phone or note; whoever was faster is shown."""
        form, name = await visit.form(), unref(visit.part("unit"))
        unit = Unit(name=name, phone=form.text("phone"), note=form.text("note"))
        basis = Unit(name=name, phone=form.text("was_phone"), note=form.text("was_note"))

        def step(scene: Scene) -> None:
            scene.units.get(name)
            scene.units.save(unit, visit.person, basis)

        try:
            await visit.write(step)
        except (NotFound, NotAllowed):
            raise
        except Overtaken as error:
            return await self._page(visit, name, unit, sentence(error), 409)
        except DomainError as error:
            return await self._page(visit, name, unit, sentence(error), status_of(error))
        return visit.go(f"{HOME}/units/{ref(name)}", "改好了。")

    async def remove(self, visit: Visit) -> web.Response:
        """Not offered any more."""
        name = unref(visit.part("unit"))
        await visit.write(lambda scene: scene.units.remove(name, visit.person))
        return visit.go(f"{HOME}/units", f"「{name}」删掉了。点错了可以撤销。")

    async def undo(self, visit: Visit) -> web.Response:
        """Take the last step back."""
        name, event = unref(visit.part("unit")), (await visit.form()).text("event")
        await visit.write(lambda scene: scene.units.undo(name, event, visit.person))
        return visit.go(f"{HOME}/units", "撤回了。")

    async def _list(
        self, visit: Visit, typed: dict[str, str], fault: str = "", status: int = 200
    ) -> web.Response:
        units, gone = await visit.read(
            lambda scene: (scene.units.all(), scene.units.lately(visit.person))
        )
        taxonomy = visit.house.knowledge().taxonomy
        return visit.page(
            "console/units.html",
            status=status,
            units=units,
            gone=gone,
            gone_name="" if gone is None else gone.subject.partition(":")[2],
            kinds=_kinds(taxonomy),
            typed=typed,
            fault=fault,
        )

    async def _page(
        self,
        visit: Visit,
        name: str,
        typed: Unit | None = None,
        fault: str = "",
        status: int = 200,
    ) -> web.Response:
        def look(scene: Scene) -> dict[str, object]:
            history = scene.units.history(name)[:SHOWN]
            unit = scene.units.get(name)
            return {"unit": unit, "history": history, "names": actors(scene, history)}

        found = await visit.read(look)
        shown = found["unit"] if typed is None else typed
        return visit.page("console/unit.html", status=status, fault=fault, typed=shown, **found)


def _kinds(taxonomy: Taxonomy) -> dict[str, list[str]]:
    """Units of the table of kinds, with the kinds that they answer for first."""
    found: dict[str, list[str]] = {name: [] for name in sorted(taxonomy.units)}
    for category in taxonomy.all:
        for name, short in found.items():
            if name in category.unit:
                short.append(category.short)
    return found
