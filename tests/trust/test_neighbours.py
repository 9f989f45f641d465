"""Other programs on the same file: they wait for us and we for them, and one alone leads."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from bot.errors import StorageError
from storage.database import Database
from tests.trust.figures import Ledger, times
from tests.trust.test_storage import accept, stored

pytestmark = [pytest.mark.trust, pytest.mark.slow]

# What a page of figures does; what a report over everything does; what a hand at `sqlite3` does.
READS = """
    c.execute('BEGIN'); c.execute('SELECT COUNT(*) FROM inbox').fetchone()
    time.sleep(.2); c.execute('COMMIT')
"""
HOLDS = """
    c.execute('BEGIN'); c.execute('SELECT COUNT(*) FROM inbox').fetchone()
    time.sleep(min(6, max(0, end-time.time()))); c.execute('COMMIT')
"""
WRITES = """
    c.execute('BEGIN IMMEDIATE'); c.execute("INSERT INTO kept_until VALUES ('another', '')")
    time.sleep(.1); c.execute("DELETE FROM kept_until WHERE kind = 'another'"); c.execute('COMMIT')
    time.sleep(.4)
"""
PROGRAM = """
import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute('PRAGMA busy_timeout=5000'); c.execute('PRAGMA wal_autocheckpoint=0')
end = time.time() + float(sys.argv[2])
rounds = 0
while time.time() < end:
    rounds += 1
{what}
print(rounds)
"""
COPIES = """
import sys, time
from pathlib import Path
from storage.backup import backup
end = time.time() + float(sys.argv[2])
rounds = 0
while time.time() < end:
    rounds += 1
    backup(Path(sys.argv[1]), Path(sys.argv[1] + '.copy'))
    time.sleep(.5)
print(rounds)
"""


async def test_others_read_write_and_copy(path: Path, figure: Ledger) -> None:
    """C-5: four other programs on the file at once; nobody gets an error, everybody goes on."""
    seconds = max(6.0, times(60))
    database = Database.open(path)
    programs = [PROGRAM.format(what=what) for what in (READS, HOLDS, WRITES)] + [COPIES]
    others = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", program, str(path), str(seconds)),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )
        for program in programs
    ]  # fmt: skip
    waits: list[float] = []
    errors = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        started = time.monotonic()
        try:
            await database.write(partial(accept, number=len(waits)))
        except StorageError:
            errors += 1
        waits.append(time.monotonic() - started)
        await asyncio.sleep(0.001)
    rounds = []
    for other in others:
        said, complained = await other.communicate()
        errors += bool(complained)
        rounds.append(int(said or 0))
    await database.close()
    whole = len(waits)
    waits.sort()
    figure(
        "C-5",
        f"writes for {seconds:.0f} s beside {len(others)} other programs: {rounds[0]} short reads,"
        f" {rounds[1]} of up to 6 s, {rounds[2]} writes that hold the lock for 0.1 s, {rounds[3]}"
        " copies",
        whole,
        f"{errors} errors; a write took p50 {waits[whole // 2] * 1000:.0f} ms, p99"
        f" {waits[int(whole * 0.99)] * 1000:.0f} ms, at most {waits[-1] * 1000:.0f} ms",
        errors,
    )
    assert errors == 0
    assert all(count > 0 for count in rounds)
    assert stored(path) == whole


async def test_a_second_process_is_refused(path: Path, figure: Ledger) -> None:
    """C-11: of several services on one file only one serves; the next takes over at once."""
    holder = (
        "import sys,time\nfrom pathlib import Path\nfrom bot.errors import StorageError\n"
        "from storage.database import Database\n"
        "try:\n    d=Database.open(Path(sys.argv[1]))\n"
        "except StorageError:\n    print('refused',flush=True); raise SystemExit\n"
        "print('leads',flush=True); time.sleep(60)\n"
    )
    rounds = times(20, 3)
    leaders, worst = [], 0.0
    for _ in range(rounds):
        nodes = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", holder, str(path), stdout=asyncio.subprocess.PIPE
            )
            for _ in range(3)
        ]
        said = await asyncio.gather(*(node.stdout.readline() for node in nodes if node.stdout))
        leaders.append(sum(line == b"leads\n" for line in said))
        for node in nodes:
            with contextlib.suppress(ProcessLookupError):
                node.kill()
            await node.wait()
        started = time.monotonic()
        await Database.open(path).close()
        worst = max(worst, time.monotonic() - started)
    wrong = sum(count != 1 for count in leaders)
    figure(
        "C-11",
        "three processes open one file at once; the one that leads is killed",
        rounds,
        f"{wrong} times not exactly one led; taken over within {worst * 1000:.0f} ms of the start",
        wrong,
    )
    assert wrong == 0
