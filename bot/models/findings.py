"""What an examination of the installation found."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Grade(StrEnum):
    """Whether somebody must do something."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(Struct, frozen=True):
    """One thing that was looked at. `sentence` is Chinese and, unless all is well, says what to
    do."""

    grade: Grade
    subject: str
    sentence: str
