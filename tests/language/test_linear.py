"""The small models: what a file of weights means, and that the shipped ones can be read."""

from __future__ import annotations

import math
import zlib

import msgspec
import pytest

from bot.language.categories import MODEL as CATEGORIES
from bot.language.features import intent_features
from bot.language.intents import Intent
from bot.language.judging import MODEL as INTENTS
from bot.language.judging import judge
from bot.language.linear import LinearModel, Weights, shipped

SMALL = Weights(
    labels=("a", "b"),
    bias=(0.5, -0.5),
    scale=0.1,
    features=("x", "y"),
    rows=bytes([10, 256 - 20, 256 - 127, 127]),
)


def test_probabilities_are_those_of_the_sums() -> None:
    likely = LinearModel(SMALL).probabilities({"x", "y", "unknown"})
    a = (10 - 127) * 0.1 / math.sqrt(2) + 0.5
    b = (-20 + 127) * 0.1 / math.sqrt(2) - 0.5
    assert likely["a"] == pytest.approx(math.exp(a) / (math.exp(a) + math.exp(b)))
    assert sum(likely.values()) == pytest.approx(1)


def test_a_rare_feature_makes_a_text_longer() -> None:
    rare = msgspec.structs.replace(SMALL, rarity=bytes([3, 4]))
    likely = LinearModel(rare).probabilities({"x", "y", "unknown"})
    a = (10 - 127) * 0.1 / math.sqrt(3**2 + 4**2) + 0.5
    b = (-20 + 127) * 0.1 / math.sqrt(3**2 + 4**2) - 0.5
    assert likely["a"] == pytest.approx(math.exp(a) / (math.exp(a) + math.exp(b)))
    assert LinearModel(rare).reasons({"x", "y"}, "b") == ("y",)


def test_without_features_only_the_bias_counts() -> None:
    assert LinearModel(SMALL).probabilities(()) == pytest.approx(
        {"a": 1 / (1 + math.exp(-1)), "b": 1 / (1 + math.exp(1))}
    )


def test_reasons_are_the_strongest_for_a_label() -> None:
    assert LinearModel(SMALL).reasons({"x", "y"}, "a") == ("x",)
    assert LinearModel(SMALL).reasons({"x", "y"}, "b") == ("y",)


@pytest.mark.parametrize("data", [b"", b"{}", zlib.compress(b"no"), zlib.compress(b"\x80")])
def test_what_is_no_model_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="模型文件读不出来"):
        LinearModel.parse(data)


def test_a_file_reads_as_it_was_written() -> None:
    model = LinearModel.parse(zlib.compress(msgspec.msgpack.encode(SMALL)))
    assert model.labels == ("a", "b")


def test_the_shipped_models_know_their_labels() -> None:
    assert set(shipped(INTENTS).labels) == set(Intent)
    assert len(shipped(CATEGORIES).labels) == 21


@pytest.mark.parametrize("text", ["", "啊", "3" * 100_000, "1.2/" * 25_000, "上次说好" * 25_000])
def test_features_are_bounded(text: str) -> None:
    assert len(intent_features(text)) < 500
    assert judge(text).intent in Intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("低价疏通下水道，不通不收钱，微信同号", Intent.ADVERT),
        ("您的医保账户异常，请点击 http://yb.example 核验", Intent.ADVERT),
        ("把12号结了，灯换好了", Intent.COMMAND),
        ("石沉大海了吗，上礼拜报的那条", Intent.FOLLOW_UP),
    ],
)
def test_what_no_rule_foresaw(text: str, intent: Intent) -> None:
    assert judge(text).intent is intent


def test_the_trace_names_what_spoke_for_it() -> None:
    (told, *_) = judge("低价疏通下水道，不通不收钱，微信同号").evidence
    assert told.startswith("语感「")
