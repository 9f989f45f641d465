"""通知: the month as a calendar (on a phone as an agenda), and what waits for somebody."""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from bot.engine.context import Scene
from bot.models import SHANGHAI, NoticeState
from bot.rules.permissions import Deed
from bot.services.notice_calendar import Slot
from bot.web.console.doors import Door, get
from bot.web.console.notice_words import STANDINGS
from bot.web.console.visit import Visit

PAGE = 30
A_DAY_SHOWS = 4
LATELY = timedelta(days=30)
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
SHOWS = {
    "awaiting": ("待审核", (NoticeState.AWAITING,)),
    "drafts": ("没确认的", (NoticeState.DRAFT,)),
    "ahead": ("要发的", (NoticeState.PLANNED, NoticeState.PAUSED)),
    "failed": ("没发全的", ()),
    "all": ("全部", tuple(NoticeState)),
}


class NoticePages:
    """The calendar and the lists."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/notices", self.month, Deed.ANNOUNCE),
            get("/notices/list", self.list, Deed.ANNOUNCE),
        ]

    async def month(self, visit: Visit) -> web.Response:
        """Six weeks at most, every time of every notice on its day; or one day alone."""
        today = visit.now.astimezone(SHANGHAI).date()
        first = _first_of(visit.asked("month"), today)
        one = _day(visit.asked("day"))
        weeks = months.Calendar().monthdatescalendar(first.year, first.month)
        span = (one, one) if one is not None else (weeks[0][0], weeks[-1][-1])

        def look(scene: Scene) -> tuple[Mapping[date, Sequence[Slot]], Mapping[NoticeState, int]]:
            book = scene.calendar(visit.person, visit.area)
            return book.days(*span), book.counts()

        days, counts = await visit.read(look)
        return visit.page(
            "console/notices/month.html",
            weeks=weeks,
            days=days,
            first=first,
            today=today,
            one=one,
            before=_month_of(first - timedelta(days=1)),
            after=_month_of(first + timedelta(days=31)),
            standings=STANDINGS,
            shown=A_DAY_SHOWS,
            counts=counts,
            here="month",
        )

    async def list(self, visit: Visit) -> web.Response:
        """Those that wait, those that went wrong, or all, by words."""
        asked, number, words = visit.asked("show"), visit.page_number(), visit.asked("q")[:60]
        show = asked if asked in SHOWS else "all"

        def look(scene: Scene) -> dict[str, Any]:
            book = scene.calendar(visit.person, visit.area)
            if show == "failed":
                rows = book.failed(visit.now - LATELY, PAGE)
            else:
                wanted = words.split()[:6]
                rows = book.newest(SHOWS[show][1], wanted, PAGE + 1, PAGE * (number - 1))
            authors = {
                slot.notice.author: scene.people.by_id(slot.notice.author) for slot in rows[:PAGE]
            }
            return {
                "rows": rows[:PAGE],
                "more": len(rows) > PAGE,
                "authors": authors,
                "counts": book.counts(),
            }

        return visit.page(
            "console/notices/list.html",
            **await visit.read(look),
            here=show,
            shows=SHOWS,
            number=number,
            q=words,
            standings=STANDINGS,
        )


def _first_of(month: str, today: date) -> date:
    found = _MONTH.fullmatch(month)
    return date(int(found[1]), int(found[2]), 1) if found is not None else today.replace(day=1)


def _month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
