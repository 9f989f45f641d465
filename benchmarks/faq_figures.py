"""How well and how fast questions are matched, on the labelled questions in tests/data.

Precision counts every answer to what the bank does not hold as wrong, with as many questions from
outside the bank as from inside; near misses are reported by themselves. `close` questions are a
phrasing of the bank in slightly other words (benchmarks/rephrase.py); `asked` ones were written by
people and often share little with any phrasing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence

from msgspec import Struct

from benchmarks.faq_bank import Draw, Query, draw, entries
from benchmarks.rephrase import rephrase
from bot.language import segment
from bot.language.faq import CUTS, FaqMatcher, Match, Question, decide

SEEDS = (11, 12, 13)
SIZE = 150
LARGE = 2000
FORMAL = 46


class Asked(Struct, frozen=True):
    """One query and what the matcher made of it."""

    query: Query
    matches: tuple[Match, ...]
    ms: float

    @property
    def best(self) -> str:
        """The entry on top, empty without one."""
        return self.matches[0].entry if self.matches else ""


class Share(Struct, frozen=True):
    """Of all questions with an entry: the share answered rightly; of all answers: those right."""

    coverage: float
    precision: float


def ask(seeds: Sequence[int] = SEEDS, size: int = SIZE) -> list[Asked]:
    """Draw banks and put everything to them."""
    segment.load("")
    found: list[Asked] = []
    for seed in seeds:
        chance = random.Random(seed)
        drawn = draw(chance, entries(), size)
        matcher = _matcher(drawn)
        close = [Query(rephrase(chance, text), entry, "close") for entry, text in drawn.bank]
        for query in (*drawn.queries, *close):
            started = time.thread_time()
            matches = matcher.match(query.text, 5)
            found.append(Asked(query, matches, (time.thread_time() - started) * 1000))
    return found


def recall(asked: Sequence[Asked], kind: str, among: int) -> float:
    """Share of the bank's questions of one kind whose entry is among the first."""
    inside = [one for one in asked if one.query.kind == kind]
    hits = sum(one.query.entry in [m.entry for m in one.matches[:among]] for one in inside)
    return hits / len(inside)


def share(asked: Sequence[Asked], *, group: bool) -> Share:
    """What the shipped cut-offs answer of the close questions, in a group or when addressed."""
    counted = [one for one in asked if one.query.kind not in {"near", "asked"}]
    inside = sum(one.query.kind == "close" for one in counted)
    outside = sum(one.query.kind == "outside" for one in counted)
    right = wrong = 0.0
    for one in counted:
        verdict = decide(one.matches)
        answer = verdict.answer if group else verdict.direct
        if answer is not None and answer.entry == one.query.entry:
            right += 1
        elif answer is not None:
            wrong += inside / outside if one.query.kind == "outside" else 1
    return Share(right / inside, right / (right + wrong))


def answered(asked: Sequence[Asked], kinds: frozenset[str]) -> tuple[int, int]:
    """How many of some kinds were answered unasked (near misses: with that very entry), of all."""
    of = [one for one in asked if one.query.kind in kinds]
    answers = [(one.query, decide(one.matches).answer) for one in of]
    count = sum(
        answer is not None and (query.kind != "near" or answer.entry == query.entry)
        for query, answer in answers
    )
    return count, len(of)


def formal(topic: str = "epidemic", bank: int = 0, size: int = FORMAL) -> list[Asked]:
    """Short asks put to a bank of formal questions: one of the file's banks of `size` lines."""
    segment.load("")
    pool = entries(topic)[bank * size : (bank + 1) * size]
    matcher = FaqMatcher([Question(entry.key, entry.phrasings[0]) for entry in pool])
    return [
        Asked(Query(text, entry.key, "asked"), matcher.match(text, 5), 0.0)
        for entry in pool
        for text in entry.phrasings[1:]
    ]


def unread() -> list[Asked]:
    """The banks that taught nothing, each by another author, asked one by one."""
    banks = len(entries("unread")) // FORMAL
    return [asked for bank in range(banks) for asked in formal("unread", bank)]


def offered(asked: Sequence[Asked]) -> float:
    """Share of questions whose entry is answered or among the choices, when the bot is asked."""
    hits = 0
    for one in asked:
        verdict = decide(one.matches)
        said = verdict.choices if verdict.direct is None else (verdict.direct,)
        hits += one.query.entry in {match.entry for match in said}
    return hits / len(asked)


def small(seeds: Sequence[int] = SEEDS, size: int = 5) -> Share:
    """Banks of so few entries, twenty a seed: close questions, and two from outside for each."""
    segment.load("")
    right = wrong = inside = 0
    for seed in seeds:
        chance = random.Random(seed)
        for _ in range(20):
            drawn = draw(chance, entries(), size)
            matcher = _matcher(drawn)
            close = [(rephrase(chance, text), entry) for entry, text in drawn.bank]
            outside = [(query.text, "") for query in drawn.queries if query.kind == "outside"]
            inside += len(close)
            for text, entry in close + chance.sample(outside, 2 * len(close)):
                answer = decide(matcher.match(text, 5)).answer
                right += answer is not None and answer.entry == entry
                wrong += answer is not None and answer.entry != entry
    return Share(right / inside, right / (right + wrong))


def slowest(asked: Sequence[Asked]) -> float:
    """The 99th percentile in milliseconds of processor time."""
    return sorted(one.ms for one in asked)[len(asked) * 99 // 100]


def large_bank() -> FaqMatcher:
    """2,000 entries: our own, and the same questions for made-up places."""
    places = ("东门", "西门", "南门", "北门", "一期", "二期", "三期", "桂花苑", "玉兰苑", "海棠苑")
    pool = [(entry.key, text) for entry in entries() for text in entry.phrasings[:2]]
    rows = [
        Question(f"{place}{key}", place * (place != "东门") + text)
        for place in places
        for key, text in pool
    ]
    return FaqMatcher(rows[: 2 * LARGE])


def report() -> Iterator[tuple[str, bool]]:
    """Each figure in words, and whether it holds what it promises."""
    asked = ask()
    kinds = ", ".join(f"{count} {kind}" for kind, count in _sizes(asked).items())
    yield f"{SIZE} entries a bank, seeds {SEEDS}: {kinds}", True
    for kind, first, third in (("close", 0.94, 0.99), ("asked", 0.60, 0.75)):
        one, three = recall(asked, kind, 1), recall(asked, kind, 3)
        words = f"{kind}: R@1 {one:.3f}, R@3 {three:.3f} (bars {first}, {third})"
        yield words, one >= first and three >= third
    for group, least in ((True, 0.98), (False, 0.95)):
        found = share(asked, group=group)
        where, cut = ("in a group", CUTS.group) if group else ("addressed", CUTS.direct)
        words = f"{where} (cut {cut}): answers {found.coverage:.3f}"
        yield f"{words}, precision {found.precision:.3f} (bar {least})", found.precision >= least
    for short, what in ((formal(), "known"), (unread(), "unread")):
        one, three = recall(short, "asked", 1), recall(short, "asked", 3)
        words = f"{FORMAL} formal entries, {len(short)} short asks ({what}): R@1 {one:.3f},"
        yield f"{words} R@3 {three:.3f}, offered {offered(short):.3f} (bar .85)", one >= 0.85
    few = small()
    words = f"60 banks of 5, seeds {SEEDS}: answers {few.coverage:.3f} of the close questions"
    yield (
        f"{words}, precision {few.precision:.3f} (bars .60, .98)",
        few.coverage >= 0.6 and (few.precision >= 0.98),
    )
    talk, of = answered(asked, frozenset({"chat", "notice"}))
    yield f"talk and notices answered {talk} of {of} (bar 0.1%)", talk <= of / 1000
    near, of = answered(asked, frozenset({"near"}))
    yield f"near misses answered in a group {near} of {of} (bar 5%)", near <= of / 20
    yield f"p99 {slowest(asked):.1f} ms at {SIZE} entries (bar 10)", slowest(asked) <= 10
    large = _time(large_bank(), [one.query for one in asked])
    yield f"p99 {large:.1f} ms at {LARGE} entries (bar 30)", large <= 30


def _time(matcher: FaqMatcher, queries: Sequence[Query]) -> float:
    timed = []
    for query in queries[:1000]:
        started = time.thread_time()
        matches = matcher.match(query.text, 5)
        timed.append(Asked(query, matches, (time.thread_time() - started) * 1000))
    return slowest(timed)


def _matcher(drawn: Draw) -> FaqMatcher:
    return FaqMatcher([Question(entry, text) for entry, text in drawn.bank])


def _sizes(asked: Sequence[Asked]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for one in asked:
        sizes[one.query.kind] = sizes.get(one.query.kind, 0) + 1
    return sizes
