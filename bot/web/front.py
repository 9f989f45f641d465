"""What stands before all pages: where the bare address leads, and headers of every answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.web.console import console as consoles
from bot.web.sandbox import HEADERS


def leading_to(path: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The bare address leads there."""

    async def lead(request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(path)

    return lead


async def secure(request: web.Request, response: web.StreamResponse) -> None:
    """Headers by where a page lies."""
    response.headers["Server"] = "haitang"  # versions are nobody's business
    if request.path.startswith("/sandbox"):
        response.headers.update(HEADERS)
    elif request.path.startswith(("/console", "/h5", "/static/")):
        consoles.secure(response)
