"""Places as residents write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.places import find_place, find_places, is_landmark, mask_rooms
from bot.models import Place
from tests.language.test_text import ANY_TEXT, BUDGET, HOSTILE, seconds


@pytest.mark.parametrize(
    ("text", "building"),
    [
        ("16幢漏水", "16幢"),
        ("16栋", "16幢"),
        ("16号楼", "16幢"),
        ("16#", "16幢"),
        ("16#楼", "16幢"),
        ("16 幢", "16幢"),
        ("１６＃", "16幢"),
        ("十六幢", "16幢"),
        ("第16幢", "16幢"),
        ("第十六幢", "16幢"),
        ("二十一号楼", "21幢"),
        ("一百零三幢", "103幢"),
        ("016幢", "16幢"),
        ("A3幢", "A3幢"),
        ("b栋", "B幢"),
        ("3-27号楼停水", "3-27幢"),
        ("3~27幢", "3-27幢"),
        ("3～27幢", "3-27幢"),
        ("3到27幢", "3-27幢"),
        ("3幢至27幢", "3-27幢"),
        ("三至五幢", "3-5幢"),
        ("11和17幢之间", "11、17幢"),
        ("3、5、7幢停电", "3、5、7幢"),
        ("3幢和5幢", "3、5幢"),
        ("3,5,7幢", "3、5、7幢"),
        ("1-3、8幢", "1-3、8幢"),
        ("登记 12,3幢", "3幢"),
        ("27-3幢", "3幢"),
        ("12号，3幢灯坏了", "3幢"),
        ("玉景花园3幢", "3幢"),
        ("16号楼道灯坏了", "16幢"),
        ("11月22日3幢停水", "3幢"),
        ("1.3幢停水", "3幢"),
        ("幢", ""),
        ("0幢", ""),
        ("这一幢楼", ""),
        ("哪一幢", ""),
        ("有两幢楼", ""),
        ("好几幢", ""),
        ("11月22号楼道大扫除", ""),
        ("1234幢", ""),
        ("五六幢", ""),
        ("一〇三幢", "103幢"),
    ],
)
def test_buildings(text: str, building: str) -> None:
    assert find_place(text).building == building


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2单元", Place(unit="2单元")),
        ("二单元灯不亮", Place(unit="2单元")),
        ("3幢乙单元", Place(building="3幢", unit="乙单元")),
        ("3幢1-3单元停水", Place(building="3幢", unit="1-3单元")),
        ("502室", Place(room="502室")),
        ("502房", Place(room="502室")),
        ("1203室漏水", Place(room="1203室")),
        ("五零二室", Place(room="502室")),
        ("502a室", Place(room="502A室")),
        ("楼上502漏水", Place(room="502室")),
        ("502业主", Place(room="502室")),
        ("3-502漏水", Place(building="3幢", room="502室")),
        ("３－５０２漏水", Place(building="3幢", room="502室")),
        ("3-502王姐", Place(building="3幢", room="502室")),
        ("3幢502漏水", Place(building="3幢", room="502室")),
        ("3号楼502", Place(building="3幢", room="502室")),
        ("3号502室", Place(building="3幢", room="502室")),
        ("3幢，502室", Place(building="3幢", room="502室")),
        ("3幢502房东说", Place(building="3幢", room="502室")),
        ("3幢502-13812345678", Place(building="3幢", room="502室")),
        ("3幢502、503室漏水", Place(building="3幢", room="502、503室")),
        ("3幢502号", Place(building="3幢", room="502室")),
        ("3幢502-505室漏水", Place(building="3幢", room="502-505室")),
        ("3幢2单元502", Place(building="3幢", unit="2单元", room="502室")),
        ("3幢2单元502室", Place(building="3幢", unit="2单元", room="502室")),
        ("3幢2-502", Place(building="3幢", unit="2单元", room="502室")),
        ("3-2-502", Place(building="3幢", unit="2单元", room="502室")),
        ("3-2单元502室", Place(building="3幢", unit="2单元", room="502室")),
        ("3幢漏水，是502室", Place(building="3幢", room="502室")),
        ("3幢119来了", Place(building="3幢")),
        ("3幢共100户", Place(building="3幢")),
        ("3幢 2026-11-22 8:00停水", Place(building="3幢")),
        ("3幢 1500元", Place(building="3幢")),
        ("3幢13812345678", Place(building="3幢")),
    ],
)
def test_units_and_rooms(text: str, place: Place) -> None:
    assert find_place(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "0512-65432101",
        "11-22",
        "2026-11-21",
        "8:30",
        "65岁",
        "3-5天",
        "12-15日",
        "请拨119",
        "打12345",
        "坐502路",
        "SQ20261121-0012",
        "进度 12",
        "100-200元",
        "3-150元",
        "血压130-110",
        "1-100名",
        "3室2厅",
        "维生素B1",
        "3楼502个箱子",
        "香樟路168号",
        "B2区",
        "部门口径不一",
        "广场舞太吵",
        "西门子冰箱",
        "房东门锁",
        "大家好",
        "",
    ],
)
def test_what_is_no_place(text: str) -> None:
    assert find_place(text) == Place()
    assert find_places(text) == ()
    assert mask_rooms(text) == text


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("16幢附近的车棚顶板破损", "16幢车棚"),
        ("16号楼道灯坏了", "16幢楼道"),
        ("16号楼顶漏水", "16幢楼顶"),
        ("3幢东梯坏了", "3幢东梯"),
        ("3幢2单元门坏了", "3幢单元门"),
        ("3幢门口的车棚", "3幢车棚"),
        ("3幢门口积水", "3幢门口"),
        ("3幢,楼道灯不亮", "3幢楼道"),
        ("车棚在16幢", "16幢车棚"),
        ("3幢漏水。东门也坏了", "3幢"),
        ("东门保安不管,3幢漏水", "3幢"),
        ("地下车库B1积水", "地库B1"),
        ("地库b2", "地库B2"),
        ("B1灯不亮", "地库B1"),
        ("负二层漏水", "地库B2"),
        ("地库漏水", "地库"),
        ("小花园里有垃圾", "花园"),
        ("社区卫生服务站几点开", "社区卫生站"),
        ("长廊的凳子坏了", "长廊"),
        ("健身角少个座位", "健身角"),
    ],
)
def test_spots(text: str, public: str) -> None:
    assert find_place(text).public == public


def test_spans_are_exact() -> None:
    text = "请看：３号楼2单元５０２漏水，5幢电梯也坏了"
    matches = find_places(text)
    assert [match.text for match in matches] == ["３号楼2单元５０２", "5幢"]
    assert all(text[match.start : match.end] == match.text for match in matches)
    assert matches[0].place == Place(building="3幢", unit="2单元", room="502室")


LANDMARKS = ["长廊", "东门", "大门", "广场", "花园", "幼儿园", "河边", "活动室", "垃圾房"]
LANDMARKS += ["地下车库", "健身角", "地库B1"]
EVERYWHERE = ["楼道", "电梯", "车棚", "单元门", "楼顶", "外墙", "充电桩", "门口", "3幢"]


@pytest.mark.parametrize("spot", LANDMARKS)
def test_landmarks(spot: str) -> None:
    assert is_landmark(spot)


@pytest.mark.parametrize("spot", ["", *EVERYWHERE])
def test_what_every_building_has_is_no_landmark(spot: str) -> None:
    assert not is_landmark(spot)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("3幢2单元502室漏水", "3幢漏水"),
        ("3-502漏水", "3幢漏水"),
        ("3-2-502漏水", "3幢漏水"),
        ("3-502王姐", "3幢王姐"),
        ("3号楼502的灯", "3号楼的灯"),
        ("三幢502房东说", "三幢房东说"),
        ("３－５０２漏水", "3幢漏水"),
        ("502室漏水", "漏水"),
        ("3幢502、503室漏水", "3幢漏水"),
        ("1301、1302、1303室漏水", "漏水"),
        ("3-502、5-301室都漏", "3幢、5幢都漏"),
        ("3幢2单元门坏了", "3幢单元门坏了"),
        ("3幢楼道灯不亮", "3幢楼道灯不亮"),
        ("3-27幢停水", "3-27幢停水"),
        ("12月1日至15日，65岁以上", "12月1日至15日，65岁以上"),
    ],
)
def test_mask_rooms(text: str, masked: str) -> None:
    assert mask_rooms(text) == masked


FORMS = [
    "{b}幢{u}单元{r}室",
    "{b}栋{u}单元{r}",
    "{b}号楼{r}",
    "{b}-{u}-{r}",
    "{b}-{r}",
    "{b}#{r}室",
]
CALLS = {"110", "119", "120", "122"}


@given(
    st.integers(1, 99),
    st.integers(1, 9),
    st.integers(1, 33),
    st.integers(1, 12),
    st.sampled_from(FORMS),
)
def test_no_room_gets_through(building: int, unit: int, floor: int, door: int, form: str) -> None:
    room = f"{floor}{door:02}"
    text = f"我家{form.format(b=building, u=unit, r=room)}漏水"
    # 3幢119 may be a call for help: only 3幢119室 is a room.
    if room not in CALLS or "室" in form:
        assert find_place(text).building == f"{building}幢"
        assert find_place(text).room == f"{room}室"
        assert room not in mask_rooms(text)


@given(ANY_TEXT)
@settings(deadline=None)
def test_any_text_is_taken(text: str) -> None:
    for match in find_places(text):
        assert text[match.start : match.end] == match.text
    find_place(text)
    mask_rooms(text)
    is_landmark(text)


@pytest.mark.parametrize(
    "piece",
    [
        *HOSTILE,
        "1、",
        "3幢",
        "3-502",
        "502、",
        "三幢和",
        "502室",
        "地下车库",
        "车棚",
        "甲单元",
        "第",
        "东1 ",
        "3幢1-2、",
    ],
)
@pytest.mark.parametrize("function", [find_place, mask_rooms])
def test_time_is_linear(function: Callable[[str], object], piece: str) -> None:
    assert seconds(function, piece * (100_000 // len(piece))) < BUDGET
