"""Ledgers and reports for whoever owns the machine, by the command line."""

from __future__ import annotations

import asyncio

from bot.errors import NotFound, NotPossible
from bot.models import Door, Person
from bot.ports import Clock, Database, Store
from bot.services import papers
from bot.services.audit import AuditService
from bot.services.knowledge import Knowledge
from bot.services.ledger.importing import LedgerImport, Plan, Taken
from bot.services.ledger.reading import read_ledger
from bot.services.papers import Wanted

SHELL = "命令行"


class Papers:
    """Every refusal is a `HaitangError`."""

    def __init__(self, database: Database, knowledge: Knowledge, clock: Clock) -> None:
        self._database = database
        self._knowledge = knowledge
        self._clock = clock

    async def make(self, wanted: Wanted, actor: Person | None = None) -> bytes:
        """The file; that it leaves is written down first."""
        papers.check(wanted)
        now = self._clock.now()

        def note(store: Store) -> None:
            audit = AuditService(store, now, Door.COMMAND_LINE)
            papers.note(audit, wanted, SHELL if actor is None else actor)

        await self._database.write(note)
        paper = await self._database.read(papers.make, self._knowledge, now, wanted, actor)
        return await asyncio.to_thread(papers.write, paper, wanted.form)

    async def bring(self, name: str, data: bytes, area: str, *, dry: bool) -> list[str]:
        """Read an older ledger, and unless `dry` take it over; what came of it, line by line."""
        now = self._clock.now()
        reading = await asyncio.to_thread(read_ledger, name, data, now)

        def plan(store: Store) -> Plan:
            return self._import(store).plan(reading, area, None)

        def take(store: Store) -> Taken:
            return self._import(store).take(reading, area, None, SHELL)

        planned = await self._database.read(plan)
        if dry:
            return [
                *planned.remarks,
                f"试读：新的{len(planned.fresh)}件，已有的{planned.known}件。",
            ]
        taken = await self._database.write(take)
        if not taken.fresh:
            return [f"没有新的，{taken.known}件都已经导入过。"]
        return [
            *planned.remarks,
            f"已导入{taken.fresh}件（批次 {taken.batch}），跳过已有的{taken.known}件。",
        ]

    async def take_back(self, batch: str) -> str:
        """Undo an import; how many, in words."""
        try:
            count = await self._database.write(
                lambda store: self._import(store).undo(batch, None, SHELL)
            )
        except NotFound:
            raise NotPossible(f"没有导入批次「{batch}」，批次号在导入时说过，如 T1。") from None
        return f"批次 {batch} 的{count}件已撤回，不再计入台账。"

    def _import(self, store: Store) -> LedgerImport:
        now = self._clock.now()
        audit = AuditService(store, now, Door.COMMAND_LINE)
        return LedgerImport(store, self._knowledge, now, audit)
