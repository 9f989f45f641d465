"""`haitang audit`: who did what, and whether the lines stand as they were written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from bot.cli.options import complaints, config_option, settings
from bot.cli.transfer import fetch
from bot.cli.words import Group
from bot.models import AuditLine
from bot.ports import Store

T = TypeVar("T")


@click.group(cls=Group, help="操作留痕：查看、校验、导出。")
def audit() -> None:
    """The lines and their chain."""


@audit.command("verify", help="逐条校验留痕有没有被改过、删过（服务运行时也可以）。")
@config_option
def verify(config_path: Path | None) -> None:
    """Say what is wrong; ends with 1 when anything is."""
    found = _peek(config_path, lambda store: store.audit.verify())
    for fault in found.faults:
        click.echo(fault, err=True)
    if found.faults:
        click.echo("留痕对不上，请保留现场，用最近的备份比对。", err=True)
        sys.exit(1)
    if not found.lines:
        click.echo("还没有留痕。")
        return
    click.echo(f"{found.lines} 条留痕完好，第 {found.first} 到第 {found.last} 条。")


@audit.command("show", help="看最近的留痕，最新的在前。")
@click.option("--last", default=50, show_default=True, metavar="条数", help="看多少条。")
@click.option("--about", default="", metavar="对象", help="只看一件事，如 appeal:a12。")
@click.option(
    "--by", default="", metavar="账号", help="只看一个人做的，如 wecom_app/main:ZhangSan。"
)
@config_option
def show(last: int, about: str, by: str, config_path: Path | None) -> None:
    """One line each."""
    lines = _peek(
        config_path,
        lambda store: store.audit.lines(subject=about, actor=by, limit=max(1, last)),
    )
    for line in lines:
        click.echo(_told(line))
    if not lines:
        click.echo("没有这样的留痕。")


@audit.command("export", help="导出全部留痕为 CSV，导出本身也留一条。")
@click.argument("file", type=click.Path(path_type=Path), metavar="CSV文件")
@config_option
def export(file: Path, config_path: Path | None) -> None:
    """All kept lines, oldest first."""
    fetch("audit", file, config_path)


def _peek(config_path: Path | None, fn: Callable[[Store], T]) -> T:
    from bot.app import inspect  # noqa: PLC0415 - the other verbs start faster without

    with complaints():
        storage = settings(config_path).storage
        return inspect.peek(storage.file, storage.key, fn)


def _told(line: AuditLine) -> str:
    when = line.at.strftime("%Y-%m-%d %H:%M:%S")
    return (
        f"{line.number} {when} {line.actor or '时钟'} {line.action} {line.subject}"
        f" {line.before}→{line.after} {line.door.value}"
    )
