"""All repositories over one connection: what a transaction can touch."""

from __future__ import annotations

from contextlib import AbstractContextManager

from storage.accounts import SqliteAccounts
from storage.appeal_lists import SqliteAppealLists
from storage.appeals import SqliteAppeals
from storage.audit import SqliteAudit
from storage.boards import SqliteBoards
from storage.dialogs import SqliteDialogs
from storage.directory import SqliteDirectory
from storage.erasure import SqliteErasure
from storage.events import SqliteEvents
from storage.faq import SqliteFaq
from storage.imports import SqliteImports
from storage.inbox import SqliteInbox
from storage.jobs import SqliteJobs
from storage.keys import Keyring
from storage.ledger import SqliteLedger
from storage.media import SqliteMedia
from storage.notes import SqliteNotes
from storage.notice_replies import SqliteNoticeReplies
from storage.notices import SqliteNotices
from storage.open_pages import SqliteOpenPages
from storage.outbox import SqliteOutbox
from storage.people import SqlitePeople
from storage.plans import SqlitePlans
from storage.questions import SqliteQuestions
from storage.reminders import SqliteReminders
from storage.saved_views import SqliteSavedViews
from storage.savepoints import LazyConnection, Savepoint
from storage.settings import SqliteSettings
from storage.standing import SqliteStanding
from storage.supporters import SqliteSupporters
from storage.traces import SqliteTraces
from storage.volunteering import SqliteVolunteering


class SqliteStore:
    """Implements `bot.ports.Store`. Thread-bound: each connection has its own."""

    def __init__(self, connection: LazyConnection, keys: Keyring) -> None:
        self.connection = connection
        self._savepoint = Savepoint(connection)
        self.inbox = SqliteInbox(connection, keys)
        self.outbox = SqliteOutbox(connection, keys)
        self.traces = SqliteTraces(connection, keys)
        self.people = SqlitePeople(connection, keys)
        self.appeals = SqliteAppeals(connection, keys)
        self.supporters = SqliteSupporters(connection)
        self.notes = SqliteNotes(connection, keys)
        self.faq = SqliteFaq(connection)
        self.questions = SqliteQuestions(connection, keys)
        self.notices = SqliteNotices(connection)
        self.notice_replies = SqliteNoticeReplies(connection, keys)
        self.dialogs = SqliteDialogs(connection, keys)
        self.audit = SqliteAudit(connection, keys)
        self.events = SqliteEvents(connection, self.audit, keys)
        self.erasure = SqliteErasure(connection, self.people, keys)
        self.jobs = SqliteJobs(connection, keys)
        self.media = SqliteMedia(connection, keys)
        self.reminders = SqliteReminders(connection, keys)
        self.settings = SqliteSettings(connection)
        self.plans = SqlitePlans(connection)
        self.accounts = SqliteAccounts(connection)
        self.boards = SqliteBoards(connection)
        self.directory = SqliteDirectory(connection, keys)
        self.ledger = SqliteLedger(connection, keys)
        self.imports = SqliteImports(connection, keys)
        self.volunteering = SqliteVolunteering(connection, keys)
        self.standing = SqliteStanding(connection)
        self.open_pages = SqliteOpenPages(connection, self.notices, keys)
        self.lists = SqliteAppealLists(connection, keys)
        self.views = SqliteSavedViews(connection, keys)

    def savepoint(self) -> AbstractContextManager[None]:
        """What happens inside is undone alone when it raises."""
        return self._savepoint
