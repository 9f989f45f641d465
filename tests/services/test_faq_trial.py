"""A bank and questions as JSON Lines: what comes back, and what is refused with its line."""

from __future__ import annotations

import json
import time

import pytest

from bot.errors import ImportFault
from bot.services.faq_trial import MAX_FAULTS, Trial, read_bank, read_queries

ROWS: list[tuple[str | int | float, str]] = [
    ("新办", "居住证怎么新办"),
    ("新办", "第一次办居住证要什么材料"),
    (7, "大件垃圾放在哪里"),
    ("7", "孩子的医保在哪里交"),
    (2.5, "居住证怎么续签"),
    (7, "大件垃圾放在哪里"),
]


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Trial(ROWS)


@pytest.mark.parametrize(
    ("text", "faq"),
    [("居住证怎么新办？", "新办"), ("大件垃圾放在哪里", 7), ("孩子的医保在哪里交", "7")],
)
def test_a_sure_answer(trial: Trial, text: str, faq: object) -> None:
    found = trial.judge(text)
    assert (found["group"], found["direct"], found["choices"]) == (faq, faq, [])
    ranked = found["ranked"]
    assert isinstance(ranked, list)
    assert ranked[0][0] == faq
    assert type(ranked[0][0]) is type(faq)
    assert [score for _, score in ranked] == sorted((s for _, s in ranked), reverse=True)
    assert set(found) == {"text", "ranked", "group", "direct", "choices", "ms"}


def test_unsure_it_offers(trial: Trial) -> None:
    found = trial.judge("居住证")
    assert (found["group"], found["direct"]) == (None, None)
    assert found["choices"] == ["新办", 2.5] or found["choices"] == [2.5, "新办"]


@pytest.mark.parametrize("text", ["", "？", "😀😀", "晚上一起吃饭吗", "\ud800"])
def test_nothing(trial: Trial, text: str) -> None:
    found = trial.judge(text)
    assert (found["text"], found["group"], found["direct"]) == (text, None, None)
    assert found["choices"] == []


def test_two_entries_with_the_same_words_are_never_answered() -> None:
    found = Trial([("甲", "停车证怎么办"), ("乙", "停车证怎么办")]).judge("停车证怎么办")
    assert (found["group"], found["direct"], found["choices"]) == (None, None, ["甲", "乙"])


def test_a_novel_takes_no_longer_than_a_page(trial: Trial) -> None:
    def spent(text: str) -> float:
        started = time.perf_counter()
        trial.judge(text)
        return time.perf_counter() - started

    page, novel = "居住证在哪里办啊，" * 400, "居住证在哪里办啊，" * 4_000
    trial.judge(page)
    assert min(spent(novel) for _ in range(5)) < 20 * min(spent(page) for _ in range(5))


def test_reading() -> None:
    bank = '\ufeff{"faq": 1, "question": "问"}\r\n\n{"faq": "a", "question": "答", "more": 0}'
    assert read_bank(bank.encode()) == [(1, "问"), ("a", "答")]
    assert read_queries(b'{"text": ""}\n{"text": "\\ud800"}') == ["", "\ud800"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "不是 JSON"),
        ("[" * 100_000, "不是 JSON"),
        ("9" * 10_000, "不是 JSON"),
        ('"a"', "应该是一个对象"),
        ('{"question": "问"}', "缺少 faq"),
        ('{"faq": 1}', "缺少 question"),
        ('{"faq": null, "question": "问"}', "编号"),
        ('{"faq": true, "question": "问"}', "编号"),
        ('{"faq": ["a"], "question": "问"}', "编号"),
        ('{"faq": "", "question": "问"}', "编号"),
        ('{"faq": NaN, "question": "问"}', "有效的数字"),
        ('{"faq": 1, "question": 2}', "question 要写成文字"),
        ('{"faq": 1, "question": " "}', "question 是空的"),
    ],
)
def test_a_bad_line_of_the_bank_is_named(line: str, told: str) -> None:
    with pytest.raises(ImportFault) as fault:
        read_bank(f'{{"faq": 1, "question": "问"}}\n\n{line}\n'.encode())
    assert len(fault.value.faults) == 1
    assert fault.value.faults[0].startswith("第3行：")
    assert told in fault.value.faults[0]


@pytest.mark.parametrize(
    ("line", "told"), [("{}", "缺少 text"), ('{"text": 3}', "text 要写成文字"), ("text", "JSON")]
)
def test_a_bad_question_is_named(line: str, told: str) -> None:
    with pytest.raises(ImportFault, match=told):
        read_queries(line.encode())


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(ImportFault, match="没有内容"):
        read_queries(data)


@pytest.mark.parametrize("data", ["问".encode("gb18030"), b"\xff\xfe\x00", b"\x80"])
def test_another_encoding_is_refused(data: bytes) -> None:
    with pytest.raises(ImportFault, match=r"^第2行：不是 UTF-8"):
        read_bank(b"\n" + data)


def test_many_faults_are_counted() -> None:
    with pytest.raises(ImportFault) as fault:
        read_queries(b"{}\n" * (MAX_FAULTS + 5))
    assert len(fault.value.faults) == MAX_FAULTS + 1
    assert fault.value.faults[-1] == "还有 5 行也有错。"


def test_what_comes_back_is_json(trial: Trial) -> None:
    assert json.loads(json.dumps(trial.judge("居住证怎么续签")))["group"] == 2.5
