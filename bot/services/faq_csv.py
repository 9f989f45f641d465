"""The bank as a CSV file that Excel opens: one row an entry, phrasings parted by `|`."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.errors import ImportFault
from bot.language.text import MAX_LENGTH, clean
from bot.models import FaqEntry

HEADER = (
    "编号", "问题", "别的问法", "答案", "来源", "更新日期", "有效开始", "有效截止", "分类", "区域",
)  # fmt: skip
REQUIRED = ("编号", "问题", "答案", "来源")
DATES = ("更新日期", "有效开始", "有效截止")
# What a spreadsheet may take for a formula, and our own mark, which reading takes off again.
RISKY = "=+-@\t\r\n＝＋－＠'"
MAX_ROWS = 20_000
MAX_BYTES = 16 * 1024 * 1024

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
_BETWEEN_PHRASINGS = re.compile(r"[|｜\n]")


def read_csv(data: bytes) -> tuple[FaqEntry, ...]:
    """Entries of a CSV file in UTF-8 (with or without BOM), UTF-16 or GB18030, as Excel writes it.

    Raises `ImportFault` with one Chinese sentence a fault; then nothing is imported.
    """
    rows = _rows(_decode(data))
    header = [cell.strip() for cell in next(iter(rows), [])]
    faults = _header_faults(header)
    if len(rows) > MAX_ROWS + 1:
        faults.append(f"一次最多导入 {MAX_ROWS} 条，请分几个文件。")
    if faults:
        raise ImportFault(faults)
    seen: set[str] = set()
    # The line number is the one that Excel shows, however many lines a cell may have.
    entries = [
        _entry(line, _by_name(line, header, row, faults), seen, faults)
        for line, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    ]
    if faults:
        raise ImportFault(faults)
    return tuple(entries)


def write_csv(entries: Iterable[FaqEntry]) -> bytes:
    """The bank as UTF-8 with BOM; no cell can start a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for entry in entries:
        writer.writerow(_safe(cell) for cell in _cells(entry))
    return out.getvalue().encode("utf-8-sig")


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise ImportFault([f"文件超过 {MAX_BYTES // 1024 // 1024} MiB，请分几个文件导入。"])
    if data.startswith(b"PK\x03\x04"):
        raise ImportFault(["这是 Excel 工作簿，请另存为「CSV UTF-8（逗号分隔）」再导入。"])
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportFault(["文件既不是 UTF-8 也不是 GBK 编码，请在 Excel 里另存为「CSV UTF-8」。"])


def _rows(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first and "," not in first else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ImportFault([f"这不是 CSV 文件，或者引号没有配对（{error}）。"]) from None


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
    phrasings = (part.strip() for part in _BETWEEN_PHRASINGS.split(cell["别的问法"]))
    return FaqEntry(
        id=cell["编号"],
        question=cell["问题"],
        answer=cell["答案"],
        source=cell["来源"],
        phrasings=tuple(part for part in phrasings if part),
        tag=cell["分类"],
        area=cell["区域"],
        dated=dated,
        valid_from=begins,
        valid_until=ends,
    )


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


def _cells(entry: FaqEntry) -> Sequence[str]:
    return (
        entry.id, entry.question, "|".join(entry.phrasings), entry.answer, entry.source,
        entry.dated, entry.valid_from, entry.valid_until, entry.tag, entry.area,
    )  # fmt: skip


def _safe(cell: str) -> str:
    return f"'{cell}" if cell[:1] in RISKY and cell else cell
