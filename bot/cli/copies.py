"""`haitang backup|restore`: copies of the data."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from bot.cli.options import complaints, config_option, settings
from bot.cli.words import Command
from bot.errors import HaitangError


@click.command(cls=Command, help="备份数据（服务运行时也可以）。")
@click.argument("target", type=click.Path(path_type=Path), required=False, metavar="[文件]")
@config_option
def backup(target: Path | None, config_path: Path | None) -> None:
    """Copy the database and check the copy."""
    from bot.app import backup as copy  # noqa: PLC0415

    with complaints():
        source = Path(settings(config_path).storage.path)
        goal = _backup_goal(source, target)
        copy(source, goal)
    click.echo(f"已备份到 {goal}，校验完好。")


@click.command(cls=Command, help="用备份恢复数据（先停服务），现有数据会另存一份。")
@click.argument("source", type=click.Path(path_type=Path), metavar="备份文件")
@config_option
def restore(source: Path, config_path: Path | None) -> None:
    """Put a checked backup in place."""
    from bot.app import restore_offline  # noqa: PLC0415

    with complaints():
        kept = restore_offline(source, Path(settings(config_path).storage.path))
    click.echo(f"已从 {source} 恢复。" + (f"原来的数据另存为 {kept}。" if kept else ""))


def _backup_goal(source: Path, target: Path | None) -> Path:
    """Where the copy goes. Raises `HaitangError` rather than replacing the live database."""
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    if target is None:
        return source.parent / "backups" / f"haitang-{stamp}.db"
    if target.is_dir():
        return target / f"haitang-{stamp}.db"
    if target.exists() and source.exists() and target.samefile(source):
        raise HaitangError(f"{target} 就是正在用的数据文件，请换一个文件名。")
    return target
