"""A language model behind an OpenAI-compatible address: asked beside the messages, never trusted.

Off by default; then none of this is built and no connection is opened. Eight seconds at most, no
redirects, no retries, and after three failures in a row a minute of peace (a breaker).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import aiohttp
import msgspec
import structlog
from msgspec import Struct

from bot.engine.context import Scene
from bot.engine.jobs import Result, Worker
from bot.language.rephrase import Suggestion, messages, read
from bot.models import Job
from bot.ports import Clock

log = structlog.get_logger()

KIND = "llm.answer"
PATIENCE = 8.0
PASSAGES = 3
_MOST_BYTES = 64 * 1024
_FAILURES = 3
_PAUSE = timedelta(seconds=60)

Say = Callable[[Scene, Job, Suggestion], None]
"""What a feature says of a suggestion, in the transaction that ends the job."""


class ModelSettings(Struct, frozen=True):
    """Where the model is. `key` is a secret."""

    base_url: str
    model: str
    key: str


class _Message(Struct):
    content: str


class _Choice(Struct):
    message: _Message


class _Completion(Struct):
    choices: list[_Choice]


class LanguageModel:
    """Chat completions over plain HTTP. Not for several threads."""

    def __init__(self, settings: ModelSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._failures = 0
        self._rests_until: datetime | None = None

    async def suggest(self, question: str, passages: Sequence[str]) -> Suggestion | None:
        """Its choice, filtered; None when it has none, fails, is slow, or is given a rest."""
        if self._rests_until is not None and self._clock.now() < self._rests_until:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                content = await self._complete(messages(question, passages))
        except (aiohttp.ClientError, TimeoutError, msgspec.DecodeError, ValueError) as error:
            self._failed(type(error).__name__)
            return None
        self._failures = 0
        return read(content, passages)

    async def _complete(self, talk: list[dict[str, str]]) -> str:
        """Raises `ValueError` for an answer of another shape, status or size."""
        body = {"model": self._settings.model, "messages": talk, "temperature": 0, "stream": False}
        headers = {"Authorization": f"Bearer {self._settings.key}"} if self._settings.key else {}
        url = self._settings.base_url.rstrip("/") + "/chat/completions"
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=False) as session,
            session.post(url, json=body, headers=headers, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise ValueError("status")
            data = await response.content.read(_MOST_BYTES + 1)
            while len(data) <= _MOST_BYTES and (more := await response.content.read(_MOST_BYTES)):
                data += more
        if len(data) > _MOST_BYTES:
            raise ValueError("size")
        completion = msgspec.json.decode(data, type=_Completion)
        if not completion.choices:
            raise ValueError("empty")
        return completion.choices[0].message.content

    def _failed(self, reason: str) -> None:
        self._failures += 1
        log.warning("the language model did not answer", reason=reason, failures=self._failures)
        if self._failures >= _FAILURES:
            self._failures = 0
            self._rests_until = self._clock.now() + _PAUSE


def model_worker(model: LanguageModel, say: Say) -> Worker:
    """The job: `question` and `passage1` to `passage3` in the payload; what `say` needs beside."""

    async def work(job: Job) -> Result | None:
        names = (f"passage{number}" for number in range(1, PASSAGES + 1))
        passages = [job.payload[name] for name in names if name in job.payload]
        suggestion = await model.suggest(job.payload["question"], passages)
        if suggestion is None:
            return None  # the plain choices were offered already
        return lambda scene: say(scene, job, suggestion)

    return Worker(work=work, patience=PATIENCE + 2)
