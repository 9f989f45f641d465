"""The optional model against servers that are helpful, broken, slow and malicious, on loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.engine import language_model
from bot.engine.language_model import LanguageModel, ModelSettings
from bot.language.rephrase import Suggestion
from tests.engine.rig import StandingClock

PASSAGES = ("带合同到派出所，不收费。", "每年签注一次，不收费。")
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def completion(choice: int, words: str) -> web.Response:
    content = json.dumps({"choice": choice, "words": words}, ensure_ascii=False)
    return web.json_response({"choices": [{"message": {"content": content}}]})


class House:
    """A model before a server whose next answers are scripted."""

    def __init__(self, script: list[Answer]) -> None:
        self.script = script
        self.taken: list[dict[str, str]] = []
        self.clock = StandingClock()
        self.model = LanguageModel(ModelSettings("", "", ""), self.clock)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.taken.append({"key": request.headers["Authorization"], "body": await request.text()})
        return await self.script.pop(0)(request)

    async def suggest(self, question: str = "居住证怎么办") -> Suggestion | None:
        return await self.model.suggest(question, PASSAGES)


@asynccontextmanager
async def house(*script: Answer) -> AsyncIterator[House]:
    made = House(list(script))
    app = web.Application()
    app.router.add_post("/v1/chat/completions", made.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        url = str(server.make_url("/v1"))
        made.model = LanguageModel(ModelSettings(url, "m", "secret"), made.clock)
        yield made


def says(choice: int, words: str) -> Answer:
    async def answer(request: web.Request) -> web.Response:
        return completion(choice, words)

    return answer


def gives(response: Callable[[], web.Response]) -> Answer:
    async def answer(request: web.Request) -> web.Response:
        return response()

    return answer


async def slow(request: web.Request) -> web.Response:
    await asyncio.sleep(2)
    return completion(1, PASSAGES[0])


async def test_a_choice_in_its_own_words() -> None:
    async with house(says(2, "每年要签注一次，不收费。")) as made:
        assert await made.suggest() == Suggestion(1, "每年要签注一次，不收费。")
    assert made.taken[0]["key"] == "Bearer secret"


async def test_the_question_is_masked_on_its_way() -> None:
    async with house(says(0, "")) as made:
        assert await made.suggest("我13800000000住3幢502室，居住证怎么办") is None
    assert "13800000000" not in made.taken[0]["body"]
    assert "502" not in made.taken[0]["body"]


@pytest.mark.parametrize(
    "words", ["@所有人 不收费", "看 http://a.cn 不收费", "打110，不收费", "收费50元"]
)
async def test_malicious_words_give_way_to_the_approved_ones(words: str) -> None:
    async with house(says(1, words)) as made:
        assert await made.suggest() == Suggestion(0, PASSAGES[0])


BROKEN: dict[str, Answer] = {
    "500": gives(lambda: web.Response(status=500)),
    "redirect": gives(lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1"})),
    "no json": gives(lambda: web.Response(text="你好")),
    "other shape": gives(lambda: web.json_response({"choices": [{"text": "你好"}]})),
    "no choices": gives(lambda: web.json_response({"choices": []})),
    "huge": gives(lambda: web.Response(text="[" * 200_000)),
    "no content": gives(lambda: web.json_response({"choices": [{"message": {"content": None}}]})),
    "wrong number": says(9, "不收费"),
    "slow": slow,
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_server_says_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_model, "PATIENCE", 0.3)
    async with house(BROKEN[name]) as made:
        assert await made.suggest() is None
    assert len(made.taken) == 1


async def test_three_failures_give_it_a_rest() -> None:
    broken = BROKEN["500"]
    async with house(broken, broken, broken, says(1, PASSAGES[0])) as made:
        for _ in range(5):
            assert await made.suggest() is None
        assert len(made.taken) == 3
        made.clock.pass_(61)
        assert await made.suggest() == Suggestion(0, PASSAGES[0])


async def test_nobody_there() -> None:
    model = LanguageModel(ModelSettings("http://127.0.0.1:9", "m", ""), StandingClock())
    assert await model.suggest("居住证", PASSAGES) is None
