"""管家用自己的话下指令：「12号转给物业」「把楼道堆物那条延期到下周三，等业主回来」。"""

from __future__ import annotations

from bot import (
    STAFF,
    Ambiguous,
    Command,
    Context,
    Filter,
    NotFound,
    Router,
    SkipHandler,
    find_order,
)
from handlers.picking import carry_out
from handlers.refusals import refuse

router = Router("spoken", refusal=refuse)


def _ordered(ctx: Context) -> bool:
    return ctx.person.role in STAFF and ctx.command is None and find_order(ctx.text) is not None


@router.on(Filter(_ordered, "工作人员用自己的话下指令"))
def in_own_words(ctx: Context) -> None:
    """Only staff, only precise, only about a matter that there is; else it was talk."""
    order = find_order(ctx.text)
    if order is None:
        raise SkipHandler
    number = order.number or _described(ctx, order.command, order.description, order.rest)
    try:
        ctx.appeals.find(number, ctx.person, ctx.group)
    except NotFound:
        if not ctx.addressed:
            ctx.explain("像指令，但没有这一条，不打扰")
            raise SkipHandler from None
        raise
    except Ambiguous:
        pass  # asked below, by the command itself
    ctx.explain(f"听成指令「{order.command} {number} {order.rest}」".replace(" 」", "」"))
    carry_out(ctx, order.command, f"{number} {order.rest}".strip())


def _described(ctx: Context, command: str, words: str, rest: str) -> str:
    """The full number of the one matter that a description fits. Raises `Ambiguous`."""
    found = ctx.appeals.described(words, ctx.person, ctx.group)
    if not found:
        ctx.explain(f"没有对得上「{words}」的事，不打扰")
        raise SkipHandler
    if len(found) > 1:
        ctx.command = Command(command, rest, True)
        raise Ambiguous([appeal.number for appeal in found])
    return found[0].number
