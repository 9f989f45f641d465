"""危险：先说打什么电话、怎么避，再叫人，最后才记下来。"""

from __future__ import annotations

from datetime import timedelta

from bot import (
    Alarm,
    Appeal,
    Audience,
    Context,
    DangerKind,
    Report,
    Router,
    Urgency,
    danger,
    summarise,
)
from handlers.phrases import safety as say
from handlers.recording import duty

router = Router("safety", safety=True)

QUIET = timedelta(minutes=10)


@router.on(danger())
def warn(ctx: Context) -> None:
    """The safety line first; those on duty are told; ten neighbours who smell smoke are one
    alarm, and only what they add about the place goes to those on duty."""
    found = ctx.meaning.danger
    if found is None:
        return
    ctx.explain(f"安全词「{found.word}」，先提醒再通知值守人员")
    others = duty(ctx, ctx.area)
    where = ctx.group.name if ctx.group is not None else "私聊"
    words = ctx.incoming.text[:200]
    appeal, alarm = ctx.appeals.alarm(
        _report(ctx, found.kind, found.category), _key(ctx, found.kind), QUIET
    )
    if alarm is Alarm.NEW:
        ctx.reply(_line(found.kind, appeal, told=bool(others)), kind="safety")
        text = say.alert(where, ctx.person.name, words, found.call, appeal.number)
    else:
        ctx.explain(f"10分钟内已经提醒过（{appeal.number}），不再重复")
        text = say.more(where, ctx.person.name, words, appeal.number)
    if alarm is Alarm.AGAIN:
        return
    for person in others:
        ctx.tell(person, text, kind="alert")


def _line(kind: DangerKind, appeal: Appeal, told: bool) -> str:
    recorded = say.recorded(appeal.short) if kind is DangerKind.FALLING else ""
    return say.line(kind, told) + recorded


def _report(ctx: Context, kind: DangerKind, category: str) -> Report:
    hazard = kind is DangerKind.FALLING
    return Report(
        text=ctx.incoming.text,
        summary=summarise(ctx.incoming.text),
        category=ctx.knowledge.taxonomy.get(category),
        place=ctx.meaning.place,
        reporter=ctx.person,
        group=ctx.group or ctx.people.home_group(ctx.person),
        source="群" if ctx.group is not None else "私聊",
        urgency=Urgency.P1 if hazard else Urgency.P0,
        audience=Audience.PUBLIC if hazard else Audience.STAFF,
        cause=ctx.cause,
    )


def _key(ctx: Context, kind: DangerKind) -> str:
    """One alarm a kind and chat; a hazard at another building is another one."""
    chat = ctx.incoming.chat or f"@{ctx.incoming.sender}"
    where = ctx.meaning.place.building if kind is DangerKind.FALLING else ""
    return f"{ctx.incoming.channel}/{chat}/{kind}/{where}"
