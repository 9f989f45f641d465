"""The three periods: what a steward reads at six, the week's list, the month's pack."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.errors import NotAllowed
from bot.models import SHANGHAI, Kind, Person
from bot.models.ledger import Scope, Today
from bot.ports import Store
from bot.rules.counting import Period, day, draft, month, month_after, sentence, week
from bot.rules.permissions import Deed, covers, may
from bot.services.knowledge import Knowledge
from bot.services.paper import Column, Look, Paper, Section
from bot.services.reports.parts import figures, matters, notices, weekly
from bot.services.reports.source import MOST, Source


class ReportsService:
    """Reports within one transaction. `actor` None is whoever owns the machine.

    `most`: lines of a section about single matters.
    """

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime, most: int = MOST) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now
        self._most = most

    def daily(self, area: str, of: date, actor: Person | None) -> Paper:
        """One day: counts, and the numbers of what is late or due. Raises `NotAllowed`."""
        source = self._source(area, day(of), actor)
        today = self.today(area, of)
        rows = [
            ("今日新增", today.recorded), ("今日办结", today.closed),
            ("待补充", today.needs_info), ("明日到期", today.due_next), ("超期", today.late),
            ("挂账", today.parked),
        ]  # fmt: skip
        counts = Section(
            key="today",
            name="当日数字",
            note="新增、办结是当天的；待补充、到期、超期、挂账是现在的。",
            columns=(Column("项目", 16), Column("件数", 10, Look.NUMBER)),
            rows=rows,
        )
        return Paper(
            title=f"{source.where}日报（{source.period.name}）",
            caliber=source.caliber,
            lines=(daily_line(today),),
            sections=(counts, weekly.due(source, of + timedelta(days=1)), matters.stuck(source)),
        )

    def today(self, area: str, of: date) -> Today:
        """The day's counts."""
        period = day(of)
        following = day(of + timedelta(days=1))
        scope = Scope(area=area, start=period.start, end=period.end, now=self._now)
        return self._store.ledger.today(scope, following.start, following.end)

    def weekly(self, area: str, of: date, actor: Person | None) -> Paper:
        """The week around a day: kinds and buildings, repeats, questions nobody could answer, and
        the list to go through. Raises `NotAllowed`.
        """
        source = self._source(area, week(of), actor)
        return Paper(
            title=f"{source.where}周报（{source.period.name}）",
            caliber=source.caliber,
            lines=(sentence(source.counts),),
            sections=(
                figures.rate_table(source),
                figures.heat_table(source),
                weekly.repeats(source),
                weekly.unanswered(source),
                weekly.self_check(source),
            ),
        )

    def monthly(self, area: str, of: date, actor: Person | None) -> Paper:
        """The pack for the meeting after the month of a day. Raises `NotAllowed`."""
        source = self._source(area, month(of.year, of.month), actor)
        lines = self._store.ledger.lines(source.scope, Kind.APPEAL, self._most)
        told = draft(source.where, source.period, source.counts, self._knowledge.fair_weight)
        sections = [
            figures.summary(source),
            figures.rate_table(source),
            figures.months(source),
            matters.details(source, list(lines)),
            figures.heat_table(source),
            matters.stuck(source),
            matters.claims(source),
            notices.notices(source),
            notices.services(source),
            matters.contacts(source, month_after(source.period, 1)),
        ]
        if actor is None or may(actor.role, Deed.BALANCE):
            sections.append(matters.loads(source))
        return Paper(
            title=f"{source.where}月度民情分析（{source.period.name}）",
            caliber=source.caliber,
            lines=tuple(told),
            sections=tuple(sections),
        )

    def sentences(self, area: str, of: date, actor: Person | None) -> Paper:
        """The month of a day in three sentences, for a chat. Raises `NotAllowed`."""
        source = self._source(area, month(of.year, of.month), actor)
        told = draft(source.where, source.period, source.counts, self._knowledge.fair_weight)
        return Paper(title=source.where, caliber=source.caliber, lines=tuple(told), sections=())

    def _source(self, area: str, period: Period, actor: Person | None) -> Source:
        if actor is not None and not (may(actor.role, Deed.COUNT) and covers(actor.area, area)):
            raise NotAllowed(Deed.COUNT)
        return Source(
            self._store, self._knowledge, self._now, area=area, period=period, most=self._most
        )


def daily_line(today: Today) -> str:
    """`今日新增3件，办结2件；待补充1件，明日到期0件，超期1件。`"""
    return (
        f"今日新增{today.recorded}件，办结{today.closed}件；"
        f"待补充{today.needs_info}件，明日到期{today.due_next}件，超期{today.late}件。"
    )


def last_month(now: datetime) -> date:
    """A day of the month before this one in Shanghai."""
    return now.astimezone(SHANGHAI).date().replace(day=1) - timedelta(days=1)
