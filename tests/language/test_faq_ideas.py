"""Questions in other words: by the ideas that both are about."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.faq import FaqMatcher, Question, decide
from bot.language.faq_ideas import ideas

BANK = {
    "咽喉": "感染后咽喉疼痛明显时应如何缓解",
    "体温": "居家期间体温升高应如何选用退热药物",
    "谣言": "编造、传播不实疫情信息需要承担哪些法律责任",
    "举报": "发现邻居违反隔离规定外出应如何举报",
    "稀释": "含氯消毒液应当按照何种比例配制",
    "陪护": "住院患者的陪护与探视有哪些规定",
    "物资": "封控期间生活必需品如何保障供应",
    "工资": "居家办公期间的工资待遇应如何支付",
}


@pytest.fixture(scope="module")
def matcher() -> FaqMatcher:
    return FaqMatcher([Question(entry, text) for entry, text in BANK.items()])


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("嗓子像吞刀片咋办", "咽喉"),
        ("烧到39度吃啥", "体温"),
        ("瞎传假消息会被抓吗", "谣言"),
        ("84兑多少水", "稀释"),
        ("我能去医院陪床吗", "陪护"),
        ("封了去哪买菜", "物资"),
        ("在家办公薪水照发吗", "工资"),
    ],
)
def test_the_entry_with_the_same_idea_comes_first(
    matcher: FaqMatcher, text: str, entry: str
) -> None:
    matches = matcher.match(text)

    assert matches[0].entry == entry
    assert decide(matches).answer is None  # an idea alone makes nothing sure


def test_two_common_ideas_are_offered(matcher: FaqMatcher) -> None:
    assert [m.entry for m in decide(matcher.match("编疫情谣言要负责任吗")).choices] == ["谣言"]
    assert decide(matcher.match("明天广场舞几点开始")).choices == ()


def test_words_may_carry_several_ideas() -> None:
    assert ideas("嗓子疼怎么缓解") == ideas("咽喉疼痛如何缓解") == {"咽喉", "流程"}
    assert {"投诉", "处罚"} <= ideas("举报了会不会罚款")
    assert ideas("") == ideas("哈哈哈") == frozenset()


@given(st.text(max_size=300))
@settings(max_examples=50, deadline=None)
def test_no_text_breaks_it(text: str) -> None:
    assert all(isinstance(idea, str) for idea in ideas(text))
