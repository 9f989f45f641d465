"""What a ledger or a report is made from: one area, one span of days, one reader's rights."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

import msgspec

from bot.language.mask import mask, mask_name, phones
from bot.models import Appeal, Place
from bot.models.ledger import Counts, Line, Scope
from bot.ports import Store
from bot.rules.counting import Period, caliber
from bot.services.knowledge import Knowledge

MOST = 500
"""Lines of a section about single matters."""


class Source:
    """`full`: with matters that are not public, and nothing masked. Figures count them always.

    `most`: how many lines a section about single matters has; a page shows fewer than a file.
    """

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        now: datetime,
        *,
        area: str,
        period: Period,
        full: bool = False,
        most: int = MOST,
    ) -> None:
        self.store = store
        self.knowledge = knowledge
        self.now = now
        self.area = area
        self.period = period
        self.full = full
        self.most = most

    @cached_property
    def scope(self) -> Scope:
        """As storage wants it."""
        return Scope(
            area=self.area,
            start=self.period.start,
            end=self.period.end,
            now=self.now,
            everything=self.full,
        )

    @cached_property
    def counts(self) -> Counts:
        """What is counted, but for what costs more."""
        return self.store.ledger.counts(self.scope)

    @cached_property
    def all_counts(self) -> Counts:
        """Everything that the rates are made of."""
        ledger, counts = self.store.ledger, self.counts
        return msgspec.structs.replace(
            counts,
            transferred=ledger.transferred(self.scope),
            median_hours=ledger.median_hours(self.scope, counts.closed),
        )

    @property
    def caliber(self) -> str:
        """The 口径 line."""
        return caliber(self.period, self.counts, self.now)

    @property
    def where(self) -> str:
        """`春晓社区`, `春晓社区第1微网格`; everything there is: 全部区域."""
        parts = self.area.split("/")
        return "".join(parts[1:]) or parts[0] or "全部区域"

    def category(self, appeal: Appeal) -> str:
        """The name of its kind."""
        return self.knowledge.taxonomy.get(appeal.category).name

    def words(self, text: str) -> str:
        """Somebody's words as this reader may see them."""
        return text if self.full else mask(text)

    def content(self, appeal: Appeal) -> str:
        """What it is about: verbatim, or the summary that a group may read."""
        return appeal.text if self.full else mask(appeal.summary)

    def place(self, place: Place) -> str:
        """Where; the room only in full."""
        return place.full if self.full else mask(place.public)

    def reporter(self, line: Line) -> str:
        """Who brought it up: 张*, or the name."""
        if not line.reporter:
            return ""
        return line.reporter if self.full else mask_name(line.reporter)

    def contact(self, line: Line) -> str:
        """The numbers that were told with it."""
        told = phones(line.appeal.text)
        return "、".join(told) if self.full else "、".join(mask(number) for number in told)

    def group(self, line: Line) -> str:
        """The micro-grid and its group."""
        grid = line.appeal.area.rpartition("/")[2]
        return f"{grid} {line.group}".strip()
