"""A plan of notices as a file: a calendar (.ics) or a table (Excel, CSV), in and out."""

from __future__ import annotations

from bot.services.plan.files import read_plan, write_plan
from bot.services.plan.rows import Planned, PlanRow
from bot.services.plan.service import Batch, Checked, PlansService

__all__ = ["Batch", "Checked", "PlanRow", "Planned", "PlansService", "read_plan", "write_plan"]
