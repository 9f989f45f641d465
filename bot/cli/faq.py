"""`haitang faq import|export|test`, through the running service when there is one; `faq eval`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from bot.cli.options import config_option, settings
from bot.cli.words import Group
from bot.config_sections import StorageSection
from bot.errors import HaitangError
from bot.models import SHANGHAI, FaqEntry
from bot.services.faq import Asker, FaqBook
from bot.services.faq_csv import read_csv, write_csv
from bot.services.faq_files import read_bank_file, write_bank_file
from bot.services.faq_trial import Trial, read_bank, read_queries
from bot.services.transfers import SHELL, TRANSFERS, bring
from bot.wire import ask

T = TypeVar("T")
FILE = click.Path(path_type=Path)


@click.group(cls=Group, help="问答的导入、导出和试问。")
def faq() -> None:
    """The bank of answers."""


@faq.command("import", help="导入问答（.xlsx、CSV）：编号相同的替换，其余新增；有错就都不导入。")
@click.argument("file", type=FILE, metavar="文件")
@config_option
def import_(file: Path, config_path: Path | None) -> None:
    """All or nothing."""
    try:
        entries = read_bank_file(file.name, file.read_bytes())
        count = asyncio.run(_import(entries, settings(config_path).storage))
    except OSError as error:
        _fail(f"文件 {file} 读不了（{error.strerror}），请检查路径。")
    except HaitangError as error:
        _fail(str(error))
    click.echo(f"已导入 {count} 条问答。")


@faq.command("export", help="导出全部问答，文件名写 .xlsx 或 .csv，Excel 都能打开。")
@click.argument("file", type=FILE, metavar="文件")
@config_option
def export(file: Path, config_path: Path | None) -> None:
    """The whole bank."""
    try:
        entries = _bank(config_path)
        file.write_bytes(write_bank_file(file.name, entries))
    except OSError as error:
        _fail(f"文件 {file} 写不了（{error.strerror}），请检查路径。")
    except HaitangError as error:
        _fail(str(error))
    click.echo(f"已导出到 {file}。")


@faq.command("test", help="试一句话：最像哪几条，群里会不会答，叫了机器人会怎样。")
@click.argument("question", metavar="问题")
@click.option("--area", default="", metavar="区域", help="在哪里问，如「海棠街道/春晓社区」。")
@config_option
def test(question: str, area: str, config_path: Path | None) -> None:
    """The candidates with their certainty, and what the bot would do."""
    try:
        entries = _bank(config_path)
    except HaitangError as error:
        _fail(str(error))
    book = FaqBook()
    book.fill(entries, datetime.now(SHANGHAI).date())
    look = book.look(question, Asker(area.strip("/"), everywhere=not area))
    for place, match in enumerate(look.matches, 1):
        found = book.entry(match.entry)
        title = found.question if found is not None else match.question
        click.echo(f"{place} {match.certainty:.3f} {match.entry} {title}（{match.question}）")
    if not look.matches:
        click.echo("没有像的。")
    group, direct = look.verdict.answer, look.verdict.direct
    click.echo(f"群里没叫机器人：{f'答 {group.entry}' if group else '不说话'}")
    offered = "、".join(choice.entry for choice in look.verdict.choices)
    unsure = f"请对方选 {offered}" if offered else "说没有找到，转管家"
    click.echo(f"叫了机器人：{f'答 {direct.entry}' if direct else unsure}")


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


def _fail(sentence: str) -> NoReturn:
    for line in sentence.splitlines():
        click.echo(line, err=True)
    sys.exit(1)


def _bank(config_path: Path | None) -> Sequence[FaqEntry]:
    """All entries. Raises `HaitangError`."""
    storage = settings(config_path).storage
    return asyncio.run(_export(storage, storage.file.exists()))


async def _import(entries: Sequence[FaqEntry], storage: StorageSection) -> int:
    count = await ask(storage.file, "POST", "faq", write_csv(entries))
    if count is not None:
        return int(count)
    from bot.app import Database  # noqa: PLC0415 - needed only without a service

    database = Database.open(storage.file, storage.key)
    try:
        apply = TRANSFERS["faq"].parse(write_csv(entries))
        return await database.write(bring, "faq", apply, SHELL, datetime.now(SHANGHAI))
    finally:
        await database.close()


async def _export(storage: StorageSection, exists: bool) -> Sequence[FaqEntry]:
    bank = await ask(storage.file, "GET", "faq")
    if bank is not None:
        return read_csv(bank)
    if not exists:
        raise HaitangError(
            f"还没有数据：{storage.file} 不存在。先运行 haitang run，或检查 storage.path。"
        )
    from bot.app import Database  # noqa: PLC0415

    database = Database.open(storage.file, storage.key)
    try:
        return await database.read(lambda store: store.faq.entries())
    finally:
        await database.close()
