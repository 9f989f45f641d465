"""Which form a file of the bank has, by the ending of its name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from bot.errors import ImportFault
from bot.models import FaqEntry
from bot.services import sheet
from bot.services.faq_csv import write_csv
from bot.services.faq_table import Line, lines_of


def read_bank_file(name: str, data: bytes) -> tuple[FaqEntry, ...]:
    """Entries of a .csv or .xlsx file. Raises `ImportFault`."""
    return tuple(line.entry for line in read_bank_lines(name, data))


def read_bank_lines(name: str, data: bytes) -> tuple[Line, ...]:
    """Entries with the numbers of their rows. Raises `ImportFault`."""
    ending = PurePath(name).suffix.lower()
    if ending == ".xlsx":
        from bot.services.faq_xlsx import xlsx_rows  # noqa: PLC0415 - only when it is needed

        return lines_of(xlsx_rows(data))
    if ending in {".xls", ".xlsm", ".et", ".ods"}:
        raise ImportFault([f"读不了 {ending} 文件，请在 Excel 或 WPS 里另存为 .xlsx 或 CSV。"])
    return lines_of(sheet.rows(sheet.decode(data)))


def write_bank_file(name: str, entries: Iterable[FaqEntry]) -> bytes:
    """The bank in the form that the name's ending asks for; CSV when it says nothing."""
    if PurePath(name).suffix.lower() == ".xlsx":
        from bot.services.faq_xlsx import write_xlsx  # noqa: PLC0415

        return write_xlsx(entries)
    return write_csv(entries)
