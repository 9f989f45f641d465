"""Taking a matter down: what is recorded, what is asked, and what this chat may hear of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot import (
    Appeal,
    Audience,
    Category,
    Context,
    Intent,
    MediaRole,
    Person,
    Place,
    Publicity,
    Report,
    State,
    Urgency,
    is_landmark,
    is_personal,
    summarise,
)
from handlers import photos
from handlers.phrases import appeals as say

TOPIC = "appeal.place"
OTHER = "QT"
CARE = "YLZC"


def take_down(ctx: Context, words: str, category: Category | None = None) -> None:
    """Record a matter, then say what this chat may hear about it."""
    category = category or guess(ctx)
    place = ctx.meaning.place
    wish = ctx.meaning.judgement.intent is Intent.SUGGESTION
    audience = _audience(ctx, category, wish)
    appeal = ctx.appeals.record(
        Report(
            text=words,
            summary=summarise(words),
            category=category,
            place=place,
            reporter=ctx.person,
            group=ctx.group or ctx.people.home_group(ctx.person),
            source="群" if ctx.group is not None else "私聊",
            needs_place=not wish and audience is Audience.PUBLIC and not _located(category, place),
            urgency=Urgency.P3 if wish else None,
            audience=audience,
            cause=ctx.cause,
        )
    )
    photos.keep(ctx, appeal, MediaRole.BEFORE)
    ctx.explain(f"类别「{category.name}」，地点「{place.public or '没说'}」，编号 {appeal.number}")
    if appeal.state is State.NEEDS_INFO:
        ctx.explain("缺地点，只问这一个问题")
        payload = {"appeal": appeal.id, "about": _thing(ctx)}
        ctx.ask(say.which_building(appeal.summary), TOPIC, payload)
        return
    acknowledge(ctx, appeal)


def acknowledge(ctx: Context, appeal: Appeal) -> None:
    """The receipt; private matters get none in the group, and those on duty are told."""
    others = duty(ctx, appeal.area)
    if appeal.audience is not Audience.PUBLIC:
        ctx.explain("不便公开的事，群里不重复内容，私下告诉值守人员")
        ctx.reply(say.in_confidence(appeal.number if ctx.private else "", told=bool(others)))
        where = ctx.group.name if ctx.group is not None else "私聊"
        for person in others:
            ctx.tell(person, say.told_in_private(where, ctx.person.name, appeal))
        return
    category = ctx.appeals.category(appeal)
    by_day = category.due.endswith("wd")
    estimated = by_day and ctx.knowledge.calendar.is_estimated(appeal.due_at.date())
    ctx.reply(
        say.receipt(appeal, category.short, by_day=by_day, estimated=estimated, private=ctx.private)
    )
    if ctx.private:
        for person in others:
            ctx.tell(person, say.told_elsewhere(ctx.person.name, appeal))


def guess(ctx: Context) -> Category:
    """What the message is about; 其他 when nothing speaks for anything."""
    found = ctx.meaning.categories
    return ctx.knowledge.taxonomy.get(found[0].code if found else OTHER)


def care_category(ctx: Context) -> Category:
    """Where a personal matter belongs: the best private category, else 帮扶."""
    rows = (ctx.knowledge.taxonomy.get(match.code) for match in ctx.meaning.categories)
    private = (row for row in rows if row.public in {Publicity.NEVER, Publicity.NEVER_IF_CASE})
    return next(private, ctx.knowledge.taxonomy.get(CARE))


def duty(ctx: Context, area: str) -> Sequence[Person]:
    """Who is to be told, the speaker left out."""
    return [person for person in ctx.people.on_duty(area) if person.id != ctx.person.id]


def _audience(ctx: Context, category: Category, wish: bool) -> Audience:
    """Who may read it: some categories and everything about a person are private."""
    case = category.public is Publicity.NEVER_IF_CASE and not wish
    if category.public is Publicity.NEVER or case or is_personal(ctx.text):
        return Audience.PRIVATE
    return Audience.PUBLIC


def _located(category: Category, place: Place) -> bool:
    """Whether the place is known well enough to send somebody there."""
    return category.place == "none" or place.building != "" or is_landmark(place.spot)


def _thing(ctx: Context) -> str:
    """What the fault is said of, as the trace names it: 事物「路灯」 → 路灯."""
    named = [clue for clue in ctx.meaning.judgement.evidence if clue.startswith("事物「")]
    return named[0][3:-1] if named else ""
