"""期限和简报：快到了提醒办的人，过了逐级往上，早晚各一份简报；夜里不打扰，每件事只说一次。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import Brief, Call, Person, Router, Scene, Stage, Standing, Urgency
from handlers.phrases import reminders as say
from handlers.phrases import standing as briefs

router = Router("reminders")

# The later in the order of the stages, the more it matters.
ORDER = {stage: rank for rank, stage in enumerate(Stage)}
RUNGS = frozenset({Stage.GRID, Stage.COMMUNITY, Stage.STREET})
URGENT = frozenset({Urgency.P0, Urgency.P1})


def next_look(scene: Scene) -> datetime | None:
    """When something may next be due to be said."""
    times = (scene.deadlines.next_look(), scene.standing.next_ring())
    return min((at for at in times if at is not None), default=None)


@router.tick(next_look)
def remind(scene: Scene) -> None:
    """Everything that is due, in one message a person: the brief, and behind it the deadlines."""
    calls = _calls(scene)
    for person, found in _briefs(scene):
        own = calls.pop(person.id, ()) if found.standing is Standing.MORNING else ()
        _tell_brief(scene, person, found, own)
    for own in calls.values():
        scene.tell(own[0].person, say.called(own, scene.now), kind=_kind(own))


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
        if scene.standing.wants(person, Standing.HOLIDAYS):
            scene.tell(person, say.year_is_missing(year), kind="reminder")


def _calls(scene: Scene) -> dict[str, Sequence[Call]]:
    """What is due about deadlines, by person, the worst first."""
    for_whom: dict[str, list[Call]] = {}
    for call in scene.deadlines.sweep():
        if _must(call) or scene.standing.wants(call.person, Standing.DEADLINES):
            for_whom.setdefault(call.person.id, []).append(call)
    return {person: _worst(calls) for person, calls in for_whom.items()}


def _must(call: Call) -> bool:
    """What nobody can switch off: the same day's matters, and those that were passed up."""
    return call.stage in RUNGS or call.appeal.urgency in URGENT


def _briefs(scene: Scene) -> list[tuple[Person, Brief]]:
    """Standing messages whose turn it is, if there is anything to say."""
    turns = scene.standing.due()
    found = [(turn.person, scene.briefs.brief(turn)) for turn in turns]
    return [(person, brief) for person, brief in found if brief.fresh]


def _tell_brief(scene: Scene, person: Person, brief: Brief, calls: Sequence[Call]) -> None:
    """The brief and, behind it, what is due of deadlines; no matter stands in it twice."""
    kept = brief.without({call.appeal.id for call in calls})
    parts = [] if calls and kept.blank else [briefs.brief(kept, more=bool(calls))]
    if calls:
        parts.append(say.called(calls, scene.now))
    scene.tell(person, "\n".join(parts), kind=_kind(calls))


def _kind(calls: Sequence[Call]) -> str:
    return "alert" if any(call.appeal.urgency in URGENT for call in calls) else "reminder"


def _worst(calls: Sequence[Call]) -> list[Call]:
    """One line an appeal, the worst of it; the worst appeals first."""
    worst: dict[str, Call] = {}
    for call in calls:
        known = worst.get(call.appeal.id)
        if known is None or ORDER[call.stage] > ORDER[known.stage]:
            worst[call.appeal.id] = call
    return sorted(worst.values(), key=lambda call: (-ORDER[call.stage], call.deadline))
