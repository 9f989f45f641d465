"""The ledger (台账) of an area: nine sheets, as a street office keeps it."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from bot.errors import NotAllowed, NotPossible
from bot.models import Kind, Person
from bot.models.ledger import Line
from bot.ports import Store
from bot.rules.counting import Period, month_after
from bot.rules.counting.periods import MOST_DAYS
from bot.rules.permissions import Deed, covers, may
from bot.services.knowledge import Knowledge
from bot.services.ledger.lines import (
    APPEAL_COLUMNS,
    IDEA_COLUMNS,
    appeal_row,
    idea_row,
)
from bot.services.paper import Paper, Section
from bot.services.reports.parts import figures, matters, notices
from bot.services.reports.source import Source

MOST_ROWS = 20_000


class Ask(Struct, frozen=True, kw_only=True):
    """Which ledger: an area, its days, and whether with everything that only staff may read."""

    area: str
    first: date
    last: date
    full: bool = False

    @property
    def period(self) -> Period:
        """Its days. Raises `NotPossible`."""
        if self.last < self.first:
            raise NotPossible("结束日期在开始日期前面，请换一下。")
        if (self.last - self.first).days > MOST_DAYS:
            raise NotPossible("时间太长，请分几段导出，一段最多十年。")
        return Period(self.first, self.last)


class LedgerService:
    """Ledgers within one transaction. `actor` None is whoever owns the machine."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now

    def paper(self, ask: Ask, actor: Person | None) -> Paper:
        """The nine sheets. Raises `NotAllowed`, `NotPossible`."""
        self.authorise(ask, actor)
        source = self._source(ask)
        return Paper(
            title=f"{source.where}微网格民情台账（{ask.period.name}）",
            caliber=source.caliber,
            sections=(
                figures.summary(source),
                self._appeals(source),
                self._ideas(source),
                matters.stuck(source),
                figures.rate_table(source),
                figures.heat_table(source),
                notices.notices(source),
                notices.services(source),
                matters.contacts(source, month_after(ask.period, self._next(ask))),
            ),
        )

    def authorise(self, ask: Ask, actor: Person | None) -> None:
        """Raises `NotAllowed`."""
        deed = Deed.OPEN_LEDGER if ask.full else Deed.COUNT
        if actor is not None and not (may(actor.role, deed) and covers(actor.area, ask.area)):
            raise NotAllowed(deed)

    def _source(self, ask: Ask) -> Source:
        return Source(
            self._store,
            self._knowledge,
            self._now,
            area=ask.area,
            period=ask.period,
            full=ask.full,
        )

    def _appeals(self, source: Source) -> Section:
        lines = self._lines(source, Kind.APPEAL)
        steps = self._store.ledger.steps(source.scope, [Kind.APPEAL])
        return Section(
            key="appeals",
            name="诉求台账",
            note=copy_note(full=source.full),
            empty="这段时间没有登记诉求。",
            columns=APPEAL_COLUMNS,
            rows=[appeal_row(source, line, steps.get(line.appeal.id, ())) for line in lines],
        )

    def _ideas(self, source: Source) -> Section:
        return Section(
            key="ideas",
            name="意见建议",
            note="建议和诉求分开算。",
            empty="这段时间没有登记意见建议。",
            columns=IDEA_COLUMNS,
            rows=[idea_row(source, line) for line in self._lines(source, Kind.SUGGESTION)],
        )

    def _lines(self, source: Source, kind: Kind) -> list[Line]:
        found = self._store.ledger.lines(source.scope, [kind], MOST_ROWS + 1)
        if len(found) > MOST_ROWS:
            raise NotPossible(f"这段时间超过{MOST_ROWS}条，请分几段导出。")
        return list(found)

    def _next(self, ask: Ask) -> int:
        """How many months after the first the coming month is."""
        return (ask.last.year - ask.first.year) * 12 + ask.last.month - ask.first.month + 1


def copy_note(*, full: bool) -> str:
    """What kind of copy this is, under its title."""
    if full:
        return "全本：含不公开的和个人信息，只供负责人办理，不得转发。"
    return "分发本：不公开的不在表内；姓名、电话、门牌已隐去。"
