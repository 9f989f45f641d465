"""Handlers of installed packages join ours through the entry-point group `haitang.handlers`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import ENTRY_POINTS, routers
from bot.errors import ConfigError
from handlers import ROUTERS
from tests.engine.rig import rig, says

MODULE = """
from bot import Context, Router, keyword

router = Router("garden")


@router.on(keyword("浇花"))
def water_the_flowers(ctx: Context) -> None:
    ctx.reply("今晚八点浇花。")
"""


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package as pip would have installed it."""
    (tmp_path / "haitang_garden.py").write_text(MODULE, "utf-8")
    info = tmp_path / "haitang_garden-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: haitang-garden\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\ngarden = haitang_garden:router\n")
    monkeypatch.syspath_prepend(tmp_path)
    return info


def test_without_packages_there_are_ours() -> None:
    assert routers()[-len(ROUTERS) :] == ROUTERS


@pytest.mark.usefixtures("garden")
async def test_a_package_s_router_comes_before_ours_and_answers(tmp_path: Path) -> None:
    found = routers()
    theirs = found[: -len(ROUTERS)]
    assert found == (*theirs, *ROUTERS)  # ours end with one that takes everything
    assert "garden" in [router.name for router in theirs]
    async with rig(tmp_path / "haitang.db", *found) as house:
        receipt = await house.engine.receive(says("什么时候浇花"))
        assert await house.said(receipt.message) == ["今晚八点浇花。"]


def test_what_is_no_router_is_refused_by_name(garden: Path) -> None:
    (garden / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\nword = haitang_garden:__name__\n")
    with pytest.raises(ConfigError, match="word"):
        routers()
