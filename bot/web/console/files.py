"""What all pages that take or give files have in common."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.services import sheet
from bot.web.console.visit import Visit

LARGEST = 17 * 1024 * 1024
SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
NO_FILE = "请先选一个 .xlsx 或 CSV 文件。"


def fault_list(visit: Visit, faults: Sequence[str]) -> web.Response:
    """Every fault of a file, as a table to work through."""
    data = sheet.write(("要改的地方",), [(fault,) for fault in faults])
    return visit.file(data, "导入问题清单.csv", CSV)
