"""The bank as a CSV file that Excel opens: one row an entry, phrasings parted by `|`."""

from __future__ import annotations

from collections.abc import Iterable

from bot.models import FaqEntry
from bot.services import sheet
from bot.services.faq_table import HEADER, cells_of, entries_of


def read_csv(data: bytes) -> tuple[FaqEntry, ...]:
    """Entries of a CSV file in UTF-8 (with or without BOM), UTF-16 or GB18030, as Excel writes it.

    Raises `ImportFault` with one Chinese sentence a fault; then nothing is imported.
    """
    return entries_of(sheet.rows(sheet.decode(data)))


def write_csv(entries: Iterable[FaqEntry]) -> bytes:
    """The bank as UTF-8 with BOM; no cell can start a formula."""
    return sheet.write(HEADER, map(cells_of, entries))
