"""Answers from the bank: approved entries only, while they are valid and where they apply."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from bot.language.faq import LOWEST_CUT, FaqMatcher, Question, decide, least_score
from bot.models import SHANGHAI, FaqEntry
from bot.ports import Store
from bot.rules.permissions import covers


class FaqVerdict(Struct, frozen=True):
    """A sure answer with the phrasing it matched, or up to three entries to choose from."""

    entry: FaqEntry | None = None
    question: str = ""
    score: float = 0.0
    choices: tuple[FaqEntry, ...] = ()


class FaqBook:
    """The matcher over the valid entries, rebuilt when the bank or the day changes.

    Not safe for several threads: the writer thread owns it.
    """

    def __init__(self) -> None:
        self._key = (-1, date.min)
        self._entries: dict[str, FaqEntry] = {}
        self._matcher = FaqMatcher(())

    def refresh(self, store: Store, now: datetime) -> None:
        """Read the bank again if it changed."""
        key = (store.faq.version(), now.astimezone(SHANGHAI).date())
        if key == self._key:
            return
        today = key[1].isoformat()
        self._entries = {e.id: e for e in store.faq.entries() if _valid(e, today)}
        self._matcher = FaqMatcher(
            [
                Question(entry.id, text)
                for entry in self._entries.values()
                for text in (entry.question, *entry.phrasings)
            ]
        )
        self._key = key

    def verdict(self, text: str, area: str, thorough: bool) -> FaqVerdict:
        """The answer to a question asked in an area.

        `thorough` looks even where a glance finds nothing in common, and for choices: dearer, for
        direct questions.
        """
        if not thorough and not self._matcher.may_match(text):
            return FaqVerdict()
        least = 0.0 if thorough else least_score(LOWEST_CUT)
        matches = self._matcher.match(text, 3, lambda entry: self._applies(entry, area), least)
        decision = decide(matches)
        found = decision.direct if thorough else decision.answer
        if found is not None:
            return FaqVerdict(self._entries[found.entry], found.question, found.score)
        return FaqVerdict(choices=tuple(self._entries[m.entry] for m in decision.choices))

    def entry(self, entry: str) -> FaqEntry | None:
        """A valid entry by its id."""
        return self._entries.get(entry)

    def _applies(self, entry: str, area: str) -> bool:
        where = self._entries[entry].area
        return where == "" or covers(where, area)


class FaqService:
    """The bank within one transaction."""

    def __init__(self, store: Store, book: FaqBook, now: datetime) -> None:
        self._book = book
        book.refresh(store, now)

    def ask(self, text: str, area: str, *, thorough: bool) -> FaqVerdict:
        """What the bank says to a question; `thorough` when the bot itself was asked."""
        return self._book.verdict(text, area, thorough)

    def entry(self, entry: str) -> FaqEntry | None:
        """A valid entry by its id; None when it has expired or never was."""
        return self._book.entry(entry)


def _valid(entry: FaqEntry, day: str) -> bool:
    """Whether an entry may answer on a day (ISO dates compare as text; empty means unbounded)."""
    return entry.valid_from <= day and (entry.valid_until == "" or day <= entry.valid_until)
