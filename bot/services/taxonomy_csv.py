"""The kinds of matters as a CSV file that a community edits in Excel: one row a kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.errors import ImportFault
from bot.models import Track, Urgency
from bot.rules.taxonomy import DUE, Category, PlaceNeed, Publicity, Taxonomy
from bot.services import sheet

HEADER = (
    "代码", "名称", "简称", "关键词", "负责单位", "后续单位", "紧急程度", "首次回应", "办理期限",
    "地点", "公开", "轨道", "依据",
)  # fmt: skip
REQUIRED = HEADER[:-1]
PLACES = {
    PlaceNeed.BUILDING: "要幢号",
    PlaceNeed.LANDMARK: "要地点",
    PlaceNeed.NONE: "不用",
}
PUBLICITIES = {
    Publicity.FULL: "公开",
    Publicity.MASK_ROOM: "隐去门牌",
    Publicity.MASK_PLATE: "隐去车牌",
    Publicity.NEVER: "不公开",
    Publicity.NEVER_IF_CASE: "个案不公开",
}
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_HOURS = re.compile(r"(\d{1,3}(?:\.\d)?)\s*(?:h|小时)?")
_PARTS = re.compile(r"[、|｜,，\n]")
_MAX_CELL = 4000


def read_taxonomy(data: bytes) -> Taxonomy:
    """Raises `ImportFault` with one Chinese sentence a fault; then nothing is imported."""
    rows = sheet.rows(sheet.decode(data))
    header = [cell.strip() for cell in next(iter(rows), [])]
    faults = sheet.header_faults(header, HEADER, REQUIRED)
    if faults:
        raise ImportFault(faults)
    found = []
    for line, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            cells = {n: c.strip().removeprefix("'") for n, c in zip(header, row, strict=False)}
            found.append(_category(line, dict.fromkeys(HEADER, "") | cells, faults))
    if faults:
        raise ImportFault(faults)
    try:
        return Taxonomy(category for category in found if category is not None)
    except ValueError as error:
        raise ImportFault([str(error)]) from None


def read_category(cells: Mapping[str, str]) -> Category:
    """One kind from its cells by column. Raises `ImportFault`."""
    faults: list[str] = []
    found = _category(0, {**dict.fromkeys(HEADER, ""), **cells}, faults)
    if found is None:
        raise ImportFault([fault.removeprefix("第0行：") for fault in faults])
    return found


def cells_of(one: Category) -> dict[str, str]:
    """A kind's cells by column."""
    return dict(zip(HEADER, _cells(one), strict=True))


def write_taxonomy(taxonomy: Taxonomy) -> bytes:
    """All kinds, as `read_taxonomy` reads them."""
    return sheet.write(HEADER, (_cells(one) for one in taxonomy.all))


def _category(line: int, cell: Mapping[str, str], faults: list[str]) -> Category | None:
    before = len(faults)
    may_be_empty = {"依据", "后续单位", "关键词"}
    empty = [name for name in HEADER if not cell[name] and name not in may_be_empty]
    if empty:
        faults.append(f"第{line}行：{'、'.join(empty)}没有填。")
    if any(len(value) > _MAX_CELL for value in cell.values()):
        faults.append(f"第{line}行：有一格太长，请控制在 {_MAX_CELL} 字以内。")
    if cell["代码"] and not _CODE.fullmatch(cell["代码"]):
        faults.append(f"第{line}行：代码「{cell['代码']}」应是 2–8 位大写字母或数字，如 HJWS。")
    term = cell["办理期限"]
    if term and not DUE.fullmatch(term):
        faults.append(f"第{line}行：办理期限「{term}」应如 5wd（工作日）或 24h（小时）。")
    hours = _HOURS.fullmatch(cell["首次回应"])
    if cell["首次回应"] and hours is None:
        faults.append(f"第{line}行：首次回应「{cell['首次回应']}」应是小时数，如 2 或 0.5。")
    urgency = _choice(line, "紧急程度", cell, {one: one.value for one in Urgency}, faults)
    place = _choice(line, "地点", cell, PLACES, faults)
    public = _choice(line, "公开", cell, PUBLICITIES, faults)
    track = _choice(line, "轨道", cell, {one: one.value for one in Track}, faults)
    if len(faults) > before or hours is None:
        return None
    return msgspec.convert(
        {
            "code": cell["代码"],
            "name": cell["名称"],
            "short": cell["简称"],
            "keywords": [part for part in map(str.strip, _PARTS.split(cell["关键词"])) if part],
            "unit": cell["负责单位"],
            "chain": cell["后续单位"] or cell["负责单位"],
            "urgency": urgency,
            "contact_hours": float(hours.group(1)),
            "due": cell["办理期限"],
            "place": place,
            "public": public,
            "track": track,
            "source": cell["依据"],
        },
        Category,
    )


def _choice(
    line: int,
    name: str,
    cell: Mapping[str, str],
    words: Mapping[Any, str],
    faults: list[str],
) -> str:
    found = [value for value, word in words.items() if word == cell[name]]
    if cell[name] and not found:
        allowed = "、".join(words.values())
        faults.append(f"第{line}行：{name}写成了「{cell[name]}」，只能是{allowed}。")
    return str(found[0]) if found else ""


def _cells(one: Category) -> tuple[str, ...]:
    return (
        one.code, one.name, one.short, "、".join(one.keywords), one.unit, one.chain, one.urgency,
        f"{one.contact_hours:g}", one.due, PLACES[one.place], PUBLICITIES[one.public], one.track,
        one.source,
    )  # fmt: skip
