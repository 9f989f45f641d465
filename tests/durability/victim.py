"""The real service as a process of its own, to be killed."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from aiohttp import ClientSession

ROOT = Path(__file__).parents[2]
GREETING = "已启动："
START_SECONDS = 30.0


class Victim:
    """One life of `python -m bot run`. `url` is known when it serves."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self._log = log
        self.url = ""

    @classmethod
    async def spawn(cls, config: Path, log: Path, before: Sequence[str] = ()) -> Victim:
        """Start the process, behind a command `before` it; it does not serve yet."""
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(*before, sys.executable, "-m", "bot", "run", "--config", str(config)),
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
            )
        return cls(process, log)

    async def serves(self) -> str:
        """Wait until it serves; the address. Raises `RuntimeError` when it ends instead."""
        stdout = self._process.stdout
        async with asyncio.timeout(START_SECONDS):
            while stdout is not None and (line := await stdout.readline()):
                if GREETING in (text := line.decode()):
                    self.url = text.partition(GREETING)[2].strip()
                    return self.url
        raise RuntimeError(f"the service ended before it served: {self._log.read_text()[-2000:]}")

    async def kill(self) -> None:
        """SIGKILL: no handler runs, no buffer is flushed."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM and the exit status."""
        self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(START_SECONDS):
            return await self._process.wait()

    async def ended(self) -> None:
        """Wait until it is gone, of whatever."""
        await self._process.wait()

    async def drained(self) -> None:
        """Wait until nothing is to be sent any more, by the service's own metrics."""
        async with ClientSession() as session:
            for _ in itertools.count():
                async with session.get(f"{self.url}/metrics") as response:
                    if _is_drained(await response.text()):
                        return
                await asyncio.sleep(0.1)


def _is_drained(metrics: str) -> bool:
    waiting = ('outbox_rows{state="queued"}', 'outbox_rows{state="sending"}')
    lines = [line for line in metrics.splitlines() if any(row in line for row in waiting)]
    return len(lines) == 2 and all(float(line.split()[-1]) == 0 for line in lines)
