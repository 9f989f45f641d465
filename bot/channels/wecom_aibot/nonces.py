"""Which callbacks were seen: a nonce is used once in two hours, says the platform's document.

The platform delivers a callback again when no 200 came in time, and then it is the same callback:
the same nonce over the same body is a repetition and is answered again, with the same answer. The
same nonce over another body is a replay with something exchanged.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from bot.errors import BadCallback
from bot.ports import Clock

MEMORY: Final = timedelta(hours=2)
MOST: Final = 100_000
_MAX_NONCE: Final = 128


class Nonces:
    """Remembers verified callbacks, the newest `most` of two hours."""

    def __init__(self, clock: Clock, most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._seen: OrderedDict[str, tuple[datetime, bytes]] = OrderedDict()

    def check(self, nonce: str, body: bytes) -> None:
        """Remember a callback whose signature is right. Raises `BadCallback` for a replay."""
        if len(nonce) > _MAX_NONCE:
            raise BadCallback("nonce 太长", 400)
        now = self._clock.now()
        self._forget(now - MEMORY)
        digest = hashlib.sha256(body).digest()
        _, known = self._seen.setdefault(nonce, (now, digest))
        if known != digest:
            raise BadCallback("nonce 用过了")

    def _forget(self, before: datetime) -> None:
        while self._seen:
            oldest = next(iter(self._seen))
            if self._seen[oldest][0] > before and len(self._seen) <= self._most:
                return
            del self._seen[oldest]
