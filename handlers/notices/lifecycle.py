"""排好以后：清单、改期、暂停、恢复、取消、作废、更正、补发。"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import (
    Context,
    Delivery,
    Form,
    Notice,
    NoticeState,
    NotPossible,
    Router,
    SkipHandler,
    Targets,
    Wording,
    disarmed,
    original_tail,
    split_number,
    split_variants,
    tag_of,
    tame,
)
from handlers.notices.compose import faulty_words
from handlers.notices.numbers import for_authors, numbered, refuse
from handlers.notices.pictures import gather
from handlers.notices.preview import (
    NO,
    UNSENT,
    YES,
    YES_IN_PRIVATE,
    ask_which,
    discard_open_draft,
    open_notice,
    show,
    word,
)
from handlers.notices.times import time_in_front
from handlers.phrases import notice_steps as steps
from handlers.phrases import notice_targets
from handlers.phrases import notices as say

router = Router("notices.lifecycle", refusal=refuse)

VOID = "notice.void"
IN_GROUP, IN_PRIVATE = 3, 20
LATELY = timedelta(days=7)
LOOKED_AT = 20


@router.command("通知清单", "已排通知", form=Form.ALONE)
def upcoming(ctx: Context) -> None:
    """What is planned for the groups that one is in charge of."""
    for_authors(ctx)
    found = ctx.notices.listed(ctx.person)
    most = IN_PRIVATE if ctx.private else IN_GROUP
    # Four lines in a group: when something is left out, a line says so.
    shown = found[: most if len(found) <= most else most - 1]
    lately = [
        notice
        for notice in ctx.notices.of(ctx.person, LOOKED_AT)
        if notice.state is NoticeState.SENT and ctx.now - notice.planned_at < LATELY
    ]
    ctx.reply(steps.upcoming(shown, len(found), lately[:IN_GROUP] if ctx.private else ()))


@router.command("取消通知", form=Form.OPTIONAL)
def call_off(ctx: Context) -> None:
    """取消通知 3; without a number the notice that one planned last."""
    for_authors(ctx)
    number = split_number(ctx.command.rest)[0] if ctx.command is not None else ""
    if number:
        notice = ctx.notices.find(number, ctx.person)
    else:
        own = [n for n in ctx.notices.listed(ctx.person) if n.author == ctx.person.id]
        if not own:
            ctx.reply(steps.NONE_PLANNED)
            return
        notice = max(own, key=lambda one: one.created_at)
    ctx.notices.cancel(notice.id, ctx.person, ctx.cause)
    ctx.reply(steps.called_off(notice))


@router.command("改期", "改时间", form=Form.NUMBER)
def postpone(ctx: Context) -> None:
    """改期 3 后天9:00; a recurring one may also get another beat."""
    notice, rest = numbered(ctx)
    if not rest:
        ctx.reply(steps.no_time(notice))
        return
    planned = time_in_front(ctx, rest)
    if isinstance(planned, str):
        ctx.reply(steps.bad_time(notice, planned))
    elif planned.tail:
        ctx.reply(steps.only_time(notice, planned.words))
    elif len(planned.readings) > 1 and notice.author == ctx.person.id:
        ask_which(ctx, notice, planned)
    elif planned.at < ctx.now:
        ctx.reply(steps.passed(notice, planned.at))
    else:
        moved = ctx.notices.postpone(
            notice.id, ctx.person, planned.at, ctx.cause, planned.recurrence
        )
        if moved.state is NoticeState.DRAFT:
            show(ctx, moved, planned.immediate)
        else:
            ctx.reply(say.moved(moved))


@router.command("暂停通知", "停发", form=Form.NUMBER)
def pause(ctx: Context) -> None:
    """暂停通知 3."""
    notice, _ = numbered(ctx)
    ctx.reply(steps.paused(ctx.notices.pause(notice.id, ctx.person, ctx.cause)))


@router.command("恢复通知", "继续发", form=Form.NUMBER)
def resume(ctx: Context) -> None:
    """恢复通知 3: at its own time, if that is still to come."""
    notice, _ = numbered(ctx)
    at = notice.planned_at
    if notice.recurrence is not None:
        at = next(iter(ctx.notices.times(notice.recurrence)), at)
    if notice.state is NoticeState.PAUSED and at < ctx.now:
        ctx.reply(steps.time_is_over(notice))
        return
    ctx.reply(steps.resumed(ctx.notices.resume(notice.id, ctx.person, at, ctx.cause)))


@router.command("作废通知", "作废", form=Form.NUMBER)
def void(ctx: Context) -> None:
    """作废通知 3 [原因]: asked once, because the groups are told."""
    notice, reason = numbered(ctx)
    if not ctx.notices.sent(notice):
        raise NotPossible(steps.not_sent_yet(notice))
    if notice.author != ctx.person.id or notice.state not in {
        NoticeState.SENT,
        NoticeState.PLANNED,
    }:
        ctx.notices.withdraw(notice.id, ctx.person, ctx.cause)  # says why not
    groups, people = ctx.notices.heard_by(notice)
    to = notice_targets.targets([group.name for group in groups], len(people))
    text = steps.void(notice, _last_time(ctx, notice), tame(reason))
    ctx.explain("作废要告诉群里，先问一遍")
    ctx.ask(steps.void_preview(text, to), VOID, {"notice": notice.id, "reason": tame(reason)})


@router.answer(VOID)
def void_confirmed(ctx: Context) -> None:
    """确认: the groups that heard it hear that it no longer holds."""
    notice = open_notice(ctx)
    said = word(ctx)
    if notice is None or ctx.dialog is None:
        raise SkipHandler
    if said in NO:
        ctx.settle_question()
        ctx.reply(steps.STILL_HOLDS)
        return
    if said not in (YES_IN_PRIVATE if ctx.private else YES):
        raise SkipHandler
    text = steps.void(notice, _last_time(ctx, notice), ctx.dialog.payload["reason"])
    groups, people = ctx.notices.heard_by(notice)
    ctx.settle_question()
    ctx.notices.withdraw(notice.id, ctx.person, ctx.cause)
    for group in groups:
        ctx.announce(group, text, kind="notice", once=f"void/{notice.id}/{group.id}")
    for person in people:
        ctx.tell(person, text, once=f"void/{notice.id}/{person.id}")
    ctx.explain("作废，并告诉收到过的群")
    ctx.reply(steps.voided(notice, len(groups) + len(people)))


@router.command("更正", form=Form.NUMBER)
def correct(ctx: Context) -> None:
    """更正 3 新内容: what is out is put right; what is not out yet gets other words."""
    notice, rest = numbered(ctx)
    text = original_tail(ctx.incoming.text, rest, ctx.names)
    if notice.author != ctx.person.id:
        ctx.reply(steps.not_author(say.number(notice)))
    elif not text:
        ctx.reply(steps.no_words(notice))
    elif fault := faulty_words(text):
        ctx.reply(fault)
    else:
        _correct(ctx, notice, text)


def _correct(ctx: Context, notice: Notice, text: str) -> None:
    discard_open_draft(ctx)
    danger, text = disarmed(text), tame(text)
    harmless = say.made_harmless(danger.calls, danger.links)
    if notice.state in UNSENT:
        _replace(ctx, notice, text, harmless)
    elif notice.state is NoticeState.SENT:
        _put_right(ctx, notice, text, harmless)
    else:
        raise NotPossible(notice.state)


def _replace(ctx: Context, notice: Notice, text: str, harmless: str) -> None:
    """Nobody heard it yet: a draft with the new words takes its place."""
    common, variants = split_variants(text, ctx.notices.reach(notice.targets).groups)
    wording = Wording(
        text=common,
        targets=notice.targets,
        planned_at=notice.planned_at,
        recurrence=notice.recurrence,
        tag=tag_of(text, ctx.knowledge.approved_tags) or notice.tag,
        late=notice.late,
        corrects=notice.id,
        origin=notice.origin,
        urgent=notice.urgent,
        variants=dict(variants),
        media=notice.media,
    )
    draft = gather(ctx, ctx.notices.draft(ctx.person, wording, ctx.cause))
    late = draft.recurrence is None and draft.planned_at <= ctx.now
    show(ctx, draft, immediate=late, note=_noted(steps.replaces(notice), harmless))


def _put_right(ctx: Context, notice: Notice, text: str, harmless: str) -> None:
    """Whoever heard it hears the right words, at once."""
    groups, _ = ctx.notices.heard_by(notice)
    roles = notice.targets.roles
    targets = Targets(
        groups=tuple(group.id for group in groups),
        areas=notice.targets.areas if roles else (),
        roles=roles,
        without=notice.targets.without,
    )
    words = Wording(
        text=steps.corrected(text),
        targets=targets,
        planned_at=ctx.now,
        tag=notice.tag,
        corrects=notice.id,
        origin=notice.origin,
        urgent=notice.urgent,
    )
    draft = gather(ctx, ctx.notices.draft(ctx.person, words, ctx.cause))
    show(
        ctx,
        draft,
        immediate=True,
        note=_noted(steps.corrects(notice, _last_time(ctx, notice)), harmless),
    )


def _noted(*notes: str) -> str:
    return "\n".join(filter(None, notes))


@router.command("补发", form=Form.OPTIONAL)
def resend(ctx: Context) -> None:
    """补发 3: only where it failed; without a number one's newest that failed somewhere."""
    for_authors(ctx)
    number, rest = split_number(ctx.command.rest if ctx.command is not None else "")
    notice = ctx.notices.find(number, ctx.person) if number else _failed(ctx)
    if notice is None:
        ctx.reply(steps.NOTHING_FAILED)
        return
    if notice.author != ctx.person.id:
        ctx.reply(steps.not_author(say.number(notice)))
        return
    state = Delivery.UNCERTAIN if "不确定" in rest else Delivery.FAILED
    count = ctx.runs.resend(notice, ctx.person, state, ctx.cause)
    ctx.reply(steps.resending(notice, count))


def _last_time(ctx: Context, notice: Notice) -> datetime:
    """When it was last sent; its own time may be the next one already."""
    runs = ctx.runs.runs(notice)
    return runs[0].planned_at if runs else notice.planned_at


def _failed(ctx: Context) -> Notice | None:
    for notice in ctx.notices.of(ctx.person, LOOKED_AT):
        runs = ctx.runs.runs(notice)
        if runs and ctx.runs.progress(runs[0]).failed:
            return notice
    return None
