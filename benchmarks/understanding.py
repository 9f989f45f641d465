"""What is heard in single messages: dangers, places, times; and how long the whole reading takes.

On the labelled texts of `tests/data` (how they were written stands there). No chance is involved:
there is no seed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from benchmarks.train.data import HELD_OUT
from bot.app import DATA, build_reader
from bot.config import Config
from bot.language.dates import Again, Moment, Unclear, find_time
from bot.language.places import find_places
from bot.language.text import normalise
from bot.models import SHANGHAI
from bot.rules.safety import find_danger
from bot.rules.workdays import WorkCalendar

TEXTS = Path(__file__).parents[1] / "tests" / "data"
FALSE_BAR = 1 / 60
FOUND_BAR = 59 / 60
KNOWN_BAR = 1 / 30
"""False alarms among what the models have read: recall comes first, also there."""
ROUND_BAR = 1 / 30
ROUND_BARS = {
    "round-7": 1 / 18, "round-11": 1 / 15, "round-12": 1 / 4, "round-15": 1 / 18,
    "round-30": 1 / 10, "round-32": 1 / 20,
}  # fmt: skip
"""False alarms among what was written to break the tables: 1 in 30, more in the hardest rounds. In
round-12 and round-30 each harmless sentence has a dangerous twin that differs by a word or two."""
OLDER = frozenset({"fresh-6", "hard-1", "hard-2", "hard-3", "hard-4"})
"""Unseen parts whose misses taught words of the tables before the models had read much."""
EXACT_BAR = 0.85
P50_BAR = 0.5
ROUNDS = 3


def rows(name: str) -> list[dict[str, Any]]:
    """The labelled lines of one file."""
    return [json.loads(line) for line in (TEXTS / name).read_text("utf-8").splitlines()]


def report() -> Iterator[tuple[str, bool]]:
    """Each figure in words, and whether its bar was met."""
    yield from _dangers()
    yield from _places()
    yield _times()
    yield from _speed()


def _dangers() -> Iterator[tuple[str, bool]]:
    heard: dict[str, list[tuple[bool, bool]]] = {}
    for case in rows("emergencies.jsonl"):
        alarm = find_danger(normalise(case["text"])) is not None
        heard.setdefault(case["part"], []).append((case["danger"] is not None, alarm))
    for part, pairs in heard.items():
        unseen = part in HELD_OUT
        known = ROUND_BARS.get(part, ROUND_BAR) if part.startswith("round") else KNOWN_BAR
        words, found, false = _alarms(part, pairs)
        least, most = (FOUND_BAR, FALSE_BAR) if unseen else (EXACT_BAR, known)
        yield words + unseen * " (unseen)", found >= least and false <= most
    newer = [pair for part in HELD_OUT - OLDER for pair in heard[part]]
    words, found, false = _alarms("all newer unseen parts", newer)
    yield f"{words} (unseen)", found >= FOUND_BAR and false <= FALSE_BAR


def _alarms(part: str, heard: list[tuple[bool, bool]]) -> tuple[str, float, float]:
    """In words, and the shares of dangers found and of false alarms."""
    real = sum(danger for danger, _ in heard)
    found = sum(danger and alarm for danger, alarm in heard)
    false = sum(alarm and not danger for danger, alarm in heard)
    calm = len(heard) - real
    words = f"dangers, {part}: {found} of {real} found, {false} false alarms in {calm}"
    return words, found / real if real else 1.0, false / calm


def _places() -> Iterator[tuple[str, bool]]:
    cases = rows("places.jsonl")
    for part in dict.fromkeys(case["part"] for case in cases):
        texts = [case for case in cases if case["part"] == part]
        right = sum(
            [[span.text, span.canonical] for span in find_places(case["text"])] == case["places"]
            for case in texts
        )
        share = right / len(texts)
        words = f"places, {part}: all spans exact in {right} of {len(texts)} texts"
        yield f"{words} (bar {EXACT_BAR:.2f})", share >= EXACT_BAR


def _times() -> tuple[str, bool]:
    calendar = WorkCalendar.parse((DATA / "workdays.json").read_bytes())
    cases = rows("dates.jsonl")
    kinds = {Moment: 0, Again: 0, Unclear: 0, type(None): 0}
    for case in cases:
        now = datetime.fromisoformat(case["now"]).replace(tzinfo=SHANGHAI)
        kinds[type(find_time(normalise(case["text"]), now, calendar))] += 1
    once, again, unclear, none = kinds.values()
    words = f"times: {len(cases)} phrases, {once} once, {again} again, {unclear} unclear"
    return f"{words}, {none} none (their answers are the table of the tests)", once > 0


def _speed() -> Iterator[tuple[str, bool]]:
    reader = build_reader(Config())
    now = datetime(2026, 11, 21, 9, 0, tzinfo=SHANGHAI)
    texts = [case["text"] for case in rows("emergencies.jsonl")]
    reader.read(texts[0], now)
    took = []
    for _ in range(ROUNDS):
        for text in texts:
            started = perf_counter()
            reader.read(text, now)
            took.append((perf_counter() - started) * 1000)
    middle, last = median(took), quantiles(took, n=100)[98]
    words = f"whole understanding of {len(texts)} texts: p50 {middle:.3f} ms, p99 {last:.3f} ms"
    yield f"{words} (bar {P50_BAR} ms at p50)", middle <= P50_BAR
