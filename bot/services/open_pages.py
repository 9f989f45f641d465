"""Pages that everybody may read: what is public of a neighbourhood, and one's own matters."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from bot.errors import NotFound
from bot.language.mask import mask
from bot.models import H5, Appeal, Audience, FaqEntry, GroupState, Note, Notice, Person, State
from bot.ports import Store
from bot.rules.permissions import covers
from bot.services.reach import reached

PAGE = 20
NOTICE_LASTS = timedelta(days=14)
NOTICES = 200
OWN = 30
SAME_NUMBER = 5


class Neighbourhood(Struct, frozen=True):
    """An area with pages of its own; `code` stands in addresses and on posters."""

    code: str
    area: str

    @property
    def name(self) -> str:
        """The last part of its path: 第3微网格."""
        return self.area.rpartition("/")[2]

    @property
    def above(self) -> str:
        """Where it lies: 海棠街道 春晓社区."""
        return self.area.rpartition("/")[0].replace("/", " ")


class OpenNotice(Struct, frozen=True):
    """A notice as everybody may read it, and when it went out."""

    notice: Notice
    at: datetime


class OpenPagesService:
    """What is open within one transaction."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    def neighbourhoods(self) -> Sequence[Neighbourhood]:
        """Every area that has a group, and those above it, in order."""
        found: set[str] = set()
        for group in self._store.people.groups():
            if group.state is GroupState.BOUND:
                parts = group.area.split("/")
                found |= {"/".join(parts[:n]) for n in range(2, len(parts) + 1)}
        return [Neighbourhood(code_of(area), area) for area in sorted(found)]

    def neighbourhood(self, code: str) -> Neighbourhood:
        """By the code in an address. Raises `NotFound`."""
        for each in self.neighbourhoods():
            if each.code == code:
                return each
        raise NotFound(code)

    def appeals(self, area: str, page: int) -> tuple[Sequence[Appeal], bool]:
        """A page of public matters, and whether there are more."""
        found = self._store.open_pages.appeals(area, PAGE + 1, (page - 1) * PAGE)
        return found[:PAGE], len(found) > PAGE

    def numbered(self, area: str, number: str) -> Sequence[Appeal]:
        """Public matters here by the full number, or by the short one of any of its groups.

        A private one is not told from one that is not there.
        """
        if number.startswith("SQ"):
            one = self._store.appeals.by_number(number)
            found = [] if one is None else [one]
        else:
            found = list(self._store.appeals.by_short(int(number), None))
        shown = [a for a in found if a.audience is Audience.PUBLIC and covers(area, a.area)]
        return [a for a in shown if a.state is not State.WITHDRAWN][:SAME_NUMBER]

    def notices(self, area: str) -> Sequence[OpenNotice]:
        """What was lately said to groups here, newest first; what was put right is left out."""
        rows = self._store.open_pages.notices(self._now - NOTICE_LASTS, NOTICES)
        corrected = {notice.corrects for notice, _ in rows}
        return [
            OpenNotice(notice, at)
            for notice, at in rows
            if notice.id not in corrected and self._reaches(notice, area)
        ]

    def answers(self, area: str) -> Sequence[FaqEntry]:
        """Every answer that everybody here may read today, by tag."""
        today = self._now.date().isoformat()
        found = [entry for entry in self._store.faq.entries() if _is_open(entry, area, today)]
        return sorted(found, key=lambda entry: (entry.tag == "", entry.tag))

    def own(self, person: Person) -> Sequence[Appeal]:
        """What somebody brought up themselves, newest first."""
        kept = tuple(state for state in State if state is not State.WITHDRAWN)
        return self._store.appeals.reported_by(person.id, kept, OWN)

    def visitor(self, user: str) -> Person | None:
        """Somebody who brought something up by the page before."""
        return self._store.people.person(H5, user)

    def come(self, user: str, area: str, name: str) -> Person:
        """Somebody brings something up by the page; they belong where they say it."""
        known = self.visitor(user)
        person = Person(
            id=f"{H5}:{user}",
            channel=H5,
            user=user,
            name=name or (known.name if known else "网页居民"),
            area=area,
        )
        self._store.people.save(person)
        return person

    def recorded_by(self, message: str) -> Appeal | None:
        """The matter that a message became, the first of several."""
        for event in self._store.events.caused_by(message):
            if event.subject.startswith("appeal:"):
                return self._store.appeals.get(event.subject.partition(":")[2])
        return None

    def leave_contact(self, message: str, person: Person, phone: str) -> None:
        """How to reach whose message became a matter: a remark that staff alone can read."""
        appeal = self.recorded_by(message)
        if appeal is not None:
            words = f"{person.name}留的电话：{phone}"
            note = Note(id="", appeal=appeal.id, at=self._now, author=person.id, text=words)
            self._store.notes.add(note)

    def _reaches(self, notice: Notice, area: str) -> bool:
        groups = reached(self._store, notice.targets).groups
        return any(covers(area, group.area) or covers(group.area, area) for group in groups)


def code_of(area: str) -> str:
    """The code of an area: short, the same for ever, and not a number to count through."""
    return hashlib.sha256(f"h5:{area}".encode()).hexdigest()[:10]


def story(appeal: Appeal) -> Sequence[tuple[datetime, str]]:
    """What everybody may know of how a matter went, oldest first; nobody's name stands in it."""
    steps: list[tuple[datetime | None, str]] = [
        (appeal.created_at, "收到，已登记"),
        (appeal.started_at, f"已受理，由{appeal.unit or '社区'}办理"),
        (appeal.escalated_at, f"已上报{appeal.venue}"),
        (appeal.answered_at, f"上级答复：{mask(appeal.answer)}"),
        (appeal.closed_at, _end(appeal)),
    ]
    return sorted(((at, words) for at, words in steps if at is not None), key=lambda step: step[0])


def _end(appeal: Appeal) -> str:
    if appeal.state is State.DECLINED:
        return f"不在受理范围：{mask(appeal.result)}"
    return f"已办好：{mask(appeal.result)}" if appeal.result else "已办好"


def _is_open(entry: FaqEntry, area: str, today: str) -> bool:
    begins, ends = entry.valid_from or "", entry.valid_until or "9"
    here = entry.area == "" or covers(entry.area, area) or covers(area, entry.area)
    return entry.audience is Audience.PUBLIC and here and begins <= today <= ends
