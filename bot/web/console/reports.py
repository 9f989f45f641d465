"""报表: the day, the week, the month as a page, and as files to take away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, timedelta

import msgspec
from aiohttp import web
from msgspec import Struct

from bot.engine.context import Scene
from bot.models import SHANGHAI
from bot.rules.counting import Period, month_after
from bot.rules.permissions import Deed
from bot.services import papers
from bot.services.paper import Chart, Paper
from bot.services.papers import FORMS, MIMES, Form, Kind, Wanted, file_name
from bot.web.console.doors import Door, get
from bot.web.console.visit import HOME, Visit

TITLES = {Kind.DAILY: "日报", Kind.WEEKLY: "周报", Kind.MONTHLY: "月报"}
_STEPS: dict[Kind, Callable[[Period, int], date]] = {
    Kind.DAILY: lambda period, step: period.first + timedelta(days=step),
    Kind.WEEKLY: lambda period, step: period.first + timedelta(days=7 * step),
    Kind.MONTHLY: lambda period, step: month_after(period, step).first,
}
SHOWN = 50
"""Rows of a section on the page; the files hold all."""


class Neighbours(Struct, frozen=True):
    """Days of the period before and of the one after; None where that is still to come."""

    before: date
    after: date | None


class ReportPages:
    """Reports of what one looks at."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/reports", self.start, Deed.COUNT),
            get("/reports/{kind}", self.show, Deed.COUNT),
            get("/reports/{kind}/{form}", self.take, Deed.COUNT),
        ]

    async def start(self, visit: Visit) -> web.Response:
        """The month that runs."""
        return visit.go(f"{HOME}/reports/{Kind.MONTHLY}")

    async def show(self, visit: Visit) -> web.Response:
        """One report, its charts with a table below each."""
        wanted = _wanted(visit, Form.EXCEL)
        paper: Paper = await visit.read(
            lambda scene: scene.papers.make(wanted, visit.person, SHOWN + 1)
        )
        return visit.page(
            "console/reports/report.html",
            paper=paper,
            kind=wanted.kind,
            titles=TITLES,
            period=wanted.period,
            near=neighbours(wanted.kind, wanted.period, _today(visit)),
            shown=SHOWN,
        )

    async def take(self, visit: Visit) -> web.Response:
        """The same as a file; that it leaves is written down first."""
        form = next((form for form in Form if form == visit.part("form")), None)
        wanted = _wanted(visit, form or Form.EXCEL)
        if form is None or form not in FORMS[wanted.kind]:
            raise web.HTTPNotFound
        return await taken(visit, wanted)


async def taken(visit: Visit, wanted: Wanted) -> web.Response:
    """A ledger or report as an answer."""

    def make(scene: Scene) -> Paper:
        return scene.papers.make(wanted, visit.person)

    paper = await visit.read(make)
    await visit.write(lambda scene: scene.papers.note(wanted, visit.person))
    data = await asyncio.to_thread(papers.write, paper, wanted.form)
    return visit.file(data, file_name(paper, wanted), MIMES[wanted.form])


def neighbours(kind: Kind, period: Period, today: date) -> Neighbours:
    """Where one may turn to from a period."""
    after = _STEPS[kind](period, 1)
    return Neighbours(_STEPS[kind](period, -1), after if after <= today else None)


def chart_of(chart: Chart) -> str:
    """A chart as the page's script reads it."""
    return msgspec.json.encode(chart).decode()


def day_asked(visit: Visit, name: str, default: date) -> date:
    """A day behind the question mark; what is none is the usual one."""
    try:
        found = date.fromisoformat(visit.asked(name))
    except ValueError:
        return default
    return found if 2000 <= found.year <= 2100 else default


def _today(visit: Visit) -> date:
    return visit.now.astimezone(SHANGHAI).date()


def _wanted(visit: Visit, form: Form) -> Wanted:
    """Raises `HTTPNotFound` for no such report."""
    kind = next((kind for kind in TITLES if kind == visit.part("kind")), None)
    if kind is None:
        raise web.HTTPNotFound
    of = min(day_asked(visit, "date", _today(visit)), _today(visit))
    return Wanted(kind=kind, form=form, area=visit.area, first=of, last=of)
