"""Places as residents write them: 3号楼2单元502, 十六幢车棚, 3-502, 东门, 地库B1.

An address is a building (or a list or range of them), a unit, a room; a spot is a named place.
Every pattern is bounded: no part repeats more than a few dozen times, so time stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from bot.language.numbers import parse_number
from bot.language.text import half_width
from bot.models import Place

# Spots that exist once or a few times in a micro-grid: they say where without a building.
_LANDMARKS = (
    "长廊 连廊 凉亭 亭子 大门 东门 西门 南门 北门 正门 侧门 后门 东大门 西大门 南大门 北大门 "
    "广场 花园 健身角 健身点 健身区 健身器材区 健身广场 儿童乐园 游乐场 篮球场 羽毛球场 操场 "
    "幼儿园 垃圾房 垃圾站 垃圾亭 垃圾分类点 垃圾投放点 地下车库 地库 停车场 配电房 配电间 "
    "水泵房 泵房 河边 池塘 喷泉 小桥 活动室 活动中心 阅览室 棋牌室 快递柜 快递站 菜鸟驿站 "
    "社区卫生站 社区卫生服务站 卫生服务站 卫生站 党群服务中心 便民服务中心 社区服务中心 "
    "日间照料中心 居委会 物业办公室 物业服务中心 门卫室 门卫 保安亭 岗亭 传达室 宣传栏 菜场"
)
# Spots that every building has: a building must still be asked for.
_EVERYWHERE = (
    "楼道 楼梯间 楼梯 电梯 东梯 西梯 单元门 门禁 大堂 车棚 楼顶 屋顶 天台 外墙 走廊 架空层 "
    "地下室 电表箱 电表间 水表井 管道井 充电桩 充电站 消防通道 消防栓 垃圾桶 绿化带 草坪 围墙 "
    "小区道路 人行道 主干道 路口 停车位 车位 路边 门口 楼下"
)
# What reads like a spot in other words is none: 部门口径, 广场舞, 西门子, 房东门锁, 玉景花园.
# A pattern stands behind the first character: alternatives that begin with a letter search fast.
_BEFORE = {
    "门口": "(?<![部专热]门)",
    "后门": "(?<!走后)",
    "东门": "(?<![广房股山]东)",
    "西门": "(?<![江陕广山]西)",
    "南门": "(?<![湖河云海]南)",
    "北门": "(?<![湖河]北)",
    "花园": "(?:(?<![\u4e00-\u9fff]花)|(?<=[小后在到的边旁去进往心里侧前幢栋楼]花))",
    "广场": "(?<![万达利]广)",
}
_AFTER = {
    "广场": "(?!舞)",
    "花园": "(?! ?[0-9]|小区|社区)",
    "东门": "(?![店诊])",
    "西门": "(?![店诊子])",
    "南门": "(?![店诊])",
    "北门": "(?![店诊])",
    "楼下": "(?! ?[0-9]|的?(?:住户|邻居|人家|业主))",
    "门卫": "(?!生)",
    "单元门": "(?!口)",
}
_SAME = {"卫生服务站": "社区卫生站", "社区卫生服务站": "社区卫生站", "卫生站": "社区卫生站"}
_WEAK = frozenset({"门口", "路边", "楼下"})
_LANDMARK_SET = frozenset(_LANDMARKS.split())
_SPOT_SET = _LANDMARK_SET.union(_EVERYWHERE.split())


def _spot_pattern() -> re.Pattern[str]:
    """All spot words, the longest first, and the floors of the garage."""
    words = sorted(_SPOT_SET, key=lambda word: (-len(word), word))
    named = [word[0] + _BEFORE.get(word, "") + word[1:] + _AFTER.get(word, "") for word in words]
    garage = "地下?车?库 ?[Bb]?[12一二][层楼]?(?![0-9幢栋号])"
    floor = "(?<![A-Za-z0-9素族]%s)[12](?![A-Za-z0-9区])(?:层|地下车库|地库|车库)?"
    floors = ["B" + floor % "B", "b" + floor % "b", "负[一二12]层"]
    return re.compile("|".join([garage, *floors, *named]))


_SPOT = _spot_pattern()

_CN = "一二三四五六七八九十"
_NUMBER = rf"(?:[A-Za-z]?\d{{1,3}}+|[A-Za-z]|[{_CN}百零〇廿卅]{{1,5}}+)"
_NO_FLOOR = "(?![道顶梯])"
# 16号楼道 is building 16 and its 楼道; 22号 after a month is a day.
_SUFFIX = (
    rf"(?:号?[幢栋]|(?<!月\d)(?<!月\d\d)号(?:楼{_NO_FLOOR}|(?=楼[道顶梯])|(?=\d{{3,4}}[室房]))"
    rf"|#(?:楼{_NO_FLOOR})?)"
)
_LINK = "(?:[-~到至/、和与及跟,，]|以及)"
_BUILDINGS = (
    rf"(?<![\dA-Za-z{_CN}两百千万零〇这那哪每某同另任几多])(?<!\d[-~/:])"
    rf"第? ?{_NUMBER}(?> ?{_SUFFIX}? ?{_LINK} ?第? ?{_NUMBER}){{0,11}} ?{_SUFFIX}"
)
# What makes three digits an amount, a time or a bus line and no room.
_NO_ROOM = (
    r"(?![\dA-Za-z*%‰°]|[:.]\d|[-~/]\d{1,2}(?!\d)|[-~]\d+[元块天日岁个名人]"
    r"|[元块角分秒年月日天点时人名位个次例条件张份只台辆棵根米平方公里斤千万度路弄岁周层级期幢栋#]"
    r"|户(?![主内门型])|楼(?![上下])|号[线楼])"
)
_SHAPED = r"[1-9]\d?(?:0[1-9]|[123]\d)"
_LONE_END = r" ?号?(?:室|房间?(?![东产租贷价型源屋顶管]))"
# 502号 is a room behind a building only: alone it is a house in a street.
_ROOM_END = rf"(?:{_LONE_END}|号(?![线楼]))"
_ROOMS = (
    rf"(?P<room>\d{{3,4}}+[A-Za-z]?(?:{_ROOM_END}?{_LINK}\d{{3,4}}+[A-Za-z]?){{0,5}}{_ROOM_END}"
    rf"|[{_CN}][{_CN}零〇]{{2,3}}{_ROOM_END})"
)
_BARE = rf"(?P<bare>{_SHAPED}[A-Za-z]?(?:{_LINK}{_SHAPED}){{0,5}}{_NO_ROOM})"
_NO_CALL = r"(?!1(?:10|19|20|22)(?!\d|室|房))"
_UNIT = (
    rf"(?P<unit>\d{{1,2}}+(?:[-~、和]\d{{1,2}}+)?|[{_CN}]{{1,2}}+|[甲乙丙丁东西中A-Da-d])"
    r"(?:单元(?!门(?!口))|(?=单元门(?!口)))"
)
_JOIN = "[ 的,，-]{0,2}+"
_TAIL = re.compile(
    rf"(?:{_JOIN}{_UNIT})?(?:{_JOIN}(?:(?P<inner>\d{{1,2}})-)?{_NO_CALL}(?:{_ROOMS}|{_BARE}))?"
)
_ADDRESS = re.compile(
    rf"(?=[\dA-Za-z第{_CN}百廿卅甲乙丙丁东西中])(?:(?P<buildings>{_BUILDINGS})"
    rf"|(?P<short>(?<![\dA-Za-z*./:~+-])[1-9]\d?)-(?=\d)"
    rf"(?=(?:\d{{1,2}}-)?(?:{_SHAPED}{_NO_ROOM}|\d{{3,4}}[A-Za-z]?(?:室|房))"
    rf"|\d{{1,2}}单元[ -]?\d{{3}}|{_SHAPED}{_LINK}{_SHAPED}{_NO_ROOM})"
    rf"|(?P<lone>(?<![\dA-Za-z.-])(?<![{_CN}])(?={_UNIT.replace('?P<unit>', '?:')}"
    rf"|(?:\d{{3,4}}+[A-Za-z]?{_LINK}){{0,5}}\d{{3,4}}+[A-Za-z]?{_LONE_END}"
    rf"|[{_CN}][{_CN}零〇]{{2,3}}{_LONE_END}"
    rf"|(?:(?<=楼上)|(?<=楼下)|(?<=对门)|(?<=隔壁)|(?<=住)|(?<=住在)){_NO_CALL}{_SHAPED}{_NO_ROOM}"
    rf"|{_SHAPED}(?:的?(?:业主|住户|邻居|居民)|家|门口|门前))))"
)
_ADDRESS_HINT = re.compile(r"[\d幢栋室房元号#＃]")
_SEVERAL = re.compile(f"[{_CN[:-1]}]{{2,}}")  # 五六幢: five and six, or fifty-six?
_PLAIN = re.compile(r"第?(\d{1,3})(?:[幢栋#]|号楼?)")
_PLAIN_ROOM = re.compile(r"[1-9]\d{2,3}")
_ITEM = re.compile(rf"({_LINK}?) ?第? ?({_NUMBER})")
_DIGITS = re.compile(r"\d+")
_STOP = re.compile("[。!?;！？；\n]")
_PAUSE = re.compile("[。!?;！？；\n,，、: ]")
_REACH_AFTER, _REACH_BEFORE = 20, 6


class PlaceMatch(Struct, frozen=True, gc=False):
    """One place in a text: what it is, where it stands (`text[start:end]`), and those words."""

    place: Place
    start: int
    end: int
    text: str


class _Address(Struct, frozen=True, gc=False):
    """An address with the end of its building part, so that the rest can be cut off."""

    place: Place
    start: int
    head: int
    end: int


def find_places(text: str) -> tuple[PlaceMatch, ...]:
    """Every address and every spot, in the order in which they stand; spans do not overlap."""
    if not _ADDRESS_HINT.search(text):
        return tuple(_match(_spot(spot), text, *spot.span()) for spot in _SPOT.finditer(text))
    folded = half_width(text)
    addresses = list(_addresses(folded))
    found = [_match(address.place, text, address.start, address.end) for address in addresses]
    waiting = iter(addresses)
    address = next(waiting, None)
    for spot in _SPOT.finditer(folded):
        start, end = spot.span()
        while address and address.end <= start:
            address = next(waiting, None)
        if address is None or end <= address.start:
            found.append(_match(_spot(spot), text, start, end))
    found.sort(key=lambda match: match.start)
    return tuple(found)


def find_place(text: str) -> Place:
    """The one place a text is about: its first building with unit, room and spot near it."""
    matches = find_places(text)
    if not matches:
        return Place()
    addresses = [match for match in matches if not match.place.spot]
    if not addresses:
        return Place(spot=_best_spot(matches))
    base = next((match for match in addresses if match.place.building), addresses[0])
    inner = next((match for match in addresses if _completes(base, match, text)), base)
    spots = [match for match in matches if match.place.spot and _near(base, match, text)]
    return Place(
        building=base.place.building,
        unit=base.place.unit or inner.place.unit,
        room=base.place.room or inner.place.room,
        spot=_best_spot(spots),
    )


def is_landmark(spot: str) -> bool:
    """Whether a spot says where it is in the whole micro-grid, without a building."""
    return spot in _LANDMARK_SET or spot.startswith("地库")


def mask_rooms(text: str) -> str:
    """Cut units and rooms out of free text: `3幢2单元502室漏水` → `3幢漏水`."""
    if not _ADDRESS_HINT.search(text):
        return text
    parts: list[str] = []
    done = 0
    for address in _addresses(half_width(text)):
        # A building without suffix (`3-502`) has no head of its own to keep.
        kept = text[address.start : address.head] or address.place.building
        parts += (text[done : address.start], kept)
        done = address.end
    return "".join(parts) + text[done:] if parts else text


def _match(place: Place, text: str, start: int, end: int) -> PlaceMatch:
    return PlaceMatch(place, start, end, text[start:end])


def _addresses(folded: str) -> Iterator[_Address]:
    """All addresses in a text of half width, one after the other."""
    position = 0
    while match := _ADDRESS.search(folded, position):
        address = _address(folded, match)
        position = max(address.end if address else match.end(), match.start() + 1)
        if address:
            yield address


def _address(folded: str, match: re.Match[str]) -> _Address | None:
    """Read unit and room behind what was found; None when it is no address after all."""
    start, head = match.span()
    tail = _TAIL.match(folded, head)
    unit, room, end = ("", "", head) if tail is None else (*_inside(tail), tail.end())
    building = _building(match)
    if match["short"]:
        head = start
    if not unit and not room and (match["short"] or not building):
        return None
    if not building and "-" in unit and room:
        building, unit = f"{unit.split('-')[0]}幢", unit.split("-")[1]
    return _Address(Place(building=building, unit=unit, room=room), start, head, end)


def _building(match: re.Match[str]) -> str:
    """`16幢`, `3-27幢`, `11、17幢`, or nothing."""
    if match["short"]:
        return f"{match['short']}幢"
    if not match["buildings"]:
        return ""
    if plain := _PLAIN.fullmatch(match["buildings"]):
        return f"{int(plain[1])}幢" if int(plain[1]) else ""
    names: list[str] = []
    for link, word in _ITEM.findall(match["buildings"]):
        name = _name(word)
        joined = link in {"-", "~", "到", "至"} and names and "-" not in names[-1]
        if joined and _value(names[-1]) < _value(name):
            names[-1] += f"-{name}"
        elif joined:
            names[-1] = name
        else:
            names.append(name)
    values = [_value(name) for name in names]
    # 登记 12,3幢: what does not rise is no list of buildings.
    if any(later <= earlier for earlier, later in pairwise(values)):
        names = names[-1:]
    return "、".join(names) + "幢" if all(names) else ""


def _name(word: str) -> str:
    """A building's name: a letter, a number, or both; empty when it is none."""
    if word[0].isascii() and word[0].isalpha():
        return word.upper()
    if _SEVERAL.fullmatch(word):
        return ""
    value = parse_number(word)
    return str(value) if value else ""


def _value(name: str) -> tuple[str, int]:
    """For order: `A3` after `A2`, letters after plain numbers."""
    digits = "".join(_DIGITS.findall(name.split("-", maxsplit=1)[0]))
    return (name[0] if name[:1].isalpha() else "", int(digits or 0))


def _inside(tail: re.Match[str]) -> tuple[str, str]:
    """Unit and room in canonical form, empty where nothing was said."""
    unit = tail["unit"] or tail["inner"] or ""
    if unit:
        value = parse_number(unit)
        unit = f"{unit.upper() if value is None else value}单元"
    words = tail["room"] or tail["bare"] or ""
    if not words:
        return unit, ""
    if _PLAIN_ROOM.fullmatch(words):
        return unit, f"{words}室"
    number = parse_number(re.split("[号室房 ]", words, maxsplit=1)[0])
    if number is not None and len(_DIGITS.findall(words)) < 2:
        return unit, f"{number}室"
    rooms = re.findall(r"\d+[A-Za-z]?", words)
    ranged = len(rooms) == 2 and ("-" in words or "~" in words)
    return unit, ("-" if ranged else "、").join(rooms).upper() + "室"


def _spot(match: re.Match[str]) -> Place:
    """`B1`, `地下车库B1`, `负一层` → `地库B1`; several names of one thing → one name."""
    words: str = match.group()
    if words in _SPOT_SET:
        return Place(spot=_SAME.get(words, words))
    return Place(spot="地库B2" if any(sign in words for sign in "2二") else "地库B1")


def _best_spot(matches: Sequence[PlaceMatch]) -> str:
    """The first spot that is more than 门口; else the first; else nothing."""
    spots = [match.place.spot for match in matches]
    return next((spot for spot in spots if spot not in _WEAK), spots[0] if spots else "")


def _near(base: PlaceMatch, match: PlaceMatch, text: str) -> bool:
    """Whether a spot belongs to the address: soon after it, or directly before it."""
    if match.start >= base.end:
        between = text[base.end : match.start]
        return len(between) <= _REACH_AFTER and not _STOP.search(between)
    between = text[match.end : base.start]
    return len(between) <= _REACH_BEFORE and not _PAUSE.search(between)


def _completes(base: PlaceMatch, match: PlaceMatch, text: str) -> bool:
    """Whether another address adds unit and room to a building: `3幢漏水，502室`."""
    if match is base or match.place.building or base.place.room or match.start < base.end:
        return False
    return match.start - base.end <= _REACH_AFTER
