"""今日: what is new, what is pressing, what waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from bot.web.console.appeal_lines import lines_of
from bot.web.console.doors import Door, Need, get, post
from bot.web.console.visit import HOME, Visit


class TodayPages:
    """The front page, and the switch of what one looks at. `down` names channels in trouble."""

    def __init__(self, down: Callable[[], Sequence[str]]) -> None:
        self._down = down

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("", self.show, Need.ENTRY),
            post("/area", self.look_at, Need.ENTRY),
        ]

    async def show(self, visit: Visit) -> web.Response:
        """Counts, the next few, and what is wrong, of what one looks at; htmx asks every minute."""
        area, down = visit.area, self._down()
        shown: dict[str, Any] = await visit.read(
            lambda scene: {
                "board": scene.today.board(area),
                "pressing": lines_of(scene, scene.today.pressing(area)),
                "rates": scene.today.rates(area),
                "unanswered": scene.today.unanswered(area),
                "notices": scene.today.notices(area),
                "alerts": scene.today.alerts(down),
            }
        )
        part = visit.request.headers.get("HX-Request") == "true"
        return visit.page("console/today_board.html" if part else "console/today.html", **shown)

    async def look_at(self, visit: Visit) -> web.Response:
        """One area alone, or everything of one's own."""
        assert visit.entered is not None  # noqa: S101 - the door needs it
        entered, form = visit.entered, await visit.form()
        await visit.write(lambda scene: scene.sign_in.look_at(entered, form.text("area")))
        back = form.text("back")
        return visit.go(back if back.startswith(HOME) else HOME)
