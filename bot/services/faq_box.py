"""The test box: what the bank would say to some words, to whom, and why."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from bot.language.faq import Cuts, Match
from bot.language.intents import Intent
from bot.language.judging import judge
from bot.language.text import normalise
from bot.models import FaqEntry, Marks
from bot.services.faq import EXACT, LONGEST_GLANCE, FaqService, FaqVerdict

LONGEST = 200


class Hearer(StrEnum):
    """Who asks, and so which answers may be said."""

    GROUP = "group"
    PRIVATE = "private"
    STAFF = "staff"


class Candidate(Struct, frozen=True):
    """An entry that fits, and how."""

    entry: FaqEntry
    match: Match


class Trial(Struct, frozen=True, kw_only=True):
    """What would be said. `unasked`: in a group where nobody called the bot; None: nothing.

    `called` is what somebody hears who asked the bot itself: an answer, choices, or neither.
    """

    text: str
    is_question: bool
    candidates: tuple[Candidate, ...]
    unasked: FaqEntry | None
    called: FaqVerdict
    cuts: Cuts
    marks: Marks


def tried(faq: FaqService, text: str, area: str, hearer: Hearer = Hearer.GROUP) -> Trial:
    """Ask as a resident would, and look at what is behind the answer; nothing is said."""
    words = normalise(text)[:LONGEST]
    private, staff = hearer is not Hearer.GROUP, hearer is Hearer.STAFF
    found = faq.look(words, area, private=private, staff=staff)
    pairs = [(faq.entry(match.entry), match) for match in found.matches]
    called = faq.ask(words, area, thorough=True, private=private, staff=staff)
    is_question = judge(words).intent is Intent.QUESTION
    unasked = None
    if not private and (is_question or len(words) <= LONGEST_GLANCE):
        verdict = faq.ask(words, area, thorough=False)
        if is_question or verdict.score >= EXACT:
            unasked = verdict.entry
    return Trial(
        text=words,
        is_question=is_question,
        candidates=tuple(Candidate(entry, match) for entry, match in pairs if entry is not None),
        unasked=unasked,
        called=called,
        cuts=faq.cuts(area),
        marks=faq.marks(area),
    )
