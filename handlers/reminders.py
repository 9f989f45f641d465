"""期限：快到了提醒办的人，过了逐级往上请人帮忙，夜里不打扰，每件事只说一次。"""

from __future__ import annotations

from datetime import datetime

from bot import Call, Router, Scene, Stage, Urgency
from handlers.phrases import reminders as say

router = Router("reminders")

# The later in the order of the stages, the more it matters.
ORDER = {stage: rank for rank, stage in enumerate(Stage)}


def next_look(scene: Scene) -> datetime | None:
    """When something may next be due to be said."""
    return scene.deadlines.next_look()


@router.tick(next_look)
def remind(scene: Scene) -> None:
    """Everything that is due, in one message a person."""
    for_whom: dict[str, list[Call]] = {}
    for call in scene.deadlines.sweep():
        for_whom.setdefault(call.person.id, []).append(call)
    for calls in for_whom.values():
        ordered = _worst(calls)
        urgent = any(call.appeal.urgency in {Urgency.P0, Urgency.P1} for call in ordered)
        kind = "alert" if urgent else "reminder"
        scene.tell(ordered[0].person, say.called(ordered, scene.now), kind=kind)


def next_warning(scene: Scene) -> datetime | None:
    """When to say that a year's working days are not known."""
    return scene.deadlines.next_warning()


@router.tick(next_warning)
def warn_of_year(scene: Scene) -> None:
    """From mid-November, once a year, to the community's staff."""
    year = scene.deadlines.year_is_missing()
    if year is None:
        return
    for person in scene.deadlines.warn_of_year(year):
        scene.tell(person, say.year_is_missing(year), kind="reminder")


def _worst(calls: list[Call]) -> list[Call]:
    """One line an appeal, the worst of it; the worst appeals first."""
    worst: dict[str, Call] = {}
    for call in calls:
        known = worst.get(call.appeal.id)
        if known is None or ORDER[call.stage] > ORDER[known.stage]:
            worst[call.appeal.id] = call
    return sorted(worst.values(), key=lambda call: (-ORDER[call.stage], call.deadline))
