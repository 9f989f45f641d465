"""Taking a matter down: what is recorded, what is asked, and what this chat may hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot import (
    H5,
    STAFF,
    Act,
    Appeal,
    Audience,
    Category,
    CategoryMatch,
    Context,
    Intent,
    Kind,
    Matter,
    MediaRole,
    Person,
    Place,
    Publicity,
    Report,
    State,
    Urgency,
    is_landmark,
    is_personal,
    presentable,
    summarise,
)
from handlers import photos
from handlers.phrases import appeals as say
from handlers.phrases import progress, steps
from handlers.phrases.privacy import FIRST_LINE
from handlers.telling import tell_next

TOPIC = "appeal.place"
OTHER = "QT"
CARE = "YLZC"
# So many in an hour are answered one by one; what one person tells beyond is only written down.
TOLD_AN_HOUR = 10
AGAIN_AN_HOUR = 5
HOUR = timedelta(hours=1)
# What the model alone makes of words has this score.
NAMED = 1


def take_down(ctx: Context, words: str, category: Category | None = None) -> None:
    """Record what a message tells, then say what this chat may hear about it."""
    matters = ctx.meaning.matters
    if category is None and len(matters) > 1 and not is_personal(ctx.text):
        _take_down_all(ctx, words, matters)
        return
    category = category or guess(ctx)
    place = ctx.meaning.place
    if ctx.meaning.at_home:
        ctx.explain(f"说的是自己住的楼：{place.building}")
    twin = _twin(ctx, category, place, summarise(words))
    if twin is not None and twin.reporter == ctx.person.id:
        ctx.explain(f"同一个人又说了一遍，{twin.short}号还在办，不另登记")
        if not ctx.appeals.urged_today(twin, ctx.person):
            urged = ctx.desk.urge(twin, ctx.person, ctx.cause, words)
            told = steps.told_urged(urged, presentable(ctx.person.name))
            tell_next(ctx, Act.URGE, urged, told)
        _say_again(ctx, progress.standing(twin))
        return
    appeal = _record(ctx, words, summarise(words), category, place)
    photos.keep(ctx, appeal, MediaRole.BEFORE)
    if _floods(ctx):
        return
    if appeal.state is State.NEEDS_INFO:
        ctx.explain("缺地点，只问这一个问题")
        payload = {"appeal": appeal.id, "about": _thing(ctx)}
        ctx.ask(first_line(ctx, say.which_building(appeal.summary)), TOPIC, payload)
        return
    acknowledge(ctx, appeal)
    if twin is not None:
        _offer_merge(ctx, appeal, twin)


def _say_again(ctx: Context, text: str) -> None:
    """Who tells the same over and over is answered a few times an hour, not without end."""
    hour = f"again/{ctx.person.id}/{ctx.now:%Y%m%d%H}"
    if not any(ctx.reply(text, once=f"{hour}/{turn}") for turn in range(AGAIN_AN_HOUR)):
        ctx.explain("一小时内同样的事说了好多遍，不再一条条回")


def _take_down_all(ctx: Context, words: str, matters: Sequence[Matter]) -> None:
    """Several matters in one message: each has a number, the receipt is one."""
    made = []
    for matter in matters:
        category = ctx.knowledge.taxonomy.get(matter.category or OTHER)
        made.append(_record(ctx, words, summarise(matter.text), category, matter.place))
    photos.keep(ctx, made[0], MediaRole.BEFORE)
    ctx.explain(f"一条消息里有{len(made)}件事，分别登记")
    if _floods(ctx):
        return
    public = [appeal for appeal in made if appeal.audience is Audience.PUBLIC]
    for appeal in made:
        if appeal.audience is not Audience.PUBLIC:
            acknowledge(ctx, appeal)
    missing = next((a for a in public if a.state is State.NEEDS_INFO), None)
    if public:
        ctx.reply(first_line(ctx, say.receipts(public, missing)))
    if missing is not None:
        _await_place(ctx, missing)


def _source(ctx: Context) -> str:
    if ctx.incoming.channel == H5:
        return "网页"
    return "群" if ctx.group is not None else "私聊"


def _floods(ctx: Context) -> bool:
    """Whether one person tells so much that receipts would fill the chat: said once an hour."""
    if ctx.person.role in STAFF:
        return False
    lately = ctx.appeals.told_since(ctx.person, ctx.now - HOUR, TOLD_AN_HOUR + 1)
    if lately <= TOLD_AN_HOUR:
        return False
    ctx.explain(f"一小时内反映了{lately}件以上，都登记了，不再一条条回")
    ctx.reply(say.MANY, once=f"many/{ctx.person.id}/{ctx.now:%Y%m%d%H}")
    return True


def _await_place(ctx: Context, appeal: Appeal) -> None:
    """The one question stands at the end of the receipt: it is open without being said again."""
    ctx.expect(TOPIC, {"appeal": appeal.id, "about": ""})


def _record(ctx: Context, words: str, summary: str, category: Category, place: Place) -> Appeal:
    wish = ctx.meaning.judgement.intent is Intent.SUGGESTION
    audience = _audience(ctx, category, wish)
    appeal = ctx.appeals.record(
        Report(
            text=words,
            summary=summary,
            category=category,
            place=place,
            reporter=ctx.person,
            group=ctx.group or ctx.people.home_group(ctx.person),
            source=_source(ctx),
            track=category.track,
            needs_place=not wish and audience is Audience.PUBLIC and not _located(category, place),
            urgency=Urgency.P3 if wish else None,
            audience=audience,
            kind=Kind.SUGGESTION if wish else Kind.APPEAL,
            cause=ctx.cause,
        )
    )
    ctx.explain(f"类别「{category.name}」，地点「{place.public or '没说'}」，编号 {appeal.number}")
    return appeal


def _twin(ctx: Context, category: Category, place: Place, summary: str) -> Appeal | None:
    """What is on the list already about the same fault here."""
    group = ctx.group or ctx.people.home_group(ctx.person)
    if group is None or is_personal(ctx.text):
        return None
    return ctx.related.twin(group, category.code, place, summary)


def _offer_merge(ctx: Context, appeal: Appeal, twin: Appeal) -> None:
    """Two neighbours told the same: those on duty decide whether it is one matter."""
    ctx.explain(f"疑似重复 {twin.number}，请值守的人决定合不合并")
    for person in duty(ctx, appeal.area):
        ctx.tell(person, say.perhaps_the_same(appeal, twin))


def acknowledge(ctx: Context, appeal: Appeal) -> None:
    """The receipt; private matters get none in the group, and those on duty are told."""
    others = duty(ctx, appeal.area)
    if appeal.audience is not Audience.PUBLIC:
        ctx.explain("不便公开的事，群里不重复内容，私下告诉值守人员")
        told = say.in_confidence(appeal.number if ctx.private else "", told=bool(others))
        ctx.reply(first_line(ctx, told))
        where = ctx.group.name if ctx.group is not None else "私聊"
        for person in others:
            ctx.tell(person, say.told_in_private(where, ctx.person.name, appeal))
        return
    category = ctx.appeals.category(appeal)
    by_day = category.due.endswith("wd")
    estimated = by_day and ctx.knowledge.calendar.is_estimated(appeal.due_at.date())
    told = say.receipt(
        appeal, category.short, by_day=by_day, estimated=estimated, private=ctx.private
    )
    ctx.reply(first_line(ctx, told))
    if ctx.private:
        for person in others:
            ctx.tell(person, say.told_elsewhere(ctx.person.name, appeal))


def first_line(ctx: Context, text: str) -> str:
    """A receipt; the first one of a resident says as well what becomes of their words."""
    if not ctx.knowledge.tells_privacy or not ctx.privacy.first_time(ctx.person):
        return text
    ctx.explain("第一次用，带一句怎么用、怎么删个人信息")
    return f"{text}\n{FIRST_LINE}"


def guess(ctx: Context) -> Category:
    """What the message is about; 其他 when nothing speaks for anything.

    What the model alone makes of words counts only when they tell a trouble or a wish.
    """
    told = ctx.meaning.judgement.intent in {Intent.APPEAL, Intent.SUGGESTION}
    found = ctx.meaning.categories if told else named(ctx)
    return ctx.knowledge.taxonomy.get(found[0].code if found else OTHER)


def named(ctx: Context) -> Sequence[CategoryMatch]:
    """The categories that the words themselves name."""
    return [match for match in ctx.meaning.categories if match.score > NAMED]


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
