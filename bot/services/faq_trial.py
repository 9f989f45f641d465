"""Try a bank on questions outside the bot: JSON Lines in, one judgement a question out.

A community finds out with its own bank and its residents' own words what would be answered in a
group, what to somebody who asks the bot, and what would be offered as choices.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from time import perf_counter
from typing import TypeAlias, TypeVar

from bot.errors import ImportFault
from bot.language.faq import FaqMatcher, Match, Question, decide

FaqId: TypeAlias = str | int | float
T = TypeVar("T")

RANKED = 5
MAX_FAULTS = 20
"""More faults than this are counted, not listed."""


class Trial:
    """A bank ready to be asked. Ids come back as they were given."""

    def __init__(self, rows: Sequence[tuple[FaqId, str]]) -> None:
        # A text key for each id: 7 and "7" are two entries.
        self._ids = {json.dumps(faq): faq for faq, _ in rows}
        # The same row twice is one row; dict keeps the order.
        pairs = dict.fromkeys((json.dumps(faq), question) for faq, question in rows)
        self._matcher = FaqMatcher([Question(key, text) for key, text in pairs])

    def judge(self, text: str) -> dict[str, object]:
        """`ranked`, `group`, `direct`, `choices` and the milliseconds that took."""
        started = perf_counter()
        matches = self._matcher.match(text, RANKED)
        verdict = decide(matches)
        spent = (perf_counter() - started) * 1000
        return {
            "text": text,
            "ranked": [
                [self._ids[match.entry], score]
                for match, score in zip(matches, _falling(matches), strict=True)
            ],
            "group": None if verdict.answer is None else self._ids[verdict.answer.entry],
            "direct": None if verdict.direct is None else self._ids[verdict.direct.entry],
            "choices": [self._ids[choice.entry] for choice in verdict.choices],
            "ms": round(spent, 3),
        }


def _falling(matches: Sequence[Match]) -> list[float]:
    """Certainties, none below a later one: among unsure entries the closest comes first."""
    return list(accumulate((match.certainty for match in reversed(matches)), max))[::-1]


def read_bank(data: bytes) -> list[tuple[FaqId, str]]:
    """Lines `{"faq", "question"}`, one a phrasing. Raises `ImportFault` naming every bad line."""
    return _read(data, _phrasing, '{"faq": "A1", "question": "居住证怎么办"}')


def read_queries(data: bytes) -> list[str]:
    """Lines `{"text"}`. Raises `ImportFault` naming every bad line."""
    return _read(data, _text, '{"text": "居住证怎么办"}')


class _BadLineError(ValueError):
    """What is wrong with one line, in Chinese."""


def _read(data: bytes, take: Callable[[dict[str, object]], T], example: str) -> list[T]:
    found: list[T] = []
    faults: list[str] = []
    for number, line in _lines(data):
        try:
            found.append(take(_object(line, example)))
        except _BadLineError as fault:
            faults.append(f"第{number}行：{fault}")
    if len(faults) > MAX_FAULTS:
        faults[MAX_FAULTS:] = [f"还有 {len(faults) - MAX_FAULTS} 行也有错。"]
    if not faults and not found:
        faults.append(f"文件里没有内容，每行写一个，如 {example}。")
    if faults:
        raise ImportFault(faults)
    return found


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            text = line.decode("utf-8").strip()
        except UnicodeDecodeError:
            raise ImportFault(
                [f"第{number}行：不是 UTF-8 编码，读不了，请把文件另存为 UTF-8。"]
            ) from None
        if text:
            yield number, text


def _object(line: str, example: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise _BadLineError(f"不是 JSON，应该像 {example}。") from None
    if not isinstance(value, dict):
        raise _BadLineError(f"应该是一个对象，像 {example}。")
    return value


def _phrasing(row: dict[str, object]) -> tuple[FaqId, str]:
    faq = _required(row, "faq")
    if isinstance(faq, bool) or not isinstance(faq, str | int | float) or faq == "":
        raise _BadLineError("faq 要写成文字或数字，作为这条问答的编号。")
    if isinstance(faq, float) and not math.isfinite(faq):
        raise _BadLineError("faq 不是一个有效的数字，请换一个编号。")
    question = _required(row, "question")
    if not isinstance(question, str):
        raise _BadLineError("question 要写成文字，放在引号里。")
    if not question.strip():
        raise _BadLineError("question 是空的，请写一种问法。")
    return faq, question


def _text(row: dict[str, object]) -> str:
    text = _required(row, "text")
    if not isinstance(text, str):
        raise _BadLineError("text 要写成文字，放在引号里。")
    return text


def _required(row: dict[str, object], key: str) -> object:
    if key not in row:
        raise _BadLineError(f"缺少 {key}。")
    return row[key]
