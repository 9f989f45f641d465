"""How values look in SQLite: UTC milliseconds for times, sortable opaque ids."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import datetime

from bot.models import SHANGHAI

_guard = threading.Lock()
_last = 0
_process = secrets.token_hex(3)


def to_ms(at: datetime) -> int:
    """Milliseconds since the epoch. Raises `ValueError` for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("a naive datetime cannot be stored")
    return round(at.timestamp() * 1000)


def from_ms(value: int) -> datetime:
    """An aware datetime in Asia/Shanghai."""
    return datetime.fromtimestamp(value / 1000, SHANGHAI)


def maybe_ms(at: datetime | None) -> int | None:
    """`to_ms`, or None."""
    return None if at is None else to_ms(at)


def maybe_at(value: int | None) -> datetime | None:
    """`from_ms`, or None."""
    return None if value is None else from_ms(value)


def new_id() -> str:
    """An opaque id; ids made by one process sort by the order in which they were made."""
    global _last  # noqa: PLW0603 - it must outlive every connection
    with _guard:
        # Never behind the one before, also when the machine's clock is set back.
        _last = max(_last + 1, time.time_ns() // 1_000_000 << 24)
        return f"{_last:017x}{_process}"
