"""The line from the command line to the running service: a socket in the state folder."""

from __future__ import annotations

import io
from pathlib import Path

import aiohttp

from bot.errors import HaitangError

PATIENCE_SECONDS = 60.0


async def ask(path: Path, method: str, route: str, data: bytes = b"") -> bytes | None:
    """One call to the service of the database at `path`; None when none runs.

    Raises `HaitangError` with the service's own sentence.
    """
    connector = aiohttp.UnixConnector(str(path.with_suffix(".sock")))
    timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
            session.request(method, f"http://haitang/{route}", data=io.BytesIO(data)) as response,
        ):
            body = await response.read()
    except aiohttp.ClientConnectorError:
        return None  # no socket, or one left behind by a killed service
    except (aiohttp.ClientError, TimeoutError):
        raise HaitangError("服务没有回应，不知道做成了没有，请看一下服务日志再试。") from None
    if response.status != 200:
        raise HaitangError(body.decode("utf-8", "replace"))
    return body
