"""Lists and searches over 100,000 closed matters, the store alone: `python -m benchmarks.closed`.

Milliseconds of the thread's own time, the best of seven, so that other work on the machine counts
little. A folder as an argument keeps the file for another run.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec

from bot.models import SHANGHAI, Appeal, Kind, Order, Shelf, State, Wish
from bot.models.ledger import Scope
from storage.connection import connect_reader, connect_writer
from storage.database import Database, key_of
from storage.keys import Keyring, load
from storage.store import SqliteStore
from tests.console.many import appeal_number, fill

MATTERS, NEW, TIMES, PAGE = 100_000, 500, 7, 21
NOW = datetime(2026, 11, 25, 12, tzinfo=SHANGHAI)
DAYS = (NOW, NOW - timedelta(hours=12), NOW + timedelta(days=1))
STREET = "海棠街道"


def wishes() -> dict[str, tuple[Wish, int]]:
    """What is asked, and how many rows stand before the page."""
    everything = Wish(area=STREET, shelf=Shelf.ALL, order=Order.NEWEST)
    its_words = {
        words: (msgspec.structs.replace(everything, words=words), 0)
        for words in ("楼道", "灯", "电梯厅有异响", "7幢 漏水", "没有人说过", "12号", "sq20261101")
    }
    fifth = msgspec.structs.replace(everything, words="楼道灯")
    return {
        "open matters by deadline": (Wish(area=STREET), 0),
        "all, newest": (everything, 0),
        **its_words,
        "楼道 among the open, by deadline": (Wish(area=STREET, words="楼道"), 0),
        "楼道灯, the fifth page": (fifth, 4 * (PAGE - 1)),
    }


def readings(store: SqliteStore) -> Iterator[tuple[str, float]]:
    """Each question with its milliseconds."""
    for name, (wish, offset) in wishes().items():
        yield name, best(_found(store, wish, offset))
    month = Scope(area=STREET, start=NOW - timedelta(days=30), end=NOW, now=NOW, everything=True)
    yield "500 lines of the ledger", best(lambda: store.ledger.lines(month, Kind.APPEAL, 500))
    yield "the figures of the Today page", best(lambda: store.boards.at(STREET, *DAYS))


def _found(store: SqliteStore, wish: Wish, offset: int) -> Callable[[], object]:
    return lambda: store.lists.found(wish, DAYS, offset=offset, limit=PAGE)


def best(fn: Callable[[], object]) -> float:
    """Milliseconds of the fastest run."""
    return min(_took(fn) for _ in range(TIMES))


def writings(path: Path, keys: Keyring) -> Iterator[tuple[str, float]]:
    """Milliseconds of a write, without its commit; undone in the end."""
    made = [
        msgspec.structs.replace(
            appeal_number(2 * MATTERS + n, NOW, random.Random(n)),
            id=f"new{n}",
            number=f"SQ20261126-{n:04d}",
        )
        for n in range(NEW)
    ]
    taken = [msgspec.structs.replace(one, state=State.WORKING) for one in made]
    done = [msgspec.structs.replace(one, result="已换灯泡，请再看看") for one in made]
    with closing(connect_writer(path)) as connection:
        appeals = SqliteStore(connection, keys).appeals
        connection.execute("BEGIN IMMEDIATE")
        yield "recording a matter", _each(appeals.add, made)
        yield "a step without words", _each(appeals.save, taken)
        yield "a step with new words", _each(appeals.save, done)
        connection.execute("ROLLBACK")


def _each(fn: Callable[[Appeal], None], rows: Sequence[Appeal]) -> float:
    """The mean, so that what the index does now and then counts too."""
    return statistics.mean(_took(partial(fn, row)) for row in rows)


def _took(fn: Callable[[], object]) -> float:
    begun = time.thread_time()
    fn()
    return (time.thread_time() - begun) * 1000


async def _opened(path: Path) -> None:
    await Database.open(path).close()


def main(folder: Path) -> None:
    """Make the file if it is not there yet, ask, write, print."""
    path = folder / "closed.db"
    if not path.exists():
        asyncio.run(_opened(path))
        fill(path, MATTERS, NOW)
    asyncio.run(_opened(path))
    keys = load(key_of(path))
    with closing(connect_reader(path)) as connection:
        found = list(readings(SqliteStore(connection, keys)))
    found += writings(path, keys)
    for name, took in found:
        sys.stdout.write(f"{name:36} {took:8.2f} ms\n")
    sys.stdout.write(f"{'the file':36} {path.stat().st_size / 1e6:8.0f} MB\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made))
