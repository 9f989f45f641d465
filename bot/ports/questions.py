"""The store of questions without an answer, of answers given, and of marks on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.models import AnswerCounts, GivenAnswer, Marks, OpenQuestion, QuestionState


class Questions(Protocol):
    """What the bank has to learn from."""

    def save(self, question: OpenQuestion) -> None:
        """Add a question, or replace the one with its number."""

    def get(self, number: int) -> OpenQuestion | None:
        """By its number."""

    def listed(
        self, area: str, states: Sequence[QuestionState], limit: int
    ) -> Sequence[OpenQuestion]:
        """Questions at or below an area ("" : all), the newest first."""

    def counts(self, area: str) -> Mapping[QuestionState, int]:
        """How many questions at or below an area stand where."""

    def newest(self, group: str, since: datetime) -> OpenQuestion | None:
        """The newest open question of a group, not before `since`."""

    def add_answer(self, answer: GivenAnswer) -> None:
        """Remember what was answered."""

    def last_answer(
        self, channel: str, chat: str, user: str, since: datetime
    ) -> GivenAnswer | None:
        """What this person was last answered here."""

    def mark(self, answer: GivenAnswer, person: str, useful: bool, at: datetime) -> bool:
        """Keep somebody's mark; False when they marked this answer before."""

    def marks(self, area: str, since: datetime) -> Marks:
        """All marks at or below an area."""

    def answered(self, entries: Sequence[str], area: str) -> Mapping[str, AnswerCounts]:
        """How often these entries were said at or below an area, and what people thought."""
