"""双向认领和上报：共建单位认领，社区确认；办不了的往上报，答复记下来。"""

from __future__ import annotations

import re

from bot import (
    LADDER,
    STAFF,
    Act,
    Context,
    Faulty,
    Form,
    Level,
    Router,
    above,
    presentable,
)
from handlers.desk_work import start
from handlers.phrases import partners as say
from handlers.phrases import steps
from handlers.picking import chosen, numbered
from handlers.refusals import refuse
from handlers.telling import spread, tell_next
from handlers.terms import original

router = Router("partners", refusal=refuse)

VENUES = {
    "社情民意联系日": "社情民意联系日",
    "社情民意接待日": "社情民意联系日",
    "联系日": "社情民意联系日",
    "人大代表周周行": "人大代表周周行",
    "周周行": "人大代表周周行",
    "人大代表": "人大代表周周行",
    "街道大工委": "大工委",
    "大工委": "大工委",
}
_TO = re.compile(
    rf"^(?:到|给|至)?\s*({'|'.join(VENUES)}|{'|'.join(LADDER[1:])})(?:居委会|办事处)?[ ,.。:,，]*"
)
IN_GROUP = 3
IN_PRIVATE = 20


@numbered(router, "认领", "揭榜")
def claim(ctx: Context) -> None:
    """认领 12: a partner unit's; for staff it is 受理."""
    if ctx.person.role in STAFF:
        start(ctx)
        return
    appeal, _ = chosen(ctx)
    claimed = ctx.desk.claim(appeal, ctx.person, ctx.cause)
    ctx.reply(say.claimed(claimed))
    tell_next(ctx, Act.CLAIM, claimed, say.told_claimed(claimed))


@numbered(router, "确认认领", "同意认领")
def confirm(ctx: Context) -> None:
    """确认认领 12."""
    appeal, _ = chosen(ctx)
    confirmed = ctx.desk.confirm_claim(appeal, ctx.person, ctx.cause)
    spread(ctx, confirmed, *say.confirmed(confirmed))
    partner = ctx.people.by_id(confirmed.claimed_by)
    if partner is not None:
        ctx.tell(partner, say.told_confirmed(confirmed))


@numbered(router, "退回认领", "不同意认领")
def give_back(ctx: Context) -> None:
    """退回认领 12 原因."""
    appeal, rest = chosen(ctx)
    ctx.desk.return_claim(appeal, original(ctx, rest), ctx.person, ctx.cause)
    ctx.reply(say.returned(appeal, appeal.claimant))
    partner = ctx.people.by_id(appeal.claimed_by)
    if partner is not None:
        ctx.tell(partner, say.told_returned(appeal, rest))


@numbered(router, "上报", "上报网格", "上交")
def escalate(ctx: Context) -> None:
    """上报 12 大工委 原因; without a place one step up."""
    appeal, rest = chosen(ctx)
    found = _TO.match(rest)
    place = found.group(1) if found else ""
    reason = rest[found.end() :] if found else rest
    venue = VENUES.get(place, "")
    next_up = above(appeal.level) or Level.STREET
    level = Level.STREET if venue else Level(place) if place else next_up
    raised = ctx.desk.escalate(appeal, level, venue, original(ctx, reason), ctx.person, ctx.cause)
    to = venue or raised.level
    spread(ctx, raised, *steps.escalated(raised, to, reason))
    who = presentable(ctx.person.name)
    tell_next(ctx, Act.ESCALATE, raised, steps.told_above(who, raised, to, reason))


@numbered(router, "答复")
def answer(ctx: Context) -> None:
    """答复 12 下月改造: what came back from where it was brought up."""
    appeal, rest = chosen(ctx)
    if not rest:
        raise Faulty("内容")
    answered = ctx.desk.answer(appeal, original(ctx, rest), ctx.person, ctx.cause)
    spread(ctx, answered, *steps.answered(answered))
    tell_next(ctx, Act.ANSWER, answered, steps.answered(answered).public)


@router.command("上报清单", "上报列表", form=Form.ALONE)
def brought_up(ctx: Context) -> None:
    """What was brought up, when, and what was answered."""
    ctx.explain("指令「上报清单」")
    appeals = ctx.appeals.brought_up(ctx.person, ctx.group, 200)
    if not appeals:
        ctx.reply(say.NOTHING_UP)
        return
    shown = IN_PRIVATE if ctx.private else IN_GROUP
    where = ctx.group.name if ctx.group is not None else ctx.person.area.rpartition("/")[2]
    ctx.reply(say.brought_up(where, appeals[:shown], max(0, len(appeals) - shown)))
