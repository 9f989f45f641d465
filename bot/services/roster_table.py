"""People, groups and units as tables that an office edits in Excel: which columns, what each holds.

A fault names the sheet, the row that Excel shows, the column, what is wrong and what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from bot.errors import ImportFault
from bot.models import Listen, Role, Unit
from bot.rules.buildings import numbers
from bot.rules.permissions import ROLE_NAMES
from bot.rules.registry import LONGEST_NAME, is_anybodys, is_area, is_home
from bot.services import sheet
from bot.services.footing import Footing
from bot.services.groups import LONGEST, Description
from bot.services.units import unit_fault
from bot.services.workbook_in import Table

T = TypeVar("T")
U = TypeVar("U")

MOST = 5_000
"""Rows of one file that are brought in: they are one transaction, and others wait for it."""
LONGEST_CELL = 2_000
LISTENS = {
    Listen.ALL: "都听",
    Listen.COMMANDS: "只听指令",
    Listen.MENTION: "只听@",
    Listen.NONE: "只发不听",
}


class Kind(StrEnum):
    """A sheet, by its name."""

    PEOPLE = "人员"
    GROUPS = "群"
    UNITS = "单位"


HEADERS: Mapping[Kind, tuple[str, ...]] = {
    Kind.PEOPLE: ("通道", "账号", "姓名", "身份", "网格", "单位", "能帮的事", "楼幢"),
    Kind.GROUPS: ("通道", "群号", "群名", "网格", "听法", "管哪些楼", "标签", "叫法", "地名"),
    Kind.UNITS: ("单位名", "电话", "说明"),
}
REQUIRED: Mapping[Kind, tuple[str, ...]] = {
    Kind.PEOPLE: ("通道", "账号", "姓名", "身份", "网格"),
    Kind.GROUPS: ("通道", "群号", "群名", "网格"),
    Kind.UNITS: ("单位名",),
}


class PersonRow(Struct, frozen=True):
    """Somebody of the sheet 人员."""

    row: int
    channel: str
    user: str
    footing: Footing


class GroupRow(Struct, frozen=True):
    """A group of the sheet 群; `listen` None: as it is."""

    row: int
    channel: str
    chat: str
    area: str
    listen: Listen | None
    description: Description


class UnitRow(Struct, frozen=True):
    """A unit of the sheet 单位."""

    row: int
    unit: Unit


class Roster(Struct, frozen=True):
    """All rows of a file."""

    people: tuple[PersonRow, ...] = ()
    groups: tuple[GroupRow, ...] = ()
    units: tuple[UnitRow, ...] = ()


Complain = Callable[[str, str], None]
"""`complain(column, words)` about the row at hand."""


def read_roster(tables: Sequence[Table], channels: Sequence[str]) -> Roster:
    """Raises `ImportFault` naming every faulty row; `channels` are those that may stand in it."""
    faults: list[str] = []
    people: list[PersonRow] = []
    groups: list[GroupRow] = []
    units: list[UnitRow] = []
    known = 0
    for table in tables:
        header = [str(cell).strip() for cell in next(iter(table.rows), [])]
        kind = _kind(table.name, header)
        if kind is None:
            continue
        known += 1
        before = len(faults)
        told = sheet.header_faults(header, HEADERS[kind], REQUIRED[kind])
        faults += [f"「{kind}」{fault}" for fault in told]
        if len(faults) > before:
            continue
        rows = _rows(kind, header, table, faults)
        if kind is Kind.PEOPLE:
            people += [_person(cells, row, channels, faults) for row, cells in rows]
        elif kind is Kind.GROUPS:
            groups += [_group(cells, row, channels, faults) for row, cells in rows]
        else:
            units += [_unit(cells, row, faults) for row, cells in rows]
    if not known:
        raise ImportFault([NO_SHEET])
    if len(people) + len(groups) + len(units) > MOST:
        faults.append(f"一次最多导入{MOST}行，请分几个文件。")
    if faults:
        raise ImportFault(sorted(faults, key=_place))
    return Roster(tuple(people), tuple(groups), tuple(units))


_PLACE = re.compile(r"「(.+?)」第(\d+)行")


def _place(fault: str) -> tuple[int, int]:
    """Sheet by sheet and row by row, as one works through them; what is about the whole first."""
    found = _PLACE.match(fault)
    return (list(Kind).index(Kind(found[1])) + 1, int(found[2])) if found else (0, 0)


NO_SHEET = "没有找到「人员」「群」「单位」这几张表，请下载空表，照它的表头填。"


def _kind(name: str, header: Sequence[str]) -> Kind | None:
    """By the sheet's name; a CSV has none and is known by its header."""
    if name.strip() in set(Kind):
        return Kind(name.strip())
    shared = {kind: len(set(header) & set(REQUIRED[kind])) for kind in Kind}
    best = max(shared, key=lambda kind: shared[kind] / len(REQUIRED[kind]))
    return best if not name and shared[best] else None


def _rows(
    kind: Kind, header: Sequence[str], table: Table, faults: list[str]
) -> list[tuple[int, dict[str, str]]]:
    found = []
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in enumerate(table.rows[1:], 2):
        texts = [_text(cell) for cell in cells]
        if not any(texts):
            continue
        complain = _complaints(kind, number, faults)
        named = dict.fromkeys(HEADERS[kind], "") | dict(zip(header, texts, strict=False))
        for column in REQUIRED[kind]:
            if not named[column]:
                complain(column, "没有填，请填上")
        for column, text in named.items():
            if len(text) > LONGEST_CELL:
                complain(column, f"太长，请控制在{LONGEST_CELL}个字以内")
        key = tuple(named[column] for column in HEADERS[kind][: 1 if kind is Kind.UNITS else 2])
        if key in seen and all(key):
            complain(HEADERS[kind][len(key) - 1], f"和第{seen[key]}行重复，请只留一行")
        seen.setdefault(key, number)
        found.append((number, named))
    return found


def _text(cell: object) -> str:
    """As a person reads it: 7 instead of 7.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "").strip().removeprefix("'").strip()


def _complaints(kind: Kind, row: int, faults: list[str]) -> Complain:
    def complain(column: str, words: str) -> None:
        faults.append(f"「{kind}」第{row}行「{column}」{words}。")

    return complain


def _channel(cells: Mapping[str, str], channels: Sequence[str], complain: Complain) -> str:
    channel = cells["通道"]
    if channel and channel not in channels:
        complain("通道", f"写成了「{channel}」，只能是{'、'.join(channels)}")
    return channel


def _area(cells: Mapping[str, str], complain: Complain) -> str:
    area = cells["网格"].strip("/")
    if area and not is_area(area):
        complain("网格", f"写成了「{area}」，应写成「街道/社区/微网格」")
    return area


def _person(
    cells: Mapping[str, str], row: int, channels: Sequence[str], faults: list[str]
) -> PersonRow:
    complain = _complaints(Kind.PEOPLE, row, faults)
    channel, area = _channel(cells, channels, complain), _area(cells, complain)
    role = _choice(cells, "身份", ROLE_NAMES, Role.RESIDENT, complain)
    footing = Footing(
        name=cells["姓名"],
        role=role,
        area=area,
        unit=cells["单位"],
        serves=parts(cells["能帮的事"]),
        home=cells["楼幢"],
    )
    if len(footing.name) > LONGEST_NAME:
        complain("姓名", f"太长，请控制在{LONGEST_NAME}个字以内")
    if footing.home and not is_home(footing.home):
        complain("楼幢", f"写成了「{footing.home}」，应写成「3幢」或「3幢2单元」，不要写门牌")
    if role is Role.PARTNER and not (footing.unit and footing.serves):
        complain("单位", "和「能帮的事」都要填，因为身份是共建单位")
    if is_anybodys(role, [(channel, cells["账号"])]):
        complain("账号", "按昵称认人，不能当工作人员，先给他加备注，写成「备注:…」")
    return PersonRow(row, channel, cells["账号"], footing)


def _group(
    cells: Mapping[str, str], row: int, channels: Sequence[str], faults: list[str]
) -> GroupRow:
    complain = _complaints(Kind.GROUPS, row, faults)
    listen = _choice(cells, "听法", LISTENS, None, complain)
    description = Description(
        name=cells["群名"],
        names=parts(cells["叫法"]),
        tags=parts(cells["标签"]),
        buildings=parts(cells["管哪些楼"]),
        places=parts(cells["地名"]),
    )
    if len(description.name) > LONGEST:
        complain("群名", f"太长，请控制在{LONGEST}个字以内")
    for building in description.buildings:
        if not numbers([building]):
            complain("管哪些楼", f"里的「{building}」应写成「3幢」或「21-25幢」")
    return GroupRow(
        row,
        _channel(cells, channels, complain),
        cells["群号"],
        _area(cells, complain),
        listen,
        description,
    )


def _unit(cells: Mapping[str, str], row: int, faults: list[str]) -> UnitRow:
    unit = Unit(name=cells["单位名"], phone=cells["电话"], note=cells["说明"])
    column, words = unit_fault(unit)
    if column and cells["单位名"]:
        _complaints(Kind.UNITS, row, faults)(column, words)
    return UnitRow(row, unit)


def _choice(
    cells: Mapping[str, str], column: str, words: Mapping[T, str], otherwise: U, complain: Complain
) -> T | U:
    text = cells[column]
    for value, word in words.items():
        if text == word:
            return value
    if text:
        complain(column, f"写成了「{text}」，只能是{'、'.join(words.values())}")
    return otherwise


def parts(text: str) -> tuple[str, ...]:
    """Words of a list, parted as people part them."""
    for sign in ",，;；|｜\n":
        text = text.replace(sign, "、")
    return tuple(part.strip() for part in text.split("、") if part.strip())
