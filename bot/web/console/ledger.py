"""台账: its nine sheets on a page, to be printed or taken away."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from bot.models import SHANGHAI
from bot.rules.counting import Period, month, month_after
from bot.rules.permissions import Deed
from bot.services.ledger.book import SHEETS, Ask
from bot.services.papers import FORMS, Form, Kind, Wanted
from bot.web.console.doors import Door, get, post
from bot.web.console.reports import day_asked, taken
from bot.web.console.visit import Visit

PAGE = 50
PRINTED = 2000
COLUMNS = {
    "appeals": (
        *("编号", "登记时间", "微网格/群", "诉求类别", "内容摘要", "地点（幢）", "反映人"),
        *("责任单位/认领单位", "办理期限", "办理过程", "状态", "办结时间", "满意度", "备注"),
    ),
}
"""What paper shows of a sheet with more columns than it is wide; the workbook has all."""
ON_PAPER = frozenset({"微网格/群", "办理过程", "备注"})
"""Of these what a screen leaves out."""


class LedgerPages:
    """The ledger of what one looks at."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/ledger", self.show, Deed.COUNT),
            get("/ledger/shared/{form}", self.take_shared, Deed.COUNT),
            post("/ledger/full", self.take_full, Deed.OPEN_LEDGER),
        ]

    async def show(self, visit: Visit) -> web.Response:
        """One sheet, some rows at a time; `all` for paper."""
        period = asked_period(visit)
        key = visit.asked("sheet", "appeals")
        if key not in SHEETS:
            raise web.HTTPNotFound
        everything, number = bool(visit.asked("all")), visit.page_number()
        limit = PRINTED if everything else PAGE
        skip = 0 if everything else PAGE * (number - 1)
        ask = Ask(area=visit.area, first=period.first, last=period.last)
        paper, more = await visit.read(
            lambda scene: scene.papers.sheet(ask, key, visit.person, limit, skip)
        )
        (section,) = paper.sections
        wanted = COLUMNS.get(key)
        names = [column.name for column in section.columns]
        return visit.page(
            "console/reports/ledger.html",
            paper=paper,
            section=section,
            places=[names.index(name) for name in wanted] if wanted else range(len(names)),
            on_paper=ON_PAPER if wanted else (),
            sheets=SHEETS,
            key=key,
            period=period,
            near=_near(period),
            number=number,
            more=more and not everything,
            everything=everything,
        )

    async def take_shared(self, visit: Visit) -> web.Response:
        """The copy that may be handed on."""
        form = next((form for form in FORMS[Kind.LEDGER] if form == visit.part("form")), None)
        if form is None:
            raise web.HTTPNotFound
        return await taken(visit, _wanted(visit, asked_period(visit), form))

    async def take_full(self, visit: Visit) -> web.Response:
        """Everything, for those in charge; a form, so that no link does it."""
        form = await visit.form()
        first, last = form.text("first"), form.text("last")
        try:
            period = Period(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError:
            raise web.HTTPBadRequest from None
        return await taken(visit, _wanted(visit, period, Form.EXCEL, full=True))


def asked_period(visit: Visit) -> Period:
    """The days behind the question mark; without any the month that runs."""
    today = visit.now.astimezone(SHANGHAI).date()
    usual = month(today.year, today.month)
    first = day_asked(visit, "first", usual.first)
    last = day_asked(visit, "last", usual.last if first == usual.first else first)
    return Period(min(first, last), max(first, last))


def _near(period: Period) -> dict[str, Period]:
    """Periods that one turns to often."""
    whole = month(period.first.year, period.first.month)
    year = Period(date(period.first.year, 1, 1), date(period.first.year, 12, 31))
    return {
        "上个月": month_after(whole, -1),
        f"{period.first.month}月": whole,
        "下个月": month_after(whole, 1),
        f"{period.first.year}年": year,
    }


def _wanted(visit: Visit, period: Period, form: Form, *, full: bool = False) -> Wanted:
    return Wanted(
        kind=Kind.LEDGER,
        form=form,
        area=visit.area,
        first=period.first,
        last=period.last,
        full=full,
    )
