"""A notice as each of its targets will see it: words, pieces, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from bot.language.splitting import numbered
from bot.models import Carries, Media, MediaKind, Notice
from bot.ports import Store
from bot.services.knowledge import Knowledge
from bot.services.media import THERE
from bot.services.reach import reached


class View(Struct, frozen=True, kw_only=True):
    """What some receivers see alike: `groups` by name, `people` counted.

    `pieces`: into how many messages their platform's limit cuts the text. `pictures` and `files`
    are those that they get; `lacking` those that their channel cannot carry.
    """

    text: str
    groups: tuple[str, ...] = ()
    people: int = 0
    pieces: int = 1
    pictures: int = 0
    files: int = 0
    lacking: int = 0


def views(store: Store, knowledge: Knowledge, notice: Notice) -> Sequence[View]:
    """Every way in which it is seen, in the order of the groups."""
    reach = reached(store, notice.targets)
    media = along(store, notice)
    none = Carries()
    pieces = cache(_pieces)
    alike: dict[tuple[str, Carries], tuple[list[str], int]] = {}
    for group in reach.groups:
        key = notice.words_for(group.id), knowledge.carries.get(group.channel, none)
        alike.setdefault(key, ([], 0))[0].append(group.name)
    for person in reach.people:
        key = notice.text, knowledge.carries.get(person.channel, none)
        names, people = alike.setdefault(key, ([], 0))
        alike[key] = names, people + 1
    return [
        _view(text, carries, tuple(names), people, pieces(text, carries.text_bytes), media)
        for (text, carries), (names, people) in alike.items()
    ]


def along(store: Store, notice: Notice) -> Sequence[Media]:
    """The pictures and files that go with a notice: there, or on their way."""
    found = [store.media.get(name) for name in notice.media]
    return [one for one in found if one is not None and one.state in THERE]


def carried(carries: Carries, media: Media) -> bool:
    """Whether a channel can send this one."""
    return carries.pictures if media.kind is MediaKind.IMAGE else carries.files


def _view(
    text: str,
    carries: Carries,
    names: tuple[str, ...],
    people: int,
    pieces: int,
    media: Sequence[Media],
) -> View:
    got = [one for one in media if carried(carries, one)]
    pictures = sum(one.kind is MediaKind.IMAGE for one in got)
    return View(
        text=text,
        groups=names,
        people=people,
        pieces=pieces,
        pictures=pictures,
        files=len(got) - pictures,
        lacking=len(media) - len(got),
    )


def _pieces(text: str, limit: int) -> int:
    return len(numbered(text, limit)) if limit else 1
