"""The ledger (台账) of an area: nine sheets, as a street office keeps it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec
from msgspec import Struct

from bot.errors import NotAllowed, NotFound, NotPossible
from bot.models import Event, Kind, Person
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
SHEETS = {
    "summary": "汇总",
    "appeals": "诉求台账",
    "ideas": "意见建议",
    "stuck": "超期与挂账",
    "rates": "三率与口径",
    "heat": "类别×楼幢热度",
    "notices": "通知发布",
    "services": "志愿服务",
    "contacts": "本月联系计划",
}
"""The nine sheets in their order, by their keys."""


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
        return self._paper(source, [self._section(source, key, MOST_ROWS) for key in SHEETS])

    def part(
        self, ask: Ask, key: str, actor: Person | None, limit: int, skip: int = 0
    ) -> tuple[Paper, bool]:
        """One sheet alone, of the long ones some rows; whether there are more.

        Raises `NotAllowed`, `NotPossible`, `NotFound` for no such sheet.
        """
        self.authorise(ask, actor)
        if key not in SHEETS:
            raise NotFound(key)
        source = self._source(ask)
        section = self._section(source, key, limit, skip, cut=True)
        more = len(section.rows) > limit
        shown = msgspec.structs.replace(section, rows=section.rows[:limit])
        return self._paper(source, [shown]), more

    def _paper(self, source: Source, sections: Sequence[Section]) -> Paper:
        return Paper(
            title=f"{source.where}微网格民情台账（{source.period.name}）",
            caliber=source.caliber,
            sections=tuple(sections),
        )

    def _section(
        self, source: Source, key: str, limit: int, skip: int = 0, *, cut: bool = False
    ) -> Section:
        if key == "appeals":
            return self._appeals(source, self._lines(source, Kind.APPEAL, limit, skip, cut))
        if key == "ideas":
            return self._ideas(source, self._lines(source, Kind.SUGGESTION, limit, skip, cut))
        if key == "contacts":
            period = source.period
            return matters.contacts(source, month_after(period, _months(period) + 1))
        made: Callable[[Source], Section] = _MAKERS[key]
        return made(source)

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

    def _appeals(self, source: Source, lines: Sequence[Line]) -> Section:
        steps: Mapping[str, Sequence[Event]] = {}
        if lines:
            last = lines[-1].appeal.created_at + timedelta(milliseconds=1)
            scope = msgspec.structs.replace(
                source.scope, start=lines[0].appeal.created_at, end=last
            )
            steps = self._store.ledger.steps(scope, Kind.APPEAL)
        return Section(
            key="appeals",
            name=SHEETS["appeals"],
            note=copy_note(full=source.full),
            empty="这段时间没有登记诉求。",
            columns=APPEAL_COLUMNS,
            rows=[appeal_row(source, line, steps.get(line.appeal.id, ())) for line in lines],
        )

    def _ideas(self, source: Source, lines: Sequence[Line]) -> Section:
        return Section(
            key="ideas",
            name=SHEETS["ideas"],
            note="建议和诉求分开算。",
            empty="这段时间没有登记意见建议。",
            columns=IDEA_COLUMNS,
            rows=[idea_row(source, line) for line in lines],
        )

    def _lines(
        self, source: Source, kind: Kind, limit: int, skip: int, cut: bool
    ) -> Sequence[Line]:
        """One more than asked for, so that one sees whether there are more."""
        found = self._store.ledger.lines(source.scope, kind, limit + 1, skip)
        if len(found) > limit and not cut:
            raise NotPossible(f"这段时间超过{limit}条，请分几段导出。")
        return found


_MAKERS: Mapping[str, Callable[[Source], Section]] = {
    "summary": figures.summary,
    "stuck": matters.stuck,
    "rates": figures.rate_table,
    "heat": figures.heat_table,
    "notices": notices.notices,
    "services": notices.services,
}


def _months(period: Period) -> int:
    """How many calendar months lie between its first day and its last."""
    return (period.last.year - period.first.year) * 12 + period.last.month - period.first.month


def copy_note(*, full: bool) -> str:
    """What kind of copy this is, under its title."""
    if full:
        return "全本：含不公开的和个人信息，只供负责人办理，不得转发。"
    return "分发本：不公开的不在表内；姓名、电话、门牌已隐去。"
