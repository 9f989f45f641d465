"""A year of notices on a clock that we turn: power cuts, restarts, a clock that jumps.

What must come out is counted plainly, day by day, beside the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.app import DATA
from bot.models import SHANGHAI, Role
from bot.rules.workdays import WorkCalendar
from bot.testing.conversation import World
from tests.blank import lay_blank

BEGIN = datetime(2025, 11, 1, 9, 0, tzinfo=SHANGHAI)
CALENDAR = WorkCalendar.parse((DATA / "workdays.json").read_bytes())
ONE_DAY = timedelta(days=1)
GRACE = timedelta(hours=2)


def eve(day: date) -> bool:
    """The last day before a holiday begins."""
    return day + ONE_DAY in CALENDAR.holidays and day not in CALENDAR.holidays  # 2025, 2026


def edge(day: date) -> bool:
    """The first or the last of a month."""
    return 1 in {day.day, (day + ONE_DAY).day}


# The order, the hour, and on which days it must come.
NOTICES: dict[str, tuple[str, time, Callable[[date], bool]]] = {
    "早上好": ("每天8:00", time(8), lambda day: True),
    "本周安排": ("每周一8:30", time(8, 30), lambda day: day.weekday() == 0),
    "缴费提醒": ("每月1号9点", time(9), lambda day: day.day == 1),
    "月末提醒": ("每月最后一天9点", time(9), lambda day: edge(day) and day.day != 1),
    "下班提醒": ("工作日17:30", time(17, 30), CALENDAR.is_workday),
    "节日安全": ("节前一天16点", time(16), eve),
}


class Plain:
    """What must be heard, counted without the program: `sent` of (words, when), and `missed`."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, datetime]] = []
        self.missed = 0
        self._seen = BEGIN

    def awake(self, until: datetime) -> None:
        """The program runs until then: everything at its own minute."""
        for words in NOTICES:
            self.sent += [(words, at) for at in self._times(words, until)]
        self._seen = max(self._seen, until)

    def asleep(self, until: datetime) -> None:
        """It wakes then: of each notice the last time counts, unless that is too long ago."""
        for words in NOTICES:
            times = list(self._times(words, until))
            if times and until - times[-1] <= GRACE:
                self.sent.append((words, until))
            elif times:
                self.missed += 1
        self._seen = max(self._seen, until)

    def _times(self, words: str, until: datetime) -> Iterator[datetime]:
        _, hour, comes = NOTICES[words]
        day = self._seen.date()
        while day <= until.date():
            at = datetime.combine(day, hour, SHANGHAI)
            if comes(day) and self._seen < at <= until:
                yield at
            day += ONE_DAY


def live(world: World, plain: Plain, days: int, random: Random) -> None:
    """So many days of ordinary and of bad luck."""
    end = BEGIN + timedelta(days=days)
    while world.now < end:
        hours = random.randint(5, 60)
        luck = random.random()
        if luck < 0.15:  # a power cut, sometimes for days
            world.sleep(f"{random.choice([1, 2, 3, 7, 26, 75])}h")
            world.restart()
            plain.asleep(world.now)
        elif luck < 0.25:  # the clock is put back, while it runs
            back = world.now - timedelta(minutes=random.randint(1, 180))
            world.player.clock.turn_back(back)
        elif luck < 0.35:  # or leaps ahead
            world.sleep(f"{random.randint(1, 5)}h")
            world.wait("0s")
            plain.asleep(world.now)
        elif luck < 0.5:
            world.restart()
        world.wait(f"{hours}h")
        plain.awake(world.now)


def year(folder: Path, days: int, seed: int) -> None:
    """Live through it, and compare."""
    lay_blank(folder / "world.db")
    world, plain = World(folder, BEGIN), Plain()
    try:
        group = world.group("一群")
        world.person("管家", Role.STEWARD)
        for words, (order, _, _) in NOTICES.items():
            group.says("管家", f"发布 {order} {words}")
            assert group.says("管家", "确认")[0].startswith("好，")
        live(world, plain, days, Random(seed))
        heard = sorted((h.text, h.at) for h in world.heard if h.text in NOTICES)
        wanted = sorted((words, at.isoformat(timespec="seconds")) for words, at in plain.sent)
        assert heard == wanted
        told = [h for h in world.heard if h.to == "管家" and "没有发出" in h.text]
        assert len(told) == plain.missed
        assert len(heard) > days
    finally:
        world.close()


@pytest.mark.slow
def test_two_months(tmp_path: Path) -> None:
    year(tmp_path, 60, 4)  # days of power cuts among them


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_a_year(tmp_path: Path, seed: int) -> None:
    year(tmp_path, 365, seed)
