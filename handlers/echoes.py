"""附和：+1、我们也是、5幢也不亮，跟到刚才那件事上；接龙和闲谈不算。"""

from __future__ import annotations

from bot import (
    STAFF,
    Appeal,
    Audience,
    Context,
    Filter,
    MeToo,
    NotFound,
    NotPossible,
    Place,
    Report,
    Router,
    SkipHandler,
    me_too,
)
from handlers.phrases import echoes as say
from handlers.recording import acknowledge

router = Router("echoes")

# Every voice is counted; the group hears of the first, and then of every fifth.
TOLD_EACH = 5


@router.on(Filter(lambda ctx: me_too(ctx.text) is not None, "附和"))
def join(ctx: Context) -> None:
    """Stand behind the matter that the talk is about right now."""
    echo = me_too(ctx.text)
    if echo is None or ctx.private or ctx.person.role in STAFF:
        raise SkipHandler
    appeal = _meant(ctx, echo)
    if appeal is None or appeal.audience is not Audience.PUBLIC:
        ctx.explain("像是附和，但刚才说的不是登记过的事")
        raise SkipHandler
    if echo.building and echo.building != appeal.place.building:
        _there_too(ctx, appeal, echo.building)
        return
    try:
        joined = ctx.desk.support(appeal, ctx.person, ctx.cause)
    except NotPossible:
        ctx.explain(f"{appeal.short}号已经{appeal.state}，不再附议")
        raise SkipHandler from None
    ctx.explain(f"附议{appeal.short}号" if joined else f"早就附议过{appeal.short}号")
    count = 1 + len(ctx.desk.supporters(appeal))
    if joined and (count == 2 or count % TOLD_EACH == 0):
        ctx.reply(say.joined(appeal, count))


def _meant(ctx: Context, echo: MeToo) -> Appeal | None:
    """The one that was named, else the one that was just spoken of."""
    if echo.number:
        try:
            return ctx.appeals.find(echo.number, ctx.person, ctx.group)
        except NotFound:
            return None
    echoes = [message for message, text in ctx.related.recent(ctx.incoming) if me_too(text)]
    return ctx.related.just_said(ctx.incoming, echoes)


def _there_too(ctx: Context, appeal: Appeal, building: str) -> None:
    """The same fault at another building is a matter of its own, linked to the first."""
    summary = appeal.summary.removeprefix(appeal.place.building)
    made = ctx.appeals.record(
        Report(
            text=ctx.incoming.text,
            summary=building + summary,
            category=ctx.appeals.category(appeal),
            place=Place(building=building),
            reporter=ctx.person,
            group=ctx.group,
            source="群",
            parent=appeal.id,
            cause=ctx.cause,
        )
    )
    ctx.explain(f"和{appeal.short}号同样的事，在{building}，另登记 {made.number}")
    acknowledge(ctx, made)
