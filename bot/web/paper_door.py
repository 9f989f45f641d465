"""What the command line asks of the running service about ledgers and reports."""

from __future__ import annotations

import msgspec
from aiohttp import web

from bot.engine.papers import Papers
from bot.errors import HaitangError
from bot.services.papers import MIMES, Wanted


class PaperDoor:
    """`POST /paper` makes one; `POST /ledger/{dry|take}` reads an older ledger, `DELETE /ledger/T1`
    takes it back.
    """

    def __init__(self, papers: Papers) -> None:
        self._papers = papers

    def routes(self) -> list[web.AbstractRouteDef]:
        """For the control socket."""
        return [
            web.post("/paper", self.make),
            web.post("/ledger/{how:dry|take}", self.bring),
            web.delete("/ledger/{batch}", self.undo),
        ]

    async def make(self, request: web.Request) -> web.Response:
        """A `Wanted`; the answer is the file."""
        try:
            wanted = msgspec.json.decode(await request.read(), type=Wanted)
            body = await self._papers.make(wanted)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return web.Response(status=400, text="看不懂这个请求。")
        except HaitangError as error:
            return web.Response(status=422, text=str(error))
        return web.Response(body=body, headers={"Content-Type": MIMES[wanted.form]})

    async def bring(self, request: web.Request) -> web.Response:
        """The file, its name and area behind the question mark; the answer are lines of words."""
        name, area = request.query.get("name", ""), request.query.get("area", "")
        try:
            data = await request.read()
            dry = request.match_info["how"] == "dry"
            told = await self._papers.bring(name, data, area, dry=dry)
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413, text="文件太大，请分几个文件导入。")
        except HaitangError as error:
            return web.Response(status=422, text=str(error))
        return web.Response(text="\n".join(told))

    async def undo(self, request: web.Request) -> web.Response:
        """How many were taken back."""
        try:
            return web.Response(text=await self._papers.take_back(request.match_info["batch"]))
        except HaitangError as error:
            return web.Response(status=422, text=str(error))
