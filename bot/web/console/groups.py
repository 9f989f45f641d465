"""群: those that wait for an area, and those that have one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.engine.context import Scene
from bot.errors import DomainError, Faulty, NotAllowed, NotFound, NotPossible
from bot.models import Group, GroupState, Listen
from bot.rules.permissions import Deed, covers
from bot.rules.registry import is_area
from bot.services.groups import Description
from bot.services.roster_table import LISTENS, parts
from bot.web.console.directory import actors
from bot.web.console.doors import Door, get, post
from bot.web.console.faults import sentence, status_of
from bot.web.console.forms import Form
from bot.web.console.refs import ref, unref
from bot.web.console.visit import HOME, Visit

SHOWN = 12


class GroupPages:
    """The list and one page a group. `refresh`: areas may have changed."""

    def __init__(self, refresh: Callable[[], Awaitable[None]]) -> None:
        self._refresh = refresh

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/groups", self.list, Deed.BIND),
            get("/groups/{group}", self.show, Deed.BIND, about="group"),
            post("/groups/{group}", self.describe, Deed.BIND, about="group"),
            post("/groups/{group}/bind", self.bind, Deed.BIND, about="group"),
            post("/groups/{group}/unbind", self.unbind, Deed.BIND, about="group"),
            post("/groups/{group}/listen", self.listen, Deed.BIND, about="group"),
            post("/groups/{group}/undo", self.undo, Deed.BIND, about="group"),
        ]

    async def list(self, visit: Visit) -> web.Response:
        """Those that wait first, then the bound ones of what one looks at."""
        groups = await visit.read(lambda scene: scene.groups.listed(visit.person))
        seen = [g for g in groups if g.state is GroupState.PENDING or covers(visit.area, g.area)]
        return visit.page(
            "console/groups.html",
            waiting=[group for group in seen if group.state is GroupState.PENDING],
            bound=[group for group in seen if group.state is GroupState.BOUND],
            closed=[group for group in seen if group.state is GroupState.CLOSED],
        )

    async def show(self, visit: Visit) -> web.Response:
        """One group."""
        return await self._page(visit, unref(visit.part("group")))

    async def describe(self, visit: Visit) -> web.Response:
        """Its name, tags, buildings, places."""
        form = await visit.form()
        new = Description(
            name=form.text("name"),
            names=parts(form.text("names")),
            tags=parts(form.text("tags")),
            buildings=parts(form.text("buildings")),
            places=tuple(filter(None, map(str.strip, form.text("places").split("\n")))),
        )
        basis = form.text("basis")

        def step(scene: Scene, group: Group) -> str:
            if scene.groups.describe(group, new, visit.person, scene.cause, basis) == group:
                return "没有改动。"
            return "改好了。"

        return await self._step(visit, step)

    async def bind(self, visit: Visit) -> web.Response:
        """It belongs to this area from now on."""
        form = await visit.form()
        area, deeper = form.text("area").strip("/ "), form.text("deeper").strip("/ ")
        area = f"{area}/{deeper}" if area and deeper else area

        def step(scene: Scene, group: Group) -> str:
            if not is_area(area):
                raise Faulty("网格", "impossible" if area else "missing")
            if not covers(visit.person.area, area):
                raise NotPossible("只能绑到自己管的范围里，请重新选网格。")
            moved = scene.groups.bind(group, area, visit.person, scene.cause)
            also = f"{moved}件没办完的诉求也跟着过去。" if moved else ""
            return f"好，「{group.name}」归{area}了。{also}"

        return await self._step(visit, step)

    async def unbind(self, visit: Visit) -> web.Response:
        """The bot falls silent there."""

        def step(scene: Scene, group: Group) -> str:
            scene.groups.unbind(group, visit.person, scene.cause)
            return "解绑了，机器人在那个群里不再出声。点错了可以撤销。"

        return await self._step(visit, step)

    async def listen(self, visit: Visit) -> web.Response:
        """How much of the talk it hears."""
        wanted = (await visit.form()).text("listen")

        def step(scene: Scene, group: Group) -> str:
            if wanted not in set(Listen):
                raise NotFound(wanted)
            if group.state is not GroupState.BOUND:
                raise NotPossible("这个群还没绑定，先绑定再定听法。")
            scene.groups.listen(group, Listen(wanted), visit.person, scene.cause)
            return f"好，这个群{LISTENS[Listen(wanted)]}。"

        return await self._step(visit, step)

    async def undo(self, visit: Visit) -> web.Response:
        """Take the last step back."""
        event = (await visit.form()).text("event")

        def step(scene: Scene, group: Group) -> str:
            history = scene.groups.history(group)
            if not history or history[0].id != event or history[0].action == "撤销":
                raise NotPossible("这个群后来又有人改过，撤不回来了。")
            scene.groups.undo(history[0], visit.person, scene.cause)
            return "撤回了。"

        return await self._step(visit, step)

    async def _step(self, visit: Visit, step: Callable[[Scene, Group], str]) -> web.Response:
        id_ = unref(visit.part("group"))
        try:
            said = await visit.write(
                lambda scene: step(scene, scene.groups.within(id_, visit.person))
            )
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            return await self._page(visit, id_, await visit.form(), error)
        await self._refresh()
        return visit.go(f"{HOME}/groups/{ref(id_)}", said)

    async def _page(
        self,
        visit: Visit,
        id_: str,
        form: Form | None = None,
        error: DomainError | None = None,
    ) -> web.Response:
        def look(scene: Scene) -> dict[str, object]:
            group = scene.groups.within(id_, visit.person)
            history = scene.groups.history(group)[:SHOWN]
            return {
                "group": group,
                "basis": scene.groups.basis(group),
                "shown": _shown(group),
                "history": history,
                "names": actors(scene, history),
                "areas": scene.groups.areas(visit.person),
            }

        found = await visit.read(look)
        shown = found["shown"]
        assert isinstance(shown, dict)  # noqa: S101 - of `look`
        return visit.page(
            "console/group.html",
            status=200 if error is None else status_of(error),
            fault="" if error is None else sentence(error),
            typed={**shown, "deeper": "", **(form.shown() if form else {})},
            **found,
        )


def _shown(group: Group) -> dict[str, str]:
    return {
        "name": group.name,
        "area": group.area if group.state is not GroupState.PENDING else "",
        "names": "、".join(group.names),
        "tags": "、".join(group.tags),
        "buildings": "、".join(group.buildings),
        "places": "\n".join(group.places),
    }
