"""Answers from the bank: only while they are valid, only where they apply, always the newest."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

import msgspec
import pytest

from bot.language.faq import FaqMatcher, Question
from bot.models import Audience, FaqEntry, Marks
from bot.ports import Store
from bot.services.faq import FaqBook, FaqService

NOW = datetime.fromisoformat("2026-11-21T09:00:00+08:00")
AREA = "海棠街道/春晓社区/第1微网格"


class Bank:
    """A store that holds nothing but answers."""

    def __init__(self, *entries: FaqEntry) -> None:
        self.kept = {entry.id: entry for entry in entries}
        self.number = 0
        self.reads = 0

    @property
    def faq(self) -> Bank:
        return self

    @property
    def questions(self) -> Bank:
        return self

    def marks(self, area: str, since: datetime) -> Marks:
        return Marks()

    def entries(self) -> Sequence[FaqEntry]:
        self.reads += 1
        return list(self.kept.values())

    def replace(self, entries: Iterable[FaqEntry]) -> None:
        self.kept |= {entry.id: entry for entry in entries}
        self.number += 1

    def version(self) -> int:
        return self.number


ENTRY = FaqEntry(
    id="A1",
    question="居住证怎么续签",
    phrasings=("居住证到期了去哪里续签",),
    answer="带身份证到社区窗口。",
    source="社区",
)


def asked(bank: Bank, text: str, *, now: datetime = NOW, area: str = AREA) -> str:
    """The id of the sure answer, empty without one."""
    verdict = FaqService(cast(Store, bank), FaqBook(), now).ask(text, area, thorough=True)
    return verdict.entry.id if verdict.entry else ""


@pytest.mark.parametrize("text", ["居住证怎么续签", "居住证到期了去哪里续签", "居住证怎么续签？"])
def test_an_entry_answers_to_each_of_its_phrasings(text: str) -> None:
    assert asked(Bank(ENTRY), text) == "A1"


@pytest.mark.parametrize("text", ["", "今天天气不错", "楼道灯坏了"])
def test_the_rest_is_not_answered(text: str) -> None:
    assert asked(Bank(ENTRY), text) == ""


@pytest.mark.parametrize(
    ("begins", "ends", "answered"),
    [
        ("", "", True),
        ("2026-11-21", "2026-11-21", True),
        ("2026-11-22", "", False),
        ("", "2026-11-20", False),
        ("2026-01-01", "2026-12-31", True),
    ],
)
def test_an_entry_answers_on_its_days(begins: str, ends: str, answered: bool) -> None:
    entry = msgspec.structs.replace(ENTRY, valid_from=begins, valid_until=ends)
    assert bool(asked(Bank(entry), "居住证怎么续签")) is answered


def test_days_begin_at_midnight_in_shanghai() -> None:
    bank = Bank(msgspec.structs.replace(ENTRY, valid_until="2026-11-21"))
    last = datetime.fromisoformat("2026-11-21T15:59:59+00:00")
    over = datetime.fromisoformat("2026-11-21T16:00:00+00:00")
    assert asked(bank, "居住证怎么续签", now=last) == "A1"
    assert asked(bank, "居住证怎么续签", now=over) == ""


@pytest.mark.parametrize(
    ("area", "answered"),
    [
        ("", True),
        ("海棠街道", True),
        ("海棠街道/春晓社区", True),
        (AREA, True),
        ("海棠街道/春晓社区/第10微网格", False),
        ("海棠街道/春", False),
        ("别的街道", False),
    ],
)
def test_an_entry_answers_in_its_area(area: str, answered: bool) -> None:
    entry = msgspec.structs.replace(ENTRY, area=area)
    assert bool(asked(Bank(entry), "居住证怎么续签")) is answered


def test_the_bank_is_read_again_when_it_changes_and_only_then() -> None:
    bank, book = Bank(ENTRY), FaqBook()
    for _ in range(3):
        FaqService(cast(Store, bank), book, NOW).ask("居住证怎么续签", AREA, thorough=True)
    assert bank.reads == 1
    bank.replace([msgspec.structs.replace(ENTRY, answer="网上也能办。")])
    verdict = FaqService(cast(Store, bank), book, NOW).ask("居住证怎么续签", AREA, thorough=True)
    assert bank.reads == 2
    assert verdict.entry is not None
    assert verdict.entry.answer == "网上也能办。"


def test_a_large_bank_is_read_beside_the_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(questions: Sequence[Question]) -> FaqMatcher:
        started.set()
        go_on.wait(5)
        return FaqMatcher(questions)

    stays = msgspec.structs.replace(ENTRY, id="A2", question="老年卡怎么补办", phrasings=())
    bank, book = Bank(ENTRY, stays), FaqBook()

    def answer(text: str) -> str:
        found = FaqService(cast(Store, bank), book, NOW).ask(text, AREA, thorough=True)
        return "" if found.entry is None else found.entry.answer

    assert answer("居住证怎么续签") == "带身份证到社区窗口。"
    monkeypatch.setattr("bot.services.faq.LARGE", 1)
    monkeypatch.setattr("bot.services.faq.FaqMatcher", slow)
    bank.replace([msgspec.structs.replace(ENTRY, answer="网上也能办。")])
    assert answer("居住证怎么续签") == ""  # the old words are not said any more
    assert started.wait(5)
    assert answer("老年卡怎么补办") == stays.answer
    go_on.set()
    until = time.monotonic() + 5
    while answer("居住证怎么续签") != "网上也能办。":
        assert time.monotonic() < until
        time.sleep(0.005)
    assert bank.reads == 2


def test_an_expired_entry_is_gone_by_its_id_too() -> None:
    book = FaqBook()
    bank = Bank(msgspec.structs.replace(ENTRY, valid_until="2026-11-20"))
    assert FaqService(cast(Store, bank), book, NOW).entry("A1") is None
    assert FaqService(cast(Store, Bank(ENTRY)), FaqBook(), NOW).entry("A1") == ENTRY


def test_an_unsure_match_offers_a_choice() -> None:
    bank = Bank(
        msgspec.structs.replace(ENTRY, phrasings=()),
        FaqEntry(id="A2", question="居住证怎么新办", answer="带租房合同。", source="社区"),
    )
    verdict = FaqService(cast(Store, bank), FaqBook(), NOW).ask("居住证", AREA, thorough=True)
    assert verdict.entry is None
    assert {entry.id for entry in verdict.choices} == {"A1", "A2"}


@pytest.mark.parametrize(
    ("audience", "private", "staff", "answered"),
    [
        (Audience.PUBLIC, False, False, True),
        (Audience.PRIVATE, False, True, False),
        (Audience.PRIVATE, True, False, True),
        (Audience.STAFF, True, False, False),
        (Audience.STAFF, False, True, False),
        (Audience.STAFF, True, True, True),
    ],
)
def test_an_entry_answers_whom_it_is_for(
    audience: Audience, private: bool, staff: bool, answered: bool
) -> None:
    bank = Bank(msgspec.structs.replace(ENTRY, audience=audience))
    service = FaqService(cast(Store, bank), FaqBook(), NOW)
    verdict = service.ask("居住证怎么续签", AREA, thorough=True, private=private, staff=staff)
    assert (verdict.entry is not None) is answered


@pytest.mark.parametrize("text", ["派出所", "派出所？"])
def test_a_keyword_is_a_choice_and_no_answer(text: str) -> None:
    bank = Bank(msgspec.structs.replace(ENTRY, keywords=("派出所",)))
    verdict = FaqService(cast(Store, bank), FaqBook(), NOW).ask(text, AREA, thorough=True)
    assert verdict.entry is None
    assert [entry.id for entry in verdict.choices] == ["A1"]
