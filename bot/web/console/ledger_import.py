"""导入旧台账: a file is read and its faults shown; only then it is brought in, or taken back."""

from __future__ import annotations

import asyncio
import secrets
from datetime import datetime, timedelta

from aiohttp import web
from msgspec import Struct

from bot.engine.context import Scene
from bot.errors import ImportFault
from bot.rules.permissions import Deed
from bot.services.ledger.importing import Plan, Taken
from bot.services.ledger.reading import Reading, read_ledger
from bot.services.sheet import MAX_BYTES
from bot.web.console.doors import Door, get, post
from bot.web.console.visit import HOME, Visit

IMPORT = f"{HOME}/ledger/import"
KEPT = timedelta(minutes=30)
MOST_KEPT = 4
SHOWN = 300
LOOK = 5
GONE = "刚才的文件放得太久了，请再选一次。"
NO_FILE = "请先选一个文件。"


class Waiting(Struct, frozen=True):
    """A file that was read and waits to be brought in; `holder` is who chose it."""

    holder: str
    name: str
    area: str
    reading: Reading
    at: datetime


class ImportPages:
    """What was read is kept here for half an hour, a few files at most: a restart forgets it."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/ledger/import", self.start, Deed.MANAGE),
            post("/ledger/import", self.read, Deed.MANAGE, takes=MAX_BYTES + 65_536),
            post("/ledger/import/take", self.take, Deed.MANAGE),
            post("/ledger/import/{batch}/undo", self.undo, Deed.MANAGE),
        ]

    async def start(self, visit: Visit) -> web.Response:
        """Choose a file; what was brought in lately can be taken back."""
        return await self._page(visit)

    async def read(self, visit: Visit) -> web.Response:
        """Read it, and say what would happen or every row that is wrong."""
        upload = (await visit.form()).upload("file")
        if upload is None:
            return await self._page(visit, faults=(NO_FILE,), status=400)
        try:
            reading = await asyncio.to_thread(read_ledger, upload.name, upload.data, visit.now)
        except ImportFault as error:
            return await self._page(visit, faults=error.faults, name=upload.name, status=400)
        area = visit.area
        plan: Plan = await visit.read(
            lambda scene: scene.papers.imports.plan(reading, area, visit.person)
        )
        key = self._keep(Waiting(visit.person.id, upload.name, area, reading, visit.now))
        return await self._page(visit, plan=plan, name=upload.name, key=key)

    async def take(self, visit: Visit) -> web.Response:
        """Bring in what was read before."""
        key = (await visit.form()).text("key")
        waiting = self._waiting.get(key)
        if waiting is None or waiting.holder != visit.person.id or visit.now - waiting.at > KEPT:
            return await self._page(visit, faults=(GONE,), status=409)

        def take(scene: Scene) -> Taken:
            return scene.papers.imports.take(waiting.reading, waiting.area, visit.person)

        taken = await visit.write(take)
        self._waiting.pop(key, None)
        if not taken.fresh:
            return visit.go(IMPORT, f"没有新的，{taken.known}件都已经导入过。")
        return visit.go(
            IMPORT, f"已导入{taken.fresh}件，跳过已有的{taken.known}件。导错了可以在下面撤回。"
        )

    async def undo(self, visit: Visit) -> web.Response:
        """Take a batch back."""
        batch = visit.part("batch")
        count = await visit.write(lambda scene: scene.papers.imports.undo(batch, visit.person))
        return visit.go(IMPORT, f"批次 {batch} 的{count}件已撤回，不再计入台账。")

    async def _page(
        self,
        visit: Visit,
        *,
        faults: tuple[str, ...] = (),
        plan: Plan | None = None,
        name: str = "",
        key: str = "",
        status: int = 200,
    ) -> web.Response:
        latest = await visit.read(lambda scene: scene.papers.imports.latest(visit.person))
        return visit.page(
            "console/reports/import.html",
            status=status,
            faults=faults[:SHOWN],
            hidden=max(0, len(faults) - SHOWN),
            plan=plan,
            look=() if plan is None else plan.fresh[:LOOK],
            name=name,
            key=key,
            latest=latest,
        )

    def _keep(self, waiting: Waiting) -> str:
        """One file of each person, and never more than a few."""
        self._waiting = {
            key: kept
            for key, kept in self._waiting.items()
            if kept.holder != waiting.holder and waiting.at - kept.at <= KEPT
        }
        while len(self._waiting) >= MOST_KEPT:
            self._waiting.pop(next(iter(self._waiting)))
        key = secrets.token_urlsafe(16)
        self._waiting[key] = waiting
        return key
