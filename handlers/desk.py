"""管家办诉求：清单、详情、受理、转、办结。"""

from __future__ import annotations

from bot import (
    STAFF,
    Appeal,
    Audience,
    Context,
    Filter,
    Form,
    MediaRole,
    Router,
    SkipHandler,
    original_tail,
    presentable,
    split_number,
)
from handlers import photos
from handlers.phrases import desk as say
from handlers.refusals import refuse
from handlers.telling import spread

router = Router("desk", refusal=refuse)

IN_GROUP = 3
IN_PRIVATE = 20
LONGEST_UNIT = 20
LONGEST_RESULT = 200


@router.command("清单", "列表", "待办", "诉求清单", form=Form.ALONE)
def listing(ctx: Context) -> None:
    """The open appeals of this group, or in private of the whole area."""
    ctx.explain("指令「清单」")
    appeals = ctx.appeals.listed(ctx.person, ctx.group, 500)
    if not appeals:
        ctx.reply(say.EMPTY)
        return
    shown = IN_GROUP if ctx.group is not None else IN_PRIVATE
    where = ctx.group.name if ctx.group is not None else ctx.person.area.rpartition("/")[2]
    more = max(0, len(appeals) - shown)
    ctx.reply(say.listing(where, appeals[:shown], more, ctx.private))


@router.command("详情", "查看", form=Form.NUMBER)
def details(ctx: Context) -> None:
    """Everything about one appeal: for staff alone in private, without private data in a group."""
    appeal, _ = _chosen(ctx)
    if appeal is None:
        return
    category = ctx.appeals.category(appeal)
    handler = _name(ctx, appeal.handler)
    if not ctx.private and appeal.audience is not Audience.PUBLIC:
        ctx.reply(say.only_in_private(appeal))
    elif ctx.private and ctx.person.role in STAFF:
        reporter = _name(ctx, appeal.reporter)
        ctx.reply(say.full_details(appeal, category.name, handler, reporter))
    else:
        ctx.reply(say.details(appeal, category.name, handler))


@router.command("受理", "接单", "我来办理", form=Form.NUMBER)
def start(ctx: Context) -> None:
    """受理 12."""
    appeal, _ = _chosen(ctx)
    if appeal is None:
        return
    started = ctx.desk.start(appeal, ctx.person, ctx.cause)
    who = presentable(ctx.person.name)
    spread(ctx, started, say.started(started, who), say.started_private(started, who), "已受理")


@router.command("转办", "转", "派单", "转给", form=Form.NUMBER)
def transfer(ctx: Context) -> None:
    """转办 12 物业."""
    appeal, rest = _chosen(ctx)
    if appeal is None:
        return
    unit = presentable(rest.removeprefix("给"), LONGEST_UNIT).rstrip("。，！")
    if not unit:
        ctx.reply(say.to_whom(appeal))
        return
    moved = ctx.desk.transfer(appeal, unit, ctx.person, ctx.cause)
    spread(ctx, moved, say.transferred(moved), say.transferred_private(moved), f"已转给{unit}")


@router.command("办结", "结案", "完成", "办好", form=Form.NUMBER)
def close(ctx: Context) -> None:
    """办结 12 已换灯泡."""
    appeal, rest = _chosen(ctx)
    if appeal is None:
        return
    result = original_tail(ctx.incoming.text, rest, ctx.names)[:LONGEST_RESULT]
    closed = ctx.desk.close(appeal, result, ctx.person, ctx.cause)
    photos.keep(ctx, closed, MediaRole.AFTER)
    spread(ctx, closed, say.closed(closed), say.closed_private(closed), "已办结")


def _bare_order(ctx: Context) -> bool:
    """Staff typed the word alone."""
    return _word(ctx) in say.WHICH and ctx.person.role in STAFF


@router.on(Filter(_bare_order, "工作人员只打了指令的名字"))
def which(ctx: Context) -> None:
    """受理, and nothing behind: say how it goes on."""
    ctx.explain(f"工作人员只打了「{_word(ctx)}」，告诉怎么接着写")
    ctx.reply(say.WHICH[_word(ctx)])


def _word(ctx: Context) -> str:
    return ctx.text.rstrip(" :,。?")


def _chosen(ctx: Context) -> tuple[Appeal | None, str]:
    """The appeal that a command names and the words behind; asks when it names none."""
    if ctx.command is None:
        raise SkipHandler
    reference, rest = split_number(ctx.command.rest)
    if not reference:
        ctx.explain(f"指令「{ctx.command.name}」没有写编号")
        ctx.reply(say.WHICH[ctx.command.name])
        return None, ""
    ctx.explain(f"指令「{ctx.command.name}」{reference}")
    return ctx.appeals.find(reference, ctx.person, ctx.group), rest


def _name(ctx: Context, person_id: str) -> str:
    person = ctx.people.by_id(person_id) if person_id else None
    return "" if person is None else presentable(person.name)
