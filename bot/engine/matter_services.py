"""What can be done about matters, and with the people and places around them."""

from __future__ import annotations

from functools import cached_property

from bot.engine.holding import Holding
from bot.services.appeal_lists import AppealLists
from bot.services.appeal_story import StoryService
from bot.services.appeals import AppealsService
from bot.services.deadlines import DeadlinesService
from bot.services.desk import DeskService
from bot.services.groups import GroupsService
from bot.services.holidays import HolidaysService
from bot.services.jobs import JobsService
from bot.services.kinds import KindsService
from bot.services.media import MediaService
from bot.services.people import PeopleService
from bot.services.reception import ReceptionService
from bot.services.related import RelatedService
from bot.services.roster import RosterService
from bot.services.staff import StaffService
from bot.services.units import UnitsService


class MatterServices(Holding):
    """Each service over the one transaction, made when it is first asked for."""

    @cached_property
    def people(self) -> PeopleService:
        """Who is who."""
        return PeopleService(self._store)

    @cached_property
    def appeals(self) -> AppealsService:
        """Residents' matters."""
        return AppealsService(self._store, self.knowledge, self.now)

    @cached_property
    def lists(self) -> AppealLists:
        """Lists of them for the office."""
        return AppealLists(self._store, self.knowledge, self.now)

    @cached_property
    def stories(self) -> StoryService:
        """One of them from its first word to its last."""
        return StoryService(self._store, self.knowledge, self.now)

    @cached_property
    def reception(self) -> ReceptionService:
        """Those who call or come by."""
        return ReceptionService(self._store, self.now)

    @cached_property
    def desk(self) -> DeskService:
        """Steps on residents' matters."""
        return DeskService(self._store, self.knowledge, self.now)

    @cached_property
    def related(self) -> RelatedService:
        """Which known matter is spoken of."""
        return RelatedService(self._store, self.now)

    @cached_property
    def groups(self) -> GroupsService:
        """Where groups belong and how they are listened to."""
        return GroupsService(self._store, self.now)

    @cached_property
    def staff(self) -> StaffService:
        """Who is what, as the office manages it."""
        return StaffService(self._store, self.now, self.cause)

    @cached_property
    def kinds(self) -> KindsService:
        """Kinds of matters, changed by hand."""
        return KindsService(self._store, self.knowledge.tables, self.now, self.cause)

    @cached_property
    def holidays(self) -> HolidaysService:
        """The yearly tables of days off."""
        return HolidaysService(self._store, self.knowledge.tables, self.now, self.cause)

    @cached_property
    def units(self) -> UnitsService:
        """Units that matters are handed to."""
        return UnitsService(self._store, self.now, self.cause)

    @cached_property
    def roster(self) -> RosterService:
        """People, groups and units as whole files."""
        return RosterService(self._store, self.now, self.cause)

    @cached_property
    def deadlines(self) -> DeadlinesService:
        """What is due to be said about open matters."""
        return DeadlinesService(self._store, self.knowledge, self.now)

    @cached_property
    def media(self) -> MediaService:
        """Pictures and files; they are fetched by jobs."""
        return MediaService(self._store, self.knowledge.bounds, self.now, lambda: self.jobs)

    @cached_property
    def jobs(self) -> JobsService:
        """Work that cannot be waited for; who asks for it here wakes those who do it."""
        self.asks_for_work = True
        return JobsService(self._store, self.now, self.cause)
