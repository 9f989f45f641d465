"""What was uploaded is there until a job has it, and not much longer."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bot.channels.stash import KEPT_SECONDS, TAKEN_SECONDS, Stash
from bot.errors import SendRefused
from bot.models import Attachment, MediaKind
from tests.web.doors import until

LIMIT = 100


async def test_a_job_that_was_cut_off_finds_it_again(tmp_path: Path) -> None:
    stash = Stash(tmp_path / "uploads")
    put = await stash.put(b"picture", "a.jpg", MediaKind.IMAGE)
    for _ in range(2):
        assert (await stash.fetch(put, LIMIT)).data == b"picture"


async def test_nobody_else_on_the_machine_reads_it(tmp_path: Path) -> None:
    await Stash(tmp_path / "uploads").put(b"picture", "a.jpg", MediaKind.IMAGE)
    (place,) = (tmp_path / "uploads").iterdir()
    assert place.stat().st_mode & 0o077 == 0
    assert place.parent.stat().st_mode & 0o077 == 0


async def test_what_was_taken_goes_after_minutes_and_the_rest_after_a_day(tmp_path: Path) -> None:
    stash = Stash(tmp_path / "uploads")
    taken = await stash.put(b"taken", "a.jpg", MediaKind.IMAGE)
    await stash.put(b"waiting", "b.jpg", MediaKind.IMAGE)
    await stash.fetch(taken, LIMIT)
    now = time.time()
    stash.sweep(now + TAKEN_SECONDS - 5)
    assert len(list((tmp_path / "uploads").iterdir())) == 2
    stash.sweep(now + TAKEN_SECONDS + 5)
    assert [each.read_bytes() for each in (tmp_path / "uploads").iterdir()] == [b"waiting"]
    stash.sweep(now + KEPT_SECONDS + 5)
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize("ref", ["", "../secret", "0" * 31, "0" * 32, "g" * 32])
async def test_no_other_file_is_ever_given(tmp_path: Path, ref: str) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "uploads").mkdir()
    with pytest.raises(SendRefused):
        await Stash(tmp_path / "uploads").fetch(Attachment(kind=MediaKind.IMAGE, ref=ref), LIMIT)


async def test_what_is_too_large_is_refused(tmp_path: Path) -> None:
    stash = Stash(tmp_path)
    put = await stash.put(os.urandom(LIMIT + 1), "a.jpg", MediaKind.IMAGE)
    with pytest.raises(SendRefused):
        await stash.fetch(put, LIMIT)


async def test_it_sweeps_when_it_starts(tmp_path: Path) -> None:
    (tmp_path / ("0" * 32)).write_bytes(b"old")
    os.utime(tmp_path / ("0" * 32), (1, 1))
    stash = Stash(tmp_path)
    await stash.start()
    await until(lambda: not any(tmp_path.iterdir()))
    await stash.stop()
