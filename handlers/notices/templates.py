"""模板：停水、疫苗、入户……填几项就成一条通知，再走和「发布」一样的路。"""

from __future__ import annotations

from collections.abc import Sequence

from bot import (
    STAFF,
    Context,
    Form,
    Group,
    NoticeTemplate,
    Router,
    SkipHandler,
    Targets,
    nearest,
    original_tail,
)
from handlers.notices.compose import draft
from handlers.notices.targets import chosen
from handlers.notices.times import Planned, at_once, time_in_front
from handlers.phrases import notice_templates as say
from handlers.refusals import refuse

router = Router("notices.templates", refusal=refuse)


@router.command("模板", "模版", "通知模板", form=Form.LISTED)
def fill(ctx: Context) -> None:
    """模板 停水 [到 一群] [明天8:00] 时间：… 范围：…."""
    if ctx.command is None or (not ctx.command.marked and ctx.person.role not in STAFF):
        raise SkipHandler
    ctx.explain("指令「模板」")
    mine = ctx.notices.scope(ctx.person)
    rest = ctx.command.rest
    found = ctx.notices.template(rest)
    if found is None:
        ctx.reply(_which(ctx, rest))
        return
    template, behind = found
    if not behind:
        ctx.reply(say.how(template))
        return
    text = _text(ctx, template, behind)
    order = _order(ctx, template, behind, mine)
    if text is not None and order is not None:
        targets, planned = order
        draft(ctx, planned, text, targets, mine, urgent=template.urgent)


def _which(ctx: Context, rest: str) -> str:
    names = [one.name for one in ctx.notices.templates]
    if not rest:
        return say.listed(names)
    word = rest.split(maxsplit=1)[0]
    return say.unknown(word, names, nearest(word, names))


def _text(ctx: Context, template: NoticeTemplate, behind: str) -> str | None:
    """The filled notice; None when something about a field had to be said."""
    typed = template.read(original_tail(ctx.incoming.text, behind, ctx.names))
    if typed.strange:
        ctx.reply(say.strange(template, typed.strange))
        return None
    done = ctx.notices.complete(template, typed.values)
    if done.missing:
        ctx.explain("模板还差：" + "、".join(one.name for one in done.missing))
        ctx.reply(say.missing(template, typed.head, typed.values, done.missing))
        return None
    if done.fault:
        ctx.explain(f"模板的「{done.faulty}」不对")
        ctx.reply(say.faulty(template, typed.head, typed.values, done))
        return None
    return done.text


def _order(
    ctx: Context, template: NoticeTemplate, behind: str, mine: Sequence[Group]
) -> tuple[Targets, Planned] | None:
    """Whom it is for and when it goes out: what stands before the first field."""
    head = template.read(behind).head
    found = chosen(ctx, head, mine)
    if isinstance(found, str):
        ctx.reply(found)
        return None
    targets, when = found
    planned = time_in_front(ctx, when) if when else at_once(ctx)
    if isinstance(planned, str) or planned.tail:
        ctx.reply(say.no_order(template, when))
        return None
    return targets, planned
