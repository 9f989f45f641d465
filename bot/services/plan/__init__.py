"""A plan of notices as a file: a calendar (.ics) or a table (Excel, CSV), in and out.

`files` reads and writes; it is not imported here, because its libraries would slow every start.
"""

from __future__ import annotations

from bot.services.plan.rows import Planned, PlanRow
from bot.services.plan.service import Batch, Checked, PlansService

__all__ = ["Batch", "Checked", "PlanRow", "Planned", "PlansService"]
