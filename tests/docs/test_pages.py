"""The pages themselves: shown code works, links lead somewhere, and no machine is named."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

import bot.app
from bot import transcript
from bot.models import Role
from bot.testing.conversation import Group, World
from tests.docs import pages

# Code that is shown must work


@pytest.fixture
def my_handlers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EntryPoint:
    """The README's handler as an installed package would bring it."""
    (tmp_path / "my_handlers.py").write_text(pages.blocks("README.md", "python")[0], "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    table = tomllib.loads(pages.blocks("README.md", "toml")[0])
    (points,) = table["project"]["entry-points"].values()
    return EntryPoint("duty", points["duty"], bot.app.ENTRY_POINTS)


def test_the_readmes_handler_works(
    my_handlers: EntryPoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.app, "entry_points", lambda group: [my_handlers])
    world = World(tmp_path)
    group = world.group("一群")
    assert group.says("居民甲", "值班") == ["这里还没有登记值守的人。"]
    world.person("张管家", Role.STEWARD)
    assert group.says("居民甲", "谁值班？") == ["现在值守的是张管家。"]
    assert group.says("居民甲", "快递柜在哪里", mention=True) == ["快递柜在3幢东门边，24小时可取。"]
    assert group.says("居民甲", "我去快递柜拿东西") == []
    world.close()


@pytest.mark.parametrize("page", ["README.zh-CN.md", "docs/howto/write-a-handler.md"])
def test_the_handler_is_the_same_everywhere_and_short(page: str) -> None:
    shown = pages.blocks("README.md", "python")[0]
    assert pages.blocks(page, "python")[0] == shown
    assert len(shown.splitlines()) <= 20


@pytest.mark.usefixtures("my_handlers")
def test_the_test_in_the_guide_for_handlers_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: dict[str, Any] = {}
    exec(pages.blocks("docs/howto/write-a-handler.md", "python")[-1], names)  # noqa: S102
    names["test_who_is_on_duty"](tmp_path, monkeypatch)


def test_the_test_in_contributing_passes(group: Group) -> None:
    names: dict[str, Any] = {}
    exec(pages.blocks("CONTRIBUTING.md", "python")[0], names)  # noqa: S102
    names["test_a_missing_building_is_asked_for_once"](group)


def test_the_transcript_in_the_reference_can_be_played() -> None:
    lines = pages.blocks("docs/reference/transcripts.md", "json")[0]
    start = datetime.fromisoformat("2026-11-21T09:00:00+08:00")
    assert len(transcript.read(lines, start, set())) == len(lines.splitlines())


# The pages themselves


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: str(page.relative_to(pages.ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in pages.links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in pages.anchors(target), link


def test_every_page_is_in_the_index() -> None:
    index = pages.DOCS / "README.md"
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in pages.links(index)}
    assert {page for page in pages.DOCS.rglob("*.md") if page != index} <= linked


MACHINE = re.compile(r"(?<![\w.-])/(?:work|root|home|Users)/")
REGISTRY = re.compile(
    "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "/simple/"])
)


def test_no_page_or_source_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(pages.ROOT)}: {match.group()}"
        for path in pages.text_files()
        for pattern in (MACHINE, REGISTRY)
        for match in pattern.finditer(path.read_text("utf-8"))
        if path != Path(__file__)
    ]
    assert found == []


def test_the_changelog_begins_with_this_version() -> None:
    project = tomllib.loads(pages.read("pyproject.toml"))["project"]
    newest = re.search(r"^## \[(.+?)\] - (.+)$", pages.read("CHANGELOG.md"), re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == project["version"]
    assert date.fromisoformat(newest.group(2))


@pytest.mark.parametrize("image", ["sandbox.png", "sandbox-phone.png"])
def test_pictures_are_small(image: str) -> None:
    assert 10_000 < (pages.DOCS / "images" / image).stat().st_size <= 250 * 1024
