"""What runs beside the service so that nobody has to look after it by hand."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import datetime, time
from pathlib import Path

from bot.config import Config
from bot.engine.tasks import Tasks
from bot.metrics import Metrics
from bot.nightly import Nightly
from bot.ports import Clock, Database
from bot.rules.rotation import Rotation
from bot.vigil import Vigil, Words

CopyPictures = Callable[[Path, Path], int]


class Caretaking:
    """`tell` writes an alarm down to be sent."""

    def __init__(
        self,
        config: Config,
        database: Database,
        clock: Clock,
        metrics: Metrics,
        tasks: Tasks,
        tell: Callable[[str], Awaitable[None]],
        words: Words,
    ) -> None:
        self._config = config
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._tasks = tasks
        folder, hours = config.storage.file.parent, config.bot.silent_hours
        self.vigil = Vigil(
            database, clock, metrics, words, hours, tell, lambda: shutil.disk_usage(folder).free
        )

    def start(self, copy_pictures: CopyPictures) -> None:
        """Begin; it ends with the tasks."""
        self._tasks.spawn(self.vigil.run(), "vigil")
        self._tasks.spawn(self.vigil.beat(), "beat")
        if self._config.backup.nightly:
            self._tasks.spawn(self._nightly(copy_pictures).run(), "nightly")

    def _nightly(self, copy_pictures: CopyPictures) -> Nightly:
        """The backup of every night, pictures and all, in `backups/` beside the data."""
        chosen, data = self._config.backup, self._config.storage.file
        rotation = Rotation(days=chosen.days, weeks=chosen.weeks, months=chosen.months)
        folder = data.parent / "backups"

        async def copy(goal: Path) -> None:
            await self._database.backup(goal)
            await asyncio.to_thread(copy_pictures, data.parent / "media", folder / "media")

        at = time.fromisoformat(chosen.nightly)
        nightly = Nightly(folder, at, rotation, self._clock, copy)
        nightly.on_made = self._made
        nightly.on_failed = self._failed
        return nightly

    def _made(self, at: datetime) -> None:
        self._metrics.last_backup.set(at.timestamp())

    def _failed(self, why: str) -> None:
        self._tasks.spawn(self.vigil.no_backup(why), "no backup")
