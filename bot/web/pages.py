"""The pages for people: the office's console, and what residents read. Both speak by channels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiohttp import web

from bot.channels.console import ConsoleChannel
from bot.channels.stash import Stash
from bot.engine.answers import Answers
from bot.engine.engine import Engine
from bot.models import CONSOLE, H5
from bot.ports import Vault
from bot.web.console.console import Console
from bot.web.console.speaking import Speaker
from bot.web.h5.pages import ResidentPages
from bot.web.h5.reporting import MOST_PICTURES

FORM_BYTES = 64 * 1024


class PageChannels:
    """The two channels that pages speak by."""

    def __init__(self, stash: Stash) -> None:
        self.console = ConsoleChannel(stash, CONSOLE)
        self.residents = ConsoleChannel(stash, H5)

    def named(self) -> dict[str, ConsoleChannel]:
        """Both, for the sender and the jobs."""
        return {CONSOLE: self.console, H5: self.residents}


class Pages:
    """The console, and the residents' pages beside it."""

    def __init__(
        self,
        engine: Engine,
        answers: Answers,
        channels: PageChannels,
        version: str,
        areas: Sequence[str],
        on_said: Callable[[], None],
        vault: Vault,
    ) -> None:
        self.console = Console(engine, answers, channels.console, version, areas, on_said, vault)
        bounds = engine.knowledge.bounds
        self._residents = ResidentPages(
            self.console.house,
            Speaker(engine, answers, channels.residents),
            MOST_PICTURES * bounds.file_bytes + FORM_BYTES,
        )

    def routes(self) -> list[web.AbstractRouteDef]:
        """To be added to the application."""
        return [*self.console.routes(), *self._residents.routes()]
