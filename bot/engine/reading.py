"""What a message is understood as, all of it at once: for tests from outside, not for handlers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from time import perf_counter

from msgspec import Struct

from bot.engine.understanding import Understanding
from bot.language.commands import CommandTable
from bot.language.intents import Intent
from bot.language.personal import asks_for_care
from bot.language.places import find_places
from bot.language.text import clean
from bot.models import Audience, Urgency
from bot.rules.audience import audience_of
from bot.rules.safety import DangerKind
from bot.rules.taxonomy import OTHER, Taxonomy
from bot.services.knowledge import Knowledge

EMERGENCY, COMMAND = "emergency", "command"
_HAZARD = DangerKind.FALLING
_TROUBLE = frozenset({Intent.APPEAL, Intent.FOLLOW_UP})
_NOT_OF_STAFF = frozenset({Intent.APPEAL, Intent.FOLLOW_UP, Intent.SUGGESTION, Intent.ADVERT})


class FoundPlace(Struct, frozen=True):
    """A place as it was written, and its canonical form: 三幢五零二 → 3幢502室."""

    text: str
    canonical: str


class FoundMatter(Struct, frozen=True):
    """One of the matters: its category's code, its place ("" when none is said), its words."""

    category: str
    place: str
    text: str


class Reading(Struct, frozen=True):
    """Everything; `categories` are codes, best first; `ms` is the time it took."""

    intent: str
    categories: list[str]
    places: list[FoundPlace]
    urgency: Urgency
    audience: Audience
    matters: list[FoundMatter]
    ms: float


class Reader:
    """Understands single messages with the tables of one community. Knows no chat and no person."""

    def __init__(self, knowledge: Knowledge, commands: CommandTable) -> None:
        self._names = knowledge.names
        self._taxonomy: Taxonomy = knowledge.taxonomy
        self._classifier = knowledge.classifier
        self._commands = commands

    def read(self, text: str, now: datetime, *, staff: bool = False) -> Reading:
        """Read one message; what is longer than a stored message is cut as the inbox would.

        What `staff` say unasked is no trouble of their own.
        """
        started = perf_counter()
        text = clean(text)
        meaning = Understanding(text, self._names, self._classifier, now)
        intent = self._intent(meaning)
        if staff and not meaning.named and intent in _NOT_OF_STAFF:
            intent = Intent.CHATTER
        categories = list(_categories(meaning))
        best = self._taxonomy.get(categories[0] if categories else OTHER)
        urgency, audience = Urgency.P3, Audience.PUBLIC
        if meaning.danger is not None and intent == EMERGENCY:
            hazard = meaning.danger.kind is _HAZARD
            urgency = Urgency.P1 if hazard else Urgency.P0
            audience = Audience.PUBLIC if hazard else Audience.STAFF
        else:
            if intent in _TROUBLE:
                # Only the danger lane knows what is deadly; a kind of matter by itself is not.
                urgency = max(best.urgency, Urgency.P1)
            audience = audience_of(meaning.text, intent, best)
        return Reading(
            intent=intent,
            categories=categories or [OTHER],
            places=[FoundPlace(span.text, span.canonical) for span in find_places(text)],
            urgency=urgency,
            audience=audience,
            matters=list(_matters(meaning, intent)),
            ms=round((perf_counter() - started) * 1000, 3),
        )

    def _intent(self, meaning: Understanding) -> str:
        """Danger leads, then commands, as in the router."""
        danger = meaning.danger
        command = self._commands.parse(meaning.text, meaning.named)
        if danger is not None and not (danger.guessed and command is not None):
            return EMERGENCY if danger.acute else Intent.APPEAL
        if command is not None:
            return COMMAND
        intent = meaning.judgement.intent
        if intent in {Intent.CHATTER, Intent.QUESTION, Intent.SUGGESTION} and asks_for_care(
            meaning.text
        ):
            return Intent.APPEAL
        return intent


def _categories(meaning: Understanding) -> Iterator[str]:
    """Codes best first; that of a danger leads where its words are known."""
    danger = meaning.danger
    lead = danger.category if danger is not None and not danger.guessed else ""
    if lead:
        yield lead
    yield from (match.code for match in meaning.categories if match.code != lead)


def _matters(meaning: Understanding, intent: str) -> Iterator[FoundMatter]:
    """What is told; nothing for talk that tells no matter."""
    if intent in {COMMAND, Intent.CHATTER, Intent.THANKS, Intent.ADVERT}:
        return
    for matter in meaning.matters:
        yield FoundMatter(matter.category or OTHER, matter.place.full, matter.text)
