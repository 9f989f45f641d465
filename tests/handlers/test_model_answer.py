"""The language model beside the choices: an approved answer marked as AI生成, or nothing more."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import NoReturn

import msgspec
import pytest

from bot.config import load
from bot.engine.jobs import JobRunner
from bot.engine.language_model import KIND, LanguageModel, ModelSettings, model_worker
from bot.errors import ConfigError
from bot.language.rephrase import Suggestion
from bot.models import FaqEntry
from bot.testing.conversation import Group, World
from handlers import faq

CHOICES = "您想问的是：\n1 居住证新办\n2 居住证续签\n回复数字就好；都不是我请管家来答。"
ANSWER = "【居住证新办】住满半年，带上合同去派出所。（AI生成）\n来源：派出所，11月21日更新。"


class Obliging(LanguageModel):
    """Chooses what it was told to choose; writes down what it was asked."""

    def __init__(self, world: World, suggestion: Suggestion | None) -> None:
        super().__init__(ModelSettings("", "", ""), world.player.clock)
        self.suggestion = suggestion
        self.asked: list[tuple[str, Sequence[str]]] = []
        self.meanwhile: FaqEntry | None = None
        self._database = world.player.database

    async def suggest(self, question: str, passages: Sequence[str]) -> Suggestion | None:
        self.asked.append((question, passages))
        changed = self.meanwhile
        if changed is not None:
            await self._database.write(lambda store: store.faq.replace([changed]))
        return self.suggestion


@pytest.fixture
def bank(group: Group, world: World) -> Group:
    world.faq("居住证续签", "每年签注一次，带居住证到派出所。", "派出所")
    world.faq("居住证新办", "住满半年，带合同到派出所。", "派出所")
    return group


def switch_on(world: World, suggestion: Suggestion | None) -> Obliging:
    player = world.player
    model = Obliging(world, suggestion)
    knowledge = msgspec.structs.replace(player.engine.knowledge, rephrases=True)
    player.engine.knowledge = knowledge
    doing = {KIND: model_worker(model, faq.suggested)}
    player.jobs = JobRunner(player.database, doing, knowledge, player.clock)
    return model


def first(model: Obliging) -> int:
    """Which passage is the one about the new permit: the choices' order is the bank's."""
    return [*model.asked[-1][1]].index("住满半年，带合同到派出所。") if model.asked else 0


def test_the_choices_come_first_and_the_answer_is_marked(bank: Group, world: World) -> None:
    model = switch_on(world, Suggestion(0, "住满半年，带上合同去派出所。"))
    said = bank.says("居民甲", "居住证", mention=True)
    assert said[0] == CHOICES
    assert first(model) == 0
    assert said[1:] == [ANSWER]


def test_in_private_it_answers_in_private(bank: Group, world: World) -> None:
    switch_on(world, Suggestion(0, "住满半年，带上合同去派出所。"))
    assert world.private("居民甲").says("居民甲", "居住证") == [CHOICES, ANSWER]
    assert bank.said == []


def test_without_a_suggestion_the_choices_stand(bank: Group, world: World) -> None:
    switch_on(world, None)
    assert bank.says("居民甲", "居住证", mention=True) == [CHOICES]


def test_a_sure_answer_needs_no_model(bank: Group, world: World) -> None:
    model = switch_on(world, Suggestion(0, "x"))
    bank.says("居民甲", "居住证续签怎么办？", mention=True)
    assert model.asked == []


def test_an_answer_that_changed_meanwhile_is_not_said(bank: Group, world: World) -> None:
    model = switch_on(world, Suggestion(0, "住满半年，带上合同去派出所。"))
    model.meanwhile = FaqEntry(
        id="R0002", question="居住证新办", answer="改到便民中心办。", source="派出所"
    )
    assert bank.says("居民甲", "居住证", mention=True) == [CHOICES]
    assert len(model.asked) == 1


def test_when_off_no_connection_is_opened(
    bank: Group, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> NoReturn:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert bank.says("居民甲", "居住证", mention=True) == [CHOICES]


def test_the_settings_are_checked() -> None:
    with pytest.raises(ConfigError, match=r"llm\.base_url"):
        load(None, {"HAITANG_LLM__ENABLED": "true", "HAITANG_LLM__MODEL": "m"})
    with pytest.raises(ConfigError, match=r"llm\.model"):
        load(None, {"HAITANG_LLM__ENABLED": "true", "HAITANG_LLM__BASE_URL": "http://127.0.0.1/v1"})
    found = load(None, {"HAITANG_LLM__API_KEY": "secret-key"})
    assert found.llm.enabled is False
    assert "secret-key" in found.secrets()
