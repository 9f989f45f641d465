"""`haitang reconnect`: somebody has looked, a connection may try again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from bot.cli.options import complaints, config_option, settings
from bot.cli.words import Command
from bot.errors import HaitangError
from bot.wire import ask


@click.command(cls=Command, help="让被顶掉的长连接重新连上；不写通道就是全部。")
@click.argument("channel", default="", metavar="[通道]")
@config_option
def reconnect(channel: str, config_path: Path | None) -> None:
    """`channel` is `wecom_aibot/main`."""
    with complaints():
        path = Path(settings(config_path).storage.path)
        told = asyncio.run(ask(path, "POST", "reconnect", channel.encode()))
        if told is None:
            raise HaitangError("服务没有在运行，先运行 haitang run，它会自己连上。")
    click.echo(f"已让 {told.decode()} 重新连接，连上与否看日志或 /metrics。")
