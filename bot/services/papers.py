"""A ledger or report as a file: which one is wanted, making it, writing it down, and the trace.

Making reads the register in one transaction; writing takes seconds for a big one and needs none.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from bot.errors import NotPossible
from bot.models import Person
from bot.ports import Store
from bot.rules.counting import Period, day, month, week
from bot.services import sheet
from bot.services.audit import AuditService
from bot.services.knowledge import Knowledge
from bot.services.ledger.book import Ask, LedgerService
from bot.services.ledger.importing import LedgerImport
from bot.services.paper import Paper, Section, told
from bot.services.reports.papers import ReportsService
from bot.services.reports.source import MOST


class Kind(StrEnum):
    """What can be had."""

    LEDGER = "ledger"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Form(StrEnum):
    """As what."""

    EXCEL = "xlsx"
    WORD = "docx"
    CSV = "csv"
    TEXT = "txt"


MIMES = {
    Form.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Form.CSV: "text/csv; charset=utf-8",
    Form.TEXT: "text/plain; charset=utf-8",
}
FORMS = {
    Kind.LEDGER: (Form.EXCEL, Form.CSV),
    Kind.DAILY: (Form.TEXT, Form.EXCEL, Form.WORD),
    Kind.WEEKLY: (Form.TEXT, Form.EXCEL, Form.WORD),
    Kind.MONTHLY: (Form.TEXT, Form.EXCEL, Form.WORD),
}


class Wanted(Struct, frozen=True, kw_only=True):
    """One paper in one form. A report is of the day, week or month around `first`."""

    kind: Kind
    form: Form
    area: str
    first: date
    last: date
    full: bool = False

    @property
    def period(self) -> Period:
        """Its days."""
        if self.kind is Kind.DAILY:
            return day(self.first)
        if self.kind is Kind.WEEKLY:
            return week(self.first)
        if self.kind is Kind.MONTHLY:
            return month(self.first.year, self.first.month)
        return Period(self.first, self.last)

    @property
    def ask(self) -> Ask:
        """As the ledger wants it."""
        return Ask(area=self.area, first=self.first, last=self.last, full=self.full)


def check(wanted: Wanted) -> None:
    """Raises `NotPossible` for a form that this paper does not have."""
    if wanted.form not in FORMS[wanted.kind]:
        names = "、".join(f".{form}" for form in FORMS[wanted.kind])
        raise NotPossible(f"这份材料没有 .{wanted.form} 格式，可以是 {names}。")


def make(
    store: Store,
    knowledge: Knowledge,
    now: datetime,
    wanted: Wanted,
    actor: Person | None,
    most: int = MOST,
) -> Paper:
    """Read the register. `actor` None is whoever owns the machine; `most` lines in each section
    of a report about single matters.

    Raises `NotAllowed`, `NotPossible`.
    """
    check(wanted)
    if wanted.kind is Kind.LEDGER:
        return LedgerService(store, knowledge, now).paper(wanted.ask, actor)
    reports = ReportsService(store, knowledge, now, most)
    report = {
        Kind.DAILY: reports.daily,
        Kind.WEEKLY: reports.weekly,
        Kind.MONTHLY: reports.monthly,
    }[wanted.kind]
    return report(wanted.area, wanted.first, actor)


def note(audit: AuditService, wanted: Wanted, actor: Person | str) -> None:
    """Write down that a file leaves, before it does: which, of what days, which copy."""
    audit.note(
        actor,
        "导出台账全本" if wanted.full else "导出",
        f"table:{wanted.kind}",
        after={
            "area": wanted.area,
            "first": wanted.period.first.isoformat(),
            "last": wanted.period.last.isoformat(),
        },
    )


class PapersService:
    """The same within a scene: what a page or a chat may have."""

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        now: datetime,
        audit: AuditService,
        cause: str = "",
    ) -> None:
        self._cause = cause
        self._store = store
        self._knowledge = knowledge
        self._now = now
        self._audit = audit

    def make(self, wanted: Wanted, actor: Person, most: int = MOST) -> Paper:
        """Raises `NotAllowed`, `NotPossible`."""
        return make(self._store, self._knowledge, self._now, wanted, actor, most)

    def sentences(self, of: date, actor: Person) -> Paper:
        """The month of a day in three sentences, of one's own area. Raises `NotAllowed`."""
        reports = ReportsService(self._store, self._knowledge, self._now)
        return reports.sentences(actor.area, of, actor)

    def note(self, wanted: Wanted, actor: Person) -> None:
        """Before the file leaves."""
        note(self._audit, wanted, actor)

    def sheet(
        self, ask: Ask, key: str, actor: Person, limit: int, skip: int = 0
    ) -> tuple[Paper, bool]:
        """One sheet of the ledger, some rows of it; whether there are more."""
        ledger = LedgerService(self._store, self._knowledge, self._now)
        return ledger.part(ask, key, actor, limit, skip)

    @property
    def imports(self) -> LedgerImport:
        """Older ledgers."""
        return LedgerImport(self._store, self._knowledge, self._now, self._audit, self._cause)


def write(paper: Paper, form: Form) -> bytes:
    """The bytes of the file."""
    if form is Form.EXCEL:
        from bot.services.workbook import write_workbook  # noqa: PLC0415 - only when needed

        return write_workbook(paper)
    if form is Form.WORD:
        from bot.services.word import write_word  # noqa: PLC0415

        return write_word(paper)
    if form is Form.CSV:
        return as_csv(paper.section("appeals"))
    return as_text(paper).encode()


def as_csv(section: Section) -> bytes:
    """A section as CSV: UTF-8 with BOM, no cell can start a formula."""
    return sheet.write(
        [column.name for column in section.columns],
        (
            [told(cell, column.look) for cell, column in zip(row, section.columns, strict=True)]
            for row in section.rows
        ),
    )


def as_text(paper: Paper) -> str:
    """To be read in a terminal or pasted into a message."""
    lines = [paper.title, paper.caliber, *paper.lines]
    for section in paper.sections:
        lines += ["", f"【{section.name}】{section.note}"]
        if not section.rows:
            lines.append(section.empty)
        for row in section.rows:
            cells = zip(row, section.columns, strict=True)
            words = (told(cell, column.look).replace("\n", " ") for cell, column in cells)
            lines.append("　".join(filter(None, words)))
    return "\n".join(lines) + "\n"


def file_name(paper: Paper, wanted: Wanted) -> str:
    """`春晓社区微网格民情台账（2023年1月）分发本.xlsx`."""
    copy = ("全本" if wanted.full else "分发本") if wanted.kind is Kind.LEDGER else ""
    return f"{paper.title}{copy}.{wanted.form}"
