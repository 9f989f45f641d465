"""Files that pages need: styles, scripts, pictures. Their addresses change with their content."""

from __future__ import annotations

import asyncio
import hashlib
from importlib.resources import files
from pathlib import Path

from aiohttp import web

STATIC = Path(str(files("bot.web").joinpath("static")))
A_YEAR = "public, max-age=31536000, immutable"
_hashes: dict[str, str] = {}


def static(path: str) -> str:
    """The address of a file below `bot/web/static`; it changes when the file does."""
    if path not in _hashes:
        _hashes[path] = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={_hashes[path]}"


def routes() -> list[web.AbstractRouteDef]:
    """To be added to the application."""
    return [web.get("/static/{path:.+}", _give), web.get("/favicon.ico", _icon)]


async def _icon(request: web.Request) -> web.StreamResponse:
    """Browsers ask for it where a page names none."""
    return web.FileResponse(STATIC / "console" / "favicon.svg")


async def _give(request: web.Request) -> web.StreamResponse:
    place = (STATIC / request.match_info["path"]).resolve()
    if not place.is_relative_to(STATIC) or not await asyncio.to_thread(place.is_file):
        raise web.HTTPNotFound
    kept = A_YEAR if request.query.get("v") else "no-cache"
    return web.FileResponse(place, headers={"Cache-Control": kept})
