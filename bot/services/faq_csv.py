"""The bank as a CSV file that Excel opens: one row an entry, phrasings parted by `|`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from bot.errors import ImportFault
from bot.models import FaqEntry
from bot.services.faq_table import HEADER, cells_of, entries_of

# What a spreadsheet may take for a formula, and our own mark, which reading takes off again.
RISKY = "=+-@\t\r\n＝＋－＠'"
MAX_BYTES = 16 * 1024 * 1024


def read_csv(data: bytes) -> tuple[FaqEntry, ...]:
    """Entries of a CSV file in UTF-8 (with or without BOM), UTF-16 or GB18030, as Excel writes it.

    Raises `ImportFault` with one Chinese sentence a fault; then nothing is imported.
    """
    return entries_of(_rows(_decode(data)))


def write_csv(entries: Iterable[FaqEntry]) -> bytes:
    """The bank as UTF-8 with BOM; no cell can start a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for entry in entries:
        writer.writerow(_safe(cell) for cell in cells_of(entry))
    return out.getvalue().encode("utf-8-sig")


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise ImportFault([f"文件超过 {MAX_BYTES // 1024 // 1024} MiB，请分几个文件导入。"])
    if data.startswith(b"PK\x03\x04"):
        raise ImportFault(
            ["这是 Excel 工作簿：文件名要以 .xlsx 结尾，或另存为「CSV UTF-8（逗号分隔）」。"]
        )
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


def _safe(cell: str) -> str:
    return f"'{cell}" if cell[:1] in RISKY and cell else cell
