"""What the clock makes handlers do: each tick says when it is due, and is undone alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from bot.engine.context import Scene
from bot.engine.router import Tick
from bot.errors import StorageError
from bot.ports import Store
from bot.services.knowledge import Knowledge

log = structlog.get_logger()


class Ticks:
    """The ticks of all routers, within transactions that others open."""

    def __init__(self, ticks: Sequence[Tick], knowledge: Knowledge) -> None:
        self._ticks = ticks
        self._knowledge = knowledge

    def due(self, store: Store, now: datetime) -> list[tuple[Tick, datetime]]:
        """When each tick has next something to do; one that cannot say does not stop the others."""
        scene = Scene(store, self._knowledge, now)
        found = []
        for tick in self._ticks:
            try:
                at = tick.due(scene)
            except Exception as error:
                log.exception("tick cannot say", handler=_name(tick), error=type(error).__name__)
                continue
            if at is not None:
                found.append((tick, at))
        return found

    def run(self, store: Store, due: Sequence[Tick], now: datetime) -> tuple[int, bool]:
        """Run what is due, each undone alone when it fails; what was said, whether jobs wait."""
        self._knowledge.tables.refresh(store)
        said, works = 0, False
        for tick in due:
            scene = Scene(store, self._knowledge, now)
            try:
                with store.savepoint():
                    tick.handler(scene)
                said += scene.said
                works = works or scene.asks_for_work
            except StorageError:
                raise
            except Exception as error:
                log.exception("tick failed", handler=_name(tick), error=type(error).__name__)
        return said, works


def _name(tick: Tick) -> str:
    return getattr(tick.handler, "__name__", "tick")
