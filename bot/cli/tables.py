"""`haitang taxonomy` and `haitang holidays`: the tables that a community edits."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.options import config_option
from bot.cli.transfer import bring, fetch
from bot.cli.words import Group

FILE = click.Path(path_type=Path)


@click.group(cls=Group, help="诉求分类的导入和导出。")
def taxonomy() -> None:
    """The kinds of matters."""


@taxonomy.command("import", help="导入分类 CSV：整张换掉，马上生效；有一行错就都不导入。")
@click.argument("file", type=FILE, metavar="CSV文件")
@config_option
def import_taxonomy(file: Path, config_path: Path | None) -> None:
    """All or nothing."""
    click.echo(f"已导入 {bring('taxonomy', file, config_path)} 类。")


@taxonomy.command("export", help="导出现在的分类为 CSV，改好再导入。")
@click.argument("file", type=FILE, metavar="CSV文件")
@config_option
def export_taxonomy(file: Path, config_path: Path | None) -> None:
    """As they are used now."""
    fetch("taxonomy", file, config_path)


@click.group(cls=Group, help="放假调休表的导入和导出。")
def holidays() -> None:
    """Days off."""


@holidays.command("import", help="导入国务院办公厅通知的全文（文本），或 JSON 表，马上生效。")
@click.argument("file", type=FILE, metavar="文件")
@config_option
def import_holidays(file: Path, config_path: Path | None) -> None:
    """One year or several."""
    click.echo(f"已导入 {bring('holidays', file, config_path)} 年的放假安排。")


@holidays.command("export", help="导出自己导入过的放假安排（JSON）。")
@click.argument("file", type=FILE, metavar="JSON文件")
@config_option
def export_holidays(file: Path, config_path: Path | None) -> None:
    """What was imported; the shipped years are not in it."""
    fetch("holidays", file, config_path)
