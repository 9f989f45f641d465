"""What the made-up community brings along besides its people: a morning of talk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct, field

from bot.models import Incoming, Person, Role
from bot.ports import Store


class TalkLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of `talk.jsonl`."""

    who: str
    chat: str = field(name="in")
    text: str
    mention: bool = False


def talk(path: Path, channel: str, now: datetime) -> Iterator[Incoming]:
    """The demo's lines as messages."""
    for index, line in enumerate(path.read_text("utf-8").splitlines()):
        said = msgspec.json.decode(line, type=TalkLine)
        yield Incoming(
            channel=channel,
            chat=said.chat,
            sender=said.who,
            message_id=f"demo-{index}",
            text=said.text,
            sent_at=now,
            mentioned=said.mention,
        )


def mirror_residents(store: Store, channel: str, other: str) -> None:
    """Residents may also write through the stand-in for WeCom; staff stay on one channel only,
    or they would be told everything twice."""
    for person in store.people.residents(channel):
        if person.role in {Role.RESIDENT, Role.VOLUNTEER}:
            store.people.save(
                Person(
                    id=f"{other}:{person.user}",
                    channel=other,
                    user=person.user,
                    name=person.name,
                    role=person.role,
                    area=person.area,
                )
            )
