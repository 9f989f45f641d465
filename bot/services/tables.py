"""The tables that a community edits, as everybody reads them: shipped ones, then its own."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import structlog

from bot.errors import ImportFault
from bot.language.classify import Classifier
from bot.ports import Store
from bot.rules.taxonomy import Category, Taxonomy
from bot.rules.workdays import WorkCalendar, YearTable
from bot.services.units import units_of

log = structlog.get_logger()

TAXONOMY = "taxonomy"
WORKDAYS = "workdays"
KINDS = "kinds"
"""Single kinds that were changed by hand, over the whole table."""


class Tables:
    """Kinds of matters and working days, built anew when their rows change.

    The writer thread refreshes; others read what is there.
    """

    def __init__(self, shipped: Taxonomy, years: Mapping[int, YearTable]) -> None:
        self.shipped = shipped
        self.shipped_years = dict(years)
        self._version = 0
        self._own_units: frozenset[str] = frozenset()
        self._set(shipped, self.shipped_years)

    def refresh(self, store: Store) -> None:
        """Read the rows again if they changed."""
        version = store.settings.version()
        if version == self._version:
            return
        self._version = version
        try:
            self._set(taxonomy_in(store, self.shipped), self.shipped_years | years_of(store))
            self._own_units = frozenset(units_of(store))
        except ImportFault as error:
            # Rows that an older version wrote: better the last good ones than none.
            log.error("tables cannot be read", faults=list(error.faults))

    @property
    def units(self) -> frozenset[str]:
        """Every unit that a matter may be handed to."""
        return self.taxonomy.units | self._own_units

    def _set(self, taxonomy: Taxonomy, years: Mapping[int, YearTable]) -> None:
        calendar = WorkCalendar.of(years)
        self.classifier = Classifier(taxonomy.keywords)
        self.taxonomy = taxonomy
        self.calendar = calendar


def taxonomy_of(store: Store) -> Taxonomy | None:
    """The community's own kinds of matters; None while it has none. Raises `ImportFault`."""
    rows = store.settings.rows(TAXONOMY)
    if not rows:
        return None
    try:
        return Taxonomy(msgspec.json.decode(row, type=Category) for row in rows.values())
    except (msgspec.DecodeError, ValueError) as error:
        raise ImportFault([str(error)]) from error


def taxonomy_in(store: Store, shipped: Taxonomy) -> Taxonomy:
    """The kinds in force: the shipped table or an imported one, single kinds changed by hand.

    Raises `ImportFault`.
    """
    base = taxonomy_of(store) or shipped
    changed = changed_kinds(store)
    if not changed:
        return base
    try:
        return Taxonomy(changed.get(one.code, one) for one in base.all)
    except ValueError as error:
        raise ImportFault([str(error)]) from error


def changed_kinds(store: Store) -> dict[str, Category]:
    """Kinds that were changed by hand, by code. Raises `ImportFault`."""
    rows = store.settings.rows(KINDS)
    try:
        return {code: msgspec.json.decode(row, type=Category) for code, row in rows.items()}
    except msgspec.DecodeError as error:
        raise ImportFault([str(error)]) from error


def save_kinds(store: Store, kinds: Mapping[str, Category]) -> None:
    """Exactly these are changed by hand."""
    store.settings.clear(KINDS)
    store.settings.put(
        KINDS, {code: msgspec.json.encode(one).decode() for code, one in kinds.items()}
    )


def years_of(store: Store) -> dict[int, YearTable]:
    """The years whose days off were imported. Raises `ImportFault`."""
    rows = store.settings.rows(WORKDAYS)
    try:
        return {int(y): msgspec.json.decode(row, type=YearTable) for y, row in rows.items()}
    except (msgspec.DecodeError, ValueError) as error:
        raise ImportFault([str(error)]) from error


def save_taxonomy(store: Store, taxonomy: Taxonomy) -> int:
    """Replace the community's kinds of matters; their number."""
    rows = {one.code: msgspec.json.encode(one).decode() for one in taxonomy.all}
    store.settings.clear(TAXONOMY)
    store.settings.clear(KINDS)
    store.settings.put(TAXONOMY, rows)
    return len(rows)


def save_years(store: Store, years: Mapping[int, YearTable]) -> int:
    """Add years, or replace them; their number."""
    rows = {str(year): msgspec.json.encode(table).decode() for year, table in years.items()}
    store.settings.put(WORKDAYS, rows)
    return len(rows)
