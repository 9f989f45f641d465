"""What channels may read to send: files put out for them, pictures of the vault, no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.files import beside
from bot.errors import SendRefused

NAME = "ab" + "0" * 62


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A state folder with one file to be sent, one picture of the vault, and a secret."""
    for folder, name in (("outgoing", "a.png"), ("media/ab", NAME), ("media/ab", NAME + ".small")):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / name).write_text(name)
    (tmp_path / "haitang.db").write_text("secret")
    return tmp_path / "haitang.db"


@pytest.mark.parametrize("ref", ["a.png", NAME, NAME + ".small"])
async def test_what_is_there_is_read(database: Path, ref: str) -> None:
    assert await beside(database).read(ref) == ref.encode()


@pytest.mark.parametrize(
    "ref", ["haitang.db", "../haitang.db", "media/ab/" + NAME, "cd" + "0" * 62, NAME + ".big", ""]
)
async def test_nothing_else_is(database: Path, ref: str) -> None:
    with pytest.raises(SendRefused):
        await beside(database).read(ref)
