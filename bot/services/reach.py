"""Whom a notice reaches: groups by name, area, tag or building, and people by what they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from bot.models import Group, GroupState, Notice, Person, Targets
from bot.ports import Store
from bot.rules.buildings import numbers
from bot.rules.permissions import covers


class Reach(Struct, frozen=True):
    """Groups and people, each once."""

    groups: tuple[Group, ...] = ()
    people: tuple[Person, ...] = ()

    @property
    def count(self) -> int:
        """How many messages it takes."""
        return len(self.groups) + len(self.people)

    @property
    def communities(self) -> frozenset[str]:
        """The communities (街道/社区) that are reached."""
        areas = [group.area for group in self.groups] + [person.area for person in self.people]
        return frozenset("/".join(area.split("/")[:2]) for area in areas)


def reached(store: Store, targets: Targets) -> Reach:
    """Resolved at this moment: a group that was bound yesterday is reached today."""
    groups = [
        group
        for group in store.people.groups()
        if group.state is GroupState.BOUND
        and group.id not in targets.without
        and is_meant(group, targets)
    ]
    people = [person for person in store.people.staff() if _is_told(person, targets)]
    return Reach(in_order(groups), tuple(people))


def same_words(store: Store, notice: Notice, others: Iterable[Notice]) -> frozenset[str]:
    """The ids of those groups that hear the very same from one of these other notices."""
    alike = [one for one in others if _all_words(one) & _all_words(notice)]
    return frozenset(
        group.id
        for other in alike
        for group in reached(store, other.targets).groups
        if other.words_for(group.id) == notice.words_for(group.id)
    )


def _all_words(notice: Notice) -> set[str]:
    return {notice.text, *notice.variants.values()}


def in_order(groups: Sequence[Group]) -> tuple[Group, ...]:
    """第2微网格 before 第10微网格."""
    return tuple(sorted(groups, key=lambda group: (len(group.area), group.area, group.name)))


def is_meant(group: Group, targets: Targets) -> bool:
    """Whether a group is among the targets, but for those that are left out."""
    if group.id in targets.groups:
        return True
    if not any(covers(area, group.area) for area in targets.areas) or targets.roles:
        return False
    if targets.tags and not set(targets.tags).intersection(group.tags):
        return False
    return not targets.buildings or not numbers(targets.buildings).isdisjoint(
        numbers(group.buildings)
    )


def _is_told(person: Person, targets: Targets) -> bool:
    return person.role in targets.roles and any(
        covers(area, person.area) or covers(person.area, area) for area in targets.areas
    )
