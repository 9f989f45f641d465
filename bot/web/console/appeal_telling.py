"""How a matter is told on its page: its clocks, its facts, and what each step changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from bot.models import Appeal, Delivery, Event, State
from bot.rules.appeal_flow import OPEN, Act
from bot.rules.taxonomy import Taxonomy
from bot.services.appeal_story import Story
from bot.services.history import read_time
from bot.web.console.appeal_lines import Left, running, span
from bot.web.console.looks import day, moment

DELIVERIES = {
    Delivery.QUEUED: ("等着发", "waiting"),
    Delivery.SENDING: ("正在发", "working"),
    Delivery.SENT: ("已发出", "done"),
    Delivery.FAILED: ("没发出去", "overdue"),
    Delivery.UNCERTAIN: ("不确定送没送到", "waiting"),
}
GONE = "（已按规定清除）"
_NAMES = {
    "unit": "承办单位", "level": "层级", "claimant": "认领单位", "summary": "一句话",
    "urgency": "紧急程度", "track": "办法", "venue": "报到", "rating": "评价", "verdict": "结果",
}  # fmt: skip
_DAYS = {"due_at": "办结期限", "parked_until": "挂到", "recheck_at": "回头看"}
_WORDS = frozenset({"summary"})
"""Fields that hold what somebody said."""


class Clock(Struct, frozen=True):
    """One deadline: what it is, by when, and how it stands."""

    name: str
    by: str
    left: Left


class Change(Struct, frozen=True):
    """One field before and after a step."""

    name: str
    before: str
    after: str


def clocks(appeal: Appeal, now: datetime) -> list[Clock]:
    """First answer, handling, and the asker's word; each as it stands now."""
    found = []
    if appeal.contact_due_at is not None:
        met = _met(appeal.contacted_at, appeal.contact_due_at, "已回应")
        left = met or _running(appeal, appeal.contact_due_at, now)
        found.append(Clock("首次回应", moment(appeal.contact_due_at), left))
    if appeal.state in OPEN:
        due = _running(appeal, appeal.due_at, now)
        found.append(Clock("办结期限", moment(appeal.due_at), due))
    elif appeal.closed_at is not None and appeal.state in {State.DONE, State.STRUCK}:
        met = _met(appeal.closed_at, appeal.due_at, "已办结") or Left("", "still")
        found.append(Clock("办结期限", moment(appeal.due_at), met))
    if appeal.feedback_due_at is not None and appeal.closed_at is not None:
        left = running(appeal.closed_at, appeal.feedback_due_at, now)
        found.append(Clock("等评价", moment(appeal.feedback_due_at), left))
    return found


def _running(appeal: Appeal, due: datetime, now: datetime) -> Left:
    if appeal.stopped_at is not None:
        return Left(f"{day(appeal.stopped_at)}起停着", "parked")
    return running(appeal.created_at, due, now)


def _met(at: datetime | None, due: datetime, word: str) -> Left | None:
    """How it was kept; None when it is still owed."""
    if at is None:
        return None
    if at > due:
        return Left(f"{moment(at)}{word}，晚了{span(at - due)}", "overdue")
    return Left(f"{moment(at)}{word}", "done")


def facts(story: Story) -> Iterator[tuple[str, str]]:
    """What stands fixed about a matter, as far as it is known."""
    appeal = story.appeal
    yield "类别", f"{story.category.name}（{appeal.kind}）"
    yield "承办单位", appeal.unit
    yield "经办人", story.handler or "还没有人受理"
    yield "紧急程度", appeal.urgency
    yield "办法", appeal.track
    yield "层级", appeal.level
    if appeal.venue and appeal.escalated_at is not None:
        yield "上报", f"{appeal.venue}，{day(appeal.escalated_at)}"
        yield "上面答复", appeal.answer or "还没有"
    if appeal.claimant:
        pending = "，等社区确认" if appeal.claim_pending else ""
        yield "认领", appeal.claimant + pending
    if story.supporters:
        yield "附议", f"另有{story.supporters}户"
    if appeal.recheck_at is not None:
        yield "回头看", day(appeal.recheck_at)
    if appeal.state in {State.DONE, State.STRUCK}:
        yield "评价", appeal.rating or "未评价"
    if appeal.reopened:
        yield "重开过", f"{appeal.reopened}次"


def changes(event: Event, taxonomy: Taxonomy, *, opened: bool) -> list[Change]:
    """What a step changed, in words; what was said only where the page is open."""
    if not event.before:
        return []
    found = [_change("", event, "state")]
    names = [name for name in _NAMES if opened or name not in _WORDS]
    found += [_change(_NAMES[name], event, name) for name in names]
    for name, word in _DAYS.items():
        if name in event.after:
            before, after = event.before.get(name, ""), event.after[name]
            found.append(Change(word, _day(before), _day(after)))
    if event.before.get("category") and event.after.get("category"):
        old, new = (taxonomy.get(e["category"]).name for e in (event.before, event.after))
        found.append(Change("类别", old, new))
    return [change for change in found if change.before != change.after]


def _change(word: str, event: Event, name: str) -> Change:
    return Change(word, event.before.get(name, "") or "无", event.after.get(name, "") or "无")


def _day(text: str) -> str:
    return day(read_time(text)) if text else "无"


def why(event: Event) -> str:
    """The reason that stands with a step; the undone step for an undoing."""
    if event.action == Act.UNDO and event.reason:
        return f"收回了「{event.reason}」"
    return event.reason
