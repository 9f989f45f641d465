"""发布通知：写好、看一遍、确认、到点发出，重启也不丢。"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import (
    STAFF,
    Context,
    Fate,
    Form,
    Group,
    Notice,
    NoticeState,
    Router,
    Scene,
    SkipHandler,
    Started,
    Targets,
    Wording,
    always,
    find_when,
    original_tail,
)
from handlers.phrases import notices as say
from handlers.refusals import refuse

router = Router("notices", refusal=refuse)

TOPIC = "notice.confirm"
YES = frozenset({"确认", "确定", "确认发布", "确认发出", "确认发送"})
# Where nobody else is talked to, less will do.
YES_IN_PRIVATE = YES | {"是", "是的", "好", "好的", "可以", "发", "发吧"}
NO = frozenset({"取消", "算了", "不发了", "作废", "不发", "取消通知", "取消发布"})
EVERYWHERE = ("全部的群", "所有的群", "全部群", "所有群", "各个群", "各群")
TARGETS = re.compile(r"^(?:到|给)?([^\s、,:;]{1,20}群(?:[、,和][^\s、,:;]{1,20}群)*)[\s,:]*")
NOW = frozenset({"立即", "马上", "现在", "立刻"})
# What may stand before the time without being part of the notice.
BEFORE_TIME = re.compile(r"^(?:请|就)?(?:在|于|定于)?[\s,:]*$")
# 8:00-12:00 is when the water is off, not when to tell.
RANGE = re.compile(r"^\s*(?:[-~—–]|到|至)\s*\d")
AGAIN_AND_AGAIN = re.compile(r"^每(?:天|日|周|月|星期|个|逢)")
FORGOTTEN = timedelta(hours=24)


@router.command("发布", "群发", "发通知", form=Form.TIMED)
def compose(ctx: Context) -> None:
    """发布 [一群、二群] 明天8:00 停水通知：…."""
    if ctx.command is None or (not ctx.command.marked and ctx.person.role not in STAFF):
        raise SkipHandler
    ctx.explain("指令「发布」")
    groups, rest = _targets(ctx, ctx.notices.scope(ctx.person))
    if groups is None:
        return
    when = find_when(rest, ctx.now)
    if AGAIN_AND_AGAIN.match(rest):
        ctx.reply(say.ONLY_ONCE)
        return
    if when is None or not BEFORE_TIME.match(rest[: when.start]) or RANGE.match(rest[when.end :]):
        ctx.reply(say.when(rest) if rest else _upcoming(ctx))
        return
    immediate = rest[when.start : when.end] in NOW
    tail = rest[when.end :].lstrip(" ,:;。、")
    text = original_tail(ctx.incoming.text, tail, ctx.names)
    if not text:
        ctx.reply(say.what(rest))
    elif when.at < ctx.now and not immediate:
        ctx.reply(say.passed(when.at, text))
    else:
        replaced = _discard_open_draft(ctx)
        targets = Targets(groups=tuple(group.id for group in groups))
        wording = Wording(text=text, targets=targets, planned_at=when.at)
        notice = ctx.notices.draft(ctx.person, wording, ctx.cause)
        ctx.explain("先给作者看一遍，确认后才排上")
        names = [group.name for group in groups]
        payload = {"notice": notice.id, "immediate": "1" if immediate else ""}
        ctx.ask(say.preview(text, names, when.at, immediate, replaced), TOPIC, payload)


@router.answer(TOPIC)
def confirmed(ctx: Context) -> None:
    """确认 or 取消, from the author, where the preview was shown."""
    notice = ctx.notices.get(ctx.dialog.payload["notice"]) if ctx.dialog is not None else None
    if notice is None or ctx.dialog is None or notice.state is not NoticeState.DRAFT:
        raise SkipHandler
    word = _word(ctx)
    if word in NO:
        ctx.notices.cancel(notice.id, ctx.person, ctx.cause)
        ctx.settle_question()
        ctx.explain("作者说不发了")
        ctx.reply(say.CANCELLED)
        return
    if word not in (YES_IN_PRIVATE if ctx.private else YES):
        raise SkipHandler
    immediate = bool(ctx.dialog.payload["immediate"])
    ctx.settle_question()
    if notice.planned_at < ctx.now and not immediate:
        ctx.notices.cancel(notice.id, ctx.person, ctx.cause)
        ctx.reply(say.passed(notice.planned_at, notice.text))
        return
    at = ctx.now if immediate else notice.planned_at
    ctx.notices.confirm(notice.id, ctx.person, at=at, cause=ctx.cause)
    ctx.explain("作者已确认，到时间由定时任务发出")
    ctx.reply(say.planned(_names(ctx, notice), at, immediate))


@router.command("通知清单", "已排通知", form=Form.ALONE)
def upcoming(ctx: Context) -> None:
    """What is planned for the groups that one is in charge of."""
    _for_authors(ctx)
    ctx.explain("指令「通知清单」")
    ctx.reply(_upcoming(ctx))


@router.command("取消通知", form=Form.ALONE)
def call_off(ctx: Context) -> None:
    """Call off the notice that one planned last."""
    _for_authors(ctx)
    ctx.explain("指令「取消通知」")
    own = [n for n in ctx.notices.planned(ctx.person) if n.author == ctx.person.id]
    if not own:
        ctx.reply(say.NONE_PLANNED)
        return
    latest = max(own, key=lambda notice: notice.created_at)
    ctx.notices.cancel(latest.id, ctx.person, ctx.cause)
    ctx.reply(say.called_off(latest.planned_at, latest.text))


@router.on(always())
def too_late_to_confirm(ctx: Context) -> None:
    """确认 from an author whose preview is no longer open here: it must not seem to be sent."""
    if ctx.person.role not in STAFF or _word(ctx) not in YES:
        raise SkipHandler
    notice = ctx.notices.last_draft(ctx.person, FORGOTTEN)
    if notice is not None:
        ctx.explain("预览已过期，或者不是在这个对话里看的")
        ctx.reply(say.no_longer_open(notice.text))
    elif ctx.addressed:
        ctx.reply(say.NOTHING_TO_CONFIRM)
    else:
        raise SkipHandler


def next_run(scene: Scene) -> datetime | None:
    """When a notice goes out next, or its author is told how far it is."""
    return scene.runs.next_due()


@router.tick(next_run)
def send_due(scene: Scene) -> None:
    """Send what is due, each once; what is long overdue goes back to its author."""
    for started in scene.runs.start_due():
        if started.fate is Fate.MISSED:
            _tell_missed(scene, started)
        for group in started.reach.groups:
            scene.publish(group, started.notice.text, started.run)
        for person in started.reach.people:
            scene.publish(person, started.notice.text, started.run)
    for look in scene.runs.looks():
        author = scene.people.by_id(look.notice.author)
        went_wrong = look.progress.failed or look.progress.uncertain
        if author is not None and (look.run.receivers > 1 or went_wrong):
            scene.tell(author, say.progress(look.progress, look.ended))


def _tell_missed(scene: Scene, started: Started) -> None:
    author = scene.people.by_id(started.notice.author)
    if author is not None:
        names = _names(scene, started.notice)
        planned = started.run.planned_at
        again = started.notice.planned_at if started.notice.recurrence is not None else None
        scene.tell(author, say.missed(planned, names, started.notice.text, again))


def _word(ctx: Context) -> str:
    return ctx.text.rstrip(" 。.!！~")


def _for_authors(ctx: Context) -> None:
    """Only those who may announce; others were talking among themselves unless they asked us."""
    if ctx.person.role not in STAFF and (ctx.command is None or not ctx.command.marked):
        raise SkipHandler
    ctx.notices.scope(ctx.person)


def _discard_open_draft(ctx: Context) -> bool:
    """A second draft takes the place of the one that was not confirmed yet."""
    if ctx.dialog is None or ctx.dialog.topic != TOPIC:
        return False
    earlier = ctx.notices.get(ctx.dialog.payload["notice"])
    if earlier is None or earlier.state is not NoticeState.DRAFT:
        return False
    ctx.notices.cancel(earlier.id, ctx.person, ctx.cause)
    return True


def _targets(ctx: Context, mine: Sequence[Group]) -> tuple[Sequence[Group] | None, str]:
    """Where to: named groups, all of one's own, or the group in which the command was typed."""
    rest = ctx.command.rest if ctx.command is not None else ""
    when = find_when(rest, ctx.now)
    if when is None or when.start > 0:
        for word in EVERYWHERE:
            if rest.startswith(word):
                return mine, rest.removeprefix(word).lstrip(" ,:")
        named = TARGETS.match(rest)
        if named is not None:
            return _by_name(ctx, re.split("[、,和]", named.group(1)), mine), rest[named.end() :]
    if ctx.group is None:
        return mine, rest
    here = [group for group in mine if group.id == ctx.group.id]
    if not here:
        ctx.reply(say.not_yours(ctx.group.name, [group.name for group in mine]))
        return None, rest
    return here, rest


def _by_name(ctx: Context, names: Sequence[str], mine: Sequence[Group]) -> Sequence[Group] | None:
    """Groups by full name or by its end (`一群`); says so when one is unknown or another's."""
    chosen = []
    for name in names:
        exact = [group for group in mine if group.name == name]
        found = exact or [group for group in mine if group.name.endswith(name)]
        if len(found) != 1:
            known = [group.name for group in mine]
            other = not found and ctx.people.is_group(name)
            ctx.reply(say.not_yours(name, known) if other else say.unknown_group(name, known))
            return None
        chosen += [group for group in found if group not in chosen]
    return chosen


def _names(scene: Scene, notice: Notice) -> Sequence[str]:
    return [group.name for group in scene.notices.reach(notice.targets).groups]


def _upcoming(ctx: Context) -> str:
    planned = ctx.notices.planned(ctx.person)
    return say.upcoming([(notice.planned_at, notice.text) for notice in planned[:5]])
