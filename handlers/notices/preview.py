"""先给作者看一遍：每个群看到什么、哪天几点真正发出；回「确认」才排上。"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import (
    STAFF,
    Context,
    MediaState,
    Notice,
    NoticeState,
    Router,
    SkipHandler,
    always,
    source_line,
)
from handlers.notices.approval import ask_second
from handlers.notices.showing import moments, where
from handlers.notices.times import Planned
from handlers.phrases import notice_pictures as pictures
from handlers.phrases import notice_preview as look
from handlers.phrases import notices as say
from handlers.refusals import refuse

router = Router("notices.preview", refusal=refuse)

TOPIC = "notice.confirm"
WHICH = "notice.when"
YES = frozenset({"确认", "确定", "确认发布", "确认发出", "确认发送"})
# Where nobody else is talked to, less will do.
YES_IN_PRIVATE = YES | {"是", "是的", "好", "好的", "可以", "发", "发吧"}
NO = frozenset({"取消", "算了", "不发了", "作废", "不发", "取消通知", "取消发布"})
ONCE_MORE = frozenset({"再发一遍", "再发一次"})
URGENT = frozenset({"紧急", "加急", "这是紧急", "紧急发"})
NO_PICTURES = frozenset({"不带图", "不带图片", "去掉图片", "不要图片", "不带文件"})
FORGOTTEN = timedelta(hours=24)
UNSENT = frozenset(
    {NoticeState.DRAFT, NoticeState.PLANNED, NoticeState.PAUSED, NoticeState.AWAITING}
)


def ask_which(ctx: Context, notice: Notice, planned: Planned) -> None:
    """A time that can be read in several ways is asked about, never guessed."""
    ctx.explain(f"「{planned.words}」有几种读法，问是哪一个")
    readings = {str(index): at.isoformat() for index, at in enumerate(planned.readings, 1)}
    ctx.ask(say.which(planned.words, planned.readings), WHICH, {"notice": notice.id} | readings)


def show(
    ctx: Context, notice: Notice, immediate: bool, note: str = "", *, relayed: bool = False
) -> None:
    """The notice as each target will see it, and the question whether to send it.

    `relayed`: the words are somebody else's, whose name should stand below them.
    """
    ctx.explain("先给作者看一遍，确认后才排上")
    payload = {
        "notice": notice.id,
        "immediate": "1" if immediate else "",
        "note": note,
        "along": str(len(ctx.notices.along(notice))),
    }
    views = ctx.notices.views(notice)
    official = relayed or notice.tag in ctx.knowledge.approved_tags
    notes = [
        note,
        *look.notes(views),
        look.ORIGIN if official and not notice.origin.source else "",
        _at_night(ctx, notice, immediate),
    ]
    ctx.ask(
        say.preview(
            look.shown(notice, views),
            where(ctx, notice),
            moments(ctx, notice, immediate),
            "\n".join(filter(None, notes)),
        ),
        TOPIC,
        payload,
    )


def _at_night(ctx: Context, notice: Notice, immediate: bool) -> str:
    """What quiet hours make of it."""
    at = ctx.now if immediate else notice.planned_at
    if ctx.knowledge.notice_quiet.after(at) == at:
        return ""
    return look.URGENT if notice.urgent else look.QUIET


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
        ctx.reply(say.passed(at, notice.gist))
        return
    moved = ctx.notices.postpone(notice.id, ctx.person, at, ctx.cause)
    if moved.state is NoticeState.DRAFT:
        show(ctx, moved, immediate=False)
    else:
        ctx.explain("改了时间")
        ctx.reply(say.moved(moved))


@router.answer(TOPIC)
def confirmed(ctx: Context) -> None:
    """确认, 取消, or what makes it another notice, from its author, where it was shown."""
    notice = open_notice(ctx)
    if notice is None or ctx.dialog is None or notice.state is not NoticeState.DRAFT:
        raise SkipHandler
    said = word(ctx)
    payload = ctx.dialog.payload
    immediate = bool(payload["immediate"])
    if said in NO:
        _drop(ctx, notice)
    elif said in URGENT:
        hurried = ctx.notices.hurry(notice.id, ctx.person, ctx.cause)
        show(ctx, hurried, immediate, payload.get("note", ""))
    elif said in NO_PICTURES and notice.media:
        bare = ctx.notices.attach(notice.id, ctx.person, (), ctx.cause)
        show(ctx, bare, immediate, payload.get("note", ""))
    elif (line := source_line(ctx.incoming.text)) and not notice.origin.source:
        show(ctx, ctx.notices.name_source(notice.id, ctx.person, line, ctx.cause), immediate)
    elif payload.get("again") and said in ONCE_MORE:
        ctx.settle_question()
        plan_draft(ctx, notice, immediate, twice=True)
    elif said in (YES_IN_PRIVATE if ctx.private else YES):
        confirm_draft(ctx, notice, immediate)
    else:
        raise SkipHandler


def confirm_draft(ctx: Context, notice: Notice, immediate: bool) -> None:
    """Plan a draft, unless its pictures are not there yet or the same was just said there."""
    if _pictures_changed(ctx, notice, immediate):
        return
    at = ctx.now if immediate else notice.planned_at
    repeated = ctx.notices.repeated(notice, ctx.notices.goes_out(notice, at))
    if repeated:
        ctx.explain("前后几分钟有同样的话，问要不要再发")
        payload = {"notice": notice.id, "immediate": "1" if immediate else "", "again": "1"}
        minutes = int(ctx.knowledge.same_words.total_seconds() // 60)
        ctx.ask(say.same_words([group.name for group in repeated], minutes), TOPIC, payload)
        return
    ctx.settle_question()
    plan_draft(ctx, notice, immediate)


def _pictures_changed(ctx: Context, notice: Notice, immediate: bool) -> bool:
    """Whether a picture is still on its way, or could not be had: nothing is planned then."""
    if ctx.dialog is None or "along" not in ctx.dialog.payload:
        return False
    there = ctx.notices.along(notice)
    if any(media.state is MediaState.WANTED for media in there):
        ctx.explain("图片还没收好，先不排")
        ctx.reply(pictures.NOT_YET)
        return True
    if len(there) < int(ctx.dialog.payload["along"]):
        show(ctx, notice, immediate, pictures.LOST)
        return True
    return False


def plan_draft(ctx: Context, notice: Notice, immediate: bool, *, twice: bool = False) -> None:
    """Plan a draft, or hand it to a second person; one whose time is over is called off."""
    at = ctx.now if immediate else notice.planned_at
    if at < ctx.now and notice.recurrence is not None:
        at = next(iter(ctx.notices.times(notice.recurrence)), at)
    if at < ctx.now:
        ctx.notices.cancel(notice.id, ctx.person, ctx.cause)
        ctx.reply(say.passed(notice.planned_at, notice.gist))
        return
    _put_aside(ctx, notice)
    planned = ctx.notices.confirm(notice.id, ctx.person, at=at, cause=ctx.cause, twice=twice)
    ctx.explain("作者已确认，到时间由定时任务发出")
    if planned.state is NoticeState.AWAITING:
        ctx.reply(ask_second(ctx, planned))
        return
    at_once = immediate and planned.planned_at <= ctx.now
    ctx.reply(say.planned(planned, where(ctx, planned), moments(ctx, planned, at_once), at_once))


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
        ctx.reply(say.no_longer_open(notice.gist))
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
