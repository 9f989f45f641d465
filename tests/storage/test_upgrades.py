"""C-39: a file of an older version is read by today's program with everything in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.models import Shelf, State, Wish
from bot.ports import Store
from storage.database import Database
from storage.migrations import migrations
from tests.storage import old_file
from tests.storage.old_file import (
    RELEASED,
    ROWS,
    STEPS,
    expected,
    fields,
    last_step,
    make,
    read,
)
from tests.storage.samples import AREA, NOW
from tests.trust.figures import SCALE, Ledger

# All of them, or every fourth and the releases.
EVERY = sorted({*range(1, len(STEPS), 1 if SCALE >= 1 else 4), *map(last_step, RELEASED)})
BLIND = STEPS.index("m038_closed") + 1
"""From this step on the index needs the key, and rows made by plain SQL are not in it."""
FINDABLE = [n for n in range(1, ROWS + 1) if old_file.appeal(n).state is not State.WITHDRAWN]


def numbers(store: Store) -> dict[str, object]:
    """A sequence goes on where it stood; this moves it."""
    return {f"sequences {n}": store.appeals.next_number(f"scope{n}") for n in range(1, ROWS + 1)}


def search(store: Store) -> list[str]:
    """Matters that are found by words which only their text has."""
    wish = Wish(area=AREA, words="夜里看不见", shelf=Shelf.ALL)
    return [each.id for each in store.lists.found(wish, (NOW, NOW, NOW), offset=0, limit=100)]


async def upgraded(path: Path) -> tuple[dict[str, object], list[str]]:
    """Open it as the service does, twice: what is upgraded is upgraded once."""
    for _ in range(2):
        database = Database.open(path)
        try:
            found = await database.read(read)
            words = await database.read(search)
        finally:
            await database.close()
    database = Database.open(path)
    found |= await database.write(numbers)
    await database.close()
    return found, words


@pytest.mark.parametrize("version", RELEASED)
async def test_a_file_of_every_release_keeps_everything(path: Path, version: str) -> None:
    tables = make(path, last_step(version))
    found, words = await upgraded(path)
    for name, value in expected(tables).items():
        assert found[name] == value, name
    assert len(words) == len(FINDABLE)


@pytest.mark.trust
@pytest.mark.slow
async def test_a_file_of_every_step_keeps_everything(tmp_path: Path, figure: Ledger) -> None:
    """And a step that this program does not know is refused, whatever is in the file."""
    wrong: list[str] = []
    compared = 0
    for steps in EVERY:
        path = tmp_path / f"{steps}" / "haitang.db"
        path.parent.mkdir()
        tables = make(path, steps)
        found, words = await upgraded(path)
        for name, value in expected(tables).items():
            wrong += [f"{steps}: {name}"] * (found[name] != value)
            compared += fields(value)
        # The index is laid down anew with the key, whatever an older program had put into it.
        sought = "appeals" in tables and steps < BLIND
        wrong += [f"{steps}: search"] * (sought and len(words) != len(FINDABLE))
    refused = [step for step in EVERY if refused_by_older(tmp_path / f"newer{step}.db", step)]
    figure(
        "C-39",
        f"files as {len(EVERY)} older steps of {len(STEPS)} left them (0.1.0 is step"
        f" {last_step('0.1.0')}), upgraded and read through the program;"
        f" {compared:,} values compared one by one",
        len(EVERY),
        f"{len(wrong)} differ; the newest file is refused by {len(refused)} of {len(EVERY)} older"
        " programs with the way out, none changed it",
        len(wrong) + len(EVERY) - len(refused),
    )
    assert wrong == []
    assert len(refused) == len(EVERY)


def refused_by_older(path: Path, steps: int) -> bool:
    """Whether a program that knows only so many steps leaves today's file alone, and says why."""
    make(path, len(STEPS))
    before = path.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "_migrations", migrations._migrations[:steps])
        try:
            Database.open(path)
        except StorageError as error:
            said = str(error)
            unknown = all(name in said for name in STEPS[steps:])
            helps = "更新的版本" in said and "haitang restore" in said
            return unknown and helps and path.read_bytes() == before
    return False
