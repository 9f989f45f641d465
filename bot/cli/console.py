"""`haitang console link` and `haitang console accounts`: into the console from the shell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click
import msgspec

from bot.cli.options import complaints, config_option, settings
from bot.cli.words import Group
from bot.config import Config
from bot.errors import HaitangError
from bot.models import SHANGHAI, Access
from bot.ports import Store
from bot.services.entrances import Entrance, entrances, password_link
from bot.wire import ask

T = TypeVar("T")
ACCESS = {Access.ADMIN: "系统管理员", Access.STAFF: "工作人员", Access.READER: "只读"}


@click.group(cls=Group, help="管理台的账号：给人发设密码的链接，看有哪些账号。")
def console() -> None:
    """Accounts."""


@console.command("link", help="给一个账号发设密码的链接，24小时内有效，只能用一次。")
@click.argument("name", metavar="名字")
@config_option
def link(name: str, config_path: Path | None) -> None:
    """For who forgot the password, the last administrator too."""
    with complaints():
        config = settings(config_path)
        path = asyncio.run(_link(config, name))
    click.echo(f"给「{name}」的链接，24小时内有效，只能用一次：")
    click.echo(f"{_base(config)}{path}")


@console.command("accounts", help="有哪些账号，各能做什么，管哪里。")
@config_option
def accounts(config_path: Path | None) -> None:
    """One line each."""
    with complaints():
        found = asyncio.run(_accounts(settings(config_path)))
    for one in found:
        closed = "，已停用" if one.disabled else ""
        secret = "" if one.has_password else "，没有密码（用「登录」链接或扫码）"
        click.echo(f"{one.name}：{ACCESS[one.access]}，{one.role}，{one.area}{closed}{secret}")
    if not found:
        click.echo("还没有账号。启动服务，用它打印的链接设第一个。")


async def _link(config: Config, name: str) -> str:
    answer = await ask(config.storage.file, "POST", "console/link", name.encode())
    if answer is not None:
        return answer.decode()
    return await _alone(config, lambda store: password_link(store, datetime.now(SHANGHAI), name))


async def _accounts(config: Config) -> list[Entrance]:
    answer = await ask(config.storage.file, "GET", "console/accounts")
    if answer is not None:
        return msgspec.json.decode(answer, type=list[Entrance])
    return await _alone(config, entrances)


async def _alone(config: Config, fn: Callable[[Store], T]) -> T:
    """Without a service: the database is opened here, and its lock taken."""
    if not config.storage.file.exists():
        raise HaitangError(
            f"还没有数据：{config.storage.file} 不存在。先运行 haitang run，或检查 storage.path。"
        )
    from bot.app import Database  # noqa: PLC0415 - needed only without a service

    database = Database.open(config.storage.file, config.storage.key)
    try:
        return await database.write(fn)
    finally:
        await database.close()


def _base(config: Config) -> str:
    port = config.server.port
    return config.server.public_url.rstrip("/") or f"http://127.0.0.1:{port}"
