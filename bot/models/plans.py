"""A plan of notices that came as a file."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct


class PlanState(StrEnum):
    """Its author is yet to be asked, has been asked, or has answered."""

    NEW = "new"
    ASKED = "asked"
    SETTLED = "settled"


class Plan(Struct, frozen=True, kw_only=True):
    """Which notices came together; `number` is what its author calls it."""

    number: int
    author: str
    at: datetime
    notices: tuple[str, ...]
    state: PlanState = PlanState.NEW

    def put(self, state: PlanState) -> Plan:
        """The same in another state."""
        return msgspec.structs.replace(self, state=state)
