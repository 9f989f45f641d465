"""Nodes on one file, each under a supervisor that starts it again whatever it ended of."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from pathlib import Path

from tests.durability.victim import ROOT, Victim

REFUSED = "数据正被另一个海棠进程使用"
UNIT = ROOT / "deploy" / "haitang.service"


def pause() -> float:
    """How long the shipped unit waits before it starts the service again, in seconds."""
    found = re.search(r"^RestartSec=(\d+)$", UNIT.read_text("utf-8"), re.MULTILINE)
    assert found is not None
    assert "Restart=always" in UNIT.read_text("utf-8")
    return float(found[1])


class Node:
    """One supervisor with its service. `leading` is the life that serves, if one does."""

    def __init__(self, config: Path, log: Path, on_lead: Callable[[Node], None]) -> None:
        self._config = config
        self._on_lead = on_lead
        self._life: Victim | None = None
        self.log = log
        self.leading: Victim | None = None
        self.led_at = 0.0
        self.starts = 0

    async def supervise(self) -> None:
        """Start it, wait for its end, wait a little, start it again: until cancelled."""
        try:
            while True:
                self.starts += 1
                self._life = await Victim.spawn(self._config, self.log)
                await self._serve(self._life)
                self.leading = None
                await asyncio.sleep(pause())
        finally:
            if self._life is not None:
                await self._life.kill()

    async def _serve(self, life: Victim) -> None:
        try:
            await life.serves()
        except RuntimeError:  # refused, or killed at the start
            return
        self.leading, self.led_at = life, time.monotonic()
        self._on_lead(self)
        await life.ended()

    @property
    def refusals(self) -> int:
        """How often it was told that another one has the data."""
        return self.log.read_text("utf-8").count(REFUSED) if self.log.exists() else 0
