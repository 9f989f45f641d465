"""办完问一声：1满意 2基本满意 3不满意；48小时不答就销号，算未评价，不算满意。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import (
    CLOCK,
    STAFF,
    Appeal,
    Context,
    Filter,
    Intent,
    NotFound,
    Person,
    Rating,
    Router,
    Scene,
    SkipHandler,
    State,
    Word,
    forbids_recording,
    intent,
    rating,
    says_unfixed,
)
from handlers.phrases import feedback as say
from handlers.phrases.manners import WELCOME
from handlers.refusals import refuse

router = Router("feedback", refusal=refuse)

TOPIC = "feedback.reason"
WAITS = timedelta(hours=48)
REOPENS = timedelta(days=7)
JUST_RECORDED = timedelta(minutes=15)
AT_ONCE = 50


@router.answer(TOPIC)
def reason(ctx: Context) -> None:
    """What is wrong with what was called done: the next words of the one who was asked."""
    appeal = ctx.appeals.get(ctx.dialog.payload["appeal"]) if ctx.dialog is not None else None
    if appeal is None or ctx.command is not None or rating(ctx.text) is not None:
        raise SkipHandler
    ctx.settle_question()
    ctx.desk.urge(appeal, ctx.person, ctx.cause, ctx.incoming.text)
    ctx.explain("这是不满意的原因")
    for person in _in_charge(ctx, appeal, ctx.person.id):
        ctx.tell(person, say.told_more(appeal, ctx.incoming.text))
    ctx.reply(say.heard(appeal))


@router.answer_when(Filter(lambda ctx: says_unfixed(ctx.text), "说没有办好"))
def not_done(ctx: Context) -> None:
    """根本没来过人, from the one who asked: it begins again and counts as not satisfied."""
    if ctx.person.role in STAFF or ctx.command is not None:
        raise SkipHandler
    building = ctx.meaning.place.building
    found = [
        appeal
        for appeal in ctx.related.own(ctx.person, ctx.text, ended=True)
        if _is_here(ctx, appeal)
        and _since(ctx, appeal) <= REOPENS
        and building in {"", appeal.place.building}
    ]
    if not found:
        raise SkipHandler
    ctx.explain(f"反映人说没有办好，重开{found[0].short}号，记作不满意")
    _begin_again(ctx, found[0], ctx.incoming.text)


@router.answer_when(Filter(lambda ctx: rating(ctx.text) is not None, "评价"))
def rated(ctx: Context) -> None:
    """1, 满意, 12号不满意，灯还是不亮: only from the one who asked, only what was closed here."""
    word = rating(ctx.text)
    appeal = _closed(ctx, word) if word is not None else None
    if word is None or appeal is None:
        raise SkipHandler
    ctx.explain(f"对{appeal.short}号的评价：{word.rating}")
    if word.rating is Rating.BAD:
        _begin_again(ctx, appeal, word.reason)
        return
    struck = ctx.desk.rate(appeal, word.rating, ctx.person, ctx.cause, word.reason)
    ctx.reply(say.thanks(struck))


@router.answer_when(intent(Intent.THANKS))
def thanked(ctx: Context) -> None:
    """Thanks for what was closed: struck off, never reopened, and nothing is said about it."""
    waiting = [appeal for appeal in _unrated(ctx) if appeal.state is State.DONE]
    if not waiting or ctx.person.role in STAFF:
        raise SkipHandler
    struck = ctx.desk.confirm(waiting[0], ctx.person, ctx.cause, "反映人道谢")
    ctx.explain(f"反映人道谢，{struck.short}号销号，不算评价")
    if ctx.addressed:
        ctx.reply(WELCOME)


@router.answer_when(Filter(lambda ctx: forbids_recording(ctx.text), "说不要登记"))
def not_that(ctx: Context) -> None:
    """这个先不要登记, from staff: what was recorded here last is taken back."""
    if ctx.person.role not in STAFF:
        raise SkipHandler
    appeal = ctx.related.last_recorded(ctx.incoming, JUST_RECORDED)
    if appeal is None:
        ctx.explain("最近一刻钟这里没有登记过")
        raise SkipHandler
    gone = ctx.desk.withdraw(appeal, ctx.person, ctx.cause, ctx.incoming.text)
    ctx.explain(f"工作人员说先不登记，撤回{gone.short}号")
    ctx.reply(say.not_recorded(gone))


def next_silence(scene: Scene) -> datetime | None:
    """When somebody has had their two days."""
    closed = scene.appeals.first_closed()
    return None if closed is None else closed + WAITS


@router.tick(next_silence)
def strike_off(scene: Scene) -> None:
    """Silence is no rating: after two days the matter is off the list, 未评价."""
    for appeal in scene.appeals.closed_before(scene.now - WAITS, AT_ONCE):
        scene.desk.confirm(appeal, CLOCK, "", "48小时内没有评价")


def next_recheck(scene: Scene) -> datetime | None:
    """When something is to be looked at again."""
    return scene.appeals.first_recheck()


@router.tick(next_recheck)
def look_again(scene: Scene) -> None:
    """Tell the one in charge, once."""
    for appeal in scene.appeals.to_recheck(AT_ONCE):
        scene.desk.recheck(appeal, None, CLOCK, "", "到日子提醒")
        for person in _in_charge(scene, appeal):
            scene.tell(person, say.to_recheck(appeal))


def _begin_again(ctx: Context, appeal: Appeal, words: str) -> None:
    again = ctx.desk.rate(appeal, Rating.BAD, ctx.person, ctx.cause, words)
    where = ctx.group.name if ctx.group is not None else "私聊"
    for person in _in_charge(ctx, again, ctx.person.id):
        ctx.tell(person, say.told_again(where, ctx.person.name, again, words))
    if words:
        ctx.reply(say.again(again))
    else:
        ctx.ask(say.what_is_wrong(again), TOPIC, {"appeal": again.id})


def _closed(ctx: Context, word: Word) -> Appeal | None:
    """What a rating is about: the number that was named, else what was closed last."""
    if not word.number:
        waiting = _unrated(ctx)
        return waiting[0] if waiting else None
    try:
        appeal = ctx.appeals.find(word.number, ctx.person, ctx.group)
    except NotFound:
        return None
    ended = appeal.state in {State.DONE, State.STRUCK} and appeal.rating is None
    return appeal if ended and appeal.reporter == ctx.person.id else None


def _unrated(ctx: Context) -> Sequence[Appeal]:
    """One's own matters that were closed here in the last two days, the last one first."""
    own = ctx.appeals.own_closed(ctx.person, 10)
    found = [a for a in own if a.rating is None and _is_here(ctx, a) and _since(ctx, a) <= WAITS]
    return sorted(found, key=lambda appeal: _since(ctx, appeal))


def _is_here(ctx: Context, appeal: Appeal) -> bool:
    return ctx.private or (ctx.group is not None and appeal.group == ctx.group.id)


def _since(ctx: Context, appeal: Appeal) -> timedelta:
    return ctx.now - (appeal.closed_at or ctx.now)


def _in_charge(scene: Scene, appeal: Appeal, but: str = "") -> Sequence[Person]:
    """Who has it in hand, else those on duty; `but` leaves out whoever speaks."""
    handler = scene.people.by_id(appeal.handler) if appeal.handler else None
    found = [handler] if handler is not None else scene.people.on_duty(appeal.area)
    return [person for person in found if person.id != but]
