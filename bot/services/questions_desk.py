"""The list of what the bank could not answer, for those who work through it at a desk."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
from msgspec import Struct

from bot.errors import NotFound, NotPossible
from bot.language.faq_alike import alike
from bot.models import FaqEntry, OpenQuestion, Person, QuestionState
from bot.rules.permissions import STAFF, Deed, covers
from bot.services.faq_desk import FaqDesk
from bot.services.learning import (
    ANSWER_WITHIN,
    LOOK_BACK,
    PHRASINGS,
    QUESTION_WITHIN,
    Bundle,
    LearningService,
    authorise,
    with_state,
)

SHORTEST_ANSWER = 6
_MENTIONS = re.compile(r"^(?:@\S+\s+)+")
_COMMANDS = re.compile(r"^[#/＃／]|^(?:学习|撤销|收录)")


class Heard(Struct, frozen=True):
    """What a member of staff said to a question in its group."""

    text: str
    who: str
    after: timedelta


class QuestionsDesk(LearningService):
    """What can be done with a whole bundle of questions, within one transaction."""

    def counts(self, area: str) -> Mapping[QuestionState, int]:
        """How many stand where, at or below an area."""
        return self._store.questions.counts(area)

    def bundles(self, area: str) -> list[Bundle]:
        """Open questions, alike ones together, the most asked first."""
        return self._bundled(area)

    def of(self, area: str, state: QuestionState) -> Sequence[OpenQuestion]:
        """Questions that stand somewhere, the newest first."""
        return self._listed(area, state)

    def get(self, number: int, person: Person) -> OpenQuestion:
        """A question of somebody's area. Raises `NotFound`."""
        found = self._store.questions.get(number)
        if found is None or person.role not in STAFF or not covers(person.area, found.area):
            raise NotFound(str(number))
        return found

    def alone(self, question: OpenQuestion) -> Bundle:
        """A question by itself."""
        return Bundle((question,))

    def bundle(self, number: int, person: Person) -> Bundle:
        """A question with those that wait and are the same. Raises `NotFound`."""
        first = self.get(number, person)
        same = [
            other
            for other in self._listed(first.area, QuestionState.OPEN)
            if other.number != number and alike(other.text, first.text)
        ]
        return Bundle((first, *same))

    def heard(self, bundle: Bundle) -> Heard | None:
        """What staff answered in the group, to any of a bundle; a draft's own answer first."""
        first = bundle.questions[0]
        if first.answer:
            person = self._store.people.by_id(first.answerer)
            return Heard(first.answer, person.name if person is not None else "", timedelta(0))
        found = map(self._heard, bundle.questions[:8])
        return next((one for one in found if one is not None), None)

    def suggested(self, number: int, person: Person) -> tuple[FaqEntry, tuple[int, ...]]:
        """An entry as a bundle suggests it, and the numbers in it. Raises `NotFound`."""
        bundle = self.bundle(number, person)
        first, heard = bundle.questions[0], self.heard(bundle)
        texts = dict.fromkeys(one.text for one in bundle.questions if one.text != first.text)
        entry = FaqEntry(
            id="",
            question=first.text,
            phrasings=tuple(texts)[:PHRASINGS],
            answer="" if heard is None else heard.text,
            source=self.source(first.answerer) if first.answerer else "社区答复",
            area=first.area,
        )
        return entry, tuple(one.number for one in bundle.questions)

    def adopted_as(self, numbers: Sequence[int], entry: str, actor: Person, cause: str) -> int:
        """These questions have their answer in an entry; how many there were.

        Raises `NotFound`, `NotAllowed`.
        """
        waiting = {QuestionState.OPEN, QuestionState.DRAFT}
        found = [self.get(number, actor) for number in numbers]
        for question in found:
            authorise(actor, Deed.APPROVE, question.area)
        open_ones = [question for question in found if question.state in waiting]
        for question in open_ones:
            adopted = with_state(question, QuestionState.ADOPTED, entry=entry)
            self._step(question, adopted, "归入问答", actor, cause)
        return len(open_ones)

    def attach(self, number: int, entry: str, actor: Person, cause: str) -> FaqEntry:
        """The bundle's words are other ways to ask for an entry.

        Raises `NotFound`, `NotAllowed`, `FaultyEntry`.
        """
        bundle = self.bundle(number, actor)
        texts = [one.text for one in bundle.questions]
        changed = FaqDesk(self._store, self._now).phrase(
            entry, texts[: PHRASINGS + 1], actor, cause
        )
        self.adopted_as([one.number for one in bundle.questions], entry, actor, cause)
        return changed

    def drop(self, number: int, actor: Person, cause: str) -> tuple[int, ...]:
        """The whole bundle needs no answer; the numbers. Raises `NotFound`, `NotPossible`."""
        bundle = self.bundle(number, actor)
        if bundle.questions[0].state is not QuestionState.OPEN:
            raise NotPossible(f"这个问题现在是「{bundle.questions[0].state}」，不用再拿掉。")
        return tuple(self.dismiss(one.number, actor, cause).number for one in bundle.questions)

    def restore(self, numbers: Sequence[int], actor: Person, cause: str) -> int:
        """What was dropped waits again; how many. Raises `NotFound`, `NotAllowed`."""
        found = [self.get(number, actor) for number in numbers]
        dropped = [one for one in found if one.state is QuestionState.DISMISSED]
        for question in dropped:
            authorise(actor, Deed.TEACH, question.area)
            again = msgspec.structs.replace(question, state=QuestionState.OPEN)
            self._step(question, again, "放回清单", actor, cause)
        if not dropped:
            raise NotPossible("这些问题已经不在「不用答」里了。")
        return len(dropped)

    def _heard(self, question: OpenQuestion) -> Heard | None:
        asked = self._store.inbox.get(question.message)
        if asked is None or not asked.chat:
            return None
        for said in self._store.inbox.following(
            asked.channel, asked.chat, question.message, LOOK_BACK
        ):
            passed = said.sent_at - asked.sent_at
            quotes = bool(said.quote) and alike(said.quote, question.text)
            if passed > (QUESTION_WITHIN if quotes else ANSWER_WITHIN):
                continue
            person = self._store.people.person(said.channel, said.sender)
            text = _MENTIONS.sub("", said.text).strip()
            if person is None or person.role not in STAFF or _COMMANDS.match(text):
                continue
            if len(text) >= SHORTEST_ANSWER:
                return Heard(text, person.name, passed)
        return None
