"""What a handler sees: the message, the people, the services, and the ways to speak.

A handler never waits and never sends: everything it says becomes a row of the outbox, in the same
transaction as everything it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property

import msgspec

from bot.engine.letters import Letter
from bot.engine.understanding import Understanding
from bot.language.commands import Command
from bot.language.summary import quiet
from bot.models import PAGES, Dialog, Event, Group, Incoming, Outgoing, Person, Rich
from bot.models.people import LEDGER
from bot.ports import Store
from bot.services.accounts import AccountsService
from bot.services.appeal_lists import AppealLists
from bot.services.appeal_story import StoryService
from bot.services.appeals import AppealsService
from bot.services.audit import AuditService, door_of
from bot.services.audit_views import AuditViews
from bot.services.briefs import BriefsService
from bot.services.deadlines import DeadlinesService
from bot.services.desk import DeskService
from bot.services.faq import FaqService
from bot.services.faq_desk import FaqDesk
from bot.services.faq_import import FaqImports
from bot.services.groups import GroupsService
from bot.services.holidays import HolidaysService
from bot.services.jobs import JobsService
from bot.services.keeping import KeepingService
from bot.services.kinds import KindsService
from bot.services.knowledge import Knowledge
from bot.services.learning import LearningService
from bot.services.media import MediaService
from bot.services.notice_calendar import NoticeCalendar
from bot.services.notice_drafting import NoticeDrafting
from bot.services.notice_replies import NoticeRepliesService
from bot.services.notice_runs import NoticeRuns
from bot.services.notices import NoticesService
from bot.services.open_pages import OpenPagesService
from bot.services.papers import PapersService
from bot.services.people import PeopleService
from bot.services.plan import PlansService
from bot.services.privacy import PrivacyService
from bot.services.questions_desk import QuestionsDesk
from bot.services.reception import ReceptionService
from bot.services.related import RelatedService
from bot.services.roster import RosterService
from bot.services.sign_in import SignInService
from bot.services.staff import StaffService
from bot.services.standing import StandingService
from bot.services.today import TodayService
from bot.services.units import UnitsService
from bot.services.volunteering import VolunteeringService

# A reply that may travel in the response to the platform's call waits this long for it. The
# platforms wait 5 s; after that the reply goes the way of everything else.
ANSWER_HOLD = timedelta(seconds=6)


class Scene:
    """One transaction as a handler may use it, with or without a message. The clock's context."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime, cause: str = "") -> None:
        self._store = store
        self.knowledge = knowledge
        self.now = now
        self.cause = cause
        self.said = 0
        self.asks_for_work = False

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
    def deadlines(self) -> DeadlinesService:
        """What is due to be said about open matters."""
        return DeadlinesService(self._store, self.knowledge, self.now)

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
    def media(self) -> MediaService:
        """Pictures and files; they are fetched by jobs."""
        return MediaService(self._store, self.knowledge.bounds, self.now, lambda: self.jobs)

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

    @cached_property
    def jobs(self) -> JobsService:
        """Work that cannot be waited for; who asks for it here wakes those who do it."""
        self.asks_for_work = True
        return JobsService(self._store, self.now, self.cause)

    def reaches(self, person: Person) -> bool:
        """Whether somebody has a chat: not who reads it on a page, or is in an old ledger."""
        return person.channel not in {*PAGES, LEDGER}

    def tell(
        self,
        person: Person,
        text: str,
        kind: str = "private",
        once: str = "",
        *,
        rich: Rich | None = None,
    ) -> bool:
        """Say something to one person alone; False when `once` was said before.

        `rich` says the same as `text` for channels that can show it.
        """
        if not self.reaches(person):
            return False
        row = Outgoing(
            id="",
            channel=person.channel,
            chat="",
            user=person.user,
            text=text,
            kind=kind,
            cause=self.cause,
            rich=rich,
        )
        return self._queue(row, once)

    def announce(
        self,
        group: Group,
        text: str,
        kind: str = "reply",
        once: str = "",
        *,
        mentions: Sequence[str] = (),
        rich: Rich | None = None,
    ) -> None:
        """Say something in a group; `once` names a thing that must not be said twice.

        `mentions` are platform ids of people to call by @. `rich` says the same as `text` for
        channels that can show it.
        """
        row = Outgoing(
            id="",
            channel=group.channel,
            chat=group.chat,
            user="",
            text=text,
            kind=kind,
            cause=self.cause,
            mentions=tuple(mentions),
            rich=rich,
        )
        self._queue(row, once)

    def publish(self, letter: Letter) -> None:
        """Send one piece of a notice to one receiver of a run, once; the run is their cause."""
        self._queue(letter.row(), letter.once)

    def hold_back(self, letter: Letter, why: str) -> None:
        """Write a receiver of a run into the ledger without telling it anything, and why."""
        self._store.outbox.hold_back(letter.row(), self.now, once=letter.once, why=why)

    def _queue(self, row: Outgoing, once: str, due_at: datetime | None = None) -> bool:
        if row.kind != "notice":  # a notice's words were looked at when it was written
            row = msgspec.structs.replace(row, text=quiet(row.text))
        added = self._store.outbox.add(row, self.now, due_at=due_at, once=once)
        self.said += added
        return added


class Context(Scene):
    """One message, and everything that a handler may do about it."""

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        now: datetime,
        *,
        message_id: str,
        incoming: Incoming,
        group: Group | None,
        person: Person,
    ) -> None:
        super().__init__(store, knowledge, now, cause=message_id)
        self.incoming = incoming
        self.group = group
        self.person = person
        self.steps: list[str] = []
        self.meaning = Understanding(
            incoming.text,
            self.names,
            knowledge.classifier,
            now,
            places=() if group is None else group.places,
            home=person.home,
        )
        self.addressed = incoming.chat == "" or incoming.mentioned or self.meaning.named
        self.command: Command | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What the bot is called here."""
        own = () if self.group is None else self.group.names
        return own or self.knowledge.names

    @property
    def text(self) -> str:
        """The message in the form that is matched: full-width folded, mentions removed."""
        return self.meaning.text

    @property
    def private(self) -> bool:
        """Whether nobody else reads this chat."""
        return self.incoming.chat == ""

    @property
    def area(self) -> str:
        """Where the talk takes place."""
        return self.group.area if self.group is not None else self.person.area

    @cached_property
    def dialog(self) -> Dialog | None:
        """The question that the bot has asked this person here, if it is still open."""
        incoming = self.incoming
        return self._store.dialogs.take(incoming.channel, incoming.chat, incoming.sender, self.now)

    @cached_property
    def last_deed(self) -> Event | None:
        """What this person did last, as long as it can be taken back."""
        return self._store.events.last_by(self.person.id, self.now - self.knowledge.undo_within)

    def deed_here(self, within: timedelta) -> Event | None:
        """What this person did last, if that was lately and in this chat."""
        deed = self._store.events.last_by(self.person.id, self.now - within)
        message = None if deed is None else self._store.inbox.get(deed.cause)
        here = message is not None and (message.channel, message.chat) == (
            self.incoming.channel,
            self.incoming.chat,
        )
        return deed if here else None

    def reply(
        self,
        text: str,
        kind: str = "reply",
        once: str = "",
        *,
        mentions: Sequence[str] = (),
        rich: Rich | None = None,
    ) -> bool:
        """Say something where the message came from; False when `once` was said before.

        `mentions` are platform ids of people to call by @. `rich` says the same as `text` for
        channels that can show it.
        """
        incoming = self.incoming
        row = Outgoing(
            id="",
            channel=incoming.channel,
            chat=incoming.chat,
            user=incoming.sender if incoming.chat == "" else "",
            text=text,
            kind=kind,
            cause=self.cause,
            reply_token=incoming.reply_token,
            mentions=tuple(mentions),
            rich=rich,
        )
        return self._queue(row, once, self.now + ANSWER_HOLD if incoming.answerable else None)

    def ask(
        self, text: str, topic: str, payload: dict[str, str], wait: timedelta | None = None
    ) -> None:
        """Ask one thing; the same person's next words here go to the handler of `topic`."""
        self.reply(text)
        self.expect(topic, payload, wait)

    def expect(self, topic: str, payload: dict[str, str], wait: timedelta | None = None) -> None:
        """What was asked within another reply: the next words here go to `topic` all the same."""
        incoming = self.incoming
        self._store.dialogs.open(
            Dialog(
                channel=incoming.channel,
                chat=incoming.chat,
                user=incoming.sender,
                topic=topic,
                payload=payload,
                expires_at=self.now + (wait or self.knowledge.question_waits),
            )
        )

    def settle_question(self) -> None:
        """The open question is answered or no longer wanted."""
        incoming = self.incoming
        self._store.dialogs.close(incoming.channel, incoming.chat, incoming.sender)

    def explain(self, step: str) -> None:
        """Add a short Chinese sentence to the trace: why this was done, or not."""
        self.steps.append(step)
