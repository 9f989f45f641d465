"""Words that somebody passes on: quoted, or forwarded to this chat a moment before."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.models import Incoming
from bot.ports import Store

LATELY = timedelta(minutes=10)
LOOKED_AT = 10
SHORTEST = 12
"""What is shorter was said, not forwarded."""
_ORDER = re.compile(r"\s*[#＃/／]?\s*(?:@\S+\s*)?(?:发布|群发|发通知|模板|模版|更正|改期|作废)")


def forwarded(store: Store, incoming: Incoming, message: str, now: datetime) -> str:
    """What `incoming` quotes, else its sender's last longer words here; "" when there are none."""
    if incoming.quote.strip() and not _is_stand_in(incoming.quote):
        return incoming.quote.strip()
    rows = store.inbox.recent(incoming.channel, incoming.chat, incoming.sender, LOOKED_AT)
    for row, earlier in reversed(rows):
        if row == message or now - earlier.sent_at > LATELY:
            continue
        if not earlier.wordless and not earlier.is_event and fit(earlier.text):
            return earlier.text.strip()
    return ""


def fit(text: str) -> bool:
    """Whether a message is long enough to be a notice, and no order to us."""
    return len(text.strip()) >= SHORTEST and _ORDER.match(text) is None


def _is_stand_in(quote: str) -> bool:
    return re.fullmatch(r"\s*(?:\[[^\[\]]{1,6}\]\s*)+", quote) is not None
