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
    from bot.app import backup_media  # noqa: PLC0415

    with complaints():
        storage = settings(config_path).storage
        goal = _backup_goal(storage.file, target)
        copy(storage.file, goal)
        added = backup_media(storage.file.parent / "media", media_of(goal))
    click.echo(f"已备份到 {goal}，校验完好。")
    if added:
        click.echo(f"新增 {added} 个照片文件，在 {media_of(goal)}。")
    click.echo(f"密钥文件 {storage.key} 不在备份里，请另外保管一份：没有它，加密的原话打不开。")


@click.command(cls=Command, help="用备份恢复数据（先停服务），现有数据会另存一份。")
@click.argument("source", type=click.Path(path_type=Path), metavar="备份文件")
@config_option
def restore(source: Path, config_path: Path | None) -> None:
    """Put a checked backup in place."""
    from bot.app import backup_media, key_fits, restore_offline  # noqa: PLC0415

    with complaints():
        storage = settings(config_path).storage
        kept = restore_offline(source, storage.file)
        backup_media(media_of(source), storage.file.parent / "media")
    click.echo(f"已从 {source} 恢复。" + (f"原来的数据另存为 {kept}。" if kept else ""))
    if not storage.key.exists():
        click.echo(
            f"还缺密钥文件 {storage.key}：请把另外保管的那份放回去再启动，没有它，加密的话打不开。"
        )
    elif not key_fits(storage.file, storage.key):
        click.echo(f"密钥文件 {storage.key} 不是这份备份的：请换回和它一起用的那份再启动。")


def media_of(backup: Path) -> Path:
    """Where the pictures of the backups in a folder lie: one folder for all, each picture once."""
    return backup.parent / "media"


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
