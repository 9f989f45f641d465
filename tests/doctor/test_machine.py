"""What each thing that is looked at comes to: a table a subject."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.app import Database
from bot.channels.probing import clock
from bot.doctor import data, machine
from bot.models import Delivery, Grade, Outgoing
from bot.ports import Store
from storage.inspect import Ledger

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("version", "grade"),
    [
        ((3, 6, 23), Grade.OK),
        ((3, 7, 0), Grade.WARN),
        ((3, 40, 1), Grade.WARN),
        ((3, 51, 2), Grade.WARN),
        ((3, 51, 3), Grade.OK),
        ((3, 52, 0), Grade.OK),
    ],
)
def test_sqlite(version: tuple[int, ...], grade: Grade) -> None:
    finding = machine.sqlite(version)
    assert finding.grade is grade
    assert ".".join(map(str, version)) in finding.sentence


@pytest.mark.parametrize(
    ("free", "grade"),
    [(50 * machine.GIB, Grade.OK), (machine.GIB // 2, Grade.WARN), (1000, Grade.FAIL)],
)
def test_disk(tmp_path: Path, free: int, grade: Grade) -> None:
    assert machine.disk(tmp_path / "not" / "there", free).grade is grade


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert machine.writable(tmp_path / "file").grade is Grade.FAIL
    assert machine.writable(tmp_path / "new").grade is Grade.OK


@pytest.mark.parametrize(
    ("years", "today", "grade", "words"),
    [
        ({2025, 2026}, date(2026, 11, 14), Grade.OK, "2026"),
        ({2025, 2026}, date(2026, 11, 15), Grade.WARN, "2027年"),
        ({2026, 2027}, date(2026, 12, 31), Grade.OK, "2027"),
        ({2025}, date(2026, 3, 1), Grade.FAIL, "2026年"),
        ({2025}, date(2026, 12, 1), Grade.FAIL, "2026年、2027年"),
    ],
)
def test_holidays(years: set[int], today: date, grade: Grade, words: str) -> None:
    finding = machine.holidays(frozenset(years), today)
    assert (finding.grade, words in finding.sentence) == (grade, True)


@pytest.mark.parametrize(
    ("skew", "grade", "way"),
    [
        (0.4, Grade.OK, "差"),
        (-60, Grade.OK, "差"),
        (61, Grade.WARN, "慢"),
        (-600, Grade.WARN, "快"),
        (601, Grade.FAIL, "慢"),
        (-90_000, Grade.FAIL, "快"),
    ],
)
def test_the_clock(skew: float, grade: Grade, way: str) -> None:
    finding = clock(skew, "企业微信")
    assert (finding.grade, way in finding.sentence) == (grade, True)


@pytest.mark.parametrize(
    ("ledger", "grades"),
    [
        (Ledger({}, 0, 0), [Grade.OK]),
        (Ledger({Delivery.QUEUED: 5}, 0, 0), [Grade.OK]),
        (Ledger({Delivery.QUEUED: 5}, 2, 0), [Grade.WARN]),
        (Ledger({Delivery.UNCERTAIN: 1}, 0, 3), [Grade.OK, Grade.WARN, Grade.WARN]),
    ],
)
def test_the_ledger(ledger: Ledger, grades: list[Grade]) -> None:
    assert [finding.grade for finding in data.ledger(ledger)] == grades


async def test_a_database_with_words_that_wait(tmp_path: Path) -> None:
    path = tmp_path / "haitang.db"
    database = Database.open(path)

    def add(store: Store) -> None:
        row = Outgoing(id="", channel="c", chat="g", user="", text="x")
        store.outbox.add(row, datetime(2026, 11, 25, 8, tzinfo=UTC), due_at=None, once="")

    await database.write(add)
    found = data.database(path, NOW)  # while somebody else has it open
    await database.close()
    assert [finding.grade for finding in found] == [Grade.OK, Grade.WARN]
    assert "1 条过了十分钟" in found[1].sentence
    assert data.database(path, NOW) == found


@pytest.mark.parametrize("octets", [b"not a database", b"SQLite format 3\0" + b"x" * 5000])
def test_a_broken_database(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "haitang.db"
    path.write_bytes(octets)
    (finding,) = data.database(path, NOW)
    assert (finding.grade, "restore" in finding.sentence) == (Grade.FAIL, True)


def test_someone_elses_database(tmp_path: Path) -> None:
    path = tmp_path / "haitang.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    assert data.database(path, NOW)[0].grade is Grade.FAIL


def test_no_database_yet(tmp_path: Path) -> None:
    (finding,) = data.database(tmp_path / "haitang.db", NOW)
    assert finding.grade is Grade.OK
