"""Plans of notices as files, for the command line and the console: in, tried out, and out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from bot.errors import Ambiguous, HaitangError, ImportFault, NotAllowed, NotFound
from bot.language.dates import say_again, say_when
from bot.models import Door
from bot.ports import Clock, Database, Store
from bot.rules.workdays import WorkCalendar
from bot.services.audit import AuditService
from bot.services.knowledge import Knowledge
from bot.services.plan import Checked, Planned, PlanRow, PlansService
from bot.services.transfers import SHELL

KIND = "notices"
TITLE = 24


class PlanRequest(Struct, frozen=True, kw_only=True):
    """A file to bring in: its name tells its kind. `author` is staff by id, account or name; `to`
    is for rows that name nobody. `trial`: say what would happen, and do nothing."""

    name: str
    data: bytes
    author: str
    to: str = ""
    trial: bool = False


class PlanFiles:
    """Every refusal is a `HaitangError` with one Chinese sentence a fault."""

    def __init__(self, database: Database, knowledge: Knowledge, clock: Clock) -> None:
        self._database = database
        self._knowledge = knowledge
        self._clock = clock

    async def bring(self, request: PlanRequest) -> str:
        """All rows or none; what came of it, in Chinese."""
        now, calendar = self._clock.now(), self._knowledge.calendar
        rows = await asyncio.to_thread(_read, request.name, request.data, now, calendar)
        if request.trial:
            return await self._database.read(self._try, request, rows)
        return await self._database.write(self._bring, request, rows)

    async def export(self, name: str, area: str = "") -> bytes:
        """All that is still to come, as the kind of file that `name` says."""
        plan = await self._database.read(lambda store: self._plans(store).export(area.strip("/ ")))
        return await asyncio.to_thread(_write, name, plan, self._clock.now())

    def _try(self, store: Store, request: PlanRequest, rows: Sequence[PlanRow]) -> str:
        plans = self._plans(store)
        try:
            author = plans.author(request.author)
            checked = plans.check(author, rows, request.to)
        except (NotFound, Ambiguous, NotAllowed) as error:
            raise _no_author(request, error) from None
        return "\n".join([*map(_line, checked), f"{len(checked)}条都没有问题，没有导入。"])

    def _bring(self, store: Store, request: PlanRequest, rows: Sequence[PlanRow]) -> str:
        self._knowledge.tables.refresh(store)
        plans = self._plans(store)
        try:
            author = plans.author(request.author)
            batch = plans.bring(author, rows, request.to, "")
        except (NotFound, Ambiguous, NotAllowed) as error:
            raise _no_author(request, error) from None
        count = len(batch.notices)
        AuditService(store, self._clock.now(), Door.COMMAND_LINE).imported(SHELL, KIND, count)
        return (
            f"已导入 {count} 条，是{batch.plan.number}号计划，还没有排上："
            f"已私下问{author.name}，回复「确认」才排上。"
        )

    def _plans(self, store: Store) -> PlansService:
        return PlansService(store, self._knowledge, self._clock.now())


# The libraries take a quarter of a second to load, which no start of the service waits for.
def _read(name: str, data: bytes, now: datetime, calendar: WorkCalendar) -> Sequence[PlanRow]:
    from bot.services.plan.files import read_plan  # noqa: PLC0415

    return read_plan(name, data, now, calendar)


def _write(name: str, plan: Sequence[Planned], now: datetime) -> bytes:
    from bot.services.plan.files import write_plan  # noqa: PLC0415

    return write_plan(name, plan, now)


def _line(one: Checked) -> str:
    wording = one.wording
    often = f"{say_again(wording.recurrence)}，第一次" if wording.recurrence is not None else ""
    title = wording.text.split("\n", 1)[0][:TITLE]
    return f"{one.row.where}：{often}{say_when(wording.planned_at)}，发往{one.count}处，{title}"


def _no_author(request: PlanRequest, error: Exception) -> HaitangError:
    match error:
        case Ambiguous():
            return ImportFault([f"叫「{request.author}」的不止一个，请写账号：{error}"])
        case NotAllowed():
            return ImportFault([f"「{request.author}」不能发通知，或没有管的群，请换一位作者。"])
        case _:
            return ImportFault(
                [f"没有叫「{request.author}」的工作人员，请用 --author 写姓名或账号。"]
            )
