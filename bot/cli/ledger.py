"""`haitang ledger` and `haitang report`: files for the office, through the running service."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import click
import msgspec

from bot.cli.options import complaints, config_option, settings
from bot.cli.words import Command, Complaint, Group
from bot.config import Config
from bot.errors import HaitangError
from bot.models import SHANGHAI
from bot.rules.counting import Period, month
from bot.services.papers import FORMS, Form, Kind, Wanted, check
from bot.wire import ask

KINDS = {
    "daily": Kind.DAILY,
    "weekly": Kind.WEEKLY,
    "monthly": Kind.MONTHLY,
    "日报": Kind.DAILY,
    "周报": Kind.WEEKLY,
    "月报": Kind.MONTHLY,
}
FILE = click.Path(path_type=Path)
area_option = click.option(
    "--area", default="", metavar="区域", help="如「海棠街道/春晓社区」；不写就是全部。"
)


@click.group(cls=Group, help="台账的导出、导入和撤回。")
def ledger() -> None:
    """The ledger."""


@ledger.command("export", help="导出台账：.xlsx 是九张表的工作簿，.csv 只有诉求台账。")
@click.argument("file", type=FILE, metavar="文件")
@area_option
@click.option("--month", "of", default="", metavar="年-月", help="如 2023-01；不写就是这个月。")
@click.option("--from", "first", default="", metavar="日期", help="从哪天起，如 2023-01-01。")
@click.option("--to", "last", default="", metavar="日期", help="到哪天止，那天也算。")
@click.option("--full", is_flag=True, help="全本：含不公开的和个人信息，会留痕，不得转发。")
@config_option
def export(
    file: Path, area: str, of: str, first: str, last: str, full: bool, config_path: Path | None
) -> None:
    """The shared copy unless `--full`."""
    period = _period(of, first, last)
    wanted = Wanted(
        kind=Kind.LEDGER,
        form=_form(file, Kind.LEDGER),
        area=area.strip("/"),
        first=period.first,
        last=period.last,
        full=full,
    )
    _fetch(wanted, file, config_path)


@ledger.command("import", help="导入以前的台账（.xlsx、CSV），有一行错就都不导入，导过的不会重复。")
@click.argument("file", type=FILE, metavar="文件")
@click.option("--area", required=True, metavar="区域", help="哪里的，如「海棠街道/春晓社区」。")
@click.option("--dry-run", is_flag=True, help="只试读：逐行说哪里有错，什么也不改。")
@config_option
def import_(file: Path, area: str, dry_run: bool, config_path: Path | None) -> None:
    """All or nothing."""
    with complaints():
        how = "dry" if dry_run else "take"
        told = {"name": file.name, "area": area.strip("/")}
        data = file.read_bytes()
        lines = asyncio.run(_bring(how, told, data, settings(config_path)))
    click.echo("\n".join(lines))


@ledger.command("undo", help="撤回一次导入：那一批不再计入台账；有人办过就撤不了。")
@click.argument("batch", metavar="批次")
@config_option
def undo(batch: str, config_path: Path | None) -> None:
    """What a file brought in is withdrawn."""
    with complaints():
        click.echo(asyncio.run(_undo(batch, settings(config_path))))


@click.command(
    "report", cls=Command, help="出日报、周报、月报（.xlsx、.docx、.txt），不写文件就打印。"
)
@click.argument("kind", metavar="种类")
@click.option("--out", type=FILE, metavar="文件", help="写到哪里，格式看文件名。")
@area_option
@click.option("--date", "of", default="", metavar="日期", help="哪一天所在的；月报不写是上个月。")
@config_option
def report(kind: str, out: Path | None, area: str, of: str, config_path: Path | None) -> None:
    """The paper of the day, week or month around a day."""
    which = KINDS.get(kind)
    if which is None:
        names = "、".join(each for each in KINDS if each.isascii())
        raise Complaint(f"没有「{kind}」这种报表，可以是 {names}。")
    around = _day(of, "--date") if of else _usual(which)
    form = _form(out, which) if out is not None else Form.TEXT
    wanted = Wanted(kind=which, form=form, area=area.strip("/"), first=around, last=around)
    _fetch(wanted, out, config_path)


def _fetch(wanted: Wanted, file: Path | None, config_path: Path | None) -> None:
    with complaints():
        check(wanted)
        data = asyncio.run(_make(wanted, settings(config_path)))
        if file is None:
            click.echo(data.decode(), nl=False)
            return
        file.write_bytes(data)
        click.echo(f"已导出到 {file}。")


async def _make(wanted: Wanted, config: Config) -> bytes:
    path = config.storage.file
    found = await ask(path, "POST", "paper", msgspec.json.encode(wanted))
    if found is not None:
        return found
    if not path.exists():
        raise HaitangError(f"还没有数据：{path} 不存在。先运行 haitang run，或检查 storage.path。")
    from bot.offline import papers  # noqa: PLC0415 - needed only without a service

    async with papers(config) as made:
        return await made.make(wanted)


async def _bring(how: str, told: dict[str, str], data: bytes, config: Config) -> list[str]:
    path = config.storage.file
    found = await ask(path, "POST", f"ledger/{how}?{urlencode(told)}", data)
    if found is not None:
        return found.decode().splitlines()
    from bot.offline import papers  # noqa: PLC0415

    async with papers(config) as made:
        return await made.bring(told["name"], data, told["area"], dry=how == "dry")


async def _undo(batch: str, config: Config) -> str:
    found = await ask(config.storage.file, "DELETE", f"ledger/{quote(batch, safe='')}")
    if found is not None:
        return found.decode()
    from bot.offline import papers  # noqa: PLC0415

    async with papers(config) as made:
        return await made.take_back(batch)


def _form(file: Path, kind: Kind) -> Form:
    """By the ending of the name."""
    ending = file.suffix.lower().removeprefix(".")
    forms = [form for form in FORMS[kind] if form == ending]
    if not forms:
        names = "、".join(f".{form}" for form in FORMS[kind])
        raise Complaint(f"文件「{file.name}」看不出格式，文件名请以 {names} 结尾。")
    return forms[0]


def _period(of: str, first: str, last: str) -> Period:
    today = datetime.now(SHANGHAI).date()
    if of and (first or last):
        raise Complaint("--month 和 --from、--to 只能用一样。")
    if bool(first) != bool(last):
        raise Complaint("--from 和 --to 要一起写。")
    if first:
        return Period(_day(first, "--from"), _day(last, "--to"))
    if not of:
        return month(today.year, today.month)
    try:
        begins = date.fromisoformat(f"{of}-01")
    except ValueError:
        raise Complaint(f"--month 的月份「{of}」看不懂，请写成 2023-01 这样。") from None
    return month(begins.year, begins.month)


def _usual(kind: Kind) -> date:
    """Today; for the month the one that is over."""
    today = datetime.now(SHANGHAI).date()
    return today.replace(day=1) - timedelta(days=1) if kind is Kind.MONTHLY else today


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Complaint(f"{option} 的日期「{text}」看不懂，请写成 2023-01-05 这样。") from None
