"""A socket in the state folder by which the command line reaches the running service.

Only one process may write: `haitang faq import` goes through here while the service runs. The
folder's owner alone can open the socket.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import structlog
from aiohttp import web

from bot.engine.errands import Errands, GroupRequest
from bot.errors import HaitangError
from bot.models import SHANGHAI
from bot.ports import Database
from bot.services.entrances import entrances, password_link
from bot.services.sheet import MAX_BYTES
from bot.services.transfers import SHELL, TRANSFERS, Transfer, bring, take

log = structlog.get_logger()

# A little more than a file may have, so that the reader tells the limit in its own words.
MAX_BODY = MAX_BYTES + 4096


class Control:
    """`POST /faq` imports, `GET /faq` exports; so do `/taxonomy` and `/holidays`. `POST /reconnect`
    mends a connection; `/appchat`, `/menu` and `/probe` are errands; `more` are others' doors.
    """

    def __init__(
        self,
        database: Database,
        errands: Errands,
        path: Path,
        resume: Callable[[str], Sequence[str]] = lambda name: (),
        more: Sequence[web.AbstractRouteDef] = (),
    ) -> None:
        self._database = database
        self._errands = errands
        self._path = path
        self._resume = resume
        app = web.Application(client_max_size=MAX_BODY)
        app.add_routes(
            [
                web.post("/reconnect", self.reconnect),
                web.post("/appchat", self.create_group),
                web.delete("/appchat", self.forget_group),
                web.post("/menu", self.push_menus),
                web.get("/probe", self.probe),
                web.get("/console/accounts", self.accounts),
                web.post("/console/link", self.password_link),
                *more,
                web.get("/{kind}", self.export),
                web.post("/{kind}", self.import_),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def start(self) -> None:
        """Listen. Where the folder cannot hold a socket the service runs without."""
        self._path.unlink(missing_ok=True)
        await self._runner.setup()
        try:
            await web.SockSite(self._runner, self._bind()).start()
        except OSError as error:
            log.warning("no control socket", reason=error.strerror or str(error))

    def _bind(self) -> socket.socket:
        """A socket that is the owner's alone from its first moment."""
        mask = os.umask(0o177)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(str(self._path))
        except OSError:
            listener.close()
            raise
        finally:
            os.umask(mask)
        return listener

    async def stop(self) -> None:
        """Stop listening and take the socket away."""
        await self._runner.cleanup()
        self._path.unlink(missing_ok=True)

    async def export(self, request: web.Request) -> web.Response:
        """The whole table."""
        transfer = _transfer(request)
        body = await self._database.write(take, request.match_info["kind"], SHELL, _now())
        return web.Response(body=body, content_type=transfer.mime)

    async def import_(self, request: web.Request) -> web.Response:
        """Add or replace rows; all or nothing."""
        transfer = _transfer(request)
        try:
            apply = await asyncio.to_thread(transfer.parse, await request.read())
            count = await self._database.write(
                bring, request.match_info["kind"], apply, SHELL, _now()
            )
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413, text="文件太大，请分几个文件导入。")
        except HaitangError as error:
            return web.Response(status=422, text=str(error))
        return web.Response(text=str(count))

    async def reconnect(self, request: web.Request) -> web.Response:
        """Connect a channel again that stays down until somebody has looked."""
        name = await request.text()
        found = self._resume(name)
        if not found:
            which = f"没有长连接的通道「{name}」" if name else "没有配置长连接的通道"
            return web.Response(status=422, text=f"{which}，请看一下设置里的 channels。")
        return web.Response(text="、".join(found))

    async def create_group(self, request: web.Request) -> web.Response:
        """A `GroupRequest`; the answer is the new group's id."""
        try:
            asked = msgspec.json.decode(await request.read(), type=GroupRequest)
            return web.Response(text=await self._errands.create_group(asked))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return web.Response(status=400, text="看不懂这个请求。")
        except HaitangError as error:
            return web.Response(status=422, text=str(error))

    async def forget_group(self, request: web.Request) -> web.Response:
        """The name of a group that an app created."""
        try:
            await self._errands.forget_group((await request.read()).decode("utf-8", "replace"))
        except HaitangError as error:
            return web.Response(status=422, text=str(error))
        return web.Response()

    async def push_menus(self, request: web.Request) -> web.Response:
        """A list of channels."""
        try:
            names = msgspec.json.decode(await request.read(), type=list[str])
            await self._errands.push_menus(names)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return web.Response(status=400, text="看不懂这个请求。")
        except HaitangError as error:
            return web.Response(status=422, text=str(error))
        return web.Response()

    async def accounts(self, request: web.Request) -> web.Response:
        """Who may come into the console, as a list of `Entrance`."""
        found = msgspec.json.encode(await self._database.read(entrances))
        return web.Response(body=found, content_type="application/json")

    async def password_link(self, request: web.Request) -> web.Response:
        """The name of an account; the answer is where it gets a new password."""
        name = (await request.read()).decode("utf-8", "replace")
        try:
            return web.Response(
                text=await self._database.write(lambda store: password_link(store, _now(), name))
            )
        except HaitangError as error:
            return web.Response(status=422, text=str(error))

    async def probe(self, request: web.Request) -> web.Response:
        """What the platforms say, as a list of `Finding`."""
        found = msgspec.json.encode(await self._errands.probe())
        return web.Response(body=found, content_type="application/json")


def _transfer(request: web.Request) -> Transfer:
    found = TRANSFERS.get(request.match_info["kind"])
    if found is None:
        raise web.HTTPNotFound(text="没有这张表。")
    return found


def _now() -> datetime:
    return datetime.now(SHANGHAI)
