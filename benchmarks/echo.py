"""The measure of all: aiohttp reads a request and gives its body back."""

from __future__ import annotations

import asyncio

from aiohttp import web


async def _echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


async def _serve() -> None:
    app = web.Application()
    app.add_routes([web.post("/callback/{kind}/{name}", _echo)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
