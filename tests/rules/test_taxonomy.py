"""The table of categories: what ships is whole, and a broken table is refused in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.models import Urgency
from bot.rules.taxonomy import OTHER, SHIPPED, Category, PlaceNeed, Publicity, Taxonomy

DATA = (Path(bot.__file__).parent / SHIPPED).read_bytes()
Row = dict[str, Any]


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return Taxonomy.parse(DATA)


def row(**changes: object) -> Row:
    """A faultless row of 其他, with changes."""
    return {
        "code": OTHER,
        "name": "其他",
        "short": "其他",
        "keywords": [],
        "unit": "管家",
        "chain": "管家",
        "urgency": "P2",
        "contact_hours": 24,
        "due": "5wd",
        "place": "none",
        "public": "full",
        "source": "",
    } | changes


def parse(*rows: Row) -> Taxonomy:
    return Taxonomy.parse(json.dumps(rows).encode())


def test_twenty_categories_and_other(taxonomy: Taxonomy) -> None:
    assert len(taxonomy.all) == 21
    assert taxonomy.all[-1].code == OTHER


@pytest.mark.parametrize("category", Taxonomy.parse(DATA).all, ids=lambda each: each.code)
def test_shipped_category_is_fit_for_receipts(category: Category) -> None:
    assert 2 <= len(category.short) <= 6
    assert category.unit
    assert category.chain
    assert category.source
    assert category.contact_hours > 0
    assert len(category.keywords) == len(set(category.keywords))
    assert category.code == OTHER or len(category.keywords) >= 20


@pytest.mark.parametrize(
    ("code", "urgency", "due", "place", "public"),
    [
        ("GGSS", Urgency.P2, "5wd", PlaceNeed.LANDMARK, Publicity.FULL),
        ("DTGZ", Urgency.P1, "24h", PlaceNeed.BUILDING, Publicity.FULL),
        ("FWLS", Urgency.P2, "5wd", PlaceNeed.BUILDING, Publicity.MASK_ROOM),
        ("TCGL", Urgency.P2, "5wd", PlaceNeed.LANDMARK, Publicity.MASK_PLATE),
        ("LLJF", Urgency.P2, "15wd", PlaceNeed.NONE, Publicity.NEVER),
        ("YLZC", Urgency.P1, "1wd", PlaceNeed.NONE, Publicity.NEVER),
        ("YLJK", Urgency.P2, "1wd", PlaceNeed.NONE, Publicity.NEVER_IF_CASE),
        ("ZAFZ", Urgency.P1, "24h", PlaceNeed.NONE, Publicity.NEVER),
        ("HJBS", Urgency.P3, "1wd", PlaceNeed.NONE, Publicity.FULL),
    ],
)
def test_shipped_rules(
    taxonomy: Taxonomy, code: str, urgency: Urgency, due: str, place: PlaceNeed, public: Publicity
) -> None:
    category = taxonomy.get(code)
    assert (category.urgency, category.due) == (urgency, due)
    assert (category.place, category.public) == (place, public)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GGSS", "GGSS"),
        ("ggss", "GGSS"),
        ("公共设施", "GGSS"),
        ("公共设施维修", "GGSS"),
        (" 电梯 ", "DTGZ"),
        ("停车", "TCGL"),
        ("反诈", "ZAFZ"),
        ("其他", "QT"),
    ],
)
def test_by_name(taxonomy: Taxonomy, text: str, code: str) -> None:
    category = taxonomy.by_name(text)
    assert category is not None
    assert category.code == code


@pytest.mark.parametrize("text", ["", "  ", "火星", "与"])
def test_by_name_does_not_guess(taxonomy: Taxonomy, text: str) -> None:
    assert taxonomy.by_name(text) is None


def test_a_code_that_is_gone_is_other(taxonomy: Taxonomy) -> None:
    assert taxonomy.get("ALT1").code == OTHER


def test_keywords_for_the_classifier(taxonomy: Taxonomy) -> None:
    assert "路灯" in taxonomy.keywords["GGSS"]
    assert list(taxonomy.keywords) == [category.code for category in taxonomy.all]


def test_one_row_is_one_line_of_the_file() -> None:
    rows = DATA.decode().strip().splitlines()[1:-1]
    assert [json.loads(line.rstrip(","))["code"] for line in rows] == [
        category.code for category in Taxonomy.parse(DATA).all
    ]


def test_source_may_be_left_out() -> None:
    bare = row()
    del bare["source"]
    assert parse(bare).get(OTHER).source == ""


def without(field: str) -> Callable[[Row], Row]:
    return lambda whole: {key: value for key, value in whole.items() if key != field}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([row(urgency="P9")], "urgency 写成了“P9”，只能是P0、P1、P2、P3"),
        ([row(place="somewhere")], "place 写成了“somewhere”"),
        ([row(public="all")], "public 写成了“all”"),
        ([row(due="soon")], "due 写成了“soon”，应如 5wd 或 24h"),
        ([row(due="0wd")], "due 写成了“0wd”"),
        ([row(), row()], "“QT”重复了"),
        ([row(), row(code="A", short="甲")], "“其他”重复了，name 不能相同"),
        ([row(), row(code="A", name="甲")], "“其他”重复了，short 不能相同"),
        ([row(code="A")], "缺少“其他”这一类"),
        ([], "缺少“其他”这一类"),
        ([without("due")(row())], "第1行（QT）缺少：due"),
        ([without("code")(row())], "第1行（无代码）缺少：code"),
        ([row(), row(code="A", colour="red")], "第2行（A）有不认识的字段：colour"),
        ([row(keywords="路灯")], "第1行（QT）的内容类型不对"),
        ([row(urgency=["P1"])], "urgency 写成了"),
    ],
)
def test_broken_tables_are_refused(rows: list[Row], sentence: str) -> None:
    with pytest.raises(ValueError, match="诉求分类表") as caught:
        parse(*rows)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"[{]", b"\xff\xfe", b'"text"'])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="不是有效的JSON列表"):
        Taxonomy.parse(data)
