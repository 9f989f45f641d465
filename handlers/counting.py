"""台账和月报的数字，私下说一句；志愿服务记一笔，月底加得出来。"""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot import (
    SHANGHAI,
    STAFF,
    Context,
    Form,
    Role,
    Router,
    SkipHandler,
    find_work,
    month,
    presentable,
)
from handlers.phrases import counting as say
from handlers.refusals import refuse

router = Router("counting", refusal=refuse)

_MONTH = re.compile(r"(?:(20\d\d)\s*[年/.-]\s*)?(1[0-2]|0?[1-9])\s*月?(?:份)?$")
SERVING = STAFF | {Role.VOLUNTEER, Role.PARTNER}


@router.command("台账", "民情台账", "台账数字", form=Form.LISTED)
def ledger(ctx: Context) -> None:
    """台账: this month so far, in one sentence, for staff in private."""
    if not _in_private(ctx):
        return
    today = ctx.now.astimezone(SHANGHAI).date()
    ctx.explain("指令「台账」，本月的数")
    ctx.reply(say.figures(ctx.papers.sentences(today, ctx.person), files=True))


@router.command("月报", "月度报告", form=Form.LISTED)
def monthly(ctx: Context) -> None:
    """月报: the month that is over; 月报 10月: another one."""
    if not _in_private(ctx):
        return
    today = ctx.now.astimezone(SHANGHAI).date()
    wish = ctx.command.rest if ctx.command is not None else ""
    of = _asked(wish, today)
    if of is None:
        ctx.reply(say.NO_SUCH_MONTH)
        return
    ctx.explain(f"指令「月报」，{of.year}年{of.month}月")
    ctx.reply(say.figures(ctx.papers.sentences(of, ctx.person), files=True))


@router.command("服务", "志愿服务", "服务记录", form=Form.TEXT)
def served(ctx: Context) -> None:
    """服务 6人 2小时 清理楼道."""
    if ctx.command is None or ctx.person.role not in SERVING:
        raise SkipHandler
    work = find_work(ctx.command.rest)
    if work is None:
        if not ctx.command.marked:
            raise SkipHandler
        ctx.reply(say.HOW_TO_SERVE)
        return
    words = presentable(work.what, 60)
    service = ctx.volunteering.record(
        ctx.person, ctx.area, work.people, work.minutes, words, ctx.cause
    )
    ctx.explain("指令「服务」，记下一次志愿服务")
    ctx.reply(say.served(service, ctx.volunteering.hours(ctx.area, month(*_now(ctx)))))


def _in_private(ctx: Context) -> bool:
    """Figures of an area are said to its staff alone, and not in front of a group."""
    if ctx.person.role not in STAFF:
        raise SkipHandler
    if not ctx.private:
        if ctx.command is None or not ctx.command.marked:
            raise SkipHandler
        ctx.reply(say.IN_PRIVATE)
    return ctx.private


def _asked(wish: str, today: date) -> date | None:
    """A day of the month that is meant; without words of the one that is over."""
    if not wish or wish in {"上月", "上个月"}:
        return today.replace(day=1) - timedelta(days=1)
    if wish in {"本月", "这个月", "这月"}:
        return today
    found = _MONTH.match(wish)
    if found is None:
        return None
    number = int(found[2])
    year = int(found[1]) if found[1] else today.year - (number > today.month)
    return date(year, number, 1)


def _now(ctx: Context) -> tuple[int, int]:
    today = ctx.now.astimezone(SHANGHAI)
    return today.year, today.month
