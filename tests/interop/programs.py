"""Programs of others: where they are, how they are started, what they print."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
# Beside the sources, not among them: what is installed here is nobody's to check.
NODE = HERE.parents[1] / "var" / "interop"


@cache
def node() -> str:
    """Node's path, its packages installed; skips where there is no Node."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        pytest.skip("Node is not installed")
    NODE.mkdir(parents=True, exist_ok=True)
    for file in (HERE / "node").iterdir():
        shutil.copy(file, NODE)
    if not (NODE / "node_modules" / "@wecom").exists():
        flags = "--no-package-lock --ignore-scripts --no-audit --no-fund --legacy-peer-deps"
        subprocess.run(
            [npm, "install", *flags.split(), "--omit=peer"],
            cwd=NODE,
            check=True,
            capture_output=True,
            timeout=180,
        )
    return found


def python_with(package: str) -> str:
    """This Python; skips where the dependency group `interop` is not installed."""
    if find_spec(package) is None:
        pytest.skip("the dependency group `interop` is not installed")
    return sys.executable


class Told:
    """The lines that a program prints, as JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[dict[str, Any]] = []

    async def until(self, what: str) -> dict[str, Any]:
        """The next line of this kind; fails with what came instead."""
        assert self._process.stdout is not None
        async with asyncio.timeout(20):
            while line := await self._process.stdout.readline():
                self.lines.append(json.loads(line))
                if self.lines[-1]["what"] == what:
                    return self.lines[-1]
        raise AssertionError((what, self.lines, await self._errors()))

    async def _errors(self) -> str:
        assert self._process.stderr is not None
        return (await self._process.stderr.read()).decode()


@asynccontextmanager
async def running(*command: str) -> AsyncIterator[Told]:
    """A program that prints JSON lines; ended with the block."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=NODE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield Told(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
