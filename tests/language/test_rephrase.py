"""What of a model's answer may be said, and what it is told."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.rephrase import Suggestion, faithful, messages, read

PASSAGE = "65岁及以上每年一次，12月1日至15日上午，空腹带身份证到社区卫生站，不收费。"
OTHER = "办居住证带租房合同到便民中心。"


def content(choice: int, words: str) -> str:
    return json.dumps({"choice": choice, "words": words}, ensure_ascii=False)


@pytest.mark.parametrize(
    "words",
    [
        "65岁以上的老人12月1日至15日上午空腹带身份证去社区卫生站，不收费。",
        "每年一次，不收费，带身份证。",
    ],
)
def test_faithful_words_are_said(words: str) -> None:
    assert read(content(1, words), [PASSAGE, OTHER]) == Suggestion(0, words)


@pytest.mark.parametrize(
    "words",
    [
        "@所有人 12月1日上午来，不收费",
        "详见 https://example.com，不收费",
        "加微信 abc.top 咨询，不收费",
        "拨13800000000预约，不收费",
        "12月16日上午来，不收费",
        "60岁以上都可以，不收费",
        "[点这里](x)不收费",
        "不收费\u202e",
        "不收费\n\x07快来",
        "空腹带身份证到社区卫生站，收费。",
        "不收费" * 200,
        "",
        "三十元一次，不收费",
    ],
)
def test_what_adds_or_loses_something_gives_way_to_the_approved_words(words: str) -> None:
    assert not faithful(words, PASSAGE)
    assert read(content(1, words), [PASSAGE]) == Suggestion(0, PASSAGE)


@pytest.mark.parametrize(
    "answer",
    [
        content(0, "没有"),
        content(4, "越界"),
        content(-1, "越界"),
        "不是 JSON",
        "",
        "[]",
        '{"choice": "1"}',
        '{"words": "只有话"}',
        "null",
        "{" * 5000,
    ],
)
def test_no_choice_says_nothing(answer: str) -> None:
    assert read(answer, [PASSAGE, OTHER]) is None


def test_a_fence_around_it_is_no_harm() -> None:
    assert read(f"```json\n{content(2, OTHER)}\n```", [PASSAGE, OTHER]) == Suggestion(1, OTHER)


def test_nothing_personal_is_told() -> None:
    question = "我电话13800000000，住3幢2单元502室，身份证320500198001011234，体检哪天"
    told = json.dumps(messages(question, [PASSAGE]), ensure_ascii=False)
    for secret in ("13800000000", "502", "320500198001011234"):
        assert secret not in told
    assert "体检哪天" in told
    assert PASSAGE in told


@given(st.text(max_size=400))
@settings(deadline=None)
def test_any_answer_is_taken(answer: str) -> None:
    suggestion = read(answer, [PASSAGE])
    assert suggestion is None or suggestion.words == PASSAGE or faithful(suggestion.words, PASSAGE)
