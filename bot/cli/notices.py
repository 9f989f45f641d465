"""`haitang notices import|export`: a month's plan as a calendar or a table."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlencode

import click

from bot.cli.options import complaints, config_option, settings
from bot.cli.words import Group
from bot.config import Config
from bot.engine.clock import SystemClock
from bot.engine.plans import PlanFiles, PlanRequest
from bot.errors import HaitangError
from bot.knowing import build_knowledge
from bot.wire import ask

FILE = click.Path(path_type=Path)


@click.group(cls=Group, help="通知计划的导入和导出。")
def notices() -> None:
    """Plans of notices."""


@notices.command(
    "import", help="导入通知计划（.ics、.xlsx、.csv）：一条错就都不导入，作者确认才排。"
)
@click.argument("file", type=FILE, metavar="文件")
@click.option("--author", required=True, metavar="姓名或账号", help="以谁的名义发，由他确认。")
@click.option("--to", default="", metavar="目标", help="没写发往的发给谁；不写就是作者管的全部群。")
@click.option("--dry-run", is_flag=True, help="只检查，说每条会怎样，不导入。")
@config_option
def import_(file: Path, author: str, to: str, dry_run: bool, config_path: Path | None) -> None:
    """All or nothing."""
    with complaints():
        wanted = PlanRequest(
            name=file.name, data=file.read_bytes(), author=author, to=to, trial=dry_run
        )
        click.echo(asyncio.run(_import(settings(config_path), wanted)))


@notices.command("export", help="导出还没发的通知：文件名写 .ics、.xlsx 或 .csv。")
@click.argument("file", type=FILE, metavar="文件")
@click.option("--area", default="", metavar="区域", help="只要这里的，如「海棠街道/春晓社区」。")
@config_option
def export(file: Path, area: str, config_path: Path | None) -> None:
    """What is still to come."""
    with complaints():
        file.write_bytes(asyncio.run(_export(settings(config_path), file.name, area)))
    click.echo(f"已导出到 {file}。")


async def _import(config: Config, wanted: PlanRequest) -> str:
    asked = {"name": wanted.name, "author": wanted.author, "to": wanted.to}
    asked["trial"] = "1" if wanted.trial else ""
    told = await ask(config.storage.file, "POST", f"notices?{urlencode(asked)}", wanted.data)
    if told is not None:
        return told.decode("utf-8")
    return await _with_files(config, wanted)


async def _with_files(config: Config, wanted: PlanRequest) -> str:
    from bot.app import Database  # noqa: PLC0415 - needed only without a service

    _must_exist(config)
    database = Database.open(config.storage.file, config.storage.key)
    try:
        return await PlanFiles(database, build_knowledge(config), SystemClock()).bring(wanted)
    finally:
        await database.close()


async def _export(config: Config, name: str, area: str) -> bytes:
    found = await ask(
        config.storage.file, "GET", f"notices?{urlencode({'name': name, 'area': area})}"
    )
    if found is not None:
        return found
    from bot.app import Database  # noqa: PLC0415

    _must_exist(config)
    database = Database.open(config.storage.file, config.storage.key)
    try:
        files = PlanFiles(database, build_knowledge(config), SystemClock())
        return await files.export(name, area)
    finally:
        await database.close()


def _must_exist(config: Config) -> None:
    if not config.storage.file.exists():
        raise HaitangError(
            f"还没有数据：{config.storage.file} 不存在。先运行 haitang run，或检查 storage.path。"
        )
