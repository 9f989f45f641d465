"""一件事怎么了结：办结、销号、重开、不受理、回头看。"""

from __future__ import annotations

from bot import Act, Context, Faulty, MediaRole, Router, find_term, responsible
from handlers import photos
from handlers.closing import tell_closed
from handlers.phrases import steps as say
from handlers.picking import chosen, numbered
from handlers.refusals import refuse
from handlers.telling import spread, tell_next
from handlers.terms import original

router = Router("ends", refusal=refuse)


@numbered(router, "办结", "结案", "完成", "办好")
def close(ctx: Context) -> None:
    """办结 12 已换灯泡."""
    appeal, rest = chosen(ctx)
    closed = ctx.desk.close(appeal, original(ctx, rest), ctx.person, ctx.cause)
    photos.keep(ctx, closed, MediaRole.AFTER)
    tell_closed(ctx, closed)


@numbered(router, "销号", "确认办结")
def strike(ctx: Context) -> None:
    """销号 12: off the list."""
    appeal, rest = chosen(ctx)
    struck = ctx.desk.confirm(appeal, ctx.person, ctx.cause, original(ctx, rest))
    ctx.reply(say.struck(struck).public)


@numbered(router, "重开", "重新办理")
def reopen(ctx: Context) -> None:
    """重开 12 又不亮了."""
    appeal, rest = chosen(ctx)
    reopened = ctx.desk.reopen(appeal, original(ctx, rest), ctx.person, ctx.cause)
    spread(ctx, reopened, *say.reopened(reopened, rest))
    tell_next(ctx, Act.REOPEN, reopened, say.told_reopened(reopened, rest))


@numbered(router, "不受理", "不予受理")
def decline(ctx: Context) -> None:
    """不受理 12 原因: says who is responsible instead."""
    appeal, rest = chosen(ctx)
    declined = ctx.desk.decline(appeal, original(ctx, rest), ctx.person, ctx.cause)
    instead = responsible(rest, appeal.text)
    ctx.explain(f"由谁负责：{instead or '原因里说了'}")
    spread(ctx, declined, *say.declined(declined, rest, instead))


@numbered(router, "回头看", "复查")
def recheck(ctx: Context) -> None:
    """回头看 12 30天, and later 回头看 12 没有反弹."""
    appeal, rest = chosen(ctx)
    found = find_term(rest, ctx.now, ctx.knowledge.hours.closes)
    if found.at is None and not found.impossible and rest:
        checked = ctx.desk.recheck(appeal, None, ctx.person, ctx.cause, original(ctx, rest))
        ctx.reply(say.rechecked(checked, rest))
        return
    if found.at is None:
        raise Faulty("日期", "impossible" if found.impossible else "missing")
    checked = ctx.desk.recheck(appeal, found.at, ctx.person, ctx.cause, found.rest)
    ctx.reply(say.rechecking(checked))
