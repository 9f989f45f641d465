"""A community's own tables: in force at once, for every message that follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.errors import ImportFault
from bot.models import Role, Track
from bot.rules.taxonomy import SHIPPED, Taxonomy
from bot.rules.workdays import YearTable, write_tables
from bot.services.tables import TAXONOMY, save_taxonomy, save_years
from bot.services.transfers import read_years
from bot.testing.conversation import World
from tests.rules.test_holiday_notice import NOTICES

SHIPPED_TABLE = Taxonomy.parse(files("bot").joinpath(SHIPPED).read_bytes())


def own(**changes: Any) -> Taxonomy:
    """The shipped table with another row for 公共设施."""
    return Taxonomy(
        msgspec.structs.replace(one, **changes) if one.code == "GGSS" else one
        for one in SHIPPED_TABLE.all
    )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.person("社区", Role.COMMUNITY)
    yield made
    made.close()


def write(world: World, taxonomy: Taxonomy) -> None:
    world.act("社区", lambda scene, me: save_taxonomy(scene._store, taxonomy))


def test_an_edited_row_holds_from_the_next_message_on(world: World) -> None:
    group = world.group()
    assert "物业" in group.says("居民甲", "3幢楼道灯坏了，晚上看不见")[0]
    write(world, own(unit="照明公司", due="2wd", track=Track.SPOT))
    said = group.says("居民甲", "5幢楼道灯坏了，晚上看不见")[0]
    assert "照明公司最迟11月24日" in said
    assert world.appeal(2).track is Track.SPOT
    world.restart()
    assert "照明公司" in group.says("居民甲", "7幢楼道灯坏了，晚上看不见")[0]


def test_an_own_keyword_is_heard(world: World) -> None:
    group = world.group()
    keywords = (*SHIPPED_TABLE.get("GGSS").keywords, "飞碟")
    write(world, own(keywords=keywords))
    group.says("居民甲", "登记 3幢门口的飞碟坏了")
    assert world.appeal(1).category == "GGSS"


def test_rows_that_cannot_be_read_leave_the_last_good_ones(world: World) -> None:
    group = world.group()
    world.act("社区", lambda scene, me: scene._store.settings.put(TAXONOMY, {"X": "{}"}))
    assert "已登记" in group.says("居民甲", "3幢楼道灯坏了，晚上看不见")[0]


def test_an_imported_year_is_no_guess(world: World) -> None:
    group = world.group()
    calendar = world.player.engine.knowledge.calendar
    assert calendar.is_estimated(date(2027, 1, 4))
    years = {2027: YearTable("国务院办公厅的通知", {date(2027, 1, 1): "元旦"}, [date(2027, 1, 3)])}
    world.act("社区", lambda scene, me: save_years(scene._store, years))
    group.says("居民甲", "3幢楼道灯坏了，晚上看不见")
    calendar = world.player.engine.knowledge.calendar
    assert not calendar.is_estimated(date(2027, 1, 4))
    assert calendar.is_workday(date(2027, 1, 3))
    assert calendar.is_workday(date(2026, 1, 4))  # what was shipped stays


def test_a_notice_and_a_table_say_the_same() -> None:
    from_notice = read_years(NOTICES[2026].encode())
    assert read_years(write_tables(from_notice)) == from_notice


@pytest.mark.parametrize("data", [b"", b"{}{", b"\xff\xfe\x00", "放假三天".encode()])
def test_what_is_neither_is_refused(data: bytes) -> None:
    with pytest.raises(ImportFault):
        read_years(data)
