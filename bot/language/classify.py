"""Finding many words at once, and which category a text speaks of by its keywords.

Long keywords say more than short ones, and a keyword inside a longer one does not count again.
Where two categories meet, a short table of settled cases decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

import ahocorasick
from msgspec import Struct

T = TypeVar("T")


class Matcher(Generic[T]):
    """Finds words in one pass: of those that overlap the leftmost, of these the longest.

    The library's own `iter_long` loses words that begin inside an abandoned longer one.
    """

    def __init__(self, words: Iterable[tuple[str, T]]) -> None:
        self._automaton = ahocorasick.Automaton()
        for word, value in words:
            self._automaton.add_word(word, (len(word) - 1, word, value))
        self._automaton.make_automaton()

    def occurs(self, text: str) -> bool:
        """Whether any word occurs."""
        return next(self._automaton.iter(text), None) is not None

    def every(self, text: str) -> list[tuple[int, int, str, T]]:
        """All words, overlapping ones too, as `scan` gives them, in the order of their ends."""
        return [
            (end - reach, end, word, value)
            for end, (reach, word, value) in self._automaton.iter(text)
        ]

    def scan(self, text: str) -> list[tuple[int, int, str, T]]:
        """All words as (first index, last index, word, value), in the order of the text."""
        found: list[tuple[int, int, str, T]] = []
        for end, (reach, word, value) in self._automaton.iter(text):
            start = end - reach
            keep = len(found)
            while keep and found[keep - 1][0] >= start:
                keep -= 1
            if keep and found[keep - 1][1] >= start:
                continue
            found[keep:] = [(start, end, word, value)]
        return found


class CategoryMatch(Struct, frozen=True):
    """A category's code, its score and the keywords that speak for it, in the text's order."""

    code: str
    score: int
    words: tuple[str, ...]


class _Settled(Struct, frozen=True):
    """When `winner` and one of `losers` both score, the winner gets `bonus`.

    One of the words `needs` must be in the text.
    """

    winner: str
    losers: frozenset[str]
    bonus: int
    needs: tuple[str, ...]


_SETTLED = (
    # Water from above is a leak until one side refuses; then it is a quarrel.
    _Settled("FWLS", frozenset({"LLJF", "SDQN"}), 3, ("楼上", "顶", "墙", "邻居")),
    _Settled("LLJF", frozenset({"FWLS"}), 9, ("不肯", "吵架", "不赔", "不配合", "调解")),
    # An e-bike in a lift is about the battery, and dirt in a lift about dirt.
    _Settled("DDCC", frozenset({"DTGZ"}), 4, ("进电梯", "电梯里", "坐电梯", "乘电梯")),
    _Settled("HJWS", frozenset({"DTGZ"}), 3, ("电梯里", "电梯内", "轿厢里")),
    # A damaged shed is a facility; that charging is unsafe there comes first.
    _Settled("DDCC", frozenset({"GGSS", "FWLS"}), 9, ("充电", "充着电")),
    # Things that stand in the way, even when it is rubbish; their smell alone is hygiene.
    _Settled("XFTD", frozenset({"HJWS", "TCGL", "DDCC"}), 4, ("堆", "消防通道", "生命通道")),
    # An open manhole is dangerous, whatever stands beside it.
    _Settled("AQYH", frozenset({"GGSS", "SDQN"}), 6, ("井盖",)),
    # A dog's noise is about the dog.
    _Settled("CWGL", frozenset({"ZYRM"}), 9, ("狗", "犬", "猫", "公鸡")),
)

_GENERIC = """
坏了 破损 物业 邻居 老人 装修 施工 半夜 预约 活动 报名 健康 困难 家庭 办理 材料 证明 清理 打扫 卫生
保安 危险 不安全 隐患 楼梯 大门 维修资金 维修基金 没人接 没人清 药 堵 堵了 吵 灯 草 树 偷 霉
"""
GENERIC = frozenset(_GENERIC.split())
"""Words that go with many matters; they count like a single character."""


class Classifier:
    """Reads categories. `table` maps a category's code to its keywords (NFKC form)."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        owners: dict[str, list[str]] = defaultdict(list)
        for code, words in table.items():
            for word in filter(None, words):
                owners[word].append(code)
        self._rank = {code: rank for rank, code in enumerate(table)}
        self._matcher = Matcher(owners.items()) if owners else None

    def classify(self, text: str) -> tuple[CategoryMatch, ...]:
        """Categories that the text speaks of, best first; equal ones in the table's order."""
        words = self._found(text)
        if not words:
            return ()
        scores = {code: sum(map(_weight, found)) for code, found in words.items()}
        if len(scores) > 1:
            _settle(scores, text)
        order = sorted(scores, key=lambda code: (-scores[code], self._rank[code]))
        return tuple(CategoryMatch(code, scores[code], tuple(words[code])) for code in order)

    def _found(self, text: str) -> dict[str, list[str]]:
        """Keywords by category, each once."""
        words: dict[str, list[str]] = {}
        for _, _, word, codes in self._matcher.scan(text) if self._matcher else ():
            for code in codes:
                known = words.setdefault(code, [])
                if word not in known:
                    known.append(word)
        return words


def extended(
    table: Mapping[str, Sequence[str]], more: Iterable[tuple[str, str]]
) -> dict[str, tuple[str, ...]]:
    """A table with a community's own (code, word) pairs added; unknown codes become new rows."""
    grown = {code: list(words) for code, words in table.items()}
    for code, word in more:
        grown.setdefault(code, []).append(word)
    return {code: tuple(dict.fromkeys(words)) for code, words in grown.items()}


def _weight(word: str) -> int:
    """One for a character and for general words; then 3, 6, 10: a long word outweighs two short."""
    if word in GENERIC:
        return 1
    length = min(len(word), 6)
    return length * (length + 1) // 2


def _settle(scores: dict[str, int], text: str) -> None:
    """Apply the settled cases to the scores, in place."""
    for case in _SETTLED:
        if case.winner not in scores or scores.keys().isdisjoint(case.losers):
            continue
        if any(word in text for word in case.needs):
            scores[case.winner] += case.bonus
