"""`haitang channels`, `haitang appchat create`, `haitang menu push`: platforms as they are."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import msgspec

from bot.channels.capabilities import CHINESE, HEAD, row
from bot.channels.registry import KINDS
from bot.cli.options import complaints, config_option, settings
from bot.cli.words import Command, Group
from bot.config import Config
from bot.engine.errands import GroupRequest
from bot.errors import HaitangError
from bot.wire import ask

WITH_MENU = ("wecom_app", "official_account")


@click.command(cls=Command, help="各通道能听什么、能说什么、有什么限制，照实列出。")
@click.option("--all", "everything", is_flag=True, help="连没有配置的通道也列出来。")
@config_option
def channels(everything: bool, config_path: Path | None) -> None:
    """The honest table."""
    with complaints():
        configured = settings(config_path).channels
    if everything:
        lines = [row(name, kind.capabilities) for name, kind in KINDS.items()]
    else:
        lines = [
            row(f"{kind}/{name}", KINDS[kind].capabilities)
            for kind, named in configured.items()
            for name in named
        ]
    if not lines:
        click.echo("还没有配置通道，只有模拟器。看全部可用的：haitang channels --all")
        return
    for line in table([HEAD[CHINESE], *lines]):
        click.echo(line)


@click.group(cls=Group, help="企业微信自建应用自己建的群。")
def appchat() -> None:
    """Groups of the self-built app."""


@appchat.command("create", help="用自建应用建一个内部群，建好就能往里发通知。")
@click.argument("name", metavar="群名")
@click.option("--owner", required=True, metavar="账号", help="群主的企业微信账号。")
@click.option("--members", required=True, metavar="账号,…", help="成员账号，英文逗号隔开。")
@click.option("--area", required=True, metavar="网格", help="群属于哪个网格，街道/社区/微网格。")
@click.option("--app", default="", metavar="名字", help="哪个应用，只配了一个就不用写。")
@config_option
def create(
    name: str, owner: str, members: str, area: str, app: str, config_path: Path | None
) -> None:
    """Through the running service when there is one."""
    with complaints():
        config = settings(config_path)
        request = GroupRequest(
            channel=_the_app(config, app),
            name=name,
            owner=owner,
            members=tuple(filter(None, (each.strip() for each in members.split(",")))),
            area=area,
        )
        chat = asyncio.run(_create(config, request))
    click.echo(f"建好了「{name}」，群号 {chat}。发通知时写群名就能找到它。")


@appchat.command("forget", help="不再往应用建的这个群发通知；企业微信里的群还在，由群主解散。")
@click.argument("name", metavar="群名")
@config_option
def forget(name: str, config_path: Path | None) -> None:
    """Take back `create`, as far as this program is concerned."""
    with complaints():
        config = settings(config_path)
        asyncio.run(_forget(config, name, Path(config.storage.path).exists()))
    click.echo(f"以后不再往「{name}」发。群本身请群主在企业微信里解散。")


@click.group(cls=Group, help="应用和公众号的菜单。")
def menu() -> None:
    """Menus."""


@menu.command("push", help="把菜单「登记、进度、帮助」推到应用或公众号，原来的菜单被替换。")
@click.argument("names", nargs=-1, metavar="[通道…]")
@config_option
def push(names: Sequence[str], config_path: Path | None) -> None:
    """To the channels that are named, else to all that have a menu."""
    with complaints():
        config = settings(config_path)
        targets = list(names) or _with_menu(config)
        if not targets:
            raise HaitangError("没有配置有菜单的通道：企业微信自建应用或公众号。")
        asyncio.run(_push(config, targets))
    click.echo(f"菜单已推到 {'、'.join(targets)}。重新进入一次就看得到。")


async def _create(config: Config, request: GroupRequest) -> str:
    body = msgspec.json.encode(request)
    chat = await ask(Path(config.storage.path), "POST", "appchat", body)
    if chat is not None:
        return chat.decode()
    from bot.offline import errands  # noqa: PLC0415 - needed only without a service

    async with errands(config, writing=True) as own:
        return await own.create_group(request)


async def _forget(config: Config, name: str, exists: bool) -> None:
    path = Path(config.storage.path)
    if await ask(path, "DELETE", "appchat", name.encode("utf-8", "replace")) is not None:
        return
    from bot.offline import errands  # noqa: PLC0415

    async with errands(config, writing=exists) as own:
        await own.forget_group(name)


async def _push(config: Config, names: Sequence[str]) -> None:
    body = msgspec.json.encode(names)
    if await ask(Path(config.storage.path), "POST", "menu", body) is not None:
        return
    from bot.offline import errands  # noqa: PLC0415

    async with errands(config, writing=False) as own:
        await own.push_menus(names)


def _the_app(config: Config, name: str) -> str:
    apps = list(config.channels.get("wecom_app", ()))
    if name:
        return f"wecom_app/{name}"
    if len(apps) != 1:
        why = f"配了几个应用（{'、'.join(apps)}），用 --app 写哪一个" if apps else "还没有配置"
        raise HaitangError(f"建群要用企业微信自建应用：{why}。")
    return f"wecom_app/{apps[0]}"


def _with_menu(config: Config) -> list[str]:
    return [f"{kind}/{name}" for kind in WITH_MENU for name in config.channels.get(kind, ())]


def table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Lines with columns of equal width; a Chinese sign is as wide as two letters."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for cells in rows:
        padded = (cell + " " * (w - _width(cell)) for cell, w in zip(cells, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
