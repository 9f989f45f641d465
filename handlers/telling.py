"""Who hears of a step on an appeal: the group if it may know, and the one who asked."""

from __future__ import annotations

from bot import Appeal, Audience, Context, Group, Person
from handlers.phrases import desk as say


def spread(ctx: Context, appeal: Appeal, public: str, private: str, done: str) -> None:
    """Tell those whom a step concerns.

    `public` is for the appeal's group, `private` for the one who asked, `done` names the step for
    the one who took it elsewhere; nothing is claimed that was not said.
    """
    group = ctx.people.group_by_id(appeal.group)
    reporter = ctx.people.by_id(appeal.reporter)
    if reporter is not None and reporter.id == ctx.person.id:
        reporter = None
    open_matter = appeal.audience is Audience.PUBLIC
    if open_matter and group is not None and ctx.group is not None and group.id == ctx.group.id:
        ctx.reply(public)
        if appeal.source == "私聊" and reporter is not None:
            ctx.tell(reporter, private)
        return
    announced = group if open_matter and appeal.source == "群" else None
    ctx.reply(say.noted(appeal, done, _told(ctx, announced, reporter, public, private)))


def _told(
    ctx: Context, group: Group | None, reporter: Person | None, public: str, private: str
) -> str:
    """Say it where it belongs; returns where that was."""
    if group is not None:
        ctx.announce(group, public)
        return f"已在{group.name}里说了"
    if reporter is not None:
        ctx.tell(reporter, private)
        return "已告诉反映的人"
    return ""
