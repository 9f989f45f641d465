"""When something cannot be done: one sentence that says what can."""

from __future__ import annotations

from bot import (
    SHANGHAI,
    STAFF,
    Ambiguous,
    Appeal,
    Context,
    DomainError,
    Faulty,
    NotAllowed,
    NotFound,
    NotPossible,
    Role,
    SkipHandler,
    presentable,
    say_when,
    split_number,
)
from handlers.phrases import desk, faults
from handlers.phrases import refusals as say

ANNOUNCING = frozenset({"发布", "通知清单", "取消通知"})
TAKING_BACK = frozenset({"撤销", "撤回"})
DECIDING = frozenset({"不受理", "确认认领", "退回认领", "答复"})
NUMBER = "编号"
TOPIC = "which.appeal"
MOST = 5


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
            wanted = str(error) or number
            ctx.reply(say.not_found(wanted, ctx.group is not None, ctx.person.role in STAFF))
        case Ambiguous():
            _ask_which(ctx, command.name, error.candidates, rest)
        case NotPossible():
            ctx.reply(_not_possible(ctx, number, error))
        case Faulty():
            ctx.reply(_faulty(command.name, number, rest, error))
        case _:
            raise error
    ctx.explain(f"「{command.name}」做不了：{type(error).__name__}")


def _not_allowed(ctx: Context, command: str, number: str) -> str:
    if command in ANNOUNCING:
        return say.MAY_NOT_ANNOUNCE
    if ctx.person.role in STAFF:
        inside = number and _inside(ctx, number)
        return say.not_mine_to_decide(command, number) if inside else say.other_area(number)
    if ctx.person.role is Role.PARTNER and command == "认领":
        return say.not_of_your_kind(number)
    return say.not_own(number) if command in TAKING_BACK else say.not_allowed(command, number)


def _inside(ctx: Context, number: str) -> bool:
    """Whether the refused matter lies in one's own area, so that only the role was too small."""
    try:
        appeal = ctx.appeals.find(number, ctx.person, ctx.group)
    except DomainError:
        return False
    return ctx.desk.standing(appeal, ctx.person).inside


def _ask_which(ctx: Context, command: str, candidates: tuple[str, ...], rest: str) -> None:
    """哪一件: a numbered question, whose digit does the command."""
    found = [_numbered(ctx, number) for number in candidates[:MOST]]
    if not all(found):  # people, not appeals
        ctx.reply(say.several_called(candidates))
        return
    payload = {str(index): number for index, number in enumerate(candidates[:MOST], 1)}
    lines = [
        say.candidate(index, appeal, ctx.people.group_name(appeal.group))
        for index, appeal in enumerate((a for a in found if a is not None), 1)
    ]
    ctx.ask(say.which_one(lines), TOPIC, payload | {"command": command, "rest": rest})


def _numbered(ctx: Context, number: str) -> Appeal | None:
    try:
        return ctx.appeals.find(number, ctx.person, ctx.group) if number[:2] == "SQ" else None
    except DomainError:
        return None


def _not_possible(ctx: Context, number: str, error: NotPossible) -> str:
    who = ctx.people.by_id(error.who) if error.who else None
    done = ""
    if error.at is not None and error.did and who is not None:
        name = "您" if who.id == ctx.person.id else presentable(who.name)
        same_day = error.at.date() == ctx.now.astimezone(SHANGHAI).date()
        when = f"{error.at.hour}:{error.at.minute:02}" if same_day else say_when(error.at)
        done = say.done_by(name, when, error.did)
    return say.not_possible(number, str(error), error.possible, done)


def _faulty(command: str, number: str, rest: str, error: Faulty) -> str:
    if error.what == NUMBER or not number:
        return desk.WHICH.get(command, desk.WHICH["详情"])
    return faults.faulty(command, number, presentable(rest, 40), error.what, error.why)
