"""Notices to look at: whose they are, whom they reach, who must say yes, what is planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from bot.errors import NotAllowed, NotFound
from bot.models import (
    SHANGHAI,
    Event,
    Group,
    GroupState,
    Incoming,
    Media,
    Notice,
    NoticeState,
    Origin,
    Person,
    Recurrence,
    Targets,
)
from bot.ports import Store
from bot.rules.notice_dates import dated
from bot.rules.notice_templates import NoticeTemplate, TemplateField
from bot.rules.permissions import Deed, covers, may
from bot.rules.recurrence import upcoming
from bot.services.forwards import fit, forwarded
from bot.services.knowledge import Knowledge
from bot.services.notice_told import Told, told
from bot.services.notice_views import View, along, carried, views
from bot.services.reach import Reach, in_order, reached, same_words

AUTHORED = frozenset({"起草", "附图", "改为紧急", "写明来源"})
"""Steps on what is not confirmed yet."""
DRAFTING = AUTHORED | {"改期", "修改通知"}
UNDOABLE = AUTHORED | {"确认发布", "改期", "暂停通知", "恢复通知", "审核通过", "审核退回"}
NOT_SENT = frozenset({NoticeState.DRAFT, NoticeState.CANCELLED})
AHEAD = (NoticeState.PLANNED, NoticeState.PAUSED, NoticeState.AWAITING)


class Wording(Struct, frozen=True, kw_only=True):
    """Everything about a notice that its author decides."""

    text: str
    targets: Targets
    planned_at: datetime
    tag: str = ""
    origin: Origin = Origin()
    recurrence: Recurrence | None = None
    late: int | None = None
    corrects: str = ""
    urgent: bool = False
    variants: dict[str, str] = {}
    media: tuple[str, ...] = ()


class Completed(Struct, frozen=True):
    """A template with an author's values: the words, or what keeps them from being any.

    `missing` are fields that must be filled in; `fault` begins a Chinese sentence about `faulty`.
    """

    text: str = ""
    missing: tuple[TemplateField, ...] = ()
    fault: str = ""
    faulty: str = ""


class NoticeLooks:
    """What can be asked about notices within one transaction; nothing here changes a row."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now

    @property
    def today(self) -> date:
        """The present day in Asia/Shanghai."""
        return self._now.astimezone(SHANGHAI).date()

    def is_passed_on(self, text: str) -> bool:
        """Whether a message could be somebody else's words that are to be announced."""
        return fit(text)

    def forwarded(self, incoming: Incoming, message: str) -> str:
        """What a notice without words of its own tells: a quote, or what came just before."""
        return forwarded(self._store, incoming, message, self._now)

    def scope(self, author: Person) -> Sequence[Group]:
        """The groups that an author may write to. Raises `NotAllowed` when there is none."""
        groups = [
            group
            for group in self._store.people.groups()
            if group.state is GroupState.BOUND and covers(author.area, group.area)
        ]
        if not groups or not may(author.role, Deed.ANNOUNCE):
            raise NotAllowed(Deed.ANNOUNCE)
        return in_order(groups)

    def times(self, recurrence: Recurrence, count: int = 1) -> Sequence[datetime]:
        """The next times of a recurrence; fewer when it ends, or when no table knows the year."""
        return upcoming(recurrence, self._now, self._knowledge.calendar, count)

    @property
    def templates(self) -> Sequence[NoticeTemplate]:
        """Ready notices with fields, as this community has them."""
        return self._knowledge.templates.all

    def template(self, text: str) -> tuple[NoticeTemplate, str] | None:
        """The template whose name a text begins with, and what stands behind it."""
        return self._knowledge.templates.find(text)

    def complete(self, template: NoticeTemplate, values: Mapping[str, str]) -> Completed:
        """Put values into a template; days become dates, because it is read on another day."""
        missing = template.missing(values)
        if missing:
            return Completed(missing=missing)
        filled = dict(values)
        for field in template.field:
            if field.kind != "time" or not values.get(field.name):
                continue
            found = dated(values[field.name], self._now, self._knowledge.calendar)
            if found.fault:
                return Completed(fault=found.fault, faulty=field.name)
            filled[field.name] = found.words
        return Completed(template.fill(filled))

    def reach(self, targets: Targets) -> Reach:
        """Whom a notice would reach if it were sent now."""
        return reached(self._store, targets)

    def goes_out(self, notice: Notice | Wording, at: datetime) -> datetime:
        """When what is planned for `at` really goes out: not in the quiet hours of the night."""
        return at if notice.urgent else self._knowledge.notice_quiet.after(at)

    def is_immediate(self, draft: Notice) -> bool:
        """Whether a draft is to go out as soon as it is confirmed."""
        return draft.recurrence is None and draft.planned_at == draft.created_at

    def repeated(self, notice: Notice, at: datetime) -> Sequence[Group]:
        """The groups that hear the very same a few minutes before or after `at`."""
        within = self._knowledge.same_words
        others = [
            other
            for other in self._store.notices.planned_between(at - within, at + within)
            if other.id not in {notice.id, notice.corrects}
        ]
        told = same_words(self._store, notice, others)
        since = at - within
        return [
            group
            for group in reached(self._store, notice.targets).groups
            if group.id in told
            or self._store.outbox.said_since(
                group.channel, group.chat, notice.words_for(group.id), since
            )
        ]

    def can_carry(self, receiver: Group | Person, media: Media) -> bool:
        """Whether the channel of a receiver can send this picture or file."""
        carries = self._knowledge.carries.get(receiver.channel)
        return carries is not None and carried(carries, media)

    def along(self, notice: Notice) -> Sequence[Media]:
        """The pictures and files that go with it: there, or on their way."""
        return along(self._store, notice)

    def views(self, notice: Notice) -> Sequence[View]:
        """How its targets will see it, those together that see it alike."""
        return views(self._store, self._knowledge, notice)

    def last_draft(self, author: Person, within: timedelta) -> Notice | None:
        """What an author drafted last, if nothing has become of it."""
        last = self._store.events.last_by(author.id, self._now - within)
        if last is None or last.action not in DRAFTING:
            return None
        notice = self._store.notices.get(last.subject.partition(":")[2])
        return notice if notice is not None and notice.state is NoticeState.DRAFT else None

    def needs_second(self, notice: Notice) -> bool:
        """Whether a second person must approve: policy, or more than one community."""
        match self._knowledge.notice_approval:
            case "always":
                return True
            case "never":
                return False
            case _:
                wide = len(self.reach(notice.targets).communities) > 1
                return wide or notice.tag in self._knowledge.approved_tags

    def get(self, notice_id: str) -> Notice | None:
        """By our id."""
        return self._store.notices.get(notice_id)

    def told(self, receiver: Group | Person, within: timedelta) -> Sequence[Told]:
        """The notices that somebody was sent lately and that still hold, newest first."""
        return told(self._store, receiver, self._now, within)

    def told_around(self, person: Person, within: timedelta) -> Sequence[Told]:
        """What somebody was told in private, and what the groups of their micro-grid were told."""
        found = {each.notice.id: each for each in self.told(person, within)}
        for group in self._store.people.groups():
            if group.state is GroupState.BOUND and group.area == person.area:
                found |= {each.notice.id: each for each in self.told(group, within)}
        return sorted(found.values(), key=lambda each: each.at, reverse=True)

    def of(self, author: Person, limit: int) -> Sequence[Notice]:
        """A person's own notices, newest first."""
        return self._store.notices.by_author(author.id, limit)

    def planned(self, person: Person) -> Sequence[Notice]:
        """What is planned for groups that a person is in charge of, earliest first."""
        return self._concerning(person, NoticeState.PLANNED)

    def awaiting(self, person: Person) -> Sequence[Notice]:
        """What a person could approve."""
        found = self._concerning(person, NoticeState.AWAITING)
        return [notice for notice in found if notice.author != person.id]

    def lateness(self, notice: Notice) -> timedelta:
        """How long ago its time was; negative before it."""
        return self._now - notice.planned_at

    def grace(self, notice: Notice) -> timedelta:
        """How late it may still be sent without asking."""
        late = notice.late
        return self._knowledge.notice_grace if late is None else timedelta(minutes=late)

    def _concerning(self, person: Person, state: NoticeState) -> Sequence[Notice]:
        return [
            notice
            for notice in self._store.notices.by_state(state, 200)
            if notice.author == person.id or self._touches(notice, person)
        ]

    def find(self, number: str, person: Person) -> Notice:
        """By the number that people say, if it concerns this person. Raises `NotFound`."""
        notices = self._store.notices
        notice = notices.get(f"n{number}") or notices.get(number)
        if notice is None or not (notice.author == person.id or self._touches(notice, person)):
            raise NotFound(number)
        return notice

    def listed(self, person: Person) -> Sequence[Notice]:
        """All that is still to come for a person's own groups, earliest first."""
        found = [notice for state in AHEAD for notice in self._concerning(person, state)]
        return sorted(found, key=lambda notice: (notice.planned_at, notice.id))

    def approvers(self, notice: Notice) -> Sequence[Person]:
        """Everyone but its author who may let a notice go."""
        areas = self._areas(notice.targets)
        return [
            person
            for person in self._store.people.staff()
            if person.id != notice.author
            and may(person.role, Deed.ANNOUNCE)
            and all(covers(person.area, area) for area in areas)
        ]

    def history(self, notice: Notice) -> Sequence[Event]:
        """What was done to a notice, the oldest first."""
        return self._store.events.of(f"notice:{notice.id}")

    def last_step(self, person: Person) -> Event | None:
        """What somebody did last, of whatever kind, as long as it can be taken back."""
        last = self._store.events.last_by(person.id, self._now - self._knowledge.undo_within)
        return last if last is not None and last.action in UNDOABLE else None

    def corrected_by(self, notice: Notice) -> Notice | None:
        """The notice that puts this one right, if one is out or on its way."""
        found = self._store.notices.correcting(notice.id)
        return found if found is not None and found.state not in NOT_SENT else None

    def sent(self, notice: Notice) -> bool:
        """Whether it was ever sent."""
        return bool(self._store.notices.runs(notice.id))

    def heard_by(self, notice: Notice) -> tuple[Sequence[Group], Sequence[Person]]:
        """The groups and people to whom its last run was sent."""
        runs = self._store.notices.runs(notice.id)
        rows = self._store.outbox.caused_by(runs[0].cause) if runs else ()
        told = dict.fromkeys((row.channel, row.chat, row.user) for row in rows)
        groups = [self._store.people.group(channel, chat) for channel, chat, _ in told if chat]
        people = [self._store.people.person(channel, user) for channel, _, user in told if user]
        return [one for one in groups if one is not None], [
            one for one in people if one is not None
        ]

    def _areas(self, targets: Targets) -> Sequence[str]:
        return [group.area for group in self.reach(targets).groups] + list(targets.areas)

    def _touches(self, notice: Notice, person: Person) -> bool:
        reach = self.reach(notice.targets)
        return any(covers(person.area, group.area) for group in reach.groups)
