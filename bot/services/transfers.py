"""What the command line brings into the data and takes out of it, whole files at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.resources import files

from msgspec import Struct

from bot.errors import ImportFault
from bot.models import Door
from bot.ports import Store
from bot.rules.holiday_notice import read_notice
from bot.rules.taxonomy import SHIPPED, Taxonomy
from bot.rules.workdays import YearTable, read_tables, write_tables
from bot.services import sheet
from bot.services.audit import AuditService, write_audit
from bot.services.faq_csv import read_csv, write_csv
from bot.services.tables import save_taxonomy, save_years, taxonomy_in, years_of
from bot.services.taxonomy_csv import read_taxonomy, write_taxonomy

SHELL = "命令行"
Apply = Callable[[Store], int]


class Transfer(Struct, frozen=True):
    """One kind of file.

    `parse` raises `ImportFault`; what it returns brings everything in and tells how many there
    were. `export` is the whole. `personal`: it says who did what.
    """

    parse: Callable[[bytes], Apply]
    export: Callable[[Store], bytes]
    mime: str = "text/csv"
    personal: bool = False


def bring(store: Store, kind: str, apply: Apply, actor: str, now: datetime) -> int:
    """Bring a parsed file in and write down that it came; how many rows."""
    count = apply(store)
    AuditService(store, now, Door.COMMAND_LINE).imported(actor, kind, count)
    return count


def take(store: Store, kind: str, actor: str, now: datetime) -> bytes:
    """A whole table as a file; that persons' data left is written down."""
    transfer = TRANSFERS[kind]
    data = transfer.export(store)
    if transfer.personal:
        lines = max(0, data.count(b"\n") - 1)
        AuditService(store, now, Door.COMMAND_LINE).exported(actor, kind, lines)
    return data


def _audit(data: bytes) -> Apply:
    raise ImportFault(["留痕只能导出，不能导入。"])


def _faq(data: bytes) -> Apply:
    entries = read_csv(data)

    def apply(store: Store) -> int:
        store.faq.replace(entries)
        return len(entries)

    return apply


def _taxonomy(data: bytes) -> Apply:
    taxonomy = read_taxonomy(data)
    return lambda store: save_taxonomy(store, taxonomy)


def _holidays(data: bytes) -> Apply:
    years = read_years(data)
    return lambda store: save_years(store, years)


def read_years(data: bytes) -> dict[int, YearTable]:
    """A table as JSON, or the text of the yearly notice. Raises `ImportFault`."""
    if data.lstrip()[:1] == b"{":
        return read_tables(data)
    return read_tables(write_tables(read_notice(sheet.decode(data))))


def _shipped() -> Taxonomy:
    return Taxonomy.parse(files("bot").joinpath(SHIPPED).read_bytes())


TRANSFERS: Mapping[str, Transfer] = {
    "faq": Transfer(_faq, lambda store: write_csv(store.faq.entries())),
    "taxonomy": Transfer(_taxonomy, lambda store: write_taxonomy(taxonomy_in(store, _shipped()))),
    "audit": Transfer(_audit, write_audit, personal=True),
    "holidays": Transfer(
        _holidays, lambda store: write_tables(years_of(store)), "application/json"
    ),
}
