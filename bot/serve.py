"""Running the service: a socket, the pages, signals, and a quiet end."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import structlog
from aiohttp import web

from bot.app import Database, Service, inspect
from bot.config import Config
from bot.engine.papers import Papers
from bot.engine.plans import PlanFiles
from bot.errors import ConfigError
from bot.ports import Clock
from bot.web.control import Control
from bot.web.paper_door import PaperDoor
from bot.web.plan_door import PlanDoor

log = structlog.get_logger()

# A writer thread that does much Python work fights the loop for the interpreter: switch sooner.
SWITCH_SECONDS = 0.0005
# How long requests that have begun may still take when the service stops.
REQUEST_SECONDS = 1.0
BACKLOG = 128
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on


def bind(host: str, port: int) -> socket.socket:
    """Take the port first: what cannot listen need not start. Raises `ConfigError`.

    Listening begins here too, because the kernel lets two sockets share a port until one does;
    who calls early waits until the service is there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(BACKLOG)
    except (OSError, UnicodeError) as error:
        taken.close()
        raise ConfigError([_cannot_listen(host, port, error)]) from None
    return taken


def _cannot_listen(host: str, port: int, error: Exception) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number in {errno.EADDRINUSE, errno.EACCES}:
        why = "已被别的程序占用" if number == errno.EADDRINUSE else "没有权限使用"
        return (
            f"设置「server.port」的值是「{port}」，在 {host} 上{why}，"
            "请换一个端口（1024以上），或停掉占用它的程序。"
        )
    return (
        f"设置「server.host」的值是「{host}」，这不是本机的地址，"
        "只在本机听写 127.0.0.1，对外写 0.0.0.0。"
    )


async def serve(config: Config, on_ready: Callable[[str, str], None]) -> None:
    """Serve until SIGTERM or SIGINT; `on_ready` gets the address, and where the first account is
    made as long as there is none. Raises `ConfigError`, `StorageError`, `ImportFault`."""
    sys.setswitchinterval(SWITCH_SECONDS)
    stop = _told_to_stop()
    async with house(config) as (service, base_url):
        link = None if service.pages is None else await service.pages.console.invite_first()
        on_ready(base_url, link or "")
        await stop.wait()
    log.info("stopped")


@asynccontextmanager
async def house(config: Config, clock: Clock | None = None) -> AsyncIterator[tuple[Service, str]]:
    """The running service and its address. Whatever fails where, all that was opened is closed."""
    async with AsyncExitStack() as stack:
        taken = bind(config.server.host, config.server.port)
        stack.callback(taken.close)
        base_url = _address(taken)
        path = Path(config.storage.path)
        if not inspect.is_closed(path):
            log.info("closing the words of an older file", file=path.name)
        database = Database.open(path, config.storage.key)
        stack.push_async_callback(database.close)
        service = Service(config, database, base_url, clock)
        stack.push_async_callback(service.stop)
        await service.start(path.parent)
        runner = web.AppRunner(service.web(), access_log=None, shutdown_timeout=REQUEST_SECONDS)
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        if service.sandbox is not None:  # open streams would hold the runner up
            stack.callback(service.sandbox.hub.close)
        if service.standins is not None:
            stack.push_async_callback(service.standins.hang_up)
        await web.SockSite(runner, taken).start()
        control = Control(
            database,
            service.errands,
            path.with_suffix(".sock"),
            service.watch.resume,
            [
                *PaperDoor(Papers(database, service.engine.knowledge, service.clock)).routes(),
                *PlanDoor(PlanFiles(database, service.engine.knowledge, service.clock)).routes(),
            ],
        )
        stack.push_async_callback(control.stop)
        await control.start()
        yield service, base_url


def _address(taken: socket.socket) -> str:
    host, port = taken.getsockname()[:2]
    host = EVERYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _told_to_stop() -> asyncio.Event:
    """Set by the first signal, also by one that comes while the service still starts."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    return stop
