"""What the engine needs from the outside, as protocols. Adapters live in `storage` and `channels`.

A `Store` is one open transaction (or one read-only snapshot): the repositories share it, and what
they write stands or falls together. Handlers and services never see a connection.
"""

from __future__ import annotations

from bot.ports.accounts import Accounts
from bot.ports.appeals import Appeals, Events, Notes, Supporters
from bot.ports.boards import Boards
from bot.ports.channels import (
    Answer,
    AnsweringChannel,
    CallbackChannel,
    CallbackRequest,
    Channel,
    Fetched,
    GroupMaker,
    ListeningChannel,
    MediaChannel,
    MenuChannel,
    Peer,
    ProbedChannel,
    Rate,
    RehearsedChannel,
    RememberingChannel,
    RidingChannel,
    ScanChannel,
    SocketChannel,
    Trouble,
    WatchedChannel,
    WideChannel,
)
from bot.ports.directory import Directory
from bot.ports.faq import Faq
from bot.ports.imports import Imports
from bot.ports.jobs import Jobs
from bot.ports.ledger import Ledger
from bot.ports.media import MediaRows, Vault
from bot.ports.messages import Dialogs, Inbox, Outbox, Traces
from bot.ports.notices import NoticeReplies, Notices
from bot.ports.open_pages import OpenPages
from bot.ports.people import People
from bot.ports.plans import Plans
from bot.ports.questions import Questions
from bot.ports.reminders import Reminders
from bot.ports.settings import Settings
from bot.ports.standing import StandingRows
from bot.ports.store import Clock, Database, Store
from bot.ports.volunteering import Volunteering

__all__ = [
    "Accounts",
    "Answer",
    "AnsweringChannel",
    "Appeals",
    "Boards",
    "CallbackChannel",
    "CallbackRequest",
    "Channel",
    "Clock",
    "Database",
    "Dialogs",
    "Directory",
    "Events",
    "Faq",
    "Fetched",
    "GroupMaker",
    "Imports",
    "Inbox",
    "Jobs",
    "Ledger",
    "ListeningChannel",
    "MediaChannel",
    "MediaRows",
    "MenuChannel",
    "Notes",
    "NoticeReplies",
    "Notices",
    "OpenPages",
    "Outbox",
    "Peer",
    "People",
    "Plans",
    "ProbedChannel",
    "Questions",
    "Rate",
    "RehearsedChannel",
    "RememberingChannel",
    "Reminders",
    "RidingChannel",
    "ScanChannel",
    "Settings",
    "SocketChannel",
    "StandingRows",
    "Store",
    "Supporters",
    "Traces",
    "Trouble",
    "Vault",
    "Volunteering",
    "WatchedChannel",
    "WideChannel",
]
