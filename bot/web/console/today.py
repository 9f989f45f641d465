"""今日: what is new, what is pressing, what waits."""

from __future__ import annotations

from aiohttp import web

from bot.web.console.doors import Door, Need, get, post
from bot.web.console.visit import HOME, Visit


class TodayPages:
    """The front page, and the switch of what one looks at."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("", self.show, Need.ENTRY),
            post("/area", self.look_at, Need.ENTRY),
        ]

    async def show(self, visit: Visit) -> web.Response:
        """Counts and the next few, of what one looks at."""
        board, pressing = await visit.read(
            lambda scene: (scene.today.board(visit.area), scene.today.pressing(visit.area))
        )
        return visit.page("console/today.html", board=board, pressing=pressing)

    async def look_at(self, visit: Visit) -> web.Response:
        """One area alone, or everything of one's own."""
        assert visit.entered is not None  # noqa: S101 - the door needs it
        entered, form = visit.entered, await visit.form()
        await visit.write(lambda scene: scene.sign_in.look_at(entered, form.text("area")))
        back = form.text("back")
        return visit.go(back if back.startswith(HOME) else HOME)
