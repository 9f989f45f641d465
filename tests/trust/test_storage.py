"""Power cuts, full disks, locks, corrupt pages, backups: what is acknowledged is there."""

from __future__ import annotations

import asyncio
import hashlib
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.models import Incoming
from bot.ports import Store
from storage.connection import connect_writer
from storage.database import Database, prepare
from storage.keys import Keyring
from storage.store import SqliteStore
from tests.storage.samples import NOW, incoming
from tests.trust.figures import SEED, Ledger, times

pytestmark = [pytest.mark.trust, pytest.mark.slow]


def message(number: int) -> Incoming:
    return incoming(message_id=f"m{number}", text=f"第{number}句，3幢楼道灯不亮了，麻烦看一下")


def accept(store: Store, number: int) -> None:
    store.inbox.accept(message(number), NOW, "done")


def stored(path: Path) -> int:
    """How many messages a file holds, as another program sees it after recovery."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return int(connection.execute("SELECT COUNT(*) FROM inbox").fetchone()[0])


def copy(source: Path, folder: Path, wal: bytes) -> Path:
    """The data file with a log of our own making."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    shutil.copy(source, folder / source.name)
    (folder / (source.name + "-wal")).write_bytes(wal)
    return folder / source.name


def test_torn_logs(path: Path, tmp_path: Path, figure: Ledger) -> None:
    """C-3: the log cut at every place of its last frames, and spoilt behind the last commit."""
    rng = random.Random(SEED)
    images = lost = invented = 0
    with closing(connect_writer(path)) as connection:
        prepare(path, connection)
        store = SqliteStore(connection, Keyring(b"k" * 32))
        wal = path.with_name(path.name + "-wal")
        for number in range(1, 13):
            before = len(wal.read_bytes())
            connection.execute("BEGIN IMMEDIATE")
            store.inbox.accept(message(number), NOW, "done")
            connection.execute("COMMIT")
            log = wal.read_bytes()
            cuts = rng.sample(range(before, len(log)), min(times(250), len(log) - before))
            for cut in cuts:
                torn = log[:cut]
                if rng.random() < 0.5:  # the disk wrote something else instead
                    torn += bytes(rng.randrange(256) for _ in range(rng.randrange(200)))
                found = stored(copy(path, tmp_path / "torn", torn))
                images += 1
                lost += found < number - 1
                invented += found > number - 1
            lost += stored(copy(path, tmp_path / "whole", log)) < number
            images += 1
    figure(
        "C-3",
        "write-ahead log cut at random bytes of its last commit, half of them with noise behind",
        images,
        f"{lost} acknowledged messages lost, {invented} half commits seen",
        lost + invented,
    )
    assert (lost, invented) == (0, 0)


CHILD = """
import asyncio, resource, sys
from datetime import datetime, timezone
from pathlib import Path
from bot.errors import StorageError
from bot.models import Incoming
from bot.ports import Store
from storage.database import Database
async def main(path, limit):
    database = Database.open(path)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    now = datetime.now(timezone.utc)
    for number in range(100000):
        said = Incoming(channel="c", chat="g", sender="s", sender_name="", message_id=str(number),
                        text="水" * 400, kind="text", sent_at=now)
        try:
            await database.write(lambda store: store.inbox.accept(said, now, "done"))
        except StorageError:
            print("refused", number, flush=True)
            break
        print("stored", number, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""


def test_a_full_disk(tmp_path: Path, figure: Ledger) -> None:
    """C-4: no more room at many sizes of the files: told, never acknowledged, nothing lost."""
    rng = random.Random(SEED)
    rounds = times(20, 3)
    false = lost = refused = 0
    for number in range(rounds):
        path = tmp_path / str(number) / "haitang.db"
        limit = 700_000 + rng.randrange(1_500_000)
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(path), str(limit)],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        said = done.stdout.split("\n")
        acknowledged = sum(line.startswith("stored") for line in said)
        refused += sum(line.startswith("refused") for line in said)
        found = stored(path)
        lost += max(0, acknowledged - found)
        false += max(0, found - acknowledged)
    figure(
        "C-4",
        "the file system refuses to grow a file at a random size, in a process of its own",
        rounds,
        f"{refused} writes refused with the reason, {lost} acknowledged lost, {false} half kept",
        lost + false + (rounds - refused),
    )
    assert (lost, false, refused) == (0, 0, rounds)


def digest(path: Path) -> str:
    """All rows of all tables."""
    found = hashlib.sha256()
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        for (table,) in tables:
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1"):  # noqa: S608 - ours
                found.update(repr(row).encode())
    return found.hexdigest()


def test_corrupt_pages(path: Path, tmp_path: Path, figure: Ledger) -> None:
    """C-15: bytes flipped in copies: refused at the start with the command, or not to be seen."""
    rng = random.Random(SEED)
    asyncio.run(opened(path))
    with closing(connect_writer(path)) as connection:
        store = SqliteStore(connection, Keyring(b"k" * 32))
        connection.execute("BEGIN")
        for number in range(3000):
            store.inbox.accept(message(number), NOW, "done")
        connection.execute("COMMIT")
    whole, right = path.read_bytes(), digest(path)
    rounds = times(300, 30)
    refused = harmless = served = 0
    for number in range(rounds):
        spoilt = bytearray(whole)
        start = rng.randrange(len(spoilt) - 4096)
        for _ in range(rng.choice((1, 16, 256))):
            spoilt[start + rng.randrange(4096)] ^= 1 << rng.randrange(8)
        target = tmp_path / f"c{number % 8}" / "haitang.db"
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir()
        target.write_bytes(spoilt)
        shutil.copy(path.with_suffix(".key"), target.with_suffix(".key"))
        try:
            asyncio.run(opened(target))
        except StorageError as error:
            refused += "haitang restore" in str(error) or "备份" in str(error)
            continue
        try:
            harmless += digest(target) == right
            served += digest(target) != right
        except sqlite3.DatabaseError:
            served += 1
    figure(
        "C-15",
        "1, 16 or 256 bits flipped within one page of a copy, then opened",
        rounds,
        f"{refused} refused with the way to restore, {harmless} without effect,"
        f" {served} opened with altered words inside a row (SQLite keeps no checksum of them)",
    )
    assert refused + harmless + served == rounds
    assert refused > rounds // 20


async def opened(path: Path) -> None:
    """As a start of the service opens it."""
    await Database.open(path).close()


def test_the_log_of_what_was_done(path: Path, figure: Ledger) -> None:
    """C-34: any line altered, cut out or put in is found; 400 days leave a whole chain."""
    from tests.storage.test_audit import COLUMNS, alter, entry

    rng = random.Random(SEED)
    with closing(connect_writer(path)) as connection:
        prepare(path, connection)
        store = SqliteStore(connection, Keyring(b"k" * 32))
        for day in range(420):
            store.audit.add(entry(day, at=NOW + timedelta(days=day)))
            store.audit.trim(NOW + timedelta(days=day - 400), NOW + timedelta(days=day), 100)
        kept = store.audit.verify()
        rounds = times(3000, 200)
        found = 0
        for _ in range(rounds):
            number = rng.randint(kept.first, kept.last)
            connection.execute("BEGIN IMMEDIATE")
            if rng.random() < 0.2:
                connection.execute("DELETE FROM audit WHERE number = ?", (number,))
            else:
                column = rng.choice(COLUMNS)
                value = 10**15 if column in {"at", "number"} else f"{rng.random()}"
                alter(store, column, number, value)
            found += bool(store.audit.verify().faults)
            connection.execute("ROLLBACK")
    figure(
        "C-34",
        f"one of {kept.lines} lines altered or cut out, after 420 simulated days with trimming",
        rounds,
        f"{found} found; lines of the last 400 days kept, the chain whole",
        rounds - found + (kept.lines < 400) + len(kept.faults),
    )
    assert found == rounds
    assert kept.lines >= 400
    assert kept.faults == ()
