"""The whole examination, in the order in which a sysadmin would look."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bot.app import build_knowledge, inspect, load_dictionary
from bot.channels.build import build
from bot.channels.files import beside
from bot.config import Config, load
from bot.doctor import data, doors, machine
from bot.engine.clock import SystemClock
from bot.errors import ConfigError, HaitangError
from bot.models import SHANGHAI, Finding, Grade
from bot.offline import errands
from bot.wire import ask

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on


def examine(config_path: Path | None) -> list[Finding]:
    """Everything there is to say. Faulty settings end it early: nothing else can be trusted."""
    found = [machine.sqlite(inspect.SQLITE_VERSION)]
    try:
        config = load(config_path)
    except ConfigError as error:
        return [*(Finding(Grade.FAIL, "设置", fault) for fault in error.faults), *found]
    found.insert(0, Finding(Grade.OK, "设置", f"没有问题（{config_path or '全用默认值'}）。"))
    return found + _here(config) + asyncio.run(_outside(config))


def _here(config: Config) -> list[Finding]:
    """What can be seen on this machine alone."""
    path = Path(config.storage.path)
    now = datetime.now(UTC)
    years = build_knowledge(config).calendar.years
    return [
        machine.disk(path.parent),
        machine.writable(path.parent),
        machine.dictionary(_loads(path.parent)),
        machine.holidays(years, now.astimezone(SHANGHAI).date()),
        *data.database(path, now),
        *data.key(path, config.storage.key),
    ]


def _loads(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        load_dictionary(folder)
    except Exception:  # whatever a broken installation raises
        return False
    return True


async def _outside(config: Config) -> list[Finding]:
    """Platforms and doors; through the running service where there is one."""
    path = Path(config.storage.path)
    owner = inspect.holder(path.with_suffix(".lock"))
    try:
        told = await ask(path, "GET", "probe")
    except HaitangError as error:
        return [Finding(Grade.FAIL, "服务", f"进程 {owner} 不回应，请看日志后重启：{error}")]
    if told is not None:
        probes = msgspec.json.decode(told, type=list[Finding])
        service = Finding(Grade.OK, "服务", f"在运行（进程号 {owner}）。")
        return [service, *probes, *await _doors(config)]
    if owner:
        return [
            Finding(
                Grade.FAIL,
                "服务",
                f"数据被进程 {owner} 占着，但它不是在运行的海棠服务，请先停掉它。",
            )
        ]
    async with errands(config, writing=False) as own:
        probes = await own.probe()
    service = Finding(Grade.WARN, "服务", "没有在运行，回调没有试；用 haitang run 启动后再查一次。")
    return [service, *probes]


async def _doors(config: Config) -> list[Finding]:
    base = config.server.public_url.rstrip("/") or _loopback(config)
    channels = build(config.channels, SystemClock(), beside(Path(config.storage.path)))
    return await doors.callbacks(base, channels)


def _loopback(config: Config) -> str:
    host = EVERYWHERE.get(config.server.host, config.server.host)
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{config.server.port}"
