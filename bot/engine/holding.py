"""What every service over one transaction is made of."""

from __future__ import annotations

from datetime import datetime

from bot.ports import Store
from bot.services.knowledge import Knowledge


class Holding:
    """One open transaction, what the bot knows, the moment, and what caused it all."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime, cause: str = "") -> None:
        self._store = store
        self.knowledge = knowledge
        self.now = now
        self.cause = cause
        self.asks_for_work = False
