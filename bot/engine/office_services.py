"""What the office itself needs: who comes in, what is written down, what is counted and kept."""

from __future__ import annotations

from functools import cached_property

from bot.engine.holding import Holding
from bot.services.accounts import AccountsService
from bot.services.audit import AuditService, door_of
from bot.services.audit_views import AuditViews
from bot.services.keeping import KeepingService
from bot.services.open_pages import OpenPagesService
from bot.services.papers import PapersService
from bot.services.privacy import PrivacyService
from bot.services.sign_in import SignInService
from bot.services.today import TodayService
from bot.services.volunteering import VolunteeringService


class OfficeServices(Holding):
    """Each service over the one transaction, made when it is first asked for."""

    @cached_property
    def accounts(self) -> AccountsService:
        """Who may come into the console."""
        return AccountsService(self._store, self.now, self.cause)

    @cached_property
    def open_pages(self) -> OpenPagesService:
        """What everybody may read."""
        return OpenPagesService(self._store, self.now)

    @cached_property
    def today(self) -> TodayService:
        """Where matters stand this morning."""
        return TodayService(self._store, self.knowledge, self.now)

    @cached_property
    def sign_in(self) -> SignInService:
        """Coming into the console and going out again."""
        return SignInService(self._store, self.now, self.knowledge.console.limits)

    @cached_property
    def audit(self) -> AuditService:
        """What must be written down beyond the history of things."""
        return AuditService(self._store, self.now, door_of(self.cause))

    @cached_property
    def audits(self) -> AuditViews:
        """Looking through what was done."""
        return AuditViews(self._store)

    @cached_property
    def privacy(self) -> PrivacyService:
        """What people may know, correct and have erased."""
        return PrivacyService(self._store, self.now)

    @cached_property
    def volunteering(self) -> VolunteeringService:
        """What volunteers did."""
        return VolunteeringService(self._store, self.now)

    @cached_property
    def papers(self) -> PapersService:
        """Ledgers and reports."""
        return PapersService(self._store, self.knowledge, self.now, self.audit, self.cause)

    @cached_property
    def keeping(self) -> KeepingService:
        """How long things are kept."""
        return KeepingService(self._store, self.knowledge.keeping, self.now)
