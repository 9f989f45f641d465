"""一个月的计划：导入以后给作者看一遍，一个「确认」全部排上；不要了，一个「取消」。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import (
    STAFF,
    Context,
    DomainError,
    Form,
    NotFound,
    Notice,
    NoticeState,
    NotPossible,
    PlanBatch,
    Router,
    Scene,
    SkipHandler,
    split_number,
)
from handlers.notices.preview import NO, YES, YES_IN_PRIVATE, word
from handlers.phrases import notice_plans as say

TOPIC = "notice.plan"


def refuse(ctx: Context, error: DomainError) -> None:
    """One sentence to those who work here; silence where it was ordinary talk."""
    if ctx.person.role not in STAFF:
        raise SkipHandler
    match error:
        case NotFound():
            ctx.reply(say.not_found(str(error)))
        case NotPossible():
            ctx.reply(say.not_possible(str(error)))
        case _:
            raise error
    ctx.explain(f"计划：{type(error).__name__}")


router = Router("notices.plans", refusal=refuse)


def next_plan(scene: Scene) -> datetime | None:
    """When the author of a plan is to be asked."""
    return scene.plans.next_new()


@router.tick(next_plan)
def ask(scene: Scene) -> None:
    """What came with a file, to its author in private, once."""
    for author, batch in scene.plans.ask():
        scene.tell(author, say.ask(batch))


@router.answer(TOPIC)
def answered(ctx: Context) -> None:
    """确认 or 取消, in private, as long as nothing else was asked there."""
    if ctx.dialog is None:
        raise SkipHandler
    said = word(ctx)
    if said in NO:
        ctx.settle_question()
        _cancel(ctx, ctx.dialog.payload["plan"])
    elif said in (YES_IN_PRIVATE if ctx.private else YES):
        ctx.settle_question()
        _confirm(ctx, ctx.dialog.payload["plan"])
    else:
        raise SkipHandler


@router.command("计划", "通知计划", form=Form.OPTIONAL)
def show(ctx: Context) -> None:
    """计划 2: the notices that came with a file."""
    batch = _batch(ctx)
    waiting = sum(notice.state is NoticeState.DRAFT for notice in batch.notices)
    ctx.explain(f"看{say.name(batch)}")
    ctx.reply(say.shown(batch, waiting))


@router.command("确认计划", form=Form.OPTIONAL)
def confirm(ctx: Context) -> None:
    """确认计划 2: when 确认 is no longer waited for."""
    _confirm(ctx, _number(ctx))


@router.command("取消计划", form=Form.OPTIONAL)
def cancel(ctx: Context) -> None:
    """取消计划 2: whatever of it was not sent yet."""
    _cancel(ctx, _number(ctx))


def _confirm(ctx: Context, number: str) -> None:
    before = ctx.plans.find(number, ctx.person)
    drafts = {notice.id for notice in before.notices if notice.state is NoticeState.DRAFT}
    batch = ctx.plans.confirm(before, ctx.person, ctx.cause)
    mine = [notice for notice in batch.notices if notice.id in drafts]
    planned = [notice for notice in mine if notice.state is NoticeState.PLANNED]
    awaiting = [notice for notice in mine if notice.state is NoticeState.AWAITING]
    over = len(mine) - len(planned) - len(awaiting)
    ctx.explain(f"{say.name(batch)}：排上{len(planned)}条，待审{len(awaiting)}条，过期{over}条")
    _ask_seconds(ctx, awaiting)
    ctx.reply(say.confirmed(batch, planned, len(awaiting), over))


def _ask_seconds(ctx: Context, awaiting: Sequence[Notice]) -> None:
    """Everyone who may approve any of them hears of all of theirs in one message."""
    for_whom: dict[str, list[Notice]] = {}
    for notice in awaiting:
        for person in ctx.notices.approvers(notice):
            for_whom.setdefault(person.id, []).append(notice)
    for person_id, notices in for_whom.items():
        approver = ctx.people.by_id(person_id)
        if approver is not None:
            ctx.tell(approver, say.second(ctx.person.name, notices))


def _cancel(ctx: Context, number: str) -> None:
    before = ctx.plans.find(number, ctx.person)
    after = ctx.plans.cancel(before, ctx.person, ctx.cause)
    count = sum(
        new.state is not old.state for old, new in zip(before.notices, after.notices, strict=True)
    )
    ctx.explain(f"{say.name(after)}取消{count}条")
    ctx.reply(say.cancelled(after, count))


def _batch(ctx: Context) -> PlanBatch:
    return ctx.plans.find(_number(ctx), ctx.person)


def _number(ctx: Context) -> str:
    """Residents who say 计划 are not meant."""
    command = ctx.command
    if command is None or ctx.person.role not in STAFF:
        raise SkipHandler
    number, rest = split_number(command.rest)
    if rest and not command.marked:
        raise SkipHandler
    return number
