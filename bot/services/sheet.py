"""Tables as CSV files that Excel writes and opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from bot.errors import ImportFault

# What a spreadsheet may take for a formula, and our own mark, which reading takes off again.
RISKY = "=+-@\t\r\n＝＋－＠'"
MAX_BYTES = 16 * 1024 * 1024


def decode(data: bytes) -> str:
    """UTF-8 (with or without BOM), UTF-16 or GB18030, as Excel writes it. Raises `ImportFault`."""
    if len(data) > MAX_BYTES:
        raise ImportFault([f"文件超过 {MAX_BYTES // 1024 // 1024} MiB，请分几个文件导入。"])
    if data.startswith(b"PK\x03\x04"):
        raise ImportFault(
            [
                "这是 Excel 工作簿：能读工作簿的地方文件名要以 .xlsx 结尾，"
                "否则另存为「CSV UTF-8（逗号分隔）」再导入。"
            ]
        )
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportFault(["文件既不是 UTF-8 也不是 GBK 编码，请在 Excel 里另存为「CSV UTF-8」。"])


def rows(text: str) -> list[list[str]]:
    """All rows, parted by commas or tabs. Raises `ImportFault`."""
    first = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in first and "," not in first else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise ImportFault([f"这不是 CSV 文件，或者引号没有配对（{error}）。"]) from None


def header_faults(
    header: Sequence[str], known: Sequence[str], required: Sequence[str]
) -> list[str]:
    """What is wrong with the first row."""
    faults = []
    missing = [name for name in required if name not in header]
    unknown = [name for name in header if name and name not in known]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if missing:
        faults.append(f"表头缺少：{'、'.join(missing)}。第一行应为：{','.join(known)}")
    if unknown:
        faults.append(f"表头里不认识：{'、'.join(unknown)}，请改成上面的名字或删掉这一列。")
    if twice:
        faults.append(f"表头里重复：{'、'.join(twice)}，请只留一列。")
    return faults


def write(header: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with BOM; no cell can start a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for line in lines:
        writer.writerow(safe(cell) for cell in line)
    return out.getvalue().encode("utf-8-sig")


def safe(cell: str) -> str:
    """The cell as a spreadsheet shows it, never computes it."""
    return f"'{cell}" if cell[:1] in RISKY and cell else cell
