"""What the bot knows about its community, apart from what happens in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct

from bot.language.classify import Classifier
from bot.models import Carries
from bot.rules.counting import FAIR_WEIGHT, Names
from bot.rules.notice_templates import NoticeTemplates
from bot.rules.quiet import QuietHours
from bot.rules.reminders import Policy
from bot.rules.standing import Timetable
from bot.rules.taxonomy import Taxonomy
from bot.rules.workdays import WorkCalendar
from bot.rules.worktime import OfficeHours
from bot.services.faq import FaqBook
from bot.services.keeping import Terms
from bot.services.pictures import Bounds
from bot.services.sign_in import Limits
from bot.services.tables import Tables


class ConsoleKnown(Struct, frozen=True):
    """Where the console is (`https://bot.example.cn`, no slash at the end; empty: nowhere) and how
    long one stays in.
    """

    url: str = ""
    limits: Limits = Limits()


class Knowledge(Struct, frozen=True, kw_only=True):
    """Settings and tables that handlers and services read and never change."""

    names: tuple[str, ...]
    tables: Tables
    hours: OfficeHours
    book: FaqBook
    bounds: Bounds = Bounds()
    keeping: Terms = Terms()
    console: ConsoleKnown = ConsoleKnown()
    rephrases: bool = False
    tells_privacy: bool = False
    reminding: Policy = Policy()
    standing: Timetable = Timetable()
    undo_within: timedelta = timedelta(minutes=5)
    notice_grace: timedelta = timedelta(hours=2)
    notice_quiet: QuietHours = QuietHours()
    same_words: timedelta = timedelta(minutes=10)
    carries: Mapping[str, Carries] = {}
    notice_approval: str = "wide"
    templates: NoticeTemplates = NoticeTemplates()
    approved_tags: frozenset[str] = frozenset({"政策"})
    question_waits: timedelta = timedelta(minutes=30)
    fair_weight: float = FAIR_WEIGHT
    rate_names: Names = Names.COMMON

    @property
    def taxonomy(self) -> Taxonomy:
        """The kinds of matters, as this community has them now."""
        return self.tables.taxonomy

    @property
    def units(self) -> frozenset[str]:
        """Every unit that a matter may be handed to: those of the table, and the office's own."""
        return self.tables.units

    @property
    def classifier(self) -> Classifier:
        """Finds the kind of a matter by its words."""
        return self.tables.classifier

    @property
    def calendar(self) -> WorkCalendar:
        """Which days are worked."""
        return self.tables.calendar
