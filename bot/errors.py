"""Everything that can go wrong, as one tree.

HaitangError
├── ConfigError             the settings are wrong; each fault is one Chinese sentence
├── StorageError            the database cannot be used (locked, newer than the code, corrupt)
├── BadCallback             a platform's request is forged, broken or too large → HTTP 4xx
├── TranscriptError         a line of a transcript cannot be played
├── ImportFault             a file to import has faulty rows
├── DomainError             a person asked for something that cannot be; handlers answer it
│   ├── NotAllowed          the person's role or area does not permit it
│   ├── NotFound            there is no such appeal, group or notice
│   ├── Ambiguous           the number or name fits several
│   ├── NotPossible         not in this state (the message says what is possible)
│   │   └── Overtaken       somebody else changed it meanwhile
│   └── Faulty              something it needs is missing or cannot be right
├── JobError                a worker could not do its job
│   ├── JobRefused          final: trying again cannot help
│   └── JobDeferred         not now; try again later
└── SendError               the outbox could not hand a message over
    ├── SendRefused         final: retrying cannot help
    ├── SendDeferred        the platform did not take it; try again later
    ├── SendNotYet          not tried: the channel keeps its own pace; that was no attempt
    └── SendUncertain       the platform may have taken it; never re-sent by itself
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class HaitangError(Exception):
    """The root of all errors that the product raises on purpose."""


class ConfigError(HaitangError):
    """The settings are wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class StorageError(HaitangError):
    """The database cannot be used; the message says why and what to do, in Chinese."""


class BadCallback(HaitangError):
    """A platform's request that must be refused; the reason is for the log, not the caller."""

    def __init__(self, reason: str, status: int = 403) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class TranscriptError(HaitangError):
    """A line of a transcript cannot be played."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"第{line}行：{reason}")
        self.line = line
        self.reason = reason


class ImportFault(HaitangError):
    """A file to import has faulty rows; nothing was imported."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class DomainError(HaitangError):
    """A person asked for something that cannot be."""


class NotAllowed(DomainError):
    """The person's role or area does not permit it."""


class NotFound(DomainError):
    """There is no such thing, or not for this person."""


class Ambiguous(DomainError):
    """The number or name fits several; `candidates` are their public numbers or names."""

    def __init__(self, candidates: Sequence[str]) -> None:
        super().__init__("、".join(candidates))
        self.candidates = tuple(candidates)


class NotPossible(DomainError):
    """Not in this state; `possible` are the commands that would work now.

    `did`, `who` (a person's id) and `at` tell what brought it into this state.
    """

    def __init__(
        self,
        reason: str,
        possible: Sequence[str] = (),
        *,
        did: str = "",
        who: str = "",
        at: datetime | None = None,
    ) -> None:
        super().__init__(reason)
        self.possible = tuple(possible)
        self.did = did
        self.who = who
        self.at = at


class Overtaken(NotPossible):
    """Somebody else changed what a form was filled in from; the person must see both."""


class Faulty(DomainError):
    """What a step needs (`what`: 原因, 日期, 单位 …) is missing or cannot be right; `why` says how:
    `missing`, `past`, `not_later`, `itself`, `lower`.
    """

    def __init__(self, what: str, why: str = "missing") -> None:
        super().__init__(f"{what}: {why}")
        self.what = what
        self.why = why


class JobError(HaitangError):
    """A worker could not do its job; the reason is for the log and holds no secret."""


class JobRefused(JobError):
    """Trying again cannot help."""


class JobDeferred(JobError):
    """Not now; try again after `after` seconds (None: the usual backoff)."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class SendError(HaitangError):
    """The outbox could not hand a message over."""


class SendRefused(SendError):
    """The platform will never take it: bad receiver, wrong secret, no permission."""


class SendDeferred(SendError):
    """The platform did not take it; try again after `after` seconds (None: the usual backoff)."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class SendNotYet(SendError):
    """Nothing left: the channel's own pace allows it only after `after` seconds."""

    def __init__(self, reason: str, after: float) -> None:
        super().__init__(reason)
        self.after = after


class SendUncertain(SendError):
    """The request left, the answer never came: the platform may have delivered it."""
