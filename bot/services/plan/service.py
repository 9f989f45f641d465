"""Plans within one transaction: rows become drafts that wait for one word of their author."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from bot.errors import Ambiguous, ImportFault, NotFound, NotPossible
from bot.language.dates import say_when
from bot.language.notice_words import find_blank, tag_of, tame
from bot.models import (
    Dialog,
    Group,
    Notice,
    NoticeState,
    Origin,
    Person,
    Plan,
    PlanState,
    Targets,
)
from bot.ports import Store
from bot.rules.notice_faults import LONGEST
from bot.rules.permissions import STAFF, covers
from bot.rules.recurrence import upcoming
from bot.services.knowledge import Knowledge
from bot.services.notice_looks import AHEAD
from bot.services.notices import NoticesService, Wording
from bot.services.plan.rows import Planned, PlanRow
from bot.services.plan.targets import targets_of, words_of

TOPIC = "notice.plan"
ANSWER_WITHIN = timedelta(days=3)
MOST_TIMES = 40
"""Times that stand by name in a calendar where no rule says them."""
MOST = 1000
CALLABLE = frozenset({NoticeState.DRAFT, *AHEAD})


class Batch(Struct, frozen=True):
    """An imported plan with its notices as they stand, in the order of their times."""

    plan: Plan
    notices: tuple[Notice, ...]


class Checked(Struct, frozen=True):
    """A row that can be planned: its wording, and how many groups and people it reaches."""

    row: PlanRow
    wording: Wording
    count: int


class PlansService:
    """Bringing a plan in, confirming it as a whole, and giving the plan out."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now
        self._notices = NoticesService(store, knowledge, now)

    def author(self, name: str) -> Person:
        """Staff by our id, account or name. Raises `NotFound`, `Ambiguous`."""
        staff = [person for person in self._store.people.staff() if person.role in STAFF]
        known = [person for person in staff if person.id == name]
        known = known or [person for person in staff if person.user == name]
        known = known or [person for person in staff if person.name == name]
        if len(known) > 1:
            raise Ambiguous([person.id for person in known])
        if not known:
            raise NotFound(name)
        return known[0]

    def check(self, author: Person, rows: Sequence[PlanRow], to: str = "") -> Sequence[Checked]:
        """What would be planned; `to` is for rows that name nobody.

        Raises `ImportFault` with a sentence for every faulty row, `NotAllowed`.
        """
        mine = self._notices.scope(author)
        faults: list[str] = []
        found: list[Checked] = []
        for row in rows:
            try:
                found.append(self._checked(author, row, mine, to))
            except ValueError as error:
                faults.append(f"{row.where}：{error}")
        faults += self._twice(author, found)
        if faults:
            raise ImportFault(faults)
        return found

    def bring(self, author: Person, rows: Sequence[PlanRow], to: str, cause: str) -> Batch:
        """Every row a draft, or none at all. Raises as `check`."""
        checked = sorted(self.check(author, rows, to), key=lambda one: one.wording.planned_at)
        drafts = [self._notices.draft(author, one.wording, cause) for one in checked]
        plan = Plan(
            number=self._store.appeals.next_number("plans"),
            author=author.id,
            at=self._now,
            notices=tuple(draft.id for draft in drafts),
        )
        self._store.plans.save(plan)
        return Batch(plan, tuple(drafts))

    def next_new(self) -> datetime | None:
        """When the author of a plan is to be asked: at once, if there is one."""
        return self._store.plans.first_new()

    def ask(self) -> Sequence[tuple[Person, Batch]]:
        """Plans whose author is asked now, each once; the next word of theirs answers."""
        found = []
        for plan in self._store.plans.in_state(PlanState.NEW):
            author = self._store.people.by_id(plan.author)
            self._store.plans.save(plan.put(PlanState.ASKED))
            if author is not None:
                self._expect(author, plan)
                found.append((author, self._batch(plan)))
        return found

    def find(self, number: str, person: Person) -> Batch:
        """One's own plan; without a number the newest that waits, or the newest at all.

        Raises `NotFound`.
        """
        own = [plan for plan in self._store.plans.newest() if plan.author == person.id]
        if number:
            own = [plan for plan in own if str(plan.number) == number]
        waiting = [plan for plan in own if plan.state is not PlanState.SETTLED]
        if not own:
            raise NotFound(number)
        return self._batch((waiting or own)[0])

    def confirm(self, batch: Batch, actor: Person, cause: str) -> Batch:
        """All that is still a draft is planned; what is over by now is called off.

        Raises `NotPossible` when nothing of it waits.
        """
        drafts = [one for one in batch.notices if one.state is NoticeState.DRAFT]
        if not drafts:
            raise NotPossible("没有等确认的了")
        for draft in drafts:
            at = self._next(draft)
            if at is None:
                self._notices.cancel(draft.id, actor, cause)
            else:
                self._notices.confirm(draft.id, actor, at=at, cause=cause)
        return self._settled(batch.plan)

    def cancel(self, batch: Batch, actor: Person, cause: str) -> Batch:
        """All that was not sent yet is called off. Raises `NotPossible` when there is none."""
        waiting = [one for one in batch.notices if one.state in CALLABLE]
        if not waiting:
            raise NotPossible("没有可以取消的了")
        for notice in waiting:
            self._notices.cancel(notice.id, actor, cause)
        return self._settled(batch.plan)

    def export(self, area: str = "") -> Sequence[Planned]:
        """All that is still to come for groups of an area ("": everywhere), earliest first."""
        groups = {group.id: group for group in self._store.people.groups()}
        found = [
            self._planned(notice, groups)
            for state in AHEAD
            for notice in self._store.notices.by_state(state, MOST)
            if not area or any(covers(area, each) for each in self._areas(notice.targets, groups))
        ]
        return sorted(found, key=lambda planned: (planned.times[0], planned.uid))

    def _checked(self, author: Person, row: PlanRow, mine: Sequence[Group], to: str) -> Checked:
        """Raises ValueError with a Chinese reason."""
        text = tame(row.text.strip())
        if not text:
            raise ValueError("内容是空的，写上要发的话。")
        if len(text) > LONGEST:
            raise ValueError(f"内容有{len(text)}字，最多{LONGEST}字，请分成两条。")
        if blank := find_blank(text):
            raise ValueError(f"「{blank[:16]}」还空着，填好再导入。")
        targets = targets_of(row.to or to, mine, author.area)
        reach = self._notices.reach(targets)
        if not reach.count:
            raise ValueError(f"「{row.to or to}」一个群也没有，看看群名、楼号、标签对不对。")
        wording = Wording(
            text=text,
            targets=targets,
            planned_at=self._first(row),
            recurrence=row.recurrence,
            tag=tag_of(text, self._knowledge.approved_tags),
            origin=Origin(source=row.source[:100], link=row.link[:500]),
        )
        return Checked(row, wording, reach.count)

    def _first(self, row: PlanRow) -> datetime:
        """Raises ValueError when it is over."""
        if row.recurrence is None:
            if row.at is None or row.at <= self._now:
                passed = "" if row.at is None else say_when(row.at)
                raise ValueError(f"{passed}已经过去了，请换个时间。")
            return row.at
        since = max(self._now, (row.at or self._now) - timedelta(seconds=1))
        times = upcoming(row.recurrence, since, self._knowledge.calendar, 1)
        if not times:
            raise ValueError("往后一次也排不出来，看看截止的日子，或放假安排公布了没有。")
        return times[0]

    def _twice(self, author: Person, found: Sequence[Checked]) -> list[str]:
        """Rows that are the same as another, or as a notice that is planned already."""
        known = {
            _same(notice.text, notice.targets, notice.planned_at): f"{notice.id[1:]}号通知"
            for state in AHEAD
            for notice in self._store.notices.by_state(state, MOST)
            if notice.author == author.id
        }
        faults = []
        for one in found:
            key = _same(one.wording.text, one.wording.targets, one.wording.planned_at)
            if key in known:
                faults.append(f"{one.row.where}：和{known[key]}一样，请删掉一个。")
            known.setdefault(key, one.row.where)
        return faults

    def _next(self, draft: Notice) -> datetime | None:
        """When a draft comes first from now on."""
        if draft.planned_at > self._now:
            return draft.planned_at
        if draft.recurrence is None:
            return None
        following = self._notices.times(draft.recurrence)
        return following[0] if following else None

    def _expect(self, author: Person, plan: Plan) -> None:
        self._store.dialogs.open(
            Dialog(
                channel=author.channel,
                chat="",
                user=author.user,
                topic=TOPIC,
                payload={"plan": str(plan.number)},
                expires_at=self._now + ANSWER_WITHIN,
            )
        )

    def _settled(self, plan: Plan) -> Batch:
        settled = plan.put(PlanState.SETTLED)
        self._store.plans.save(settled)
        return self._batch(settled)

    def _batch(self, plan: Plan) -> Batch:
        found = (self._store.notices.get(notice) for notice in plan.notices)
        return Batch(plan, tuple(notice for notice in found if notice is not None))

    def _planned(self, notice: Notice, groups: dict[str, Group]) -> Planned:
        times = [notice.planned_at]
        if notice.recurrence is not None:
            calendar = self._knowledge.calendar
            times += upcoming(notice.recurrence, notice.planned_at, calendar, MOST_TIMES - 1)
        row = PlanRow(
            where=notice.id,
            text=notice.text,
            at=notice.planned_at,
            recurrence=notice.recurrence,
            to=words_of(notice.targets, groups),
            source=notice.origin.source,
            link=notice.origin.link,
        )
        born = int(notice.created_at.timestamp())
        return Planned(
            uid=f"{notice.id}-{born}@haitang",
            row=row,
            times=tuple(times),
            created_at=notice.created_at,
        )

    def _areas(self, targets: Targets, groups: dict[str, Group]) -> list[str]:
        return [groups[one].area for one in targets.groups if one in groups] + list(targets.areas)


def _same(text: str, targets: Targets, at: datetime) -> tuple[str, Targets, datetime]:
    return text, targets, at
