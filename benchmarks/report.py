"""The findings as a table, and whether the bars were met."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import version

from benchmarks.measure import BOT, ECHO, FLASK, Findings
from benchmarks.talk import GROUPS, LINES, SENDERS

ECHO_BAR = 0.10
FLASK_BAR = 4.0
START_BAR = 2.0
MEMORY_BAR = 200.0


def print_report(findings: Findings) -> None:
    """Print everything, one fact a line."""
    print(f"\n{_surroundings()}")
    print(
        f"Mixed talk: {LINES} lines, {GROUPS} groups, {SENDERS} senders; every callback encrypted,"
        " signed and new.\nGroup talk comes through a benchmark-only channel (benchmarks/bot.py),"
        " private talk through the shipped one.\n"
    )
    for line in _table(findings):
        print(line)
    print()
    for words, holds in bars(findings):
        print(f"{'ok    ' if holds else 'MISSED'} {words}")
    for check in findings.checks:
        print(f"{'ok    ' if check.holds else 'WRONG '} {check.words}")
    print(f"       the load itself took at most {findings.busy:.0%} of a core")


def bars(findings: Findings) -> list[tuple[str, bool]]:
    """Each bar in words, and whether it was met."""
    met = []
    for connections in sorted({figure.connections for figure in findings.figures}):
        ours = findings.rate(BOT, connections)
        echo, flask = (ours / findings.rate(other, connections) for other in (ECHO, FLASK))
        at = f"of the bare echo at {connections} connections"
        met.append((f"{echo:.3f} {at} (bar {ECHO_BAR:.2f})", echo >= ECHO_BAR))
        words = f"{flask:.1f} times the Flask bot at {connections} connections"
        met.append((f"{words} (bar {FLASK_BAR:.0f})", flask >= FLASK_BAR))
    start, memory = findings.start, max(findings.start.memory, findings.memory)
    ready = f"ready after {start.ready:.2f} s, first callback answered {start.answers:.2f} s"
    met.append((f"{ready} after the start (bar {START_BAR:.0f} s)", start.ready <= START_BAR))
    resident = (
        f"resident memory {start.memory:.0f} MiB when ready, {findings.memory:.0f} at the end"
    )
    met.append((f"{resident} (bar {MEMORY_BAR:.0f})", memory < MEMORY_BAR))
    return met


def verdict(findings: Findings, *, speed: bool) -> int:
    """The exit status: 2 for wrong answers or rows, 1 for a missed bar (if `speed` counts)."""
    if not all(check.holds for check in findings.checks):
        return 2
    return int(speed and not all(holds for _, holds in bars(findings)))


def _surroundings() -> str:
    cores = len(os.sched_getaffinity(0))
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" aiohttp {version('aiohttp')}, {cores} cores, {platform.system()} {platform.machine()}"
    )


def _table(findings: Findings) -> Iterator[str]:
    columns = ("conn.", "req/s", "p50 ms", "p99 ms", "cpu us", "of echo", "x Flask")
    yield f"{'':27}" + "".join(f"{column:>9}" for column in columns)
    for figure in sorted(findings.figures, key=lambda figure: figure.connections):
        echo, flask = (
            figure.rate / findings.rate(other, figure.connections) for other in (ECHO, FLASK)
        )
        yield (
            f"{figure.subject.name:27}{figure.connections:>9}{figure.rate:>9,.0f}"
            f"{figure.p50:>9.1f}{figure.p99:>9.1f}{figure.cpu:>9.0f}{echo:>9.3f}{flask:>9.2f}"
        )
