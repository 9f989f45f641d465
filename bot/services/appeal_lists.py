"""Lists of matters for the office: what somebody may see of what they ask for, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from bot.errors import Faulty, NotFound, NotPossible
from bot.models import Account, Appeal, Person, SavedView, Wish
from bot.ports import Store
from bot.rules.permissions import covers
from bot.services.appeals import AppealsService
from bot.services.knowledge import Knowledge
from bot.services.today import days

PAGE = 30
DEEPEST = 400
"""Pages; whoever looks for what is further down narrows the list."""
MOST_VIEWS = 12
LONGEST_NAME = 12
_CHOICES = 60


class Found(Struct, frozen=True, kw_only=True):
    """One page of a list, and whether there is more behind it."""

    rows: Sequence[Appeal]
    more: bool


class AppealLists:
    """Lists within one transaction."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._now = now
        self._appeals = AppealsService(store, knowledge, now)

    def page(self, wish: Wish, person: Person, number: int, size: int = PAGE) -> Found:
        """A page of a list, from 1. What a person may not see is not in it.

        Raises `NotFound` for an area that is not theirs.
        """
        if not covers(person.area, wish.area):
            raise NotFound(wish.area)
        offset = (min(number, DEEPEST) - 1) * size
        found = self._store.lists.found(
            wish, (self._now, *days(self._now)), offset=offset, limit=size + 1
        )
        rows = [a for a in found[:size] if self._appeals.may_see(a, person, None)]
        return Found(rows=rows, more=len(found) > size and number < DEEPEST)

    def buildings(self, area: str) -> Sequence[str]:
        """The buildings of which something is open, by their numbers."""
        return sorted(self._store.lists.buildings(area, _CHOICES), key=_by_number)

    def units(self, area: str) -> Sequence[str]:
        """Who has something open in hand, the most first."""
        return self._store.lists.units(area, _CHOICES)

    # Saved lists

    def views(self, account: Account) -> Sequence[SavedView]:
        """An account's own, in the order in which they were saved."""
        return self._store.views.of(account.id)

    def save(self, account: Account, name: str, wish: str) -> None:
        """Save one. Raises `Faulty` for its name, `NotPossible` when there are too many."""
        known = self.views(account)
        if len(known) >= MOST_VIEWS:
            raise NotPossible(f"最多存{MOST_VIEWS}个常用清单，先删掉一个不用的。")
        view = SavedView(id="", account=account.id, name=_named(name, known), wish=wish)
        self._store.views.add(view)

    def rename(self, account: Account, view: str, name: str) -> None:
        """Another name. Raises `NotFound`, `Faulty`, `NotPossible`."""
        own = self._own(account, view)
        others = [one for one in self.views(account) if one.id != own.id]
        self._store.views.rename(own.id, _named(name, others))

    def remove(self, account: Account, view: str) -> SavedView:
        """Not wanted any more; returns what it was. Raises `NotFound`."""
        own = self._own(account, view)
        self._store.views.remove(view)
        return own

    def _own(self, account: Account, view: str) -> SavedView:
        for one in self.views(account):
            if one.id == view:
                return one
        raise NotFound(view)


def _named(name: str, known: Sequence[SavedView]) -> str:
    """A name that no other one has. Raises `Faulty`, `NotPossible`."""
    name = " ".join(name.split())
    if not name:
        raise Faulty("清单的名字")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise Faulty("清单的名字", "long")
    if any(one.name == name for one in known):
        raise NotPossible(f"已经有一个叫「{name}」的清单，请换一个名字。")
    return name


def _by_number(building: str) -> tuple[int, str]:
    digits = "".join(c for c in building.partition("-")[0] if c.isascii() and c.isdigit())
    return (int(digits[:6]) if digits else 0, building)
