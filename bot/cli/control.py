"""Asking the running service over its socket."""

from __future__ import annotations

import io
from pathlib import Path

import aiohttp

from bot.errors import HaitangError


async def ask(path: Path, method: str, what: str, data: bytes = b"") -> bytes | None:
    """One call to the service that has this database open; None when none runs.

    Raises `HaitangError` with what the service says.
    """
    socket = path.with_suffix(".sock")
    connector = aiohttp.UnixConnector(str(socket))
    timeout = aiohttp.ClientTimeout(total=60)
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
            session.request(method, f"http://haitang/{what}", data=io.BytesIO(data)) as response,
        ):
            body = await response.read()
    except aiohttp.ClientConnectorError:
        return None  # no socket, or one left behind by a killed service
    except (aiohttp.ClientError, TimeoutError):
        raise HaitangError("服务没有回应，不知道做成了没有，请看一下服务日志再试。") from None
    if response.status != 200:
        raise HaitangError(body.decode("utf-8", "replace"))
    return body
