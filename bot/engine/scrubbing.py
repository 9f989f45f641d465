"""The work that follows when somebody had themselves erased."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.engine.context import Scene
from bot.engine.jobs import Result, Worker
from bot.models import SHANGHAI, Job
from bot.ports import Database, Store
from bot.services.privacy import SCRUB

REWRITE = "privacy.rewrite"
# Rows in one transaction: others write in between.
AT_ONCE = 500
NIGHT = time(3, 30)
PATIENCE_SECONDS = 600.0


class Scrubbing:
    """Takes away the last two messages, mentions by others, and the bytes of what was there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def workers(self) -> dict[str, Worker]:
        """To be given to the job runner."""
        return {
            SCRUB: Worker(work=self.scrub),
            REWRITE: Worker(work=self.rewrite, patience=PATIENCE_SECONDS),
        }

    async def scrub(self, job: Job) -> Result | None:
        """May be called again: what is empty stays empty."""
        payload = job.payload
        await self._database.write(lambda store: store.erasure.last_words(payload["message"]))
        numbers = payload["numbers"].split()
        after = await self._database.write(_mentions, payload["name"], numbers, "")
        while after:
            after = await self._database.write(_mentions, payload["name"], numbers, after)
        return _tonight

    async def rewrite(self, job: Job) -> Result | None:
        """The data file anew, without the gaps in which old bytes may lie. Others wait for it."""
        await self._database.write(lambda store: store.erasure.forget_words())
        await self._database.scrub()
        return None


def _mentions(store: Store, name: str, numbers: list[str], after: str) -> str:
    return store.erasure.mentions(name, numbers, after, AT_ONCE)


def _tonight(scene: Scene) -> None:
    """However many were erased today, the file is written anew once."""
    at = next_night(scene.now)
    scene.jobs.add(REWRITE, {}, at, once=f"{REWRITE}/{at:%Y%m%d}")


def next_night(now: datetime) -> datetime:
    """When nobody minds waiting."""
    local = now.astimezone(SHANGHAI)
    at = datetime.combine(local.date(), NIGHT, SHANGHAI)
    return at if at > local else at + timedelta(days=1)
