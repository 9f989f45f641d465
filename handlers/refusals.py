"""When something cannot be done: one sentence that says what can."""

from __future__ import annotations

from bot import (
    STAFF,
    Ambiguous,
    Context,
    DomainError,
    NotAllowed,
    NotFound,
    NotPossible,
    SkipHandler,
    split_number,
)
from handlers.phrases import refusals as say

ANNOUNCING = frozenset({"发布", "通知清单", "取消通知"})
TAKING_BACK = frozenset({"撤销", "撤回"})


def refuse(ctx: Context, error: DomainError) -> None:
    """Answer a refusal; stay silent when it was ordinary talk that only looked like a command."""
    command = ctx.command
    if command is None:
        raise SkipHandler
    number, rest = split_number(command.rest)
    match error:
        case NotAllowed():
            ctx.reply(_not_allowed(ctx, command.name, number))
        case NotFound() if not command.marked and ctx.person.role not in STAFF:
            raise SkipHandler
        case NotFound():
            ctx.reply(say.not_found(number, ctx.group is not None, ctx.person.role in STAFF))
        case Ambiguous():
            ctx.reply(say.ambiguous(command.name, error.candidates, rest))
        case NotPossible():
            ctx.reply(say.not_possible(number, str(error), error.possible))
        case _:
            raise error
    ctx.explain(f"「{command.name}」做不了：{type(error).__name__}")


def _not_allowed(ctx: Context, command: str, number: str) -> str:
    if command in ANNOUNCING:
        return say.MAY_NOT_ANNOUNCE
    if ctx.person.role in STAFF:
        return say.other_area(number)
    return say.not_own(number) if command in TAKING_BACK else say.not_allowed(command, number)
