"""The kinds of matters in Excel: out, edited, in again; every fault names its row."""

from __future__ import annotations

import csv
import io
from importlib.resources import files

import pytest

from bot.errors import ImportFault
from bot.models import Track
from bot.rules.taxonomy import SHIPPED, Taxonomy
from bot.services.taxonomy_csv import HEADER, read_taxonomy, write_taxonomy

TAXONOMY = Taxonomy.parse(files("bot").joinpath(SHIPPED).read_bytes())


def edited(**cells: str) -> bytes:
    """The shipped table with cells of its second row (line 3) changed."""
    rows = list(csv.reader(io.StringIO(write_taxonomy(TAXONOMY).decode("utf-8-sig"))))
    for name, value in cells.items():
        rows[2][HEADER.index(name)] = value
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def test_what_goes_out_comes_in_as_it_was() -> None:
    assert read_taxonomy(write_taxonomy(TAXONOMY)).all == TAXONOMY.all


def test_a_community_s_own_words() -> None:
    found = read_taxonomy(
        edited(
            负责单位="新物业",
            办理期限="2wd",
            首次回应="0.5小时",
            轨道="现场处置",
            关键词="堆物、鞋架",
        )
    ).all[1]
    assert (found.unit, found.due, found.contact_hours) == ("新物业", "2wd", 0.5)
    assert (found.track, found.keywords) == (Track.SPOT, ("堆物", "鞋架"))


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"名称": ""}, "第3行：名称没有填"),
        ({"代码": "消防"}, "第3行：代码「消防」"),
        ({"办理期限": "三天"}, "第3行：办理期限「三天」应如 5wd"),
        ({"首次回应": "马上"}, "第3行：首次回应「马上」"),
        ({"紧急程度": "很急"}, "第3行：紧急程度写成了「很急」，只能是P0、P1、P2、P3"),
        ({"地点": "要"}, "第3行：地点写成了「要」，只能是要幢号、要地点、不用"),
        ({"公开": "是"}, "第3行：公开写成了「是」"),
        ({"轨道": "快办"}, "第3行：轨道写成了「快办」，只能是现场处置、清单办理"),
        ({"代码": "HJWS"}, "“HJWS”重复了"),
        ({"关键词": "字" * 5000}, "第3行：有一格太长"),
    ],
)
def test_a_faulty_row_is_named(cells: dict[str, str], complaint: str) -> None:
    with pytest.raises(ImportFault, match=complaint):
        read_taxonomy(edited(**cells))


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ImportFault) as told:
        read_taxonomy(edited(名称="", 办理期限="三天", 公开="是"))
    assert len(told.value.faults) == 3


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "表头缺少"),
        ("代码,名称\n".encode(), "表头缺少：简称"),
        (b"PK\x03\x04", "Excel 工作簿"),
        ((",".join(HEADER) + "\n").encode(), "缺少“其他”这一类"),
    ],
)
def test_what_is_no_table_is_told(data: bytes, complaint: str) -> None:
    with pytest.raises(ImportFault, match=complaint):
        read_taxonomy(data)
