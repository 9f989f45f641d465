"""`haitang run|init|check-config|version`: the service and its settings."""

from __future__ import annotations

import asyncio
import os
from importlib.metadata import version
from pathlib import Path

import click

from bot.cli.options import DEFAULT_CONFIG, complaints, config_option, settings
from bot.cli.words import Command
from bot.config import Config
from bot.config_sections import LogSection
from bot.errors import HaitangError
from bot.example import EXAMPLE
from bot.rotating import Rotating


@click.command(cls=Command, help="启动服务，按 Ctrl-C 停止。")
@config_option
def run(config_path: Path | None) -> None:
    """Serve until told to stop."""
    from bot.logs import configure  # noqa: PLC0415 - the other commands start faster without
    from bot.serve import serve  # noqa: PLC0415

    with complaints():
        config = settings(config_path)
        configure(config.log.level, config.secrets(), log_file(config.log))
        asyncio.run(serve(config, lambda url, first: _greet(config, url, first)))


def log_file(log: LogSection) -> Rotating | None:
    """The file that is logged to; None for standard error."""
    if not log.file:
        return None
    return Rotating(Path(log.file), log.max_mb * 1024 * 1024, log.keep)


@click.command(cls=Command, help="写一份带注释的配置文件。")
@click.argument("path", type=click.Path(path_type=Path), default=DEFAULT_CONFIG, metavar="[文件]")
def init(path: Path) -> None:
    """Write the commented example, readable for the owner alone: secrets will stand in it."""
    with complaints():
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise HaitangError(f"{path} 已经有了，不覆盖。要重写请先把它改名。") from None
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
            file.write(EXAMPLE.read_bytes())
    click.echo(f"已写好 {path}。改完运行 haitang check-config，再 haitang run。")


@click.command("check-config", cls=Command, help="检查配置，有错逐条说明。")
@config_option
def check_config(config_path: Path | None) -> None:
    """Say whether the settings would start."""
    with complaints():
        config = settings(config_path)
    used = config_path or (DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None)
    click.echo(f"用的是 {used}。" if used else "没有 config.toml，全用默认值。")
    click.echo(f"配置没有问题。数据在 {config.storage.path}，端口 {config.server.port}。")


@click.command("version", cls=Command, help="打印版本。")
def show_version() -> None:
    """The version of this program."""
    click.echo(f"haitang {version('haitang')}")


def _greet(config: Config, url: str, first: str) -> None:
    page = f"{url}/sandbox" if config.sandbox.enabled else url
    click.echo(f"海棠管家已启动：{page}")
    if first:
        click.echo(
            f"管理台还没有账号，打开这个链接设第一个（24小时内有效，只能用一次）：{url}{first}"
        )
    elif config.console.enabled:
        click.echo(f"管理台：{url}/console")
    click.echo(f"数据在 {config.storage.path}，按 Ctrl-C 停止。")
