"""Questions that the bank could not answer, and what people thought of the answers it gave."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Doubt(StrEnum):
    """Why a question is on the list."""

    UNANSWERED = "没答上"
    UNSURE = "拿不准"
    USELESS = "说没用"


class QuestionState(StrEnum):
    """Where a question stands."""

    OPEN = "待答"
    DRAFT = "待收录"
    ADOPTED = "已收录"
    DISMISSED = "不用答"


class OpenQuestion(Struct, frozen=True, kw_only=True):
    """What somebody asked. `answer` and `answerer` are there from the draft on, `entry` is the
    entry that it became."""

    number: int
    text: str
    area: str
    group: str
    person: str
    message: str
    doubt: Doubt
    at: datetime
    state: QuestionState = QuestionState.OPEN
    answer: str = ""
    answerer: str = ""
    entry: str = ""


class GivenAnswer(Struct, frozen=True, kw_only=True):
    """An answer from the bank: what was asked, where, and with which entry it was met."""

    message: str
    channel: str
    chat: str
    user: str
    area: str
    entry: str
    asked: str
    at: datetime


class Marks(Struct, frozen=True):
    """How many found answers useful, and useless."""

    useful: int = 0
    useless: int = 0


class AnswerCounts(Struct, frozen=True):
    """How often an entry was said, and how many found it useful, and useless."""

    said: int = 0
    useful: int = 0
    useless: int = 0
