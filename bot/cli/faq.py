"""`haitang faq import|export`: through the running service when there is one."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from bot.cli.options import config_option, settings
from bot.cli.words import Group
from bot.errors import HaitangError
from bot.services.faq_csv import read_csv, write_csv
from bot.services.faq_trial import Trial, read_bank, read_queries
from bot.wire import ask

T = TypeVar("T")
FILE = click.Path(path_type=Path)


@click.group(cls=Group, help="问答的导入和导出。")
def faq() -> None:
    """The bank of answers."""


@faq.command("import", help="导入问答 CSV：编号相同的替换，其余新增；有一行错就都不导入。")
@click.argument("file", type=click.Path(path_type=Path), metavar="CSV文件")
@config_option
def import_(file: Path, config_path: Path | None) -> None:
    """All or nothing."""
    try:
        data = file.read_bytes()
        count = asyncio.run(_import(data, _database(config_path)))
    except OSError as error:
        _fail(f"文件 {file} 读不了（{error.strerror}），请检查路径。")
    except HaitangError as error:
        _fail(str(error))
    click.echo(f"已导入 {count} 条问答。")


@faq.command("export", help="导出全部问答为 CSV，Excel 可以直接打开。")
@click.argument("file", type=click.Path(path_type=Path), metavar="CSV文件")
@config_option
def export(file: Path, config_path: Path | None) -> None:
    """The whole bank."""
    try:
        path = _database(config_path)
        data = asyncio.run(_export(path, path.exists()))
        file.write_bytes(data)
    except OSError as error:
        _fail(f"文件 {file} 写不了（{error.strerror}），请检查路径。")
    except HaitangError as error:
        _fail(str(error))
    click.echo(f"已导出到 {file}。")


@faq.command("eval", help="拿自己的问答和问题试一遍：群里会答哪条，叫了机器人会答哪条。")
@click.option("--bank", type=FILE, required=True, metavar="文件", help="问答，每行一种问法。")
@click.option("--queries", type=FILE, required=True, metavar="文件", help="问题，每行一个。")
def evaluate(bank: Path, queries: Path) -> None:
    """One line of JSON a question; nothing at all when a line of either file is bad."""
    trial = Trial(_lines(bank, read_bank))
    for text in _lines(queries, read_queries):
        # A lone surrogate has no bytes; its escape is JSON too.
        line = json.dumps(trial.judge(text), ensure_ascii=False)
        click.echo(line.encode("utf-8", "backslashreplace"))


def _lines(file: Path, read: Callable[[bytes], list[T]]) -> list[T]:
    try:
        return read(file.read_bytes())
    except OSError as error:
        _fail(f"文件 {file} 读不了（{error.strerror}），请检查路径。")
    except HaitangError as error:
        _fail("\n".join(f"{file.name} {fault}" for fault in str(error).splitlines()))


def _database(config_path: Path | None) -> Path:
    return Path(settings(config_path).storage.path)


def _fail(sentence: str) -> NoReturn:
    for line in sentence.splitlines():
        click.echo(line, err=True)
    sys.exit(1)


async def _import(data: bytes, path: Path) -> int:
    entries = read_csv(data)  # faults are told before anybody is asked
    count = await ask(path, "POST", "faq", data)
    if count is not None:
        return int(count)
    from bot.app import Database  # noqa: PLC0415 - needed only without a service

    database = Database.open(path)
    try:
        await database.write(lambda store: store.faq.replace(entries))
    finally:
        await database.close()
    return len(entries)


async def _export(path: Path, exists: bool) -> bytes:
    bank = await ask(path, "GET", "faq")
    if bank is not None:
        return bank
    if not exists:
        raise HaitangError(f"还没有数据：{path} 不存在。先运行 haitang run，或检查 storage.path。")
    from bot.app import Database  # noqa: PLC0415

    database = Database.open(path)
    try:
        return write_csv(await database.read(lambda store: store.faq.entries()))
    finally:
        await database.close()
