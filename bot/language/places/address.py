"""Addresses in a text: 3号楼2单元502, 十六幢, 3-502, 21到25幢, C座1203.

Every pattern is bounded: no part repeats more than a few dozen times, so time stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from bot.language.numbers import parse_number
from bot.models import Place

_CN = "一二三四五六七八九十"
_NUMBER = rf"(?:[A-Za-z]?\d{{1,3}}+|[A-Za-z]|[{_CN}百零〇廿卅]{{1,5}}+)"
_NO_FLOOR = "(?![道梯]|顶(?!楼))"
# 16号楼道 is building 16 and its 楼道; 22号 after a month is a day.
_SUFFIX = (
    rf"(?:号?[幢栋](?!房子|别墅)|(?<!月\d)(?<!月\d\d)号(?:楼{_NO_FLOOR}|(?=楼(?:[道梯]|顶(?!楼)))|(?=\d{{3,4}}[室房]))"
    rf"|#(?!电池|汽油|柴油|钢)(?:楼(?![上下]){_NO_FLOOR})?|(?<=[A-Za-z])座(?![位谈机]))"
)
_LINK = "(?:[-~到至/、和与及跟,，]|以及)"
_BUILDINGS = (
    rf"(?<![\dA-Za-z{_CN}两百千万零〇共这那哪每某同另任几多])(?<!\d[-~/:])"
    rf"第? ?{_NUMBER}(?> ?{_SUFFIX}? ?{_LINK} ?第? ?{_NUMBER}){{0,11}} ?{_SUFFIX}"
)
# What makes three digits an amount, a time or a bus line and no room.
_NO_ROOM = (
    r"(?![\dA-Za-z*%‰°]|[:.]\d|[-~/]\d{1,2}(?!\d)|[-~]\d+[元块天日岁个名人]"
    r"|[元块角分秒年月日点时人名位个次例条件张份只台辆棵根米平方公里斤千万度路弄岁周层级期幢栋#]"
    r"|户(?![主内门型])|天(?!天)|楼(?![上下])|号[线楼])"
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
    rf"(?P<unit>\d{{1,2}}+(?:(?:单元)?[-~、和到至]\d{{1,2}}+)?(?=单元)|[{_CN}]{{1,2}}+|[甲乙丙丁东西中A-Da-d])"
    r"(?:单元(?!门(?!口))|(?=单元门(?!口)))"
)
_FLOOR = rf"(?P<floor>\d{{1,2}}+|[{_CN}]{{1,3}}+)(?:楼(?![上下道顶梯长房栋])|层(?!面))"
# 五零二 without 室: only a zero in it makes sure that it is a room.
_SPOKEN = rf"(?P<spoken>[{_CN[:-1]}]{{1,2}}[零〇][{_CN[:-1]}](?![零〇{_CN}幢栋号楼点]))"
_JOIN = "[ 的,，-]{0,2}+"
_TAIL = re.compile(
    rf"(?:{_JOIN}{_UNIT})?(?:[ 的]?{_FLOOR})?"
    rf"(?:{_JOIN}(?:(?P<inner>\d{{1,2}})-)?{_NO_CALL}(?:{_ROOMS}|{_BARE}|{_SPOKEN}))?"
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
ADDRESS_HINT = re.compile(r"[\d幢栋室房元号座#＃]")
_SEVERAL = re.compile(f"[{_CN[:-1]}]{{2,}}")  # 五六幢: five and six, or fifty-six?
_PLAIN = re.compile(r"第?(\d{1,3})(?:[幢栋#]|号楼?)")
_PLAIN_ROOM = re.compile(r"[1-9]\d{2,3}")
_ITEM = re.compile(rf"({_LINK}?) ?第? ?({_NUMBER})")
_DIGITS = re.compile(r"\d+")
_RANGED = re.compile("[-~到至]")
_ONE_HOUSE = re.compile("(?:这|那)?一[幢栋]楼(?![道顶梯上下])")


class Address(Struct, frozen=True, gc=False):
    """An address; `head` ends its building part, `floor` is 5楼 or nothing."""

    place: Place
    start: int
    head: int
    end: int
    floor: str = ""


def addresses(folded: str) -> Iterator[Address]:
    """All addresses in a text of half width, one after the other."""
    position = 0
    while match := _ADDRESS.search(folded, position):
        address = _address(folded, match)
        position = max(address.end if address else match.end(), match.start() + 1)
        if address:
            yield address


def _address(folded: str, match: re.Match[str]) -> Address | None:
    """Read unit and room behind what was found; None when it is no address after all."""
    start, head = match.span()
    tail = _TAIL.match(folded, head)
    unit, room, end = ("", "", head) if tail is None else (*_inside(tail), tail.end())
    floor = f"{parse_number(tail['floor'])}楼" if tail and tail["floor"] else ""
    building = _building(match)
    if match["short"]:
        head = start
    if not unit and not room and (match["short"] or not building):
        return None
    if not unit and not room and _ONE_HOUSE.match(folded, start):
        return None
    if not building and "-" in unit and room:
        building, unit = f"{unit.split('-')[0]}幢", unit.split("-")[1]
    return Address(Place(building=building, unit=unit, room=room), start, head, end, floor)


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
    suffix = "座" if match["buildings"].endswith("座") else "幢"
    return "、".join(names) + suffix if all(names) else ""


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
    unit = _unit(tail["unit"] or tail["inner"] or "")
    words = tail["room"] or tail["bare"] or tail["spoken"] or ""
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


def _unit(words: str) -> str:
    """`2单元`, `东单元`, `1-3单元`, `1、2单元`, or nothing."""
    if not words:
        return ""
    numbers = _DIGITS.findall(words)
    if len(numbers) > 1:
        return ("-" if _RANGED.search(words) else "、").join(numbers) + "单元"
    value = parse_number(words)
    return f"{words.upper() if value is None else value}单元"
