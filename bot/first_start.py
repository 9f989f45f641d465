"""What a start brings along: the community's people and groups; the first, answers and talk."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from bot import community as communities
from bot import demo
from bot.channels.build import groups
from bot.channels.sandbox import NAME as SANDBOX
from bot.community import Community
from bot.config import Config
from bot.engine.engine import Engine
from bot.ports import Clock, Store
from bot.services.faq_csv import read_csv
from bot.standins import StandIns

DEMO = Path(str(files("bot").joinpath("data", "demo")))


class FirstStart:
    """Puts into the database what the files say; what a person changed since then stays."""

    def __init__(
        self, config: Config, community: Community, standins: StandIns | None, clock: Clock
    ) -> None:
        self._config = config
        self._community = community
        self._standins = standins
        self._clock = clock

    def seed(self, store: Store) -> None:
        """The community's groups and people; answers and a welcome notice at the first start."""
        communities.save(store, self._community, self._clock.now())
        for group in groups(self._config.channels):
            communities.keep_group(store, group)
        if self._standins is not None:
            self._standins.seed(store)
        if not store.faq.entries():
            bank = Path(self._config.bot.faq) if self._config.bot.faq else None
            if bank is not None or self._config.sandbox.enabled:
                store.faq.replace(read_csv((bank or DEMO / "faq.csv").read_bytes()))
        if self._config.sandbox.enabled and store.inbox.is_empty():
            communities.plan_notices(store, self._community, self._clock.now())

    async def play(self, engine: Engine) -> None:
        """A short morning of talk, so that a newcomer does not look at empty groups."""
        if not self._config.sandbox.enabled:
            return
        if await engine.database.read(lambda store: store.inbox.is_empty()):
            for incoming in demo.talk(DEMO / "talk.jsonl", SANDBOX, self._clock.now()):
                await engine.receive(incoming)
