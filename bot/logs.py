"""Logs: one line an event, to standard error; nothing reaches it but through `Redactor`.

What other libraries log and the traceback of a crash go the same way.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, MutableMapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Protocol

import structlog
from aiohttp.http_exceptions import HttpProcessingError

# `access_token=…`, `"corpsecret": "…"`, `secret='…'`, `?key=…`
_SECRETS = re.compile(
    r"(?i)((?:[?&]key(?==)|access_token|corpsecret|secret|aes_?key|token|password|msg_signature)"
    r"[\"']?\s*[=:]\s*[\"']?)[^&\s\"']+"
)
_LONG_NUMBER = re.compile(r"\d{7,}[Xx]?|(?<!\d)1[3-9]\d[ -]\d{4}[ -]\d{4}(?!\d)")


Hook = Callable[[type[BaseException], BaseException | None, TracebackType | None], None]


class Stream(Protocol):
    """Where lines go: standard error, or a file that turns itself over."""

    def write(self, text: str, /) -> int: ...

    def flush(self) -> None: ...


class Redactor:
    """Blots out `secrets` literally, secrets in addresses, and numbers that may be phones or
    identity cards."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # The longest first: one secret may be the beginning of another.
        known = sorted({s for s in secrets if len(s) > 3}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def text(self, text: str) -> str:
        """The text without what nobody may read."""
        if self._known is not None:
            text = self._known.sub("<secret>", text)
        return _LONG_NUMBER.sub("<number>", _SECRETS.sub(r"\1<secret>", text))

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> Any:
        """As a structlog processor: every value, also within lists and objects."""
        for key, value in event.items():
            text = value if isinstance(value, str) else repr(value)
            blotted = self.text(text)
            if blotted != text or isinstance(value, str):
                event[key] = blotted
        return event


class Printer:
    """Writes lines to a stream. A full disk or a closed pipe costs the line, never the work."""

    def __init__(self, stream: Stream, redactor: Redactor) -> None:
        self._stream = stream
        self._redactor = redactor

    def msg(self, line: str) -> None:
        """Write one line; blotting it is the very last thing that happens to it."""
        with suppress(OSError, ValueError):
            self._stream.write(self._redactor.text(line) + "\n")
            self._stream.flush()

    debug = info = warning = error = critical = msg


def _factory(stream: Stream, redactor: Redactor) -> Callable[..., Printer]:
    return lambda *_: Printer(stream, redactor)


class RedactingFormatter(logging.Formatter):
    """For loggers of the standard library."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("level=%(levelname)s logger=%(name)s %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The line, blotted."""
        return self._redactor.text(super().format(record))


def is_ours(record: logging.LogRecord) -> bool:
    """Not a traceback about a stranger's broken HTTP: anybody could fill the disk with those."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def configure(level: str, secrets: Iterable[str] = (), stream: Stream | None = None) -> None:
    """Set up logging for the process; `secrets` never appear in it. `stream`: standard error."""
    stream = stream or sys.stderr
    number = logging.getLevelNamesMapping()[level.upper()]
    redactor = Redactor(secrets)
    handler = logging.StreamHandler(stream)
    handler.addFilter(is_ours)
    handler.setFormatter(RedactingFormatter(redactor))
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            redactor,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=_factory(stream, redactor),
        cache_logger_on_first_use=False,
    )
    sys.excepthook = crash = _crash(redactor, stream)
    # What dies in a thread, or where nobody can be told, is printed by hooks of their own.
    threading.excepthook = lambda died: crash(died.exc_type, died.exc_value, died.exc_traceback)
    sys.unraisablehook = lambda lost: crash(lost.exc_type, lost.exc_value, lost.exc_traceback)


def _crash(redactor: Redactor, stream: Stream) -> Hook:
    def hook(
        kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, SystemExit):  # a thread that ends itself has not crashed
            return
        told = "".join(traceback.format_exception(kind, error, trace))
        with suppress(OSError, ValueError):
            stream.write(redactor.text(told))
            stream.flush()

    return hook
