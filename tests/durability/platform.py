"""The platform's side: it delivers every line until it gets a 200, and then sometimes again."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, deque
from collections.abc import Iterator

from aiohttp import ClientSession

from bot.testing import FakeWecom
from tests.durability.neighbourhood import CHANNEL, Line

WRITERS = 8
BURST = 40
LONGEST_PAUSE = 0.03


class Down(Exception):
    """The service did not say 200."""


class Platform:
    """Remembers what was acknowledged. A talk goes on only after its last line was."""

    def __init__(
        self,
        fake: FakeWecom,
        talks: Iterator[deque[Line]],
        rng: random.Random,
        session: ClientSession,
    ) -> None:
        self._fake = fake
        self._talks = talks
        self._rng = rng
        self._session = session
        self._broken: deque[deque[Line]] = deque()
        self._talking: set[str] = set()
        self.acknowledged: dict[str, Line] = {}
        self.unanswered: dict[str, Line] = {}
        self.counts: Counter[str] = Counter()
        self.url = ""

    async def write(self, burst: bool) -> None:
        """Let people write until the service is gone; `burst`: many at once."""
        if burst:
            crowd = [self._say_all(self._next_talk()) for _ in range(BURST)]
            await asyncio.gather(*crowd, return_exceptions=True)
        writers = [asyncio.create_task(self._writer()) for _ in range(WRITERS)]
        await asyncio.gather(*writers)

    async def finish(self) -> None:
        """Deliver what is still open. Raises `Down`."""
        while self._broken:
            await self._say_all(self._broken.popleft())

    async def _writer(self) -> None:
        try:
            while True:
                await asyncio.sleep(self._rng.uniform(0, LONGEST_PAUSE))
                await self._repeat_an_old_one()
                await self._say_all(self._next_talk())
        except Down:
            return

    def _next_talk(self) -> deque[Line]:
        """A talk that was cut off, else a new one of somebody who is not in the middle of one."""
        if self._broken:
            return self._broken.popleft()
        talk = next(talk for talk in self._talks if talk[0].user not in self._talking)
        self._talking.add(talk[0].user)
        return talk

    async def _say_all(self, talk: deque[Line]) -> None:
        user = talk[0].user
        try:
            while talk:
                await self._deliver(talk[0], copies=3 if self._rng.random() < 0.2 else 1)
                talk.popleft()
        except Down:
            self._broken.append(talk)
            raise
        self._talking.discard(user)

    async def _repeat_an_old_one(self) -> None:
        if self.acknowledged and self._rng.random() < 0.1:
            await self._deliver(self._rng.choice(list(self.acknowledged.values())))

    async def _deliver(self, line: Line, copies: int = 1) -> None:
        known = line.message_id in self.acknowledged or line.message_id in self.unanswered
        self.counts["duplicates"] += copies - (not known)
        answers = await asyncio.gather(*(self._post(line) for _ in range(copies)))
        if 200 in answers:
            self.acknowledged[line.message_id] = line
            self.unanswered.pop(line.message_id, None)
            return
        if line.message_id not in self.acknowledged:
            self.unanswered[line.message_id] = line
            self.counts["unanswered"] += 1
        raise Down

    async def _post(self, line: Line) -> int:
        callback = self._fake.callback(line.user, line.text, line.message_id, line.create_time)
        url = f"{self.url}/callback/{CHANNEL}"
        answer = await self._fake.post_callback(self._session, url, callback)
        self.counts[f"status {answer.status}"] += 1
        return answer.status
