"""发布：写好、看一遍、确认。什么时候发说得准，发给谁数得清。"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import (
    LONGEST_NOTICE,
    SHANGHAI,
    STAFF,
    Context,
    Filter,
    Form,
    Group,
    Router,
    SkipHandler,
    Targets,
    Wording,
    Wrong,
    disarmed,
    fault_of,
    fault_of_words,
    is_urgent,
    origin_of,
    original_tail,
    split_variants,
    tag_of,
    tame,
)
from handlers.notices.pictures import gather
from handlers.notices.preview import ask_which, discard_open_draft, show
from handlers.notices.targets import chosen, known_buildings
from handlers.notices.times import Planned, time_in_front
from handlers.phrases import notice_targets
from handlers.phrases import notices as say
from handlers.refusals import refuse

router = Router("notices", refusal=refuse)

HURRY = re.compile(r"^(?:紧急|加急)(?:[\s,:]+|$)")


@router.command("发布", "群发", "发通知", form=Form.TIMED)
def compose(ctx: Context) -> None:
    """发布 [紧急] [到 一群、二群] 明天8:00 [（最多晚30分钟）] 停水通知：…."""
    if ctx.command is None or (not ctx.command.marked and ctx.person.role not in STAFF):
        raise SkipHandler
    ctx.explain("指令「发布」")
    mine = ctx.notices.scope(ctx.person)
    if not ctx.command.rest:
        ctx.reply(say.HOW)
        return
    urgent = HURRY.match(ctx.command.rest)
    order = ctx.command.rest[urgent.end() :] if urgent is not None else ctx.command.rest
    found = chosen(ctx, order, mine)
    if isinstance(found, str):
        ctx.reply(found)
        return
    targets, rest = found
    planned = time_in_front(ctx, rest)
    if isinstance(planned, str):
        ctx.reply(planned)
        return
    own = original_tail(ctx.incoming.text, planned.tail, ctx.names)
    text = own or ctx.notices.forwarded(ctx.incoming, ctx.cause)
    if text and not own:
        ctx.explain("没写内容，用引用的或者刚转来的那条")
    draft(ctx, planned, text, targets, mine, urgent=urgent is not None, relayed=not own)


def _passed_on(ctx: Context) -> bool:
    return (
        ctx.private
        and ctx.person.role in STAFF
        and ctx.incoming.text.lstrip().startswith("【")
        and ctx.notices.is_passed_on(ctx.incoming.text)
    )


@router.on(Filter(_passed_on, "工作人员把一条通知转到私聊"))
def passed_on(ctx: Context) -> None:
    """How it gets from here into the groups."""
    ctx.notices.scope(ctx.person)
    ctx.explain("像是要转发的通知，说怎么发")
    ctx.reply(say.PASSED_ON)


def draft(
    ctx: Context,
    planned: Planned,
    text: str,
    targets: Targets,
    mine: Sequence[Group],
    *,
    urgent: bool = False,
    relayed: bool = False,
) -> None:
    """Show a notice that is whole; or say in one sentence what is wrong with it.

    `text` is as it was typed: what would call everyone or hide a link is made harmless here.
    """
    danger, text = disarmed(text), tame(text)
    wording = _wording(ctx, planned, text, targets, urgent)
    fault = _fault(ctx, planned, text) or _unheard(ctx, wording, mine)
    if fault:
        ctx.reply(fault)
        return
    replaced = discard_open_draft(ctx)
    notice = gather(ctx, ctx.notices.draft(ctx.person, wording, ctx.cause))
    if len(planned.readings) > 1:
        ask_which(ctx, notice, planned)
        return
    notes = (say.REPLACED if replaced else "", say.made_harmless(danger.calls, danger.links))
    show(ctx, notice, planned.immediate, "\n".join(filter(None, notes)), relayed=relayed)


def _wording(ctx: Context, planned: Planned, text: str, targets: Targets, urgent: bool) -> Wording:
    common, variants = split_variants(text, ctx.notices.reach(targets).groups)
    return Wording(
        text=common,
        targets=targets,
        planned_at=planned.at,
        recurrence=planned.recurrence,
        tag=tag_of(text, ctx.knowledge.approved_tags),
        origin=origin_of(text, ctx.now.astimezone(SHANGHAI).date()),
        late=planned.late,
        urgent=urgent or is_urgent(text),
        variants=dict(variants),
    )


def _fault(ctx: Context, planned: Planned, text: str) -> str:
    """What cannot be right about a notice: one sentence; "" when all is well."""
    timed = not planned.immediate and len(planned.readings) < 2
    fault = fault_of(text, planned.at if timed else None, ctx.now)
    match fault.wrong if fault is not None else None:
        case Wrong.EMPTY:
            return say.what(planned.words)
        case Wrong.PASSED:
            return say.passed(planned.at, text)
        case _:
            return faulty_words(text)


def faulty_words(text: str) -> str:
    """A gap that nobody filled, or more than a group reads."""
    fault = fault_of_words(text)
    match fault.wrong if fault is not None else None:
        case Wrong.BLANK if fault is not None:
            return say.left_empty(fault.words)
        case Wrong.LONG:
            return say.too_long(len(text), LONGEST_NOTICE)
        case _:
            return ""


def _unheard(ctx: Context, wording: Wording, mine: Sequence[Group]) -> str:
    """Who could be reached instead of nobody; which of the targets nothing was written for."""
    reach = ctx.notices.reach(wording.targets)
    if not reach.count:
        buildings = known_buildings(mine) if wording.targets.buildings else []
        return notice_targets.nobody([group.name for group in mine], buildings)
    silent = [g.name for g in reach.groups if not wording.variants.get(g.id, wording.text)]
    if silent or (reach.people and not wording.text):
        return say.nothing_for(silent)
    return ""
