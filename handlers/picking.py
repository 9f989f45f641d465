"""哪一条：指令说的是哪件事；同号的、说法对得上好几件的，就问一句，回个数字。"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot import (
    STAFF,
    Appeal,
    Command,
    Context,
    Faulty,
    Form,
    Router,
    SkipHandler,
    split_number,
)
from handlers.phrases import desk as say
from handlers.refusals import NUMBER, TOPIC, refuse

router = Router("picking", refusal=refuse)
Action = Callable[[Context], None]
ACTIONS: dict[str, Action] = {}
"""What each command about one appeal does, for answers to 哪一件 and for orders in own words."""

_CHOICE = re.compile(r"^第?([1-9])(?:[条个件号]|$)[。.!吧]?$")


def numbered(owner: Router, name: str, *aliases: str) -> Callable[[Action], Action]:
    """A command about one appeal: `受理 12`."""

    def decorate(action: Action) -> Action:
        ACTIONS[name] = action
        return owner.command(name, *aliases, form=Form.NUMBER)(action)

    return decorate


def chosen(ctx: Context) -> tuple[Appeal, str]:
    """The appeal that a command names and the words behind. Raises `Faulty` when it names none."""
    if ctx.command is None:
        raise SkipHandler
    reference, rest = split_number(ctx.command.rest)
    if not reference:
        ctx.explain(f"指令「{ctx.command.name}」没有写编号")
        raise Faulty(NUMBER)
    ctx.explain(f"指令「{ctx.command.name}」{reference}")
    return ctx.appeals.find(reference, ctx.person, ctx.group), rest


@router.answer(TOPIC)
def which_one(ctx: Context) -> None:
    """The digit that answers 哪一件: the command is done as if it had named that one."""
    found = _CHOICE.match(ctx.text.strip())
    payload = ctx.dialog.payload if ctx.dialog is not None else {}
    number = payload.get(found.group(1), "") if found is not None else ""
    if not number:
        raise SkipHandler
    ctx.settle_question()
    carry_out(ctx, payload["command"], f"{number} {payload['rest']}".strip())


def carry_out(ctx: Context, name: str, rest: str) -> None:
    """Do a command about one appeal that was not typed as one."""
    ctx.command = Command(name, rest, True)
    ACTIONS[name](ctx)


def _bare(words: str) -> bool:
    return words in say.WHICH


def asks_how(ctx: Context) -> bool:
    """Staff typed the word of a command alone."""
    return _bare(word(ctx)) and ctx.person.role in STAFF


def word(ctx: Context) -> str:
    """The message without its ending."""
    return ctx.text.rstrip(" :,。?")


def names(people: Sequence[str]) -> str:
    """甲、乙."""
    return "、".join(people)
