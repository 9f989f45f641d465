"""设置: what holds here, and where it is changed; about this installation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from bot.engine.context import Scene
from bot.language.faq import LOOSE
from bot.models import Finding, Grade
from bot.rules.permissions import Deed
from bot.services.knowledge import Knowledge
from bot.web.console.doors import Door, Need, get, post
from bot.web.console.visit import Visit

TONES = {Grade.OK: "done", Grade.WARN: "waiting", Grade.FAIL: "overdue"}
WORDS = {Grade.OK: "好", Grade.WARN: "留意", Grade.FAIL: "不对"}
RUNGS = {"grid": "网格长", "community": "社区", "street": "街道"}

Probe = Callable[[], Awaitable[Sequence[Finding]]]


async def nothing_to_ask() -> Sequence[Finding]:
    """There is no platform."""
    return ()


class SettingsPages:
    """The overview, and what is to be known about this installation.

    `channels` are their names; `probe` asks the platforms whether all is well.
    """

    def __init__(self, channels: Callable[[], Sequence[str]], probe: Probe) -> None:
        self._channels = channels
        self._probe = probe

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/settings", self.show, Deed.HANDLE),
            get("/settings/about", self.about, Need.ADMIN),
            post("/settings/about", self.examine, Need.ADMIN),
        ]

    async def show(self, visit: Visit) -> web.Response:
        """Cards with what holds now."""

        def look(scene: Scene) -> dict[str, Any]:
            return {
                "changed": sum(bool(kind.changed) for kind in scene.kinds.all()),
                "kinds": len(scene.knowledge.taxonomy.all),
                "years": list(scene.holidays.years()),
                "units": len(scene.units.all()),
                "cuts": scene.faq.cuts(visit.area),
            }

        knowledge, found = visit.house.knowledge(), await visit.read(look)
        return visit.page(
            "console/settings.html",
            loose=LOOSE,
            knowledge=knowledge,
            rungs=_rungs(knowledge),
            next_year=visit.now.year + 1,
            **found,
        )

    async def about(self, visit: Visit) -> web.Response:
        """The version, the channels."""
        return self._page(visit, None)

    async def examine(self, visit: Visit) -> web.Response:
        """Ask every platform now."""
        return self._page(visit, await self._probe())

    def _page(self, visit: Visit, findings: Sequence[Finding] | None) -> web.Response:
        return visit.page(
            "console/about.html",
            channels=self._channels(),
            findings=findings,
            grade_tones=TONES,
            grade_words=WORDS,
            url=visit.house.knowledge().console.url,
        )


def _rungs(knowledge: Knowledge) -> list[tuple[str, str]]:
    """Who hears of an overdue matter, and after how long."""
    return [
        (RUNGS[stage.value], f"{term[:-2]}个工作日" if term.endswith("wd") else f"{term[:-1]}小时")
        for stage, term in knowledge.reminding.ladder
    ]
