"""分类和期限: the table of kinds of matters, one page a kind."""

from __future__ import annotations

from aiohttp import web

from bot.engine.context import Scene
from bot.errors import DomainError, NotAllowed, NotFound, Overtaken
from bot.models import Track, Urgency
from bot.rules.permissions import Deed
from bot.services.kinds import EDITED, version
from bot.services.taxonomy_csv import PLACES, PUBLICITIES, cells_of, write_taxonomy
from bot.web.console.directory import actors
from bot.web.console.doors import Door, get, post
from bot.web.console.faults import sentence, status_of
from bot.web.console.forms import Form
from bot.web.console.visit import HOME, Visit

SHOWN = 12
CHOICES = {
    "紧急程度": [one.value for one in Urgency],
    "公开": list(PUBLICITIES.values()),
    "轨道": [one.value for one in Track],
    "地点": list(PLACES.values()),
}
HINTS = {
    "简称": "写在回执里的名字，短一点",
    "负责单位": "先由谁答复",
    "后续单位": "后面还有谁，用 / 或 → 隔开",
    "首次回应": "几小时内要有人答复，如 2",
    "办理期限": "如 5wd（5个工作日）或 24h（24小时）",
    "关键词": "用顿号隔开；居民说到这些词就归到这一类",
}


class KindPages:
    """The table and one page a kind."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/settings/kinds", self.list, Deed.HANDLE),
            get("/settings/kinds.csv", self.export, Deed.HANDLE),
            get("/settings/kinds/{code}", self.show, Deed.HANDLE),
            post("/settings/kinds/{code}", self.change, Deed.MANAGE),
            post("/settings/kinds/{code}/reset", self.reset, Deed.MANAGE),
            post("/settings/kinds/{code}/undo", self.undo, Deed.MANAGE),
        ]

    async def list(self, visit: Visit) -> web.Response:
        """All kinds, those first that were changed when asked for."""
        kinds = await visit.read(lambda scene: scene.kinds.all())
        only = visit.asked("show") == "changed"
        return visit.page(
            "console/kinds.html",
            kinds=[(kind, cells_of(kind.now)) for kind in kinds if kind.changed or not only],
            count=len(kinds),
            changed=sum(bool(kind.changed) for kind in kinds),
            only=only,
        )

    async def export(self, visit: Visit) -> web.Response:
        """The whole table, as `haitang taxonomy import` reads it."""
        taxonomy = visit.house.knowledge().taxonomy
        return visit.file(write_taxonomy(taxonomy), "分类.csv", "text/csv")

    async def show(self, visit: Visit) -> web.Response:
        """One kind."""
        return await self._page(visit, visit.part("code"))

    async def change(self, visit: Visit) -> web.Response:
        """From the next message on; what is recorded keeps its deadline."""
        form, code = await visit.form(), visit.part("code")
        cells, basis = {name: form.text(name) for name in EDITED}, form.text("basis")
        try:
            await visit.write(lambda scene: scene.kinds.save(code, cells, visit.person, basis))
        except (NotFound, NotAllowed):
            raise
        except Overtaken as error:
            return await self._page(visit, code, form, sentence(error), 409, overtaken=True)
        except DomainError as error:
            return await self._page(visit, code, form, sentence(error), status_of(error))
        said = "改好了，下一条消息起就这样。已经登记的诉求，期限不变。"
        return visit.go(f"{HOME}/settings/kinds/{code}", said)

    async def reset(self, visit: Visit) -> web.Response:
        """As it came."""
        code = visit.part("code")
        await visit.write(lambda scene: scene.kinds.reset(code, visit.person))
        return visit.go(f"{HOME}/settings/kinds/{code}", "恢复成自带的了。点错了可以撤销。")

    async def undo(self, visit: Visit) -> web.Response:
        """Take the last step back."""
        code, event = visit.part("code"), (await visit.form()).text("event")
        await visit.write(lambda scene: scene.kinds.undo(code, event, visit.person))
        return visit.go(f"{HOME}/settings/kinds/{code}", "撤回了。")

    async def _page(
        self,
        visit: Visit,
        code: str,
        form: Form | None = None,
        fault: str = "",
        status: int = 200,
        *,
        overtaken: bool = False,
    ) -> web.Response:
        def look(scene: Scene) -> dict[str, object]:
            kind, history = scene.kinds.get(code), scene.kinds.history(code)[:SHOWN]
            return {
                "kind": kind,
                "now": cells_of(kind.now),
                "came": cells_of(kind.came),
                "basis": version(kind.now),
                "history": history,
                "names": actors(scene, history),
            }

        found = await visit.read(look)
        typed = {name: form.text(name) for name in EDITED} if form else found["now"]
        return visit.page(
            "console/kind.html",
            status=status,
            fault=fault,
            typed=typed,
            overtaken=overtaken,
            edited=EDITED,
            choices=CHOICES,
            hints=HINTS,
            units=sorted(visit.house.knowledge().units),
            **found,
        )
