"""Answers from the bank: approved entries only, while they are valid and where they apply."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from datetime import date, datetime

from msgspec import Struct

from bot.language.faq import (
    CUTS,
    LOOSE,
    LOWEST_CUT,
    Cuts,
    FaqMatcher,
    Match,
    Question,
    Verdict,
    decide,
    least_score,
)
from bot.models import SHANGHAI, Audience, FaqEntry, Marks
from bot.ports import Store
from bot.rules.permissions import covers
from bot.services.faq_cuts import cuts_for, marks_of


class FaqVerdict(Struct, frozen=True):
    """A sure answer with the phrasing it matched, or up to three entries to choose from.

    `score` is the likeness, `certainty` what the cut-offs are compared with.
    """

    entry: FaqEntry | None = None
    question: str = ""
    score: float = 0.0
    certainty: float = 0.0
    choices: tuple[FaqEntry, ...] = ()


EXACT = 0.97
"""Likeness from which an answer is given unasked though the words are no question."""
LONGEST_GLANCE = 30
"""Characters of talk that is no question, up to which the bank is looked into."""
LARGE = 1_500
"""Phrasings up to which a bank is read at once: that takes less than half a second."""
_LEAST = min(LOOSE, least_score(LOWEST_CUT))
"""In talk among neighbours nothing less is worth a look: neither an answer nor a doubt."""


class Asker(Struct, frozen=True):
    """Where a question is asked, and which answers may be said there."""

    area: str
    audiences: frozenset[Audience] = frozenset({Audience.PUBLIC})
    everywhere: bool = False


class Look(Struct, frozen=True):
    """The best candidates, and what they amount to."""

    matches: tuple[Match, ...]
    verdict: Verdict


def asker(area: str, *, private: bool, staff: bool) -> Asker:
    """A group hears what is for everybody; a private chat more; staff in private everything."""
    allowed = {Audience.PUBLIC}
    if private:
        allowed.add(Audience.PRIVATE)
        if staff:
            allowed.add(Audience.STAFF)
    return Asker(area, frozenset(allowed))


class Bank(Struct, frozen=True):
    """The entries that are valid on a day, by id; `key` is of which version of the bank."""

    key: tuple[int, date]
    entries: dict[str, FaqEntry]

    def questions(self) -> list[Question]:
        """Everything that its entries are found by."""
        return [question for entry in self.entries.values() for question in questions_of(entry)]


class FaqBook:
    """The matcher over the valid entries, rebuilt when the bank or the day changes.

    A large bank is read beside the messages: until then the old one answers, but for entries that
    were changed or taken away. Not safe for several threads: the writer thread owns it.
    """

    def __init__(self) -> None:
        self._bank = Bank((-1, date.min), {})
        self._matcher = FaqMatcher(())
        self._coming: tuple[Bank, Future[FaqMatcher]] | None = None
        self._held_back: frozenset[str] = frozenset()

    def refresh(self, store: Store, now: datetime) -> None:
        """Read the bank again if it changed."""
        if self._coming is not None and self._coming[1].done():
            self._take(self._coming[0], self._coming[1].result())
        key = (store.faq.version(), now.astimezone(SHANGHAI).date())
        if key not in {self._bank.key, None if self._coming is None else self._coming[0].key}:
            self._read(_valid_on(store.faq.entries(), key))

    def fill(self, entries: Iterable[FaqEntry], day: date) -> None:
        """Take the entries that are valid on a day."""
        bank = _valid_on(entries, (-1, day))
        self._take(bank, FaqMatcher(bank.questions()))

    def _read(self, bank: Bank) -> None:
        questions = bank.questions()
        if len(questions) <= LARGE or not self._bank.entries:
            self._take(bank, FaqMatcher(questions))
            return
        same = {i for i, entry in self._bank.entries.items() if bank.entries.get(i) == entry}
        self._held_back = frozenset(self._bank.entries.keys() - same)
        self._coming = (bank, _built_aside(questions))

    def _take(self, bank: Bank, matcher: FaqMatcher) -> None:
        self._bank, self._matcher = bank, matcher
        self._coming, self._held_back = None, frozenset()

    def look(self, text: str, who: Asker, cuts: Cuts = CUTS) -> Look:
        """Five candidates, as a test box shows them."""
        matches = self._matcher.match(text, 5, lambda entry: self._applies(entry, who))
        return Look(matches, decide(matches, cuts))

    def verdict(
        self, text: str, who: Asker, thorough: bool, cuts: Callable[[], Cuts] = lambda: CUTS
    ) -> FaqVerdict:
        """The answer to a question asked by somebody.

        `thorough` looks even where a glance finds nothing in common, and for choices: dearer, for
        direct questions. `cuts` is asked only where something was found.
        """
        if not thorough and not self._matcher.may_match(text):
            return FaqVerdict()
        least = 0.0 if thorough else _LEAST
        matches = self._matcher.match(text, 3, lambda entry: self._applies(entry, who), least)
        if not matches:
            return FaqVerdict()
        decision = decide(matches, cuts())
        found = decision.direct if thorough else decision.answer
        if found is not None:
            return FaqVerdict(
                self._bank.entries[found.entry], found.question, found.score, found.certainty
            )
        return FaqVerdict(choices=tuple(self._bank.entries[m.entry] for m in decision.choices))

    def entry(self, entry: str) -> FaqEntry | None:
        """A valid entry by its id."""
        return None if entry in self._held_back else self._bank.entries.get(entry)

    def _applies(self, entry: str, who: Asker) -> bool:
        found = self._bank.entries[entry]
        if entry in self._held_back or found.audience not in who.audiences:
            return False
        return who.everywhere or found.area == "" or covers(found.area, who.area)


def _built_aside(questions: Sequence[Question]) -> Future[FaqMatcher]:
    """A matcher from a thread of its own, which ends with it and holds nobody up at the end."""
    coming: Future[FaqMatcher] = Future()

    def build() -> None:
        try:
            coming.set_result(FaqMatcher(questions))
        except Exception as error:
            coming.set_exception(error)

    threading.Thread(target=build, name="haitang-faq", daemon=True).start()
    return coming


def _valid_on(entries: Iterable[FaqEntry], key: tuple[int, date]) -> Bank:
    return Bank(key, {e.id: e for e in entries if _valid(e, key[1].isoformat())})


def questions_of(entry: FaqEntry) -> list[Question]:
    """Everything that an entry is found by."""
    phrasings = [Question(entry.id, text) for text in (entry.question, *entry.phrasings)]
    return phrasings + [Question(entry.id, word, keyword=True) for word in entry.keywords]


class FaqService:
    """The bank within one transaction."""

    def __init__(self, store: Store, book: FaqBook, now: datetime) -> None:
        self._store = store
        self._book = book
        self._now = now
        book.refresh(store, now)

    def ask(
        self, text: str, area: str, *, thorough: bool, private: bool = False, staff: bool = False
    ) -> FaqVerdict:
        """What the bank says to a question; `thorough` when the bot itself was asked."""
        who = asker(area, private=private, staff=staff)
        return self._book.verdict(text, who, thorough, lambda: self.cuts(area))

    def look(self, text: str, area: str, *, private: bool = True, staff: bool = True) -> Look:
        """What a test box shows: the candidates that staff could hear in private."""
        who = asker(area, private=private, staff=staff)
        return self._book.look(text, who, self.cuts(area))

    def cuts(self, area: str) -> Cuts:
        """How sure one must be here, after what people thought of the answers."""
        return cuts_for(marks_of(self._store, area, self._now))

    def marks(self, area: str) -> Marks:
        """What people here thought of the answers lately."""
        return marks_of(self._store, area, self._now)

    def entry(self, entry: str) -> FaqEntry | None:
        """A valid entry by its id; None when it has expired or never was."""
        return self._book.entry(entry)


def _valid(entry: FaqEntry, day: str) -> bool:
    """Whether an entry may answer on a day (ISO dates compare as text; empty means unbounded)."""
    return entry.valid_from <= day and (entry.valid_until == "" or day <= entry.valid_until)
