"""Who speaks, and where."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

LEDGER = "ledger"
"""The channel of people whom an older ledger names; nothing is ever sent to it."""


class Role(StrEnum):
    """What a person is in the micro-grid, from the door to the street office."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    PARTNER = "partner"
    STEWARD = "steward"
    GRID_WORKER = "grid_worker"
    GRID_LEAD = "grid_lead"
    COMMUNITY = "community"
    STREET = "street"


class Listen(StrEnum):
    """How much of a group's talk the bot may answer; `none` for groups that it cannot hear."""

    ALL = "all"
    COMMANDS = "commands"
    MENTION = "mention"
    NONE = "none"


class GroupState(StrEnum):
    """Whether a group has an area: it waits for one, has one, or a steward took it away."""

    PENDING = "pending"
    BOUND = "bound"
    CLOSED = "closed"


class Person(Struct, frozen=True, kw_only=True):
    """Somebody on one channel. `area` is a path: 街道/社区/微网格.

    `unit` is the organisation that a person speaks for; `serves` are the categories (codes or
    names) and keywords of matters that a partner unit can take on. `home` is where a resident lives
    (`3幢2单元`), for 我们楼; never a room.
    """

    id: str
    channel: str
    user: str
    name: str
    role: Role = Role.RESIDENT
    area: str = ""
    unit: str = ""
    serves: tuple[str, ...] = ()
    home: str = ""


class Group(Struct, frozen=True, kw_only=True):
    """A chat group. `area` is where it belongs; while it waits, where its channel does.

    `names` are what the bot is called here; empty: as in the settings. `tags` and `buildings`
    (`3幢`, `21-25幢`) are what notices may be addressed by. `places` are its named places, one
    name and its other names a line (`春晓亭 亭子`).
    """

    id: str
    channel: str
    chat: str
    name: str
    area: str
    listen: Listen = Listen.ALL
    names: tuple[str, ...] = ()
    state: GroupState = GroupState.BOUND
    tags: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
