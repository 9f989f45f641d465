"""Whole tables in and out: through the running service when there is one."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click

from bot.cli.options import settings
from bot.config_sections import StorageSection
from bot.errors import HaitangError
from bot.models import SHANGHAI
from bot.services.transfers import SHELL, TRANSFERS, take
from bot.services.transfers import bring as brought
from bot.wire import ask


def bring(kind: str, file: Path, config_path: Path | None) -> int:
    """Import a file, all of it or nothing; how many rows. Ends the program on a fault."""
    try:
        data = file.read_bytes()
        return asyncio.run(_import(kind, data, settings(config_path).storage))
    except OSError as error:
        fail(f"文件 {file} 读不了（{error.strerror}），请检查路径。")
    except HaitangError as error:
        fail(str(error))


def fetch(kind: str, file: Path, config_path: Path | None) -> None:
    """Export the whole table to a file. Ends the program on a fault."""
    try:
        storage = settings(config_path).storage
        file.write_bytes(asyncio.run(_export(kind, storage, storage.file.exists())))
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


async def _import(kind: str, data: bytes, storage: StorageSection) -> int:
    apply = TRANSFERS[kind].parse(data)  # faults are told before anybody is asked
    count = await ask(storage.file, "POST", kind, data)
    if count is not None:
        return int(count)
    from bot.app import Database  # noqa: PLC0415 - needed only without a service

    database = Database.open(storage.file, storage.key)
    try:
        return await database.write(brought, kind, apply, SHELL, datetime.now(SHANGHAI))
    finally:
        await database.close()


async def _export(kind: str, storage: StorageSection, exists: bool) -> bytes:
    table = await ask(storage.file, "GET", kind)
    if table is not None:
        return table
    if not exists:
        raise HaitangError(
            f"还没有数据：{storage.file} 不存在。先运行 haitang run，或检查 storage.path。"
        )
    from bot.app import Database  # noqa: PLC0415

    database = Database.open(storage.file, storage.key)
    try:
        return await database.write(take, kind, SHELL, datetime.now(SHANGHAI))
    finally:
        await database.close()
