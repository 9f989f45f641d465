"""Who hears of a step on an appeal: the group if it may know, who asked, the next in charge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot import (
    FLOW,
    STAFF,
    Act,
    Appeal,
    Audience,
    Context,
    Ear,
    Level,
    Person,
    Role,
    presentable,
)
from handlers.phrases import desk as say
from handlers.phrases import steps

AT_ONCE = timedelta(minutes=5)
_LEVELS = {
    Level.GRID: (Role.GRID_LEAD, Role.GRID_WORKER),
    Level.COMMUNITY: (Role.COMMUNITY,),
    Level.STREET: (Role.STREET,),
}
_UP = frozenset({Act.ESCALATE})
_DECIDE = frozenset({Act.CLAIM})


def spread(
    ctx: Context, appeal: Appeal, public: str, private: str, done: str, *, asked: str = ""
) -> None:
    """Tell those whom a step concerns.

    `public` is for the appeal's group, `private` for those who asked (`asked` for the first of
    them, who is called by name in the group), `done` names the step for the one who took it
    elsewhere; nothing is claimed that was not said.
    """
    group = ctx.people.group_by_id(appeal.group)
    askers = _askers(ctx, appeal)
    open_matter = appeal.audience is Audience.PUBLIC
    aside = _lately(ctx, appeal)
    called = [person.user for person, _ in askers if asked and person.id == appeal.reporter]
    words = {person.id: asked or private for person, _ in askers if person.id == appeal.reporter}
    if open_matter and group is not None and ctx.group is not None and group.id == ctx.group.id:
        ctx.reply("\n".join(filter(None, [public, aside])), mentions=called)
        for person, source in askers:
            if source == "私聊":
                ctx.tell(person, words.get(person.id, private))
        return
    where = ""
    if open_matter and appeal.source != "私聊" and group is not None:
        ctx.announce(group, public, mentions=called)
        where = f"已在{group.name}里说了"
    elif askers:
        for person, _ in askers:
            ctx.tell(person, words.get(person.id, private))
        where = "已告诉反映的人"
    elif _is_out_of_reach(ctx, appeal):
        where = say.UNREACHED
    ctx.reply("\n".join(filter(None, [say.noted(appeal, done, where), aside])))


def _is_out_of_reach(ctx: Context, appeal: Appeal) -> bool:
    """Whether a resident asked who reads no chat: whoever called, came by, or wrote on a page."""
    person = ctx.people.by_id(appeal.reporter)
    return person is not None and person.role is Role.RESIDENT and not ctx.reaches(person)


def tell_next(ctx: Context, act: Act, appeal: Appeal, text: str) -> Sequence[Person]:
    """Tell the next in charge, as the table has it; returns who that is."""
    if Ear.NEXT not in FLOW[act].tells:
        return ()
    found = [person for person in next_in_charge(ctx, act, appeal) if person.id != ctx.person.id]
    for person in found:
        ctx.tell(person, text)
    return found


def next_in_charge(ctx: Context, act: Act, appeal: Appeal) -> Sequence[Person]:
    """Above for what goes up, those who decide for a claim, else who has it in hand."""
    if act in _UP:
        roles = _LEVELS.get(appeal.level, ())
        return ctx.people.with_roles(roles, appeal.area) or ctx.people.on_duty(appeal.area)
    if act in _DECIDE:
        roles = (Role.COMMUNITY,)
        return ctx.people.with_roles(roles, appeal.area) or ctx.people.on_duty(appeal.area)
    handler = ctx.people.by_id(appeal.handler) if appeal.handler else None
    return [handler] if handler is not None else ctx.people.on_duty(appeal.area)


def _askers(ctx: Context, appeal: Appeal) -> list[tuple[Person, str]]:
    """Who asked for it, here or in what was merged into it, and where; the actor left out."""
    found: dict[str, tuple[Person, str]] = {}
    for one in (appeal, *ctx.appeals.merged(appeal)):
        person = ctx.people.by_id(one.reporter)
        if person is not None and person.id != ctx.person.id and ctx.reaches(person):
            found.setdefault(person.id, (person, one.source))
    return list(found.values())


def _lately(ctx: Context, appeal: Appeal) -> str:
    """What somebody else did to it a moment before, for the second of two who act at once."""
    if ctx.person.role not in STAFF:
        return ""
    earlier = ctx.appeals.just_before(appeal, ctx.person, AT_ONCE)
    who = ctx.people.by_id(earlier.actor) if earlier is not None else None
    if earlier is None or who is None or who.role not in STAFF:
        return ""
    minute = f"{earlier.at.hour}:{earlier.at.minute:02}"
    return steps.lately(presentable(who.name), minute, earlier.action)
