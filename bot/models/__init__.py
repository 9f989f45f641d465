"""The nouns of the product. Plain frozen records without behaviour beyond a word or two.

All datetimes are aware; they are shown in Asia/Shanghai and stored as UTC milliseconds.
"""

from __future__ import annotations

from bot.models.accounts import CONSOLE, H5, PAGES, Access, Account, OneTimeLink, Purpose, Session
from bot.models.appeals import (
    Appeal,
    Audience,
    Event,
    Kind,
    Level,
    Note,
    Place,
    Rating,
    State,
    Track,
    Urgency,
    Verdict,
)
from bot.models.audit import AuditLine, AuditSearch, AuditVerdict, Door, Entry
from bot.models.board import Alert, AlertKind, Board
from bot.models.carries import Carries
from bot.models.directory import Crowd, PeoplePage, Search
from bot.models.faq import FaqEntry, FaqSearch, Validity
from bot.models.findings import Finding, Grade
from bot.models.jobs import Job, JobState
from bot.models.lists import Order, SavedView, Shelf, Wish
from bot.models.media import Media, MediaRole, MediaState
from bot.models.messages import (
    EVENT_PREFIX,
    Attachment,
    Delivery,
    Dialog,
    Incoming,
    MediaKind,
    Outcome,
    Outgoing,
    Trace,
)
from bot.models.notices import (
    Delivered,
    Notice,
    NoticeState,
    Origin,
    Progress,
    Replies,
    ReplyKind,
    Run,
    Targets,
)
from bot.models.people import Group, GroupState, Listen, Person, Role
from bot.models.plans import Plan, PlanState
from bot.models.privacy import GONE, Erased, Holdings
from bot.models.questions import (
    AnswerCounts,
    Doubt,
    GivenAnswer,
    Marks,
    OpenQuestion,
    QuestionState,
)
from bot.models.recurrence import Beat, Recurrence
from bot.models.rich import (
    Article,
    Card,
    CardLink,
    CardRow,
    File,
    Image,
    Markdown,
    MarkdownV2,
    News,
    Rich,
    Voice,
)
from bot.models.standing import Choice, Standing
from bot.models.units import Unit
from bot.models.zone import SHANGHAI

__all__ = [
    "CONSOLE",
    "EVENT_PREFIX",
    "GONE",
    "H5",
    "PAGES",
    "SHANGHAI",
    "Access",
    "Account",
    "Alert",
    "AlertKind",
    "AnswerCounts",
    "Appeal",
    "Article",
    "Attachment",
    "Audience",
    "AuditLine",
    "AuditSearch",
    "AuditVerdict",
    "Beat",
    "Board",
    "Card",
    "CardLink",
    "CardRow",
    "Carries",
    "Choice",
    "Crowd",
    "Delivered",
    "Delivery",
    "Dialog",
    "Door",
    "Doubt",
    "Entry",
    "Erased",
    "Event",
    "FaqEntry",
    "FaqSearch",
    "File",
    "Finding",
    "GivenAnswer",
    "Grade",
    "Group",
    "GroupState",
    "Holdings",
    "Image",
    "Incoming",
    "Job",
    "JobState",
    "Kind",
    "Level",
    "Listen",
    "Markdown",
    "MarkdownV2",
    "Marks",
    "Media",
    "MediaKind",
    "MediaRole",
    "MediaState",
    "News",
    "Note",
    "Notice",
    "NoticeState",
    "OneTimeLink",
    "OpenQuestion",
    "Order",
    "Origin",
    "Outcome",
    "Outgoing",
    "PeoplePage",
    "Person",
    "Place",
    "Plan",
    "PlanState",
    "Progress",
    "Purpose",
    "QuestionState",
    "Rating",
    "Recurrence",
    "Replies",
    "ReplyKind",
    "Rich",
    "Role",
    "Run",
    "SavedView",
    "Search",
    "Session",
    "Shelf",
    "Standing",
    "State",
    "Targets",
    "Trace",
    "Track",
    "Unit",
    "Urgency",
    "Validity",
    "Verdict",
    "Voice",
    "Wish",
]
