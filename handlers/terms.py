"""指令里的日期和原因：看得懂就念回来，看不懂就说怎么写。"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import Context, Faulty, find_term, original_tail

DATE = "日期"
REASON = "原因"
LONGEST = 200


def term(ctx: Context, rest: str) -> tuple[datetime, str]:
    """The day that a command names, and its reason. Raises `Faulty`."""
    at, reason, _ = _found(ctx, rest)
    return at, reason


def extension(ctx: Context, rest: str, due: datetime) -> tuple[datetime, str]:
    """The same for 延期, where `3天` are three days more than there were."""
    at, reason, span = _found(ctx, rest)
    return (at if span is None else max(due, ctx.now) + span), reason


def original(ctx: Context, text: str) -> str:
    """What stood there as it was typed, bounded."""
    return original_tail(ctx.incoming.text, text, ctx.names)[:LONGEST]


def _found(ctx: Context, rest: str) -> tuple[datetime, str, timedelta | None]:
    found = find_term(rest, ctx.now, ctx.knowledge.hours.closes)
    if found.at is None:
        raise Faulty(DATE, "impossible" if found.impossible else "missing")
    if found.at <= ctx.now:
        raise Faulty(DATE, "past")
    reason = found.rest.strip()
    if not reason:
        raise Faulty(REASON)
    ctx.explain(f"日期「{found.at:%Y-%m-%d}」，原因「{reason[:20]}」")
    return found.at, reason, found.span
