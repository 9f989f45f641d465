"""One transaction with all repositories, the database that gives it, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bot.ports.accounts import Accounts
from bot.ports.appeals import Appeals, Events, Notes, Supporters
from bot.ports.audit import Audit
from bot.ports.boards import Boards
from bot.ports.directory import Directory
from bot.ports.erasure import Erasure
from bot.ports.faq import Faq
from bot.ports.imports import Imports
from bot.ports.jobs import Jobs
from bot.ports.ledger import Ledger
from bot.ports.lists import AppealLists, SavedViews
from bot.ports.media import MediaRows
from bot.ports.messages import Dialogs, Inbox, Outbox, Traces
from bot.ports.notices import NoticeReplies, Notices
from bot.ports.open_pages import OpenPages
from bot.ports.people import People
from bot.ports.plans import Plans
from bot.ports.questions import Questions
from bot.ports.reminders import Reminders
from bot.ports.settings import Settings
from bot.ports.standing import StandingRows
from bot.ports.volunteering import Volunteering


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """The present instant, aware."""


class Store(Protocol):
    """One transaction with all repositories."""

    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def traces(self) -> Traces: ...
    @property
    def people(self) -> People: ...
    @property
    def appeals(self) -> Appeals: ...
    @property
    def supporters(self) -> Supporters: ...
    @property
    def notes(self) -> Notes: ...
    @property
    def faq(self) -> Faq: ...
    @property
    def questions(self) -> Questions: ...
    @property
    def notices(self) -> Notices: ...

    @property
    def notice_replies(self) -> NoticeReplies: ...
    @property
    def dialogs(self) -> Dialogs: ...
    @property
    def events(self) -> Events: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def erasure(self) -> Erasure: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def media(self) -> MediaRows: ...
    @property
    def reminders(self) -> Reminders: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def plans(self) -> Plans: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def boards(self) -> Boards: ...
    @property
    def directory(self) -> Directory: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def imports(self) -> Imports: ...
    @property
    def volunteering(self) -> Volunteering: ...
    @property
    def standing(self) -> StandingRows: ...
    @property
    def open_pages(self) -> OpenPages: ...
    @property
    def lists(self) -> AppealLists: ...
    @property
    def views(self) -> SavedViews: ...

    def savepoint(self) -> AbstractContextManager[None]:
        """A part that is rolled back alone when it raises."""


P = ParamSpec("P")


T = TypeVar("T")


class Database(Protocol):
    """Where transactions come from."""

    async def write(
        self, fn: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn` in a transaction on the writer thread; returns after the commit."""

    async def read(
        self, fn: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn` on a read-only snapshot."""

    async def backup(self, target: Path) -> None:
        """A checked copy while the service runs. Raises `StorageError`."""

    async def scrub(self) -> None:
        """Let what was overwritten go from the files as well."""

    @property
    def waiting(self) -> int:
        """How many writes wait or run."""
