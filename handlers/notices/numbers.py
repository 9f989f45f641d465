"""几号通知：谁可以动，说错了怎么说。"""

from __future__ import annotations

from bot import (
    STAFF,
    Context,
    DomainError,
    NotAllowed,
    NotFound,
    Notice,
    NotPossible,
    SkipHandler,
    split_number,
)
from handlers.phrases import notice_steps as say
from handlers.phrases.refusals import MAY_NOT_ANNOUNCE

JUDGING = frozenset({"通过", "退回"})


def refuse(ctx: Context, error: DomainError) -> None:
    """One sentence that says what can be done; silence for talk that only looked like a command."""
    command = ctx.command
    if command is None or (not command.marked and ctx.person.role not in STAFF):
        raise SkipHandler
    number = split_number(command.rest)[0]
    match error:
        case NotAllowed():
            ctx.reply(_not_allowed(ctx, command.name, number))
        case NotFound():
            ctx.reply(say.not_found(number) if number else say.no_number(command.name))
        case NotPossible():
            ctx.reply(_not_possible(ctx, number, str(error)))
        case _:
            raise error
    ctx.explain(f"「{command.name}」做不了：{type(error).__name__}")


def for_authors(ctx: Context) -> None:
    """Only those who may announce; others were talking among themselves unless they asked us."""
    if ctx.command is None or (ctx.person.role not in STAFF and not ctx.command.marked):
        raise SkipHandler
    ctx.notices.scope(ctx.person)
    ctx.explain(f"指令「{ctx.command.name}」")


def numbered(ctx: Context) -> tuple[Notice, str]:
    """The notice that a command names, and what stands behind. Raises `NotFound`."""
    for_authors(ctx)
    number, rest = split_number(ctx.command.rest if ctx.command is not None else "")
    if not number.isdigit():
        raise NotFound
    return ctx.notices.find(number, ctx.person), rest.removeprefix("通知").lstrip(" ,:")


def _not_allowed(ctx: Context, command: str, number: str) -> str:
    try:
        ctx.notices.scope(ctx.person)
    except NotAllowed:
        return MAY_NOT_ANNOUNCE
    if command not in JUDGING:
        return say.not_author(number)
    notice = ctx.notices.get(f"n{number}")
    own = notice is not None and notice.author == ctx.person.id
    return say.own_words(number) if own else say.not_yours_to_judge(number)


def _not_possible(ctx: Context, number: str, reason: str) -> str:
    if reason.endswith("。"):
        return reason
    return say.not_now(number, reason)
