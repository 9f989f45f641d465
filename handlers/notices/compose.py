"""发布：写好、看一遍、确认。什么时候发说得准，发给谁数得清。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import (
    STAFF,
    Context,
    Form,
    Group,
    Notice,
    NoticeState,
    Router,
    SkipHandler,
    Targets,
    Wording,
    always,
    find_blank,
    original_tail,
    tag_of,
    tame,
)
from handlers.notices.approval import ask_second
from handlers.notices.showing import moments, where
from handlers.notices.targets import chosen, known_buildings
from handlers.notices.times import Planned, time_in_front
from handlers.phrases import notice_targets
from handlers.phrases import notices as say
from handlers.refusals import refuse

router = Router("notices", refusal=refuse)

TOPIC = "notice.confirm"
WHICH = "notice.when"
YES = frozenset({"确认", "确定", "确认发布", "确认发出", "确认发送"})
# Where nobody else is talked to, less will do.
YES_IN_PRIVATE = YES | {"是", "是的", "好", "好的", "可以", "发", "发吧"}
NO = frozenset({"取消", "算了", "不发了", "作废", "不发", "取消通知", "取消发布"})
ONCE_MORE = frozenset({"再发一遍", "再发一次"})
SAME_WORDS = timedelta(minutes=10)
LONGEST = 2000
FORGOTTEN = timedelta(hours=24)
UNSENT = frozenset(
    {NoticeState.DRAFT, NoticeState.PLANNED, NoticeState.PAUSED, NoticeState.AWAITING}
)


@router.command("发布", "群发", "发通知", form=Form.TIMED)
def compose(ctx: Context) -> None:
    """发布 [到 一群、二群] 明天8:00 停水通知：…."""
    if ctx.command is None or (not ctx.command.marked and ctx.person.role not in STAFF):
        raise SkipHandler
    ctx.explain("指令「发布」")
    mine = ctx.notices.scope(ctx.person)
    if not ctx.command.rest:
        ctx.reply(say.HOW)
        return
    found = chosen(ctx, ctx.command.rest, mine)
    if isinstance(found, str):
        ctx.reply(found)
        return
    targets, rest = found
    planned = time_in_front(ctx, rest)
    if isinstance(planned, str):
        ctx.reply(planned)
        return
    text = tame(original_tail(ctx.incoming.text, planned.tail, ctx.names))
    draft(ctx, planned, text, targets, mine)


def draft(
    ctx: Context, planned: Planned, text: str, targets: Targets, mine: Sequence[Group]
) -> None:
    """Show a notice that is whole; or say in one sentence what is wrong with it."""
    fault = _fault(ctx, planned, text)
    if not fault and not ctx.notices.reach(targets).count:
        fault = _nobody(targets, mine)
    if fault:
        ctx.reply(fault)
        return
    _draft(ctx, planned, text, targets)


def _nobody(targets: Targets, mine: Sequence[Group]) -> str:
    """Who could be reached instead."""
    buildings = known_buildings(mine) if targets.buildings else []
    return notice_targets.nobody([group.name for group in mine], buildings)


def _fault(ctx: Context, planned: Planned, text: str) -> str:
    """What cannot be right about a notice: one sentence; "" when all is well."""
    if not text:
        return say.what(planned.words)
    if blank := find_blank(text):
        return say.left_empty(blank)
    if len(text) > LONGEST:
        return say.too_long(len(text), LONGEST)
    passed = planned.at < ctx.now and not planned.immediate and len(planned.readings) < 2
    return say.passed(planned.at, text) if passed else ""


def _draft(ctx: Context, planned: Planned, text: str, targets: Targets) -> None:
    replaced = discard_open_draft(ctx)
    wording = Wording(
        text=text,
        targets=targets,
        planned_at=planned.at,
        recurrence=planned.recurrence,
        tag=tag_of(text, ctx.knowledge.approved_tags),
    )
    notice = ctx.notices.draft(ctx.person, wording, ctx.cause)
    if len(planned.readings) > 1:
        ask_which(ctx, notice, planned)
        return
    show(ctx, notice, planned.immediate, say.REPLACED if replaced else "")


def ask_which(ctx: Context, notice: Notice, planned: Planned) -> None:
    """A time that can be read in several ways is asked about, never guessed."""
    ctx.explain(f"「{planned.words}」有几种读法，问是哪一个")
    readings = {str(index): at.isoformat() for index, at in enumerate(planned.readings, 1)}
    ctx.ask(say.which(planned.words, planned.readings), WHICH, {"notice": notice.id} | readings)


def show(ctx: Context, notice: Notice, immediate: bool, note: str = "") -> None:
    """The notice as each target will see it, and the question whether to send it."""
    ctx.explain("先给作者看一遍，确认后才排上")
    payload = {"notice": notice.id, "immediate": "1" if immediate else ""}
    ctx.ask(
        say.preview(notice.text, where(ctx, notice), moments(ctx, notice, immediate), note),
        TOPIC,
        payload,
    )


@router.answer(WHICH)
def which(ctx: Context) -> None:
    """The number of the reading that was meant."""
    notice = open_notice(ctx)
    if notice is None or ctx.dialog is None:
        raise SkipHandler
    said = word(ctx)
    if said in NO:
        _drop(ctx, notice)
        return
    reading = ctx.dialog.payload.get(said.removeprefix("第").removesuffix("个"))
    if reading is None or not said.strip("第个").isdigit():
        raise SkipHandler
    ctx.settle_question()
    at = datetime.fromisoformat(reading)
    if at < ctx.now:
        ctx.reply(say.passed(at, notice.text))
        return
    moved = ctx.notices.postpone(notice.id, ctx.person, at, ctx.cause)
    if moved.state is NoticeState.DRAFT:
        show(ctx, moved, immediate=False)
    else:
        ctx.explain("改了时间")
        ctx.reply(say.moved(moved))


@router.answer(TOPIC)
def confirmed(ctx: Context) -> None:
    """确认 or 取消, from the author, where the preview was shown."""
    notice = open_notice(ctx)
    if notice is None or ctx.dialog is None or notice.state is not NoticeState.DRAFT:
        raise SkipHandler
    said = word(ctx)
    if said in NO:
        _drop(ctx, notice)
        return
    again = bool(ctx.dialog.payload.get("again")) and said in ONCE_MORE
    if not again and said not in (YES_IN_PRIVATE if ctx.private else YES):
        raise SkipHandler
    immediate = bool(ctx.dialog.payload["immediate"])
    repeated = ctx.notices.repeated(notice, SAME_WORDS) if immediate and not again else ()
    if repeated:
        ctx.explain("十分钟内发过同样的话，问要不要再发")
        payload = dict(ctx.dialog.payload) | {"again": "1"}
        ctx.ask(say.same_words([group.name for group in repeated]), TOPIC, payload)
        return
    ctx.settle_question()
    _plan(ctx, notice, immediate)


def _plan(ctx: Context, notice: Notice, immediate: bool) -> None:
    at = ctx.now if immediate else notice.planned_at
    if at < ctx.now and notice.recurrence is not None:
        at = next(iter(ctx.notices.times(notice.recurrence)), at)
    if at < ctx.now:
        ctx.notices.cancel(notice.id, ctx.person, ctx.cause)
        ctx.reply(say.passed(notice.planned_at, notice.text))
        return
    _put_aside(ctx, notice)
    planned = ctx.notices.confirm(notice.id, ctx.person, at=at, cause=ctx.cause)
    ctx.explain("作者已确认，到时间由定时任务发出")
    if planned.state is NoticeState.AWAITING:
        ctx.reply(ask_second(ctx, planned))
        return
    ctx.reply(say.planned(planned, where(ctx, planned), immediate))


def _put_aside(ctx: Context, notice: Notice) -> None:
    """What a notice replaces before it was sent is not sent any more."""
    earlier = ctx.notices.get(notice.corrects) if notice.corrects else None
    if earlier is not None and earlier.state in UNSENT:
        ctx.notices.cancel(earlier.id, ctx.person, ctx.cause)


@router.on(always())
def too_late_to_confirm(ctx: Context) -> None:
    """确认 from an author whose preview is no longer open here: it must not seem to be sent."""
    if ctx.person.role not in STAFF or word(ctx) not in YES:
        raise SkipHandler
    notice = ctx.notices.last_draft(ctx.person, FORGOTTEN)
    if notice is not None:
        ctx.explain("预览已过期，或者不是在这个对话里看的")
        ctx.reply(say.no_longer_open(notice.text))
    elif ctx.addressed:
        ctx.reply(say.NOTHING_TO_CONFIRM)
    else:
        raise SkipHandler


def word(ctx: Context) -> str:
    """A short answer without its ending."""
    return ctx.text.rstrip(" 。.!！~")


def open_notice(ctx: Context) -> Notice | None:
    """The notice that the open question is about."""
    return ctx.notices.get(ctx.dialog.payload["notice"]) if ctx.dialog is not None else None


def discard_open_draft(ctx: Context) -> bool:
    """A second draft takes the place of the one that was not confirmed yet."""
    if ctx.dialog is None or ctx.dialog.topic not in {TOPIC, WHICH}:
        return False
    earlier = open_notice(ctx)
    if earlier is None or earlier.state is not NoticeState.DRAFT:
        return False
    ctx.notices.cancel(earlier.id, ctx.person, ctx.cause)
    return True


def _drop(ctx: Context, notice: Notice) -> None:
    ctx.settle_question()
    if notice.state is NoticeState.DRAFT:
        ctx.notices.cancel(notice.id, ctx.person, ctx.cause)
        ctx.reply(say.CANCELLED)
    else:
        ctx.reply(say.AS_IT_WAS)
    ctx.explain("作者说不发了")
