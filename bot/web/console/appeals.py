"""诉求: the list that an office works from, narrowed as it likes, and saved to see again."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from aiohttp import web
from multidict import MultiMapping

from bot.models import Account, Kind, Level, Order, Shelf, Urgency, Wish
from bot.rules.permissions import Deed, covers
from bot.web.console.appeal_lines import lines_of
from bot.web.console.doors import Door, Need, get, post
from bot.web.console.visit import HOME, Visit

E = TypeVar("E", bound=StrEnum)

SHELVES = {
    Shelf.OPEN: "没办结",
    Shelf.WAITING: "待受理",
    Shelf.WORKING: "办理中",
    Shelf.DUE: "明天到期",
    Shelf.OVERDUE: "超期",
    Shelf.PARKED: "挂账",
    Shelf.ASKED: "待补充",
    Shelf.FRESH: "今天新来",
    Shelf.CLOSED: "已办结",
    Shelf.ALL: "全部",
}
ORDERS = {Order.DUE: "快到期的在前", Order.NEWEST: "新来的在前", Order.OLDEST: "早来的在前"}
URGENCIES = {
    Urgency.P0: "P0 危险",
    Urgency.P1: "P1 当天",
    Urgency.P2: "P2 一般",
    Urgency.P3: "P3 不急",
}
LISTS = f"{HOME}/appeals"
_BY_DAY = frozenset({Shelf.ALL, Shelf.CLOSED, Shelf.FRESH})
_KEPT = (
    *("q", "show", "sort", "area", "category", "unit", "building"),
    *("urgency", "kind", "level", "mine"),
)
_LONGEST = 60


class AppealListPages:
    """The list, and the lists that somebody saved."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/appeals", self.list, Deed.HANDLE),
            post("/appeals/views", self.save, Need.ENTRY),
            post("/appeals/views/{view}", self.rename, Need.ENTRY, about="view"),
            post("/appeals/views/{view}/remove", self.remove, Need.ENTRY, about="view"),
        ]

    async def list(self, visit: Visit) -> web.Response:
        """What is asked for behind the question mark; htmx gets the list alone."""
        wish, number = wished(visit), visit.page_number()
        account = account_of(visit)
        found, lines, board, views = await visit.read(
            lambda scene: (
                found := scene.lists.page(wish, visit.person, number),
                lines_of(scene, found.rows),
                scene.today.board(wish.area),
                scene.lists.views(account),
            )
        )
        counts = {
            Shelf.OPEN: board.open,
            Shelf.WAITING: board.waiting,
            Shelf.DUE: board.due,
            Shelf.OVERDUE: board.overdue,
            Shelf.PARKED: board.parked,
            Shelf.FRESH: board.fresh,
        }
        kept = kept_of(visit.request.query)
        shown: dict[str, Any] = {"wish": wish, "lines": lines, "number": number, "more": found.more}
        shown |= {"shelves": SHELVES, "counts": counts, "kept": kept, "views": views}
        if visit.request.headers.get("HX-Request") == "true":
            return visit.page("console/appeals_found.html", **shown)
        choices: dict[str, Any] = await visit.read(
            lambda scene: {
                "categories": scene.knowledge.taxonomy.all,
                "units": scene.lists.units(visit.area),
                "buildings": scene.lists.buildings(visit.area),
            }
        )
        return visit.page(
            "console/appeals.html",
            **shown,
            **choices,
            orders=ORDERS,
            urgencies=URGENCIES,
            kinds=tuple(Kind),
            levels=tuple(Level),
        )

    async def save(self, visit: Visit) -> web.Response:
        """The list that one looks at, under a name."""
        form, account = await visit.form(), account_of(visit)
        kept = kept_of(dict(parse_qsl(form.text("wish"))))
        await visit.write(lambda scene: scene.lists.save(account, form.text("name"), kept))
        return visit.go(f"{LISTS}?{kept}", f"存好了：{form.text('name')}。")

    async def rename(self, visit: Visit) -> web.Response:
        """Another name for one of one's own."""
        form, account, view = await visit.form(), account_of(visit), visit.part("view")
        await visit.write(lambda scene: scene.lists.rename(account, view, form.text("name")))
        return visit.go(LISTS, "名字改好了。")

    async def remove(self, visit: Visit) -> web.Response:
        """One of one's own is not wanted any more."""
        account, view = account_of(visit), visit.part("view")
        gone = await visit.write(lambda scene: scene.lists.remove(account, view))
        return visit.go(f"{LISTS}?{gone.wish}", f"「{gone.name}」不在常用里了，诉求都还在。")


def wished(visit: Visit) -> Wish:
    """What a visit asks for. Values that there are not are as if not asked for."""
    words = " ".join(visit.asked("q").split())[:_LONGEST]
    shelf = _one(Shelf, visit.asked("show"), Shelf.ALL if words else Shelf.OPEN)
    area = visit.asked("area")
    return Wish(
        area=area if covers(visit.area, area) else visit.area,
        shelf=shelf,
        order=_one(Order, visit.asked("sort"), Order.NEWEST if shelf in _BY_DAY else Order.DUE),
        words=words,
        category=visit.asked("category")[:_LONGEST],
        unit=visit.asked("unit")[:_LONGEST],
        building=visit.asked("building")[:_LONGEST],
        urgency=_maybe(Urgency, visit.asked("urgency")),
        kind=_maybe(Kind, visit.asked("kind")),
        level=_maybe(Level, visit.asked("level")),
        mine=visit.person.id if visit.asked("mine") else "",
    )


def kept_of(query: Mapping[str, str] | MultiMapping[str]) -> str:
    """What of a question mark makes the list, in one order; pages are left out."""
    kept = [(name, query[name].strip()[:_LONGEST]) for name in _KEPT if query.get(name, "").strip()]
    return urlencode(kept)


def account_of(visit: Visit) -> Account:
    """The account of who is in."""
    if visit.entered is None:
        raise LookupError("nobody is in")
    return visit.entered.account


def _one(kind: type[E], value: str, usual: E) -> E:
    return kind(value) if value in set(kind) else usual


def _maybe(kind: type[StrEnum], value: str) -> str:
    return value if value in set(kind) else ""
