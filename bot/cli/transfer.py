"""Whole tables in and out: through the running service when there is one."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import NoReturn

import click

from bot.cli.options import settings
from bot.errors import HaitangError
from bot.services.transfers import TRANSFERS
from bot.wire import ask


def bring(kind: str, file: Path, config_path: Path | None) -> int:
    """Import a file, all of it or nothing; how many rows. Ends the program on a fault."""
    try:
        data = file.read_bytes()
        return asyncio.run(_import(kind, data, _database(config_path)))
    except OSError as error:
        fail(f"文件 {file} 读不了（{error.strerror}），请检查路径。")
    except HaitangError as error:
        fail(str(error))


def fetch(kind: str, file: Path, config_path: Path | None) -> None:
    """Export the whole table to a file. Ends the program on a fault."""
    try:
        path = _database(config_path)
        file.write_bytes(asyncio.run(_export(kind, path, path.exists())))
    except OSError as error:
        fail(f"文件 {file} 写不了（{error.strerror}），请检查路径。")
    except HaitangError as error:
        fail(str(error))
    click.echo(f"已导出到 {file}。")


def fail(sentence: str) -> NoReturn:
    """Say what is wrong and end."""
    for line in sentence.splitlines():
        click.echo(line, err=True)
    sys.exit(1)


def _database(config_path: Path | None) -> Path:
    return Path(settings(config_path).storage.path)


async def _import(kind: str, data: bytes, path: Path) -> int:
    apply = TRANSFERS[kind].parse(data)  # faults are told before anybody is asked
    count = await ask(path, "POST", kind, data)
    if count is not None:
        return int(count)
    from bot.app import Database  # noqa: PLC0415 - needed only without a service

    database = Database.open(path)
    try:
        return await database.write(apply)
    finally:
        await database.close()


async def _export(kind: str, path: Path, exists: bool) -> bytes:
    table = await ask(path, "GET", kind)
    if table is not None:
        return table
    if not exists:
        raise HaitangError(f"还没有数据：{path} 不存在。先运行 haitang run，或检查 storage.path。")
    from bot.app import Database  # noqa: PLC0415

    database = Database.open(path)
    try:
        return await database.read(TRANSFERS[kind].export)
    finally:
        await database.close()
