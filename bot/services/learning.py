"""Learning: questions without an answer, somebody's answer as a draft, a person who adopts it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from bot.errors import NotAllowed, NotFound, NotPossible
from bot.language.faq_alike import alike, bundles
from bot.language.intents import Intent, judge
from bot.language.text import normalise
from bot.models import (
    SHANGHAI,
    Doubt,
    Event,
    FaqEntry,
    GivenAnswer,
    Incoming,
    OpenQuestion,
    Person,
    QuestionState,
)
from bot.ports import Store
from bot.rules.permissions import ROLE_NAMES, Deed, covers, may

LISTED = 200
PHRASINGS = 4
ANSWER_WITHIN = timedelta(minutes=30)
QUESTION_WITHIN = timedelta(hours=24)
MARK_WITHIN = timedelta(minutes=10)
LOOK_BACK = 40


class Bundle(Struct, frozen=True):
    """Questions that are the same question, the newest first."""

    questions: tuple[OpenQuestion, ...]


class Exchange(Struct, frozen=True):
    """A question and the answer that a person gave to it."""

    asked: str
    answer: str
    known: OpenQuestion | None = None

    def saying(self, answer: str) -> Exchange:
        """The same with the answer in other words."""
        return Exchange(self.asked, answer, self.known)


class LearningService:
    """What the bank learns, within one transaction."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    def note(
        self, text: str, doubt: Doubt, person: Person, area: str, group: str, message: str
    ) -> OpenQuestion:
        """Put a question on the list."""
        question = OpenQuestion(
            number=self._store.appeals.next_number("questions"),
            text=text,
            area=area,
            group=group,
            person=person.id,
            message=message,
            doubt=doubt,
            at=self._now,
        )
        self._store.questions.save(question)
        return question

    def settle(self, number: int) -> None:
        """It found its answer after all."""
        question = self._store.questions.get(number)
        if question is not None and question.state is QuestionState.OPEN:
            self._store.questions.save(with_state(question, QuestionState.DISMISSED))

    def waiting(self, person: Person) -> list[Bundle]:
        """Open questions in somebody's area, alike ones together, the most asked first."""
        return self._bundled(person.area)

    def _bundled(self, area: str) -> list[Bundle]:
        found = self._listed(area, QuestionState.OPEN)
        groups = bundles([question.text for question in found])
        told = [Bundle(tuple(found[at] for at in group)) for group in groups]
        return sorted(told, key=lambda bundle: -len(bundle.questions))

    def drafts(self, person: Person) -> Sequence[OpenQuestion]:
        """What waits for somebody to adopt it."""
        return self._listed(person.area, QuestionState.DRAFT)

    def exchange(self, incoming: Incoming) -> Exchange | None:
        """What the writer of 学习 has just answered, or quotes as the answer, and to what."""
        heard = [
            one
            for _, one in self._store.inbox.recent(incoming.channel, incoming.chat, "", LOOK_BACK)
            if one.message_id != incoming.message_id or one.sender != incoming.sender
        ]
        own = [one for one in heard if one.sender == incoming.sender]
        quoted = normalise(incoming.quote)
        said = [one for one in own if not quoted or normalise(one.text) == quoted]
        since = self._now - ANSWER_WITHIN
        last = said[-1] if said and (quoted or said[-1].sent_at >= since) else None
        answer = incoming.quote or (last.text if last is not None else "")
        if not answer.strip():
            return None
        before = heard[: heard.index(last)] if last is not None else heard
        return self._question(incoming, before, answer, last.quote if last is not None else "")

    def learn(
        self, found: Exchange, actor: Person, area: str, group: str, message: str
    ) -> OpenQuestion:
        """Keep an answer as a draft that does not answer yet. Raises `NotAllowed`."""
        authorise(actor, Deed.TEACH, area)
        question = found.known or self.note(
            found.asked, Doubt.UNANSWERED, actor, area, group, message
        )
        draft = with_state(question, QuestionState.DRAFT, answer=found.answer, answerer=actor.id)
        return self._step(question, draft, "学习", actor, message)

    def adopt(self, number: int, actor: Person, cause: str) -> OpenQuestion:
        """Make a draft an approved entry. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        draft = self._own(number, actor, QuestionState.DRAFT)
        same = [
            other
            for other in self._listed(draft.area, QuestionState.OPEN)
            if alike(other.text, draft.text)
        ]
        texts = dict.fromkeys(other.text for other in same if other.text != draft.text)
        entry = FaqEntry(
            id=f"XX{number}",
            question=draft.text,
            phrasings=tuple(texts)[:PHRASINGS],
            answer=draft.answer,
            source=self.source(draft.answerer),
            area=draft.area,
            dated=self._now.astimezone(SHANGHAI).date().isoformat(),
        )
        self._store.faq.replace([entry])
        for other in same:
            self._store.questions.save(with_state(other, QuestionState.ADOPTED, entry=entry.id))
        adopted = with_state(draft, QuestionState.ADOPTED, entry=entry.id)
        numbers = " ".join(str(other.number) for other in same)
        return self._step(draft, adopted, "收录", actor, cause, numbers)

    def decline(self, number: int, actor: Person, cause: str) -> OpenQuestion:
        """Throw a draft away; its question is open again. Raises as `adopt`."""
        draft = self._own(number, actor, QuestionState.DRAFT)
        again = with_state(draft, QuestionState.OPEN, answer="", answerer="")
        return self._step(draft, again, "不收录", actor, cause)

    def dismiss(self, number: int, actor: Person, cause: str) -> OpenQuestion:
        """It needs no answer. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        question = self._own(number, actor, QuestionState.OPEN, Deed.TEACH)
        return self._step(
            question, with_state(question, QuestionState.DISMISSED), "不用答", actor, cause
        )

    def undo(self, event: Event, actor: Person, cause: str) -> OpenQuestion:
        """Take back one's own last step. Raises `NotPossible` when somebody acted after it."""
        number = int(event.subject.partition(":")[2])
        question = self._store.questions.get(number)
        if question is None or self._store.events.of(event.subject)[-1].id != event.id:
            raise NotPossible(question.state if question is not None else "")
        if question.entry and event.action == "收录":
            self._store.faq.remove(question.entry)
        for other in event.after.get("alike", "").split():
            alike_one = self._store.questions.get(int(other))
            if alike_one is not None and alike_one.entry == question.entry:
                self._store.questions.save(with_state(alike_one, QuestionState.OPEN, entry=""))
        state = QuestionState(event.before["state"])
        restored = with_state(
            question,
            state,
            answer=event.before.get("answer", ""),
            answerer=event.before.get("answerer", ""),
            entry="",
        )
        return self._step(question, restored, "撤销", actor, cause)

    def approvers(self, area: str) -> Sequence[Person]:
        """Who may adopt an answer for an area."""
        return [
            person
            for person in self._store.people.staff()
            if may(person.role, Deed.APPROVE) and covers(person.area, area)
        ]

    def answered(self, answer: GivenAnswer) -> None:
        """Remember an answer, so that it can be marked."""
        self._store.questions.add_answer(answer)

    def mark(self, incoming: Incoming, person: Person, useful: bool) -> GivenAnswer | None:
        """Somebody's word on the answer they got just now; None without one, or a second time."""
        since = self._now - MARK_WITHIN
        answer = self._store.questions.last_answer(
            incoming.channel, incoming.chat, incoming.sender, since
        )
        if answer is None or not self._store.questions.mark(answer, person.id, useful, self._now):
            return None
        return answer

    def _question(
        self, incoming: Incoming, before: Sequence[Incoming], answer: str, quoted: str
    ) -> Exchange | None:
        """What was asked before an answer: what it quotes, or the newest question of another."""
        group = self._store.people.group(incoming.channel, incoming.chat)
        since = self._now - QUESTION_WITHIN
        known = self._store.questions.newest(group.id, since) if group is not None else None
        if quoted:
            same = known if known is not None and alike(known.text, quoted) else None
            return Exchange(quoted, answer, same)
        if known is not None:
            return Exchange(known.text, answer, known)
        for one in reversed(before):
            if one.sender != incoming.sender and one.sent_at >= since:
                text = normalise(one.text)
                if judge(text).intent is Intent.QUESTION:
                    return Exchange(text, answer)
        return None

    def _listed(self, area: str, state: QuestionState) -> Sequence[OpenQuestion]:
        return self._store.questions.listed(area, [state], LISTED) if area else []

    def _own(
        self, number: int, actor: Person, state: QuestionState, deed: Deed = Deed.APPROVE
    ) -> OpenQuestion:
        question = self._store.questions.get(number)
        if question is None:
            raise NotFound(str(number))
        authorise(actor, deed, question.area)
        if question.state is not state:
            raise NotPossible(question.state)
        return question

    def source(self, answerer: str) -> str:
        """Who stands behind somebody's answer: `微网管家答复`."""
        person = self._store.people.by_id(answerer)
        return f"{ROLE_NAMES[person.role]}答复" if person is not None else "社区答复"

    def _step(
        self,
        before: OpenQuestion,
        after: OpenQuestion,
        action: str,
        actor: Person,
        cause: str,
        numbers: str = "",
    ) -> OpenQuestion:
        """Store a question and a line of its history."""
        self._store.questions.save(after)
        kept = _snapshot(after) | ({"alike": numbers} if numbers else {})
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor.id,
                subject=f"question:{after.number}",
                action=action,
                before=_snapshot(before),
                after=kept,
                cause=cause,
            )
        )
        return after


def with_state(question: OpenQuestion, state: QuestionState, **fields: str) -> OpenQuestion:
    """The question elsewhere, with other fields."""
    return msgspec.structs.replace(question, state=state, **fields)


def _snapshot(question: OpenQuestion) -> dict[str, str]:
    return {
        "state": question.state,
        "answer": question.answer,
        "answerer": question.answerer,
        "entry": question.entry,
    }


def authorise(actor: Person, deed: Deed, area: str) -> None:
    """Raises `NotAllowed` unless role and area permit it."""
    if not may(actor.role, deed) or not covers(actor.area, area):
        raise NotAllowed(deed)
