"""Plans of notices on the control socket: the command line's way to the running service."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.engine.plans import PlanFiles, PlanRequest
from bot.errors import HaitangError


class PlanDoor:
    """`POST /notices` brings a file in, `GET /notices` gives the plan out."""

    def __init__(self, plans: PlanFiles) -> None:
        self._plans = plans

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """What to listen to."""
        return [web.get("/notices", self.export), web.post("/notices", self.import_)]

    async def import_(self, request: web.Request) -> web.Response:
        """A file as the body; the query says its name, its author and the rest."""
        asked = request.query
        try:
            wanted = PlanRequest(
                name=asked.get("name", ""),
                data=await request.read(),
                author=asked.get("author", ""),
                to=asked.get("to", ""),
                trial=asked.get("trial") == "1",
            )
            told = await self._plans.bring(wanted)
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413, text="文件太大，请分几个文件导入。")
        except HaitangError as error:
            return web.Response(status=422, text=str(error))
        return web.Response(text=told)

    async def export(self, request: web.Request) -> web.Response:
        """What is still to come, as the kind of file that `name` says."""
        asked = request.query
        try:
            body = await self._plans.export(asked.get("name", ""), asked.get("area", ""))
        except HaitangError as error:
            return web.Response(status=422, text=str(error))
        return web.Response(body=body, content_type="application/octet-stream")
