"""The labelled questions in tests/data: phrasings, near misses and other talk."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

DATA = Path(__file__).parents[1] / "tests" / "data"
TOPICS = ("health", "neighbourhood")


class Entry(Struct, frozen=True):
    """One question in several phrasings; `near` are on the same topic and are not that question."""

    key: str
    phrasings: tuple[str, ...]
    near: tuple[str, ...]


class Query(Struct, frozen=True):
    """What somebody wrote; `entry` is the right one, empty when none is.

    `kind`: asked, outside (its entry is not in the bank), near, other, chat, notice.
    """

    text: str
    entry: str
    kind: str


class Draw(Struct, frozen=True):
    """A bank of (entry, phrasing) and the queries put to it."""

    bank: tuple[tuple[str, str], ...]
    queries: tuple[Query, ...]


def entries(topic: str = "") -> list[Entry]:
    """All entries, or those of one topic."""
    found = []
    for name in TOPICS if topic == "" else (topic,):
        lines = (DATA / f"faq_{name}.txt").read_text("utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            ours, _, near = line.partition("||")
            misses = tuple(filter(None, near.split("|")))
            found.append(Entry(f"{name}{number}", tuple(ours.split("|")), misses))
    return found


def others() -> list[Query]:
    """Talk, notices and questions of other domains: none of it is in any bank."""
    lines = (DATA / "faq_others.txt").read_text("utf-8").splitlines()
    pairs = [line.split("|", 1) for line in lines]
    return [Query(text, "", kind) for kind, text in pairs]


def draw(chance: random.Random, pool: Sequence[Entry], size: int) -> Draw:
    """`size` entries with one to three phrasings each become the bank; the rest is asked."""
    shuffled = chance.sample(pool, len(pool))
    bank: list[tuple[str, str]] = []
    queries = others()
    for entry in shuffled[:size]:
        texts = chance.sample(entry.phrasings, len(entry.phrasings))
        kept = max(1, min(len(texts) - 1, chance.choice((1, 1, 2, 2, 3))))
        bank += [(entry.key, text) for text in texts[:kept]]
        queries += [Query(text, entry.key, "asked") for text in texts[kept:]]
        queries += [Query(text, entry.key, "near") for text in entry.near]
    for entry in shuffled[size:]:
        queries += [Query(text, "", "outside") for text in chance.sample(entry.phrasings, 2)]
    return Draw(tuple(bank), tuple(queries))
