"""管家看诉求：清单、详情、历史，和只给自己人看的备注。"""

from __future__ import annotations

from bot import (
    STAFF,
    Audience,
    Context,
    Filter,
    Form,
    NotAllowed,
    Role,
    Router,
    SkipHandler,
    presentable,
)
from handlers.phrases import desk as say
from handlers.phrases import history as told
from handlers.phrases import partners, steps
from handlers.picking import asks_how, chosen, numbered, word
from handlers.refusals import refuse
from handlers.terms import original

router = Router("desk", refusal=refuse)
hints = Router("hints", refusal=refuse)

IN_GROUP = 3
IN_PRIVATE = 20


@router.command("清单", "列表", "待办", "诉求清单", form=Form.LISTED)
def listing(ctx: Context) -> None:
    """The open appeals of this group, or in private of the whole area; 清单 超期 some of them."""
    wish = ctx.command.rest.strip(" 。.?") if ctx.command is not None else ""
    appeals = ctx.appeals.listed(ctx.person, ctx.group, 500)
    narrowed = ctx.appeals.narrowed(appeals, wish, ctx.person)
    if narrowed is None:
        if ctx.command is not None and not ctx.command.marked:
            raise SkipHandler
        ctx.reply(say.no_such_list(presentable(wish, 12)))
        return
    ctx.explain(f"指令「清单」{wish}")
    if not narrowed:
        ctx.reply(_nothing(ctx, wish))
        return
    shown = IN_GROUP if ctx.group is not None else IN_PRIVATE
    where = ctx.group.name if ctx.group is not None else ctx.person.area.rpartition("/")[2]
    more = max(0, len(narrowed) - shown)
    ctx.reply(say.listing(where, narrowed[:shown], more, ctx.private, wish))


@numbered(router, "详情", "查看")
def details(ctx: Context) -> None:
    """Everything about one appeal: for staff alone in private, without private data in a group."""
    appeal, _ = chosen(ctx)
    category = ctx.appeals.category(appeal)
    handler = _name(ctx, appeal.handler)
    if not ctx.private and appeal.audience is not Audience.PUBLIC:
        ctx.reply(say.only_in_private(appeal))
        return
    around = say.around(appeal, ctx.appeals.around(appeal))
    if ctx.private and ctx.person.role in STAFF:
        ctx.audit.viewed(ctx.person, appeal)
        reporter = _name(ctx, appeal.reporter)
        text = say.full_details(appeal, category.name, handler, reporter)
        remarks = [(_name(ctx, note.author), note.text) for note in ctx.appeals.notes(appeal)]
        ctx.reply("\n".join([text, *around, *say.remarks(remarks)]))
    else:
        ctx.reply(say.details(appeal, category.name, handler))


@numbered(router, "历史", "经过", "办理经过")
def history(ctx: Context) -> None:
    """历史 12: who did what when, and why; remarks only for staff in private."""
    appeal, _ = chosen(ctx)
    staff = ctx.person.role in STAFF
    if not staff and ctx.person.id != appeal.reporter:
        raise NotAllowed("历史")
    if not ctx.private and appeal.audience is not Audience.PUBLIC:
        ctx.reply(steps.in_private_only(appeal, "历史"))
        return
    inside = staff and ctx.private
    if inside:
        ctx.audit.viewed(ctx.person, appeal)
    lines = [
        told.line(event, _name(ctx, event.actor), inside)
        for event in ctx.appeals.history(appeal)
        if inside or told.is_public(event)
    ]
    shown = lines if ctx.private else lines[-IN_GROUP:]
    ctx.reply(told.told(appeal, shown, len(lines) - len(shown)))


@numbered(router, "备注", "内部备注")
def remark(ctx: Context) -> None:
    """备注 12 业主周末才在家: for staff only."""
    appeal, rest = chosen(ctx)
    ctx.desk.remark(appeal, original(ctx, rest), ctx.person, ctx.cause)
    ctx.reply(steps.noted(appeal))


@hints.on(Filter(asks_how, "工作人员只打了指令的名字"))
def which(ctx: Context) -> None:
    """受理, and nothing behind: say how it goes on."""
    ctx.explain(f"工作人员只打了「{word(ctx)}」，告诉怎么接着写")
    ctx.reply(say.WHICH[word(ctx)])


def _nothing(ctx: Context, wish: str) -> str:
    if ctx.person.role is Role.PARTNER:
        return partners.NOTHING_OPEN
    return say.nothing_of(wish) if wish else say.EMPTY


def _name(ctx: Context, person_id: str) -> str:
    person = ctx.people.by_id(person_id) if person_id else None
    return "" if person is None else presentable(person.name)
