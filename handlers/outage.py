"""问到最近的通知：停水几点来、体检在哪、要带什么，先说通知里写的，再轮到问答。"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from bot import (
    Context,
    Current,
    Filter,
    Intent,
    Router,
    SkipHandler,
    Told,
    answer_from,
    asked_of,
)
from handlers.phrases import outage as say

router = Router("outage")

SUPPLIES = {
    "停水": re.compile(r"[来停没供断]水|水.{0,4}(?:来|恢复)"),
    "停电": re.compile(r"[来停没供断]电|电.{0,4}(?:来|恢复)"),
    "停气": re.compile(r"[来停没供断](?:煤|燃|天然)?气|气.{0,4}(?:来|恢复)"),
}
WHEN = re.compile(r"什么时候|啥时候|啥辰光|何时|几时|几点|多久|多长时间|还要等|到什么时间")
LONGEST = 60
CURRENT = timedelta(hours=24)
"""An older notice says nothing about today's tap."""
LATELY = timedelta(days=14)
"""Before that nothing is looked for; what lies behind is no answer anyway."""


def _supply(ctx: Context) -> str:
    """停水, 停电 or 停气 when somebody asks when it ends, else empty."""
    if len(ctx.text) > LONGEST:
        return ""
    asked = WHEN.search(ctx.text) is not None or (
        ctx.addressed and ctx.meaning.judgement.intent is Intent.QUESTION
    )
    if not asked:
        return ""
    return next((word for word, asks in SUPPLIES.items() if asks.search(ctx.text)), "")


@router.on(Filter(lambda ctx: _supply(ctx) != "", "问什么时候来水来电"))
def when_it_ends(ctx: Context) -> None:
    """What the newest notice to this group says; without one it is an ordinary question."""
    supply = _supply(ctx)
    told = next((each for each in _told(ctx, CURRENT) if supply in each.text), None)
    if told is None:
        raise SkipHandler
    ctx.explain(f"这个群最近有{supply}通知（{told.notice.id}），先说通知")
    ctx.reply(say.notice(told.text, told.at))


def _told(ctx: Context, within: timedelta) -> Sequence[Told]:
    """What this group heard; in private what the groups of one's own micro-grid heard."""
    if ctx.group is not None:
        return ctx.notices.told(ctx.group, within)
    return ctx.notices.told_around(ctx.person, within)


@router.on(Filter(lambda ctx: asked_of(ctx.text) is not None, "问通知"))
def what_it_says(ctx: Context) -> None:
    """The lines of the one current notice that is asked after; when unsure, not a word."""
    lately = _told(ctx, LATELY)
    current = [Current(each.text, each.at) for each in lately]
    found = answer_from(ctx.text, current, ctx.now)
    if found is None:
        raise SkipHandler
    told = lately[found.index]
    ctx.explain(f"问的是最近的通知（{told.notice.id}），用它自己的话答")
    ctx.reply(say.lines(found.lines, told.at))
