"""群：新群等着绑定到网格，管家绑定、解绑、改听法，工作人员看有哪些群。"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot import (
    STAFF,
    Ambiguous,
    Context,
    DomainError,
    Form,
    Group,
    GroupState,
    Listen,
    NotAllowed,
    NotFound,
    NotPossible,
    Router,
    SkipHandler,
    always,
    nearest,
)
from handlers.phrases import groups as say

IN_GROUP = 3
# Two bots that call each other in a group that nobody bound would never end.
QUIET = 600
IN_PRIVATE = 40


def refuse(ctx: Context, error: DomainError) -> None:
    """Say no to those who meant it; a resident's 「绑定 银行卡」 was talk."""
    command = ctx.command
    if command is None or not (command.marked or ctx.person.role in STAFF):
        raise SkipHandler
    ctx.explain(f"「{command.name}」做不了：{type(error).__name__}")
    own = ctx.groups.areas(ctx.person)
    match error:
        case NotAllowed() if ctx.person.role not in STAFF:
            ctx.reply(_only_staff(ctx))
        case NotAllowed():
            ctx.reply(say.foreign(command.rest or "这个群", own))
        case NotFound() if own:
            ctx.reply(say.no_such_area(command.rest, _alike(command.rest, own)))
        case NotFound():
            ctx.reply(say.NO_AREAS)
        case Ambiguous():
            ctx.reply(say.several(error.candidates))
        case NotPossible():
            ctx.reply(str(error))
        case _:
            raise error


router = Router("groups", refusal=refuse, states=GroupState)
waiting = Router("waiting", states=[GroupState.PENDING])


@router.command("绑定", "绑定网格", "绑到", form=Form.TEXT)
def bind(ctx: Context) -> None:
    """绑定 玉景湾社区/第3微网格, said in the group that it is about."""
    group, rest = _here(ctx)
    if not rest:
        ctx.explain("没说绑到哪里")
        own = ctx.groups.areas(ctx.person)
        ctx.reply(say.which(own[-3:]) if own else say.NO_AREAS)
        return
    area = ctx.groups.find_area(rest, ctx.person)
    moved = ctx.groups.bind(group, area, ctx.person, ctx.cause)
    ctx.explain(f"本群绑定到 {area}")
    ctx.reply(say.bound(area, moved))


@router.command("解绑", "解除绑定", form=Form.ALONE)
def unbind(ctx: Context) -> None:
    """The bot is not wanted here any more."""
    group, _ = _here(ctx)
    ctx.groups.unbind(group, ctx.person, ctx.cause)
    ctx.explain("本群解绑")
    ctx.reply(say.UNBOUND)


@router.command("群清单", "有哪些群", "群列表", form=Form.ALONE)
def listing(ctx: Context) -> None:
    """The groups of one's range, those that wait for binding first."""
    ctx.explain("指令「群清单」")
    groups = ctx.groups.listed(ctx.person)
    shown = IN_PRIVATE if ctx.private else IN_GROUP
    ctx.reply(say.listing(groups, shown) if groups else say.NO_GROUPS)


def _listening(how: Listen) -> Callable[[Context], None]:
    def switch(ctx: Context) -> None:
        group, _ = _here(ctx)
        if group.state is not GroupState.BOUND:
            raise NotPossible("这个群还没绑定，先绑定再定听法。")
        changed = ctx.groups.listen(group, how, ctx.person, ctx.cause)
        ctx.explain(f"本群听法：{say.HEARD[how]}")
        ctx.reply(say.LISTENING[how] if changed else say.SAME)

    switch.__name__ = f"listen_{how.value}"
    return switch


router.command("本群只听@", "本群只听", "本群只听艾特", form=Form.ALONE)(_listening(Listen.MENTION))
router.command("本群听指令", "本群只听指令", form=Form.ALONE)(_listening(Listen.COMMANDS))
router.command("本群都听", "本群全听", form=Form.ALONE)(_listening(Listen.ALL))


@waiting.on(always())
def not_yet(ctx: Context) -> None:
    """Somebody speaks to the bot where it has no area: say what is missing, and to staff once."""
    if not (ctx.addressed or (ctx.command is not None and ctx.command.marked)):
        raise SkipHandler
    ctx.explain("新群，还没有绑定到网格")
    chat = f"{ctx.incoming.channel}/{ctx.incoming.chat}"
    if not ctx.reply(say.WAITING, once=f"waiting/{chat}/{int(ctx.now.timestamp()) // QUIET}"):
        ctx.explain("刚说过怎么绑定，不重复")
    announce_waiting(ctx)


def announce_waiting(ctx: Context) -> None:
    """Tell those who could bind this group that it waits, each of them once."""
    if ctx.group is None or ctx.group.state is not GroupState.PENDING:
        return
    told = 0
    for person in ctx.groups.concerned(ctx.group):
        if person.id != ctx.person.id:
            text = say.waits(ctx.group, person.area)
            told += ctx.tell(person, text, once=f"waiting/{ctx.group.id}/{person.id}")
    if told:
        ctx.explain(f"私下告诉{told}位工作人员有新群")


def _here(ctx: Context) -> tuple[Group, str]:
    """The group that a command is about, and what was written behind it."""
    rest = ctx.command.rest if ctx.command is not None else ""
    if ctx.group is None:
        raise NotPossible(say.ONLY_IN_GROUPS)
    if ctx.person.role not in STAFF:
        raise NotAllowed("绑定")
    return ctx.group, rest


def _only_staff(ctx: Context) -> str:
    if ctx.command is not None and ctx.command.name == "群清单":
        return say.ONLY_STAFF_SEE
    pending = ctx.group is not None and ctx.group.state is GroupState.PENDING
    return say.ONLY_STAFF_HERE if pending else say.ONLY_STAFF


def _alike(words: str, areas: Sequence[str]) -> Sequence[str]:
    """The areas whose names are most like these words; without any likeness the first ones."""
    best = nearest(words, [say.tail(area) for area in areas])
    likely = [area for area in areas if say.tail(area) == best]
    return [*likely, *(area for area in areas if area not in likely)]
