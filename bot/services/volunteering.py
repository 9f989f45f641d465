"""What volunteers did: written down, taken back, added up."""

from __future__ import annotations

from datetime import date, datetime

from bot.errors import NotAllowed, NotPossible
from bot.models import SHANGHAI, Event, Person
from bot.models.volunteering import Hours, Service
from bot.ports import Store
from bot.rules.counting import Period
from bot.rules.permissions import Deed, covers, may

MOST_PEOPLE, MOST_MINUTES, LONGEST = 500, 24 * 60, 200
RECORDED = "登记服务"


class VolunteeringService:
    """Within one transaction. Each step leaves a line of history."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    def record(
        self, actor: Person, area: str, people: int, minutes: int, what: str, cause: str
    ) -> Service:
        """Today's work in an area. Raises `NotAllowed`, `NotPossible`."""
        near = covers(actor.area, area) or covers(area, actor.area)
        if not may(actor.role, Deed.SERVE) or not near:
            raise NotAllowed(Deed.SERVE)
        if not 0 < people <= MOST_PEOPLE:
            raise NotPossible(f"人数要在1到{MOST_PEOPLE}之间。")
        if not 0 < minutes <= MOST_MINUTES:
            raise NotPossible("时长是每个人的，一次最多24小时。")
        service = Service(
            id=f"f{self._store.appeals.next_number('services')}",
            area=area,
            day=self._today(),
            what=what[:LONGEST],
            people=people,
            minutes=minutes,
            recorder=actor.id,
            at=self._now,
        )
        self._store.volunteering.add(service)
        self._note(service, actor, RECORDED, cause)
        return service

    def undo(self, event: Event, actor: Person, cause: str) -> Service:
        """Take back what one has just written down. Raises `NotPossible`."""
        service = self._store.volunteering.get(event.subject.partition(":")[2])
        if service is None or service.withdrawn_at is not None:
            raise NotPossible("这次服务已经撤销过了。")
        self._store.volunteering.withdraw(service.id, self._now)
        self._note(service, actor, "撤销", cause)
        return service

    def hours(self, area: str, period: Period) -> Hours:
        """Sums of a span of days."""
        return self._store.volunteering.hours(area, period.first, period.last)

    def _today(self) -> date:
        return self._now.astimezone(SHANGHAI).date()

    def _note(self, service: Service, actor: Person, action: str, cause: str) -> None:
        told = {"people": str(service.people), "minutes": str(service.minutes)}
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor.id,
                subject=f"service:{service.id}",
                action=action,
                after=told,
                cause=cause,
            )
        )
