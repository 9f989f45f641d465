"""Messages are understood no worse than when the models were made."""

from __future__ import annotations

from benchmarks.intents import score
from benchmarks.train.data import utterances
from bot.app import build_reader
from bot.config import Config

READER = build_reader(Config())
HELD_OUT = score(utterances("test"), READER)


def test_every_intent_is_told_apart() -> None:
    assert HELD_OUT.macro >= 0.76, HELD_OUT
    assert min(HELD_OUT.f1.values()) >= 0.65, HELD_OUT


def test_the_category_is_right() -> None:
    assert HELD_OUT.category >= 0.84, HELD_OUT


def test_the_category_is_told_without_plain_words() -> None:
    """No floor for everyday messages: these avoid what a keyword table would list."""
    unseen = score(utterances("fresh", "categories"), READER)
    assert unseen.category >= 0.60, unseen


def test_idle_talk_opens_nearly_no_appeal() -> None:
    assert HELD_OUT.idle >= 200
    assert HELD_OUT.opened <= 0.03, HELD_OUT
