"""清单 and a word behind it: which matters are meant; and matters that a description fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.language.places import find_place
from bot.models import SHANGHAI, Appeal, Level, Person, State
from bot.rules.taxonomy import Category, Taxonomy

Test = Callable[[Appeal], bool]
_BUILDING = re.compile(r"^\d{1,4}(?:号?楼|[幢栋号])?$")
_ENOUGH = 0.6


def narrowing(word: str, person: Person, now: datetime, taxonomy: Taxonomy) -> Test | None:
    """What `清单 word` lists; None for a word that names nothing."""
    fixed = _fixed(person, now).get(word.removesuffix("的") if word != "我的" else word)
    if fixed is not None:
        return fixed
    if _BUILDING.match(word):
        building = find_place(re.sub(r"\D", "", word) + "幢").building
        return lambda appeal: appeal.place.building == building
    category = taxonomy.by_name(word)
    if category is not None:
        code = category.code
        return lambda appeal: appeal.category == code
    return None


def _fixed(person: Person, now: datetime) -> dict[str, Test]:
    today = now.astimezone(SHANGHAI).date()

    def overdue(appeal: Appeal) -> bool:
        return appeal.stopped_at is None and appeal.due_at < now

    def due_today(appeal: Appeal) -> bool:
        last = appeal.parked_until or appeal.due_at
        return last.astimezone(SHANGHAI).date() == today

    def mine(appeal: Appeal) -> bool:
        return person.id in {appeal.handler, appeal.claimed_by}

    def parked(appeal: Appeal) -> bool:
        return appeal.state is State.PARKED

    def claimed(appeal: Appeal) -> bool:
        return appeal.claimant != ""

    def raised(appeal: Appeal) -> bool:
        return appeal.level is not Level.GROUP

    def waiting(state: State) -> Test:
        return lambda appeal: appeal.state is state

    return {
        "超期": overdue, "逾期": overdue, "过期": overdue, "今天": due_today, "今日": due_today,
        "今天到期": due_today, "我的": mine, "我": mine, "挂账": parked, "认领": claimed,
        "上报": raised, "待受理": waiting(State.PENDING), "待补充": waiting(State.NEEDS_INFO),
        "办理中": waiting(State.WORKING),
    }  # fmt: skip


def fits(words: str, appeal: Appeal, category: Category) -> bool:
    """Whether somebody who says `3幢的灯` may mean this matter."""
    place = find_place(words)
    if place.building and place.building != appeal.place.building:
        return False
    core = words.replace(place.building, "", 1) if place.building else words
    core = re.sub(r"^\d{1,4}(?:号?楼|[幢栋号])|[的那这]", "", core).strip()
    if not core:
        return bool(place.building)
    told = f"{appeal.summary} {category.name} {category.short}"
    return core in told or _shared(core, told) >= _ENOUGH


def _shared(core: str, told: str) -> float:
    pairs: Sequence[str] = [core[i : i + 2] for i in range(len(core) - 1)]
    return sum(pair in told for pair in pairs) / len(pairs) if pairs else 0.0
