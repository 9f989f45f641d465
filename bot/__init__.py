"""Haitang 海棠管家: the public face for handler authors.

A handler module needs nothing but `from bot import …`. Everything here is typed and documented;
nothing here waits, sends or opens a database.
"""

from __future__ import annotations

from bot.engine.context import Context, Scene
from bot.engine.filters import Filter, always, danger, intent, keyword, mentioned, private
from bot.engine.letters import Letter
from bot.engine.router import CommandInfo, Router, SkipHandler
from bot.errors import Ambiguous, DomainError, Faulty, NotAllowed, NotFound, NotPossible
from bot.language.classify import CategoryMatch
from bot.language.commands import Command, Form, split_number
from bot.language.dates import (
    Again,
    Moment,
    Unclear,
    find_time,
    find_when,
    say_again,
    say_day,
    say_when,
)
from bot.language.intents import Intent
from bot.language.markdown import escape as escape_markdown
from bot.language.matters import Matter
from bot.language.notice_answers import Current, asked_of
from bot.language.notice_answers import answer as answer_from
from bot.language.notice_replies import Reply, read_replies
from bot.language.notice_words import (
    disarmed,
    find_blank,
    is_urgent,
    origin_of,
    source_line,
    tag_of,
    tame,
)
from bot.language.orders import find_order
from bot.language.personal import asks_for_care, is_personal
from bot.language.places import find_place, is_landmark
from bot.language.praise import is_praise
from bot.language.rephrase import Suggestion
from bot.language.replies import MeToo, Word, forbids_recording, me_too, rating, says_unfixed
from bot.language.service_words import find_work
from bot.language.spam import SpamKind, spam_kind
from bot.language.suggest import nearest
from bot.language.summary import original_tail, presentable, sentence, summarise
from bot.language.terms import find_term
from bot.models import (
    H5,
    SHANGHAI,
    Appeal,
    Article,
    Audience,
    Card,
    CardLink,
    CardRow,
    Delivered,
    Delivery,
    Doubt,
    Event,
    FaqEntry,
    File,
    GivenAnswer,
    Group,
    GroupState,
    Holdings,
    Image,
    Incoming,
    Job,
    Kind,
    Level,
    Listen,
    Markdown,
    MarkdownV2,
    Media,
    MediaKind,
    MediaRole,
    MediaState,
    News,
    Note,
    Notice,
    NoticeState,
    OpenQuestion,
    Person,
    Place,
    Progress,
    Rating,
    Recurrence,
    Replies,
    ReplyKind,
    Role,
    Run,
    Standing,
    State,
    Targets,
    Track,
    Urgency,
    Verdict,
    Voice,
)
from bot.models.rich import IMAGE_BYTES
from bot.models.volunteering import Hours, Service
from bot.rules.appeal_flow import FLOW, LADDER, OPEN, Act, Ear, above
from bot.rules.counting import month
from bot.rules.elsewhere import responsible
from bot.rules.notice_dates import is_long_past
from bot.rules.notice_faults import LONGEST as LONGEST_NOTICE
from bot.rules.notice_faults import Wrong, fault_of, fault_of_words
from bot.rules.notice_templates import NoticeTemplate, TemplateField
from bot.rules.notice_variants import split_variants
from bot.rules.permissions import ROLE_NAMES, STAFF
from bot.rules.reminders import Stage
from bot.rules.safety import DangerKind
from bot.rules.standing import EARLIEST, LATEST, TIMED, Hour
from bot.rules.taxonomy import Category, Publicity
from bot.services.appeals import Alarm, Around, Report
from bot.services.briefs import Brief
from bot.services.deadlines import Call
from bot.services.desk import CLOCK
from bot.services.faq import EXACT, LONGEST_GLANCE
from bot.services.history import read_time
from bot.services.keeping import Terms
from bot.services.learning import Bundle
from bot.services.media import Wanted
from bot.services.notice_looks import AUTHORED, Completed
from bot.services.notice_runs import Fate, Look, Started
from bot.services.notice_told import Told
from bot.services.notice_views import View
from bot.services.notices import Wording
from bot.services.paper import Paper
from bot.services.plan import Batch as PlanBatch
from bot.services.reach import Reach
from bot.services.standing import Turn
from bot.services.standing import Wanted as StandingWish

__all__ = [
    "AUTHORED",
    "CLOCK",
    "EARLIEST",
    "EXACT",
    "FLOW",
    "H5",
    "IMAGE_BYTES",
    "LADDER",
    "LATEST",
    "LONGEST_GLANCE",
    "LONGEST_NOTICE",
    "OPEN",
    "ROLE_NAMES",
    "SHANGHAI",
    "STAFF",
    "TIMED",
    "Act",
    "Again",
    "Alarm",
    "Ambiguous",
    "Appeal",
    "Around",
    "Article",
    "Audience",
    "Brief",
    "Bundle",
    "Call",
    "Card",
    "CardLink",
    "CardRow",
    "Category",
    "CategoryMatch",
    "Command",
    "CommandInfo",
    "Completed",
    "Context",
    "Current",
    "DangerKind",
    "Delivered",
    "Delivery",
    "DomainError",
    "Doubt",
    "Ear",
    "Event",
    "FaqEntry",
    "Fate",
    "Faulty",
    "File",
    "Filter",
    "Form",
    "GivenAnswer",
    "Group",
    "GroupState",
    "Holdings",
    "Hour",
    "Hours",
    "Image",
    "Incoming",
    "Intent",
    "Job",
    "Kind",
    "Letter",
    "Level",
    "Listen",
    "Look",
    "Markdown",
    "MarkdownV2",
    "Matter",
    "MeToo",
    "Media",
    "MediaKind",
    "MediaRole",
    "MediaState",
    "Moment",
    "News",
    "NotAllowed",
    "NotFound",
    "NotPossible",
    "Note",
    "Notice",
    "NoticeState",
    "NoticeTemplate",
    "OpenQuestion",
    "Paper",
    "Person",
    "Place",
    "PlanBatch",
    "Progress",
    "Publicity",
    "Rating",
    "Reach",
    "Recurrence",
    "Replies",
    "Reply",
    "ReplyKind",
    "Report",
    "Role",
    "Router",
    "Run",
    "Scene",
    "Service",
    "SkipHandler",
    "SpamKind",
    "Stage",
    "Standing",
    "StandingWish",
    "Started",
    "State",
    "Suggestion",
    "Targets",
    "TemplateField",
    "Terms",
    "Told",
    "Track",
    "Turn",
    "Unclear",
    "Urgency",
    "Verdict",
    "View",
    "Voice",
    "Wanted",
    "Word",
    "Wording",
    "Wrong",
    "above",
    "always",
    "answer_from",
    "asked_of",
    "asks_for_care",
    "danger",
    "disarmed",
    "escape_markdown",
    "fault_of",
    "fault_of_words",
    "find_blank",
    "find_order",
    "find_place",
    "find_term",
    "find_time",
    "find_when",
    "find_work",
    "forbids_recording",
    "intent",
    "is_landmark",
    "is_long_past",
    "is_personal",
    "is_praise",
    "is_urgent",
    "keyword",
    "me_too",
    "mentioned",
    "month",
    "nearest",
    "origin_of",
    "original_tail",
    "presentable",
    "private",
    "rating",
    "read_replies",
    "read_time",
    "responsible",
    "say_again",
    "say_day",
    "say_when",
    "says_unfixed",
    "sentence",
    "source_line",
    "spam_kind",
    "split_number",
    "split_variants",
    "summarise",
    "tag_of",
    "tame",
]
