"""The bank as a table that people edit: which columns, and what each cell may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from bot.errors import ImportFault
from bot.language.text import MAX_LENGTH, clean
from bot.models import Audience, FaqEntry

HEADER = (
    "编号", "问题", "别的问法", "答案", "来源", "更新日期", "有效开始", "有效截止", "分类", "区域",
    "关键词", "对象",
)  # fmt: skip
REQUIRED = ("编号", "问题", "答案", "来源")
DATES = ("更新日期", "有效开始", "有效截止")
AUDIENCES = {"": Audience.PUBLIC, "所有人": Audience.PUBLIC, "私聊": Audience.PRIVATE,
             "工作人员": Audience.STAFF}  # fmt: skip
MAX_ROWS = 20_000
READ_ROWS = 100_000
"""Rows that are looked at, so that all faults of a file that is too long are named as well."""

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?$")
_BETWEEN_PHRASINGS = re.compile(r"[|｜\n]")


class Line(Struct, frozen=True):
    """An entry and the number of its row, as Excel shows it."""

    number: int
    entry: FaqEntry


def entries_of(rows: Sequence[Sequence[str]]) -> tuple[FaqEntry, ...]:
    """Entries of a table whose first row is the header.

    Raises `ImportFault` with one Chinese sentence a fault; then nothing is imported.
    """
    return tuple(line.entry for line in lines_of(rows))


def lines_of(rows: Sequence[Sequence[str]]) -> tuple[Line, ...]:
    """The same with the numbers of the rows. Raises `ImportFault`."""
    header = [cell.strip() for cell in next(iter(rows), [])]
    faults = _header_faults(header)
    if faults:
        raise ImportFault(faults)
    if len(rows) > MAX_ROWS + 1:
        faults.append(f"一次最多导入 {MAX_ROWS} 条，这个文件有{len(rows) - 1}行，请分几个文件。")
    seen: set[str] = set()
    # The line number is the one that Excel shows, however many lines a cell may have.
    lines = [
        Line(number, _entry(number, _by_name(number, header, row, faults), seen, faults))
        for number, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    ]
    if faults:
        raise ImportFault(faults)
    return tuple(lines)


def _header_faults(header: Sequence[str]) -> list[str]:
    faults = []
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name and name not in HEADER]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if missing:
        faults.append(f"表头缺少：{'、'.join(missing)}。第一行应为：{','.join(HEADER)}")
    if unknown:
        faults.append(f"表头里不认识：{'、'.join(unknown)}，请改成上面的名字或删掉这一列。")
    if twice:
        faults.append(f"表头里重复：{'、'.join(twice)}，请只留一列。")
    return faults


def _by_name(
    line: int, header: Sequence[str], row: Sequence[str], faults: list[str]
) -> dict[str, str]:
    """The row's cells as they will be stored, by the names of their columns."""
    if any(cell.strip() for cell in row[len(header) :]):
        faults.append(f"第{line}行：比表头多出几格，文字里有英文逗号时整格要加英文双引号。")
    raw = dict(zip(header, row, strict=False))
    cells = dict.fromkeys(HEADER, "")
    for name in HEADER:
        cells[name] = clean(raw.get(name, ""), MAX_LENGTH + 1).strip().removeprefix("'")
        if len(cells[name]) > MAX_LENGTH:
            faults.append(f"第{line}行：{name}太长，请控制在 {MAX_LENGTH} 字以内。")
    return cells


def _entry(line: int, cell: Mapping[str, str], seen: set[str], faults: list[str]) -> FaqEntry:
    empty = [name for name in REQUIRED if not cell[name]]
    if empty:
        faults.append(f"第{line}行：{'、'.join(empty)}没有填。")
    if cell["编号"] and cell["编号"] in seen:
        faults.append(f"第{line}行：编号「{cell['编号']}」重复，请换一个。")
    seen.add(cell["编号"])
    dated, begins, ends = (_day(line, name, cell[name], faults) for name in DATES)
    if begins and ends and begins > ends:
        faults.append(f"第{line}行：有效截止「{ends}」早于有效开始「{begins}」，请改正。")
    if cell["对象"] not in AUDIENCES:
        faults.append(f"第{line}行：对象「{cell['对象']}」不认识，写所有人、私聊或工作人员。")
    return FaqEntry(
        id=cell["编号"],
        question=cell["问题"],
        answer=cell["答案"],
        source=cell["来源"],
        phrasings=_parts(cell["别的问法"]),
        tag=cell["分类"],
        area=cell["区域"],
        dated=dated,
        valid_from=begins,
        valid_until=ends,
        keywords=_parts(cell["关键词"]),
        audience=AUDIENCES.get(cell["对象"], Audience.PUBLIC),
    )


def _parts(cell: str) -> tuple[str, ...]:
    parts = (part.strip() for part in _BETWEEN_PHRASINGS.split(cell))
    return tuple(part for part in parts if part)


def _day(line: int, name: str, value: str, faults: list[str]) -> str:
    """`2026-11-05` from itself, from Excel's `2026/11/5` or from `2026年11月5日`."""
    if not value:
        return ""
    found = _DATE.match(value)
    parts = found.groups() if found else ("0", "0", "0")
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])).isoformat()
    except ValueError:
        faults.append(f"第{line}行：{name}「{value}」不是日期，应写成 2026-12-31。")
        return ""


def cells_of(entry: FaqEntry) -> Sequence[str]:
    """One row, in the order of `HEADER`."""
    shown = {audience: name for name, audience in AUDIENCES.items()}
    audience = "" if entry.audience is Audience.PUBLIC else shown[entry.audience]
    return (
        entry.id, entry.question, "|".join(entry.phrasings), entry.answer, entry.source,
        entry.dated, entry.valid_from, entry.valid_until, entry.tag, entry.area,
        "|".join(entry.keywords), audience,
    )  # fmt: skip
