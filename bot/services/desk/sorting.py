"""Sorting a matter anew: another kind with all that follows from it, another track."""

from __future__ import annotations

from datetime import datetime

from bot.language.intents import Intent
from bot.models import Appeal, Audience, Person, Track, Urgency
from bot.rules.appeal_flow import Act
from bot.rules.audience import audience_of
from bot.rules.deadlines import due_at
from bot.rules.taxonomy import Category
from bot.services.desk.steps import Steps


class Sorting(Steps):
    """Steps that say what a matter is. They are no answer to the asker."""

    def sort(self, appeal: Appeal, category: Category, actor: Person, cause: str) -> Appeal:
        """分类: its unit, urgency, term, track and audience follow; the owed answer does not move.

        Danger stays danger, and what only those on duty may read stays so.
        """
        danger = appeal.urgency is Urgency.P0
        urgency = appeal.urgency if danger else Urgency(category.urgency)
        audience = audience_of(appeal.text, Intent.APPEAL, category)
        return self._take(
            Act.SORT,
            appeal,
            actor,
            cause,
            reason=category.name,
            category=category.code,
            unit=category.unit,
            urgency=urgency,
            track=category.track,
            audience=appeal.audience if appeal.audience is Audience.STAFF else audience,
            due_at=self._due_as(appeal, category, urgency),
        )

    def set_track(self, appeal: Appeal, track: Track, actor: Person, cause: str) -> Appeal:
        """现场处置, 列入清单: simple, or to be struck off the list."""
        return self._take(Act.TRACK, appeal, actor, cause, reason=track, track=track)

    def _due_as(self, appeal: Appeal, category: Category, urgency: Urgency) -> datetime:
        """The term of the new kind since it was recorded; had it passed by then, since now."""
        calendar, hours = self._knowledge.calendar, self._knowledge.hours
        due = due_at(appeal.created_at, category.due, calendar, hours, urgency)
        if due > self._now:
            return due
        return due_at(self._now, category.due, calendar, hours, urgency)
