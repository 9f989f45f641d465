"""What is written down for those who check the office.

Every line of history goes there by itself, in the same transaction. What leaves no history (who
looked at a private matter, who took a file out, who came in) is noted here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from bot.models import CONSOLE, Appeal, Audience, AuditLine, Door, Entry, Person, Role
from bot.ports import Store
from bot.rules.permissions import ROLE_NAMES
from bot.services import sheet

HEADER = ("序号", "时间", "谁", "做了什么", "对什么", "从哪里", "之前", "之后", "校验值")
PAGE = 1000


class AuditService:
    """Notes within one transaction."""

    def __init__(self, store: Store, now: datetime, door: Door = Door.CHAT) -> None:
        self._store = store
        self._now = now
        self._door = door

    def note(
        self,
        actor: Person | str,
        action: str,
        subject: str,
        before: Mapping[str, str] | None = None,
        after: Mapping[str, str] | None = None,
    ) -> None:
        """Write a line. `subject` is `kind:id`; of words in `before` and `after` only the length
        is kept.
        """
        self._store.audit.add(
            Entry(
                at=self._now,
                actor=actor if isinstance(actor, str) else actor.id,
                action=action,
                subject=subject,
                before=before or {},
                after=after or {},
                door=self._door,
            )
        )

    def viewed(self, actor: Person, appeal: Appeal, *, opened: bool = False) -> None:
        """Somebody else than the asker came to a matter that is not public; `opened`: they read
        the very words of it, or saw its pictures.
        """
        if appeal.audience is not Audience.PUBLIC and actor.id != appeal.reporter:
            action = "查看原文" if opened else "查看"
            self.note(actor, action, f"appeal:{appeal.id}", after={"audience": appeal.audience})

    def exported(self, actor: Person | str, what: str, count: int) -> None:
        """Rows left as a file: `what` is the table, `count` how many."""
        self.note(actor, "导出", f"table:{what}", after={"count": str(count)})

    def imported(self, actor: Person | str, what: str, count: int) -> None:
        """Rows came in from a file."""
        self.note(actor, "导入", f"table:{what}", after={"count": str(count)})

    def changed_person(self, actor: Person | str, before: Person | None, after: Person) -> None:
        """Somebody of the staff came, went, or changed role or area; residents are not noted."""
        roles = {after.role} if before is None else {before.role, after.role}
        old = {} if before is None else standing(before)
        if roles != {Role.RESIDENT} and old != standing(after):
            self.note(actor, "改身份", f"person:{after.id}", old, standing(after))


def door_of(cause: str) -> Door:
    """Through which door something came that has this cause: a message's id, or a door's name."""
    return Door.CONSOLE if cause == CONSOLE else Door.CHAT


def standing(person: Person) -> dict[str, str]:
    """What a person may do and where, as the lines hold it."""
    return {"role": ROLE_NAMES[person.role], "area": person.area}


def write_audit(store: Store) -> bytes:
    """All kept lines as CSV, oldest first."""
    found: list[AuditLine] = []
    before: int | None = None
    while page := store.audit.lines(before=before, limit=PAGE):
        found += page
        before = page[-1].number
    return sheet.write(
        HEADER,
        (
            (
                str(line.number),
                line.at.isoformat(timespec="milliseconds"),
                line.actor or "时钟",
                line.action,
                line.subject,
                line.door.value,
                _plain(line.before),
                _plain(line.after),
                line.hash,
            )
            for line in reversed(found)
        ),
    )


def _plain(text: str) -> str:
    """`state=办理中，handler=…`."""
    return "，".join(f"{name}={value}" for name, value in json.loads(text).items())
