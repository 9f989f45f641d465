"""The backup of every night: made while the service runs, checked, the old ones let go."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from pathlib import Path

import structlog

from bot.errors import HaitangError
from bot.models import SHANGHAI
from bot.ports import Clock
from bot.rules.rotation import Rotation, kept

log = structlog.get_logger()

LOOK_SECONDS = 30.0
_NAME = re.compile(r"nightly-(\d{8})\.db")


class Nightly:
    """Knows from the folder alone whether tonight's backup is made, so a restart repeats nothing.

    `copy` makes and checks one; it raises `HaitangError`, which is told and tried again later.
    """

    def __init__(
        self,
        folder: Path,
        at: time,
        rotation: Rotation,
        clock: Clock,
        copy: Callable[[Path], Awaitable[None]],
    ) -> None:
        self._folder = folder
        self._at = at
        self._rotation = rotation
        self._clock = clock
        self._copy = copy
        self.on_made: Callable[[datetime], None] = lambda at: None
        self.on_failed: Callable[[str], None] = lambda why: None

    async def run(self) -> None:
        """Look from time to time, for as long as the service runs."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Make tonight's backup if its time has come and it is not there."""
        now = self._clock.now().astimezone(SHANGHAI)
        goal = self._folder / f"nightly-{now:%Y%m%d}.db"
        if now.time() < self._at or goal.exists():
            return
        try:
            await self._copy(goal)
        except (HaitangError, OSError) as error:
            log.error("no nightly backup", reason=str(error))
            self.on_failed(str(error))
            return
        gone = await asyncio.to_thread(self.rotate)
        log.info("nightly backup made", file=goal.name, let_go=gone)
        self.on_made(now)

    def rotate(self) -> int:
        """Let old ones go; how many. Only those that were made here."""
        made = {_day(path): path for path in self._folder.glob("nightly-*.db") if _day(path)}
        wanted = kept((day for day in made if day is not None), self._rotation)
        old = [path for day, path in made.items() if day not in wanted]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def _day(path: Path) -> date | None:
    found = _NAME.fullmatch(path.name)
    try:
        return None if found is None else datetime.strptime(found[1], "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        return None
