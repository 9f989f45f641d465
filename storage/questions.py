"""Questions without an answer, answers given, and marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.models import AnswerCounts, Doubt, GivenAnswer, Marks, OpenQuestion, QuestionState
from storage.codec import from_ms, to_ms
from storage.keys import Keyring
from storage.savepoints import LazyConnection

_SELECT = (
    "SELECT number, text, area, group_id, person, message, doubt, at, state, answer, answerer,"
    " entry FROM questions WHERE "
)
_ANSWERED = (
    "SELECT entry, COUNT(DISTINCT faq_answers.message),"
    " COALESCE(SUM(CASE WHEN useful = 1 THEN 1 ELSE 0 END), 0),"
    " COALESCE(SUM(CASE WHEN useful = 0 THEN 1 ELSE 0 END), 0) FROM faq_answers"
    " LEFT JOIN faq_marks ON faq_marks.message = faq_answers.message"
    " WHERE entry IN ({marks}) AND (faq_answers.area = ?"
    " OR substr(faq_answers.area, 1, length(?) + 1) = ? || '/') GROUP BY entry"
)
_BELOW = "(? = '' OR area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"


class SqliteQuestions:
    """Implements `bot.ports.Questions`."""

    def __init__(self, connection: LazyConnection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def save(self, question: OpenQuestion) -> None:
        self._execute(
            "INSERT INTO questions (number, text, area, group_id, person, message, doubt, at,"
            " state, answer, answerer, entry) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT (number) DO UPDATE SET doubt = excluded.doubt, state = excluded.state,"
            " answer = excluded.answer, answerer = excluded.answerer, entry = excluded.entry",
            (
                question.number,
                self._keys.close(question.text, f"questions.text {question.number}"),
                question.area,
                question.group,
                question.person,
                question.message,
                question.doubt,
                to_ms(question.at),
                question.state,
                self._keys.close(question.answer, f"questions.answer {question.number}"),
                question.answerer,
                question.entry,
            ),
        )

    def get(self, number: int) -> OpenQuestion | None:
        return self._one("number = ?", number)

    def listed(
        self, area: str, states: Sequence[QuestionState], limit: int
    ) -> Sequence[OpenQuestion]:
        marks = ",".join("?" * len(states))
        where = _BELOW + " AND state IN (" + marks + ") ORDER BY number DESC LIMIT ?"
        return self._many(where, area, area, area, area, *states, limit)

    def counts(self, area: str) -> Mapping[QuestionState, int]:
        rows = self._execute(
            "SELECT state, COUNT(*) FROM questions WHERE (area = ?"
            " OR substr(area, 1, length(?) + 1) = ? || '/') GROUP BY state",
            (area, area, area),
        )
        return {QuestionState(row[0]): int(row[1]) for row in rows}

    def newest(self, group: str, since: datetime) -> OpenQuestion | None:
        where = "group_id = ? AND state = ? AND at >= ? ORDER BY number DESC LIMIT 1"
        return self._one(where, group, QuestionState.OPEN, to_ms(since))

    def add_answer(self, answer: GivenAnswer) -> None:
        self._execute(
            "INSERT INTO faq_answers (message, channel, chat, account, area, entry, asked, at)"
            " VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (message) DO NOTHING",
            (
                answer.message,
                answer.channel,
                answer.chat,
                answer.user,
                answer.area,
                answer.entry,
                self._keys.close(answer.asked, f"faq_answers.asked {answer.message}"),
                to_ms(answer.at),
            ),
        )

    def last_answer(
        self, channel: str, chat: str, user: str, since: datetime
    ) -> GivenAnswer | None:
        rows = self._execute(
            "SELECT message, area, entry, asked, at FROM faq_answers WHERE channel = ? AND chat = ?"
            " AND account = ? AND at >= ? ORDER BY at DESC, message DESC LIMIT 1",
            (channel, chat, user, to_ms(since)),
        )
        for row in rows:
            return GivenAnswer(
                message=row[0],
                channel=channel,
                chat=chat,
                user=user,
                area=row[1],
                entry=row[2],
                asked=self._keys.open(row[3], f"faq_answers.asked {row[0]}"),
                at=from_ms(row[4]),
            )
        return None

    def mark(self, answer: GivenAnswer, person: str, useful: bool, at: datetime) -> bool:
        added = self._execute(
            "INSERT INTO faq_marks (message, person, area, useful, at) VALUES (?,?,?,?,?)"
            " ON CONFLICT (message, person) DO NOTHING",
            (answer.message, person, answer.area, int(useful), to_ms(at)),
        )
        return added.rowcount > 0

    def marks(self, area: str, since: datetime) -> Marks:
        rows = self._execute(
            "SELECT useful, count(*) FROM faq_marks"
            " WHERE (? = '' OR area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"
            " AND at >= ? GROUP BY useful",
            (area, area, area, area, to_ms(since)),
        )
        counts = {int(row[0]): int(row[1]) for row in rows}
        return Marks(counts.get(1, 0), counts.get(0, 0))

    def answered(self, entries: Sequence[str], area: str) -> Mapping[str, AnswerCounts]:
        if not entries:
            return {}
        marks = ",".join("?" * len(entries))
        rows = self._execute(_ANSWERED.format(marks=marks), (*entries, area, area, area))
        return {row[0]: AnswerCounts(row[1], row[2], row[3]) for row in rows}

    def _one(self, where: str, *values: Any) -> OpenQuestion | None:
        found = self._many(where, *values)
        return found[0] if found else None

    def _many(self, where: str, *values: Any) -> Sequence[OpenQuestion]:
        rows = self._execute(_SELECT + where, values)
        return [
            OpenQuestion(
                number=row[0],
                text=self._keys.open(row[1], f"questions.text {row[0]}"),
                area=row[2],
                group=row[3],
                person=row[4],
                message=row[5],
                doubt=Doubt(row[6]),
                at=from_ms(row[7]),
                state=QuestionState(row[8]),
                answer=self._keys.open(row[9], f"questions.answer {row[0]}"),
                answerer=row[10],
                entry=row[11],
            )
            for row in rows
        ]
