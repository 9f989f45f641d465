"""A notice as it is being written at a desk: what it would be, for whom, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
from msgspec import Struct

from bot.errors import NotPossible
from bot.language.notice_words import disarmed, is_urgent, origin_of, tag_of, tame
from bot.models import SHANGHAI, Notice, NoticeState, Person, Recurrence, Targets
from bot.ports import Store
from bot.rules.notice_faults import NoticeFault, fault_of
from bot.rules.notice_variants import split_variants
from bot.services.knowledge import Knowledge
from bot.services.notice_looks import Wording
from bot.services.notice_views import View
from bot.services.notices import NoticesService
from bot.services.reach import Reach

NEXT_TIMES = 3
UNSENT = frozenset({NoticeState.PLANNED, NoticeState.PAUSED, NoticeState.AWAITING})


class Order(Struct, frozen=True, kw_only=True):
    """What an author typed and ticked. `at` None: at once, or as `recurrence` says."""

    text: str
    targets: Targets
    at: datetime | None = None
    recurrence: Recurrence | None = None
    late: int | None = None
    urgent: bool = False


class Sketch(Struct, frozen=True, kw_only=True):
    """What an order comes to. `times` are when it really goes out, quiet hours and all.

    `silent` are the groups for which nothing was written; `repeated` those that heard the very same
    a moment ago. `second`: somebody else must say yes, one of `approvers`.
    `calls` and `links`: what would call everyone, or hide a link, became plain words.
    """

    notice: Notice
    fault: NoticeFault | None
    reach: Reach
    views: Sequence[View]
    times: Sequence[datetime]
    put_off: bool
    silent: Sequence[str]
    repeated: Sequence[str]
    second: bool
    approvers: Sequence[Person]
    calls: bool = False
    links: bool = False

    @property
    def ready(self) -> bool:
        """Whether it can be kept as a draft."""
        return self.fault is None and self.reach.count > 0 and not self.silent


class NoticeDrafting:
    """Writing within one transaction."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now
        self._notices = NoticesService(store, knowledge, now)

    def combined(self, author: Person, ticked: Targets) -> Targets:
        """Whom the ticks mean together: tags, buildings and roles are within one's own area."""
        wide = ticked.areas or (
            (author.area,) if ticked.tags or ticked.buildings or ticked.roles else ()
        )
        marks = msgspec.structs.replace(ticked, areas=wide, roles=())
        if not ticked.roles:
            return marks
        # Roles take the area for themselves: the groups are fixed as they are now.
        meant = ticked.areas or ticked.tags or ticked.buildings
        chosen = marks if meant else Targets(groups=ticked.groups, without=ticked.without)
        ids = tuple(group.id for group in self._notices.reach(chosen).groups)
        return Targets(groups=ids, areas=wide, roles=ticked.roles, without=ticked.without)

    def sketch(self, author: Person, order: Order) -> Sketch:
        """How it would stand; nothing is stored. Raises `NotAllowed`."""
        self._notices.scope(author)
        wording = self._wording(order)
        danger = disarmed(order.text)
        sketch = self.of(self._unsaved(author, wording))
        return msgspec.structs.replace(sketch, calls=danger.calls, links=danger.links)

    def of(self, notice: Notice) -> Sketch:
        """The same of a notice that is there."""
        looks = self._notices
        reach = looks.reach(notice.targets)
        times, due = self._times(notice)
        timed = None if notice.recurrence is not None or self.is_immediate(notice) else due[0]
        return Sketch(
            notice=notice,
            fault=fault_of(notice.text or " ".join(notice.variants.values()), timed, self._now),
            reach=reach,
            views=looks.views(notice),
            times=times,
            put_off=times != due,
            silent=[g.name for g in reach.groups if not notice.words_for(g.id)],
            repeated=self._repeated(notice, times),
            second=looks.needs_second(notice),
            approvers=looks.approvers(notice),
        )

    def is_immediate(self, notice: Notice) -> bool:
        """Whether it goes out as soon as it is confirmed."""
        return self._notices.is_immediate(notice)

    def keep(self, author: Person, order: Order, corrects: str = "") -> Notice:
        """A draft that waits for its author's yes. Raises `NotAllowed`, `NotPossible`."""
        sketch = self.sketch(author, order)
        if not sketch.ready:
            raise NotPossible("这条通知还有地方要改。")
        wording = msgspec.structs.replace(self._wording(order), corrects=corrects)
        return self._notices.draft(author, wording, "")

    def rewrite(self, notice: Notice, author: Person, order: Order, based_on: str) -> Notice:
        """Another draft of the same: in its place, or instead of what is planned already.

        Raises `NotAllowed`, `NotPossible` when it is out, or changed since `based_on`.
        """
        if stamp(notice) != based_on:
            raise NotPossible("您改的时候它变过了，请看过现在的再改一次。")
        if notice.state in UNSENT:
            return self.keep(author, order, corrects=notice.id)
        wording = self._wording(order)
        if order.at is None and order.recurrence is None:
            wording = msgspec.structs.replace(wording, planned_at=notice.created_at)
        kept = msgspec.structs.replace(wording, media=notice.media, corrects=notice.corrects)
        return self._notices.change(notice.id, author, kept, "")

    def _wording(self, order: Order) -> Wording:
        text = tame(order.text)
        common, variants = split_variants(text, self._notices.reach(order.targets).groups)
        at = order.at or self._now
        if order.recurrence is not None:
            at = next(iter(self._notices.times(order.recurrence)), at)
        return Wording(
            text=common,
            targets=order.targets,
            planned_at=at,
            recurrence=order.recurrence,
            tag=tag_of(text, self._knowledge.approved_tags),
            origin=origin_of(text, self._now.astimezone(SHANGHAI).date()),
            late=order.late,
            urgent=order.urgent or is_urgent(text),
            variants=dict(variants),
        )

    def _unsaved(self, author: Person, wording: Wording) -> Notice:
        known = {name: getattr(wording, name) for name in Wording.__struct_fields__}
        return Notice(
            id="", author=author.id, state=NoticeState.DRAFT, created_at=self._now, **known
        )

    def _repeated(self, notice: Notice, times: Sequence[datetime]) -> list[str]:
        """Asked of what is not confirmed yet alone: afterwards it is too late to wonder."""
        if notice.state is not NoticeState.DRAFT or not times:
            return []
        return [group.name for group in self._notices.repeated(notice, times[0])]

    def _times(self, notice: Notice) -> tuple[list[datetime], list[datetime]]:
        """When it really goes out, and when it was meant to."""
        if notice.recurrence is not None:
            due = list(self._notices.times(notice.recurrence, NEXT_TIMES))
        elif self.is_immediate(notice):
            due = [self._now]
        else:
            due = [notice.planned_at]
        return [self._notices.goes_out(notice, at) for at in due], due


def stamp(notice: Notice) -> str:
    """Changes whenever anything about the notice does."""
    return sha256(msgspec.json.encode(notice)).hexdigest()[:16]
