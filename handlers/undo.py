"""撤销：自己刚做的一步，5分钟内可以收回。撤回：自己反映的事，随时可以不办了。"""

from __future__ import annotations

from collections.abc import Callable

from bot import (
    AUTHORED,
    FLOW,
    STAFF,
    Act,
    Appeal,
    Audience,
    Context,
    Ear,
    Event,
    Form,
    GroupState,
    NotAllowed,
    NotPossible,
    Router,
    SkipHandler,
    State,
    split_number,
)
from handlers.phrases import counting, faq, groups, learning, notice_steps, standing
from handlers.phrases import undo as say
from handlers.recording import duty
from handlers.refusals import refuse
from handlers.telling import spread, tell_next

router = Router("undo", refusal=refuse, states=GroupState)

# Steps of which others heard in private; that change no state; that a group or the asker heard.
NEXT = frozenset(act for act, step in FLOW.items() if Ear.NEXT in step.tells)
KEPT = frozenset(act for act, step in FLOW.items() if step.target is None)
LOUD = frozenset(act for act, step in FLOW.items() if step.tells & {Ear.GROUP, Ear.ASKER})
FINAL = frozenset({"撤销", "取消发布"})


@router.command("撤销", "取消操作", form=Form.OPTIONAL)
def undo(ctx: Context) -> None:
    """撤销 takes the last step back; 撤销 12 the last step on 12, or one's own appeal."""
    reference = _reference(ctx)
    last = _last(ctx)
    if not reference:
        if last is None:
            _nothing(ctx)
        else:
            _take_back(ctx, last)
        return
    appeal = ctx.appeals.find(reference, ctx.person, ctx.group)
    if last is not None and last.subject == f"appeal:{appeal.id}":
        _take_back(ctx, last)
    elif appeal.reporter == ctx.person.id:
        _withdraw(ctx, appeal)
    elif ctx.person.role in STAFF:
        ctx.explain("不是自己刚做的一步，不撤销")
        ctx.reply(say.not_yours_lately(appeal))
    else:
        raise NotAllowed("撤销")


@router.command("撤回", form=Form.OPTIONAL)
def withdraw(ctx: Context) -> None:
    """撤回 12: it need not be done any more. Alone: what one has just recorded."""
    reference = _reference(ctx)
    if reference:
        _withdraw(ctx, ctx.appeals.find(reference, ctx.person, ctx.group))
        return
    last = _last(ctx)
    if last is None or last.action not in {"登记", "补充"}:
        _nothing(ctx)
        return
    _take_back(ctx, last)


def _reference(ctx: Context) -> str:
    return split_number(ctx.command.rest)[0] if ctx.command is not None else ""


def _last(ctx: Context) -> Event | None:
    """One's last step, unless that was an undoing itself."""
    last = ctx.last_deed
    return None if last is None or last.action in FINAL else last


def _nothing(ctx: Context) -> None:
    """Said to those who work here or spoke to the bot; others were talking among themselves."""
    if ctx.command is None or (not ctx.command.marked and ctx.person.role not in STAFF):
        raise SkipHandler
    ctx.explain("5分钟内没有自己做过的一步")
    ctx.reply(say.NOTHING)


def _entry(ctx: Context, last: Event) -> str:
    entry = ctx.faq_desk.undo(last.subject.partition(":")[2], ctx.person, ctx.cause)
    return faq.restored(entry)


_OTHERS: dict[str, Callable[[Context, Event], str]] = {
    "standing": lambda ctx, e: standing.restored(ctx.standing.undo(e, ctx.person, ctx.cause)),
    "service": lambda ctx, e: counting.taken_back(ctx.volunteering.undo(e, ctx.person, ctx.cause)),
    "question": lambda ctx, e: learning.restored(ctx.learning.undo(e, ctx.person, ctx.cause)),
    "faq": _entry,
    "group": lambda ctx, e: groups.restored(ctx.groups.undo(e, ctx.person, ctx.cause)),
}
"""Steps on what is no matter and no notice, by the kind of thing: each taken back and told."""


def _take_back(ctx: Context, last: Event) -> None:
    if last.subject.startswith("notice:"):
        _take_back_notice(ctx, last)
        return
    other = _OTHERS.get(last.subject.partition(":")[0])
    if other is not None:
        ctx.explain(f"撤销了自己刚才的「{last.action}」")
        ctx.reply(other(ctx, last))
        return
    appeal = ctx.desk.undo(last, ctx.person, ctx.cause)
    ctx.explain(f"撤销了自己刚才的「{last.action}」")
    if last.action in NEXT:
        tell_next(ctx, Act(last.action), appeal, say.told_taken_back(appeal, last.action))
    if appeal.state is State.WITHDRAWN:
        _say_withdrawn(ctx, appeal)
        return
    text = say.taken_back(appeal, last.action) if last.action in KEPT else say.restored(appeal)
    if last.action in LOUD:
        spread(ctx, appeal, text, text, say.back_to(appeal))
    else:
        ctx.reply(text)


def _withdraw(ctx: Context, appeal: Appeal) -> None:
    ctx.explain(f"撤回 {appeal.number}")
    _say_withdrawn(ctx, ctx.desk.withdraw(appeal, ctx.person, ctx.cause))


def _say_withdrawn(ctx: Context, appeal: Appeal) -> None:
    """What was told in confidence or as an alarm is taken back in confidence too."""
    public = appeal.audience is Audience.PUBLIC
    others = duty(ctx, appeal.area) if not public or appeal.source == "私聊" else []
    if public:
        spread(ctx, appeal, say.withdrawn(appeal), say.withdrawn(appeal), "已撤回")
    else:
        ctx.reply(say.withdrawn_quietly(told=bool(others)))
    for person in others:
        ctx.tell(person, say.told_withdrawn(ctx.person.name, appeal))


def _take_back_notice(ctx: Context, last: Event) -> None:
    ctx.explain(f"撤销自己刚才的「{last.action}」")
    notice = last.subject.removeprefix("notice:")
    if last.action not in AUTHORED | {"确认发布"}:
        try:
            ctx.reply(notice_steps.restored(ctx.notices.undo(last, ctx.person, ctx.cause)))
        except NotPossible:
            ctx.reply(say.TOO_LATE)
        return
    try:
        ctx.notices.cancel(notice, ctx.person, ctx.cause)
    except NotPossible:
        ctx.reply(say.TOO_LATE)
        return
    ctx.reply(say.NOTICE)
