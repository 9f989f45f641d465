"""What is said to many: notices, briefs, answers and what the bank learns."""

from __future__ import annotations

from functools import cached_property

from bot.engine.holding import Holding
from bot.models import Person
from bot.services.briefs import BriefsService
from bot.services.faq import FaqService
from bot.services.faq_desk import FaqDesk
from bot.services.faq_import import FaqImports
from bot.services.learning import LearningService
from bot.services.notice_calendar import NoticeCalendar
from bot.services.notice_drafting import NoticeDrafting
from bot.services.notice_replies import NoticeRepliesService
from bot.services.notice_runs import NoticeRuns
from bot.services.notices import NoticesService
from bot.services.plan import PlansService
from bot.services.questions_desk import QuestionsDesk
from bot.services.standing import StandingService


class WordServices(Holding):
    """Each service over the one transaction, made when it is first asked for."""

    @cached_property
    def notices(self) -> NoticesService:
        """Planned words."""
        return NoticesService(self._store, self.knowledge, self.now)

    @cached_property
    def replies(self) -> NoticeRepliesService:
        """What people volunteered about notices."""
        return NoticeRepliesService(self._store, self.notices, self.now)

    @cached_property
    def drafting(self) -> NoticeDrafting:
        """Planned words as they are being written at a desk."""
        return NoticeDrafting(self._store, self.knowledge, self.now)

    def calendar(self, person: Person, area: str) -> NoticeCalendar:
        """Planned words by their days, as somebody sees them who looks at an area."""
        return NoticeCalendar(self._store, self.knowledge, self.now, person, area)

    @cached_property
    def runs(self) -> NoticeRuns:
        """What became of planned words."""
        return NoticeRuns(self._store, self.knowledge, self.now)

    @cached_property
    def plans(self) -> PlansService:
        """Notices that came as a file."""
        return PlansService(self._store, self.knowledge, self.now)

    @cached_property
    def standing(self) -> StandingService:
        """What is said again and again to those who work here."""
        return StandingService(self._store, self.knowledge, self.now)

    @cached_property
    def briefs(self) -> BriefsService:
        """What is in it."""
        return BriefsService(self._store, self.knowledge, self.now)

    @cached_property
    def faq(self) -> FaqService:
        """Approved answers."""
        return FaqService(self._store, self.knowledge.book, self.now)

    @cached_property
    def faq_desk(self) -> FaqDesk:
        """The bank of answers, for those who keep it."""
        return FaqDesk(self._store, self.now)

    @cached_property
    def faq_imports(self) -> FaqImports:
        """Whole files of answers."""
        return FaqImports(self._store, self.now)

    @cached_property
    def learning(self) -> LearningService:
        """Questions without an answer, and how they get one."""
        return LearningService(self._store, self.now)

    @cached_property
    def questions(self) -> QuestionsDesk:
        """The list of what the bank could not answer, for those who work through it."""
        return QuestionsDesk(self._store, self.now)
