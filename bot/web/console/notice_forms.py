"""A notice as a form holds it: words, ticks for whom, one of three ways to say when."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from msgspec import Struct

from bot.models import SHANGHAI, Beat, Notice, Recurrence, Role, Targets
from bot.rules.permissions import STAFF
from bot.web.console.forms import Form
from bot.web.console.notice_words import NO_BEAT, NO_TIME

_BETWEEN = re.compile(r"[\s、，,;；]+")
NOW, ONCE, AGAIN = "now", "once", "again"
USUAL_HOUR = "08:00"


class Timed(Struct, frozen=True):
    """When, or the sentence that says what is missing."""

    at: datetime | None = None
    recurrence: Recurrence | None = None
    fault: str = ""


def targets_in(form: Form) -> Targets:
    """What was ticked. Names that mean nothing are left out."""
    roles = tuple(Role(one) for one in form.texts("role") if one in set(STAFF))
    return Targets(
        groups=form.texts("group"),
        areas=form.texts("area"),
        tags=form.texts("tag"),
        buildings=tuple(filter(None, _BETWEEN.split(form.text("buildings"))))[:20],
        roles=roles,
        without=form.texts("without"),
    )


def timed_in(form: Form) -> Timed:
    """Once, again, or as soon as it is confirmed."""
    match form.text("timing"):
        case "once":
            day, clock = _day(form.text("day")), _clock(form.text("clock"))
            if day is None or clock is None:
                return Timed(fault=NO_TIME)
            return Timed(at=datetime.combine(day, clock, SHANGHAI))
        case "again":
            return _again(form)
        case _:
            return Timed()


def late_in(form: Form) -> int | None:
    """After how many minutes it is not sent any more; None: the usual."""
    number = form.number("late")
    return None if number is None else min(number, 24 * 60)


def shown_in(notice: Notice) -> dict[str, str]:
    """A notice's fields as the form shows them, but for whom it is for."""
    at = notice.planned_at.astimezone(SHANGHAI)
    shown = {
        "text": full_text(notice),
        "timing": ONCE,
        "day": at.date().isoformat(),
        "clock": f"{at:%H:%M}",
        "late": "" if notice.late is None else str(notice.late),
        "urgent": "1" if notice.urgent else "",
    }
    if notice.recurrence is not None:
        beat = notice.recurrence
        until = "" if beat.until is None else beat.until.isoformat()
        shown |= {"timing": AGAIN, "beat": beat.beat, "hour": f"{beat.at:%H:%M}", "until": until}
        shown["month_day"] = str(beat.days[0]) if beat.days else ""
    elif notice.planned_at == notice.created_at:
        shown["timing"] = NOW
    return shown


def full_text(notice: Notice) -> str:
    """The words of all; those of some groups alone are told apart by their own versions."""
    return notice.text or next(iter(notice.variants.values()), "")


def _again(form: Form) -> Timed:
    word, clock = form.text("beat"), _clock(form.text("hour"))
    if word not in set(Beat) or clock is None:
        return Timed(fault=NO_TIME)
    beat = Beat(word)
    weekdays = tuple(sorted({int(d) for d in form.texts("weekday") if d in set("0123456")}))
    day = form.text("month_day")
    days = (int(day),) if re.fullmatch(r"-1|[1-9]|[12]\d|3[01]", day) else ()
    if (beat is Beat.WEEKLY and not weekdays) or (beat is Beat.MONTHLY and not days):
        return Timed(fault=NO_BEAT)
    return Timed(
        recurrence=Recurrence(
            beat=beat,
            at=clock,
            weekdays=weekdays if beat is Beat.WEEKLY else (),
            days=days if beat is Beat.MONTHLY else (),
            until=_day(form.text("until")),
        )
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None
