"""Putting the pages together: every door behind the guard, and what templates may call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from aiohttp import web

from bot.channels.console import ConsoleChannel
from bot.engine.answers import Answers
from bot.engine.context import Scene
from bot.engine.engine import Engine
from bot.models import PAGES, Finding, State
from bot.ports import Channel, ScanChannel, Vault
from bot.rules.permissions import ROLE_NAMES, covers
from bot.services.paper import told
from bot.web.console import directory
from bot.web.console.accounts import AccountPages
from bot.web.console.audit import AuditPages
from bot.web.console.desk import DeskPages
from bot.web.console.doors import Door, Need, get
from bot.web.console.entry import EntryPages
from bot.web.console.faq import FaqPages
from bot.web.console.faq_forms import AUDIENCES, changes
from bot.web.console.faq_import import FaqFilePages
from bot.web.console.faq_try import TryPages
from bot.web.console.groups import GroupPages
from bot.web.console.guard import Guard
from bot.web.console.hashing import Hashing
from bot.web.console.holidays import HolidayPages
from bot.web.console.kinds import KindPages
from bot.web.console.ledger import LedgerPages
from bot.web.console.ledger_import import ImportPages
from bot.web.console.looks import Looks
from bot.web.console.notice_page import NoticePage
from bot.web.console.notice_plans import NoticePlans
from bot.web.console.notice_words import beginning
from bot.web.console.notice_writing import NoticeWriting
from bot.web.console.notices import NoticePages
from bot.web.console.people import PeoplePages
from bot.web.console.posters import PosterPages
from bot.web.console.questions import QuestionPages
from bot.web.console.reports import ReportPages, chart_of
from bot.web.console.rooms import ROOMS
from bot.web.console.roster import RosterPages
from bot.web.console.scan import ScanPages
from bot.web.console.settings import Probe, SettingsPages, nothing_to_ask
from bot.web.console.speaking import Speaker
from bot.web.console.today import TodayPages
from bot.web.console.units import UnitPages
from bot.web.console.visit import HOME, House, Visit, said_before

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline';"
        " img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
TONES = {
    State.PENDING: "waiting",
    State.NEEDS_INFO: "waiting",
    State.WORKING: "working",
    State.PARKED: "parked",
    State.DONE: "done",
    State.STRUCK: "done",
    State.DECLINED: "still",
    State.MERGED: "still",
    State.WITHDRAWN: "still",
}


NAMES: Mapping[str, object] = {
    "rooms": ROOMS,
    "role_names": ROLE_NAMES,
    "tones": TONES,
    "said_before": said_before,
    "audiences": AUDIENCES,
    "beginning": beginning,
    "changes": changes,
    "has_sandbox": False,
    "cell": told,
    "chart_of": chart_of,
    **directory.NAMES,
}
"""What every template may call, whoever looks."""


class Console:
    """All doors below `/console`."""

    def __init__(
        self,
        engine: Engine,
        answers: Answers,
        channel: ConsoleChannel,
        version: str,
        areas: Sequence[str],
        on_said: Callable[[], None],
        vault: Vault,
        hashing: Hashing | None = None,
    ) -> None:
        self._engine = engine
        self._areas: tuple[str, ...] = ()
        self.channels: Mapping[str, Channel] = {}
        self.scans: dict[str, ScanChannel] = {}
        self.down: Callable[[], Sequence[str]] = tuple
        self.probe: Probe = nothing_to_ask
        self.looks = Looks(version)
        self.looks.add(**NAMES, areas_of=self._areas_of, scans=self.scans)
        self.house = House(
            engine.database, lambda: engine.knowledge, engine.clock, self.looks, on_said
        )
        self.speaker = Speaker(engine, answers, channel)
        self._desk = DeskPages(self.speaker, engine.knowledge.bounds, vault)
        self._guard = Guard(self.house)
        self._faq_files = FaqFilePages(self.house)
        self._plans = NoticePlans(self.house, self.speaker)
        self._imports = ImportPages()
        self._entry = EntryPages(hashing or Hashing(), areas)
        self._holidays = HolidayPages(self.house)
        self._roster = RosterPages(self.house, self.chats, self.refresh)
        self._scan = ScanPages(lambda: self.scans)

    def doors(self) -> list[Door]:
        """Every door of the console, in the order in which they are tried."""
        return [
            *self._entry.doors(),
            *self._scan.doors(),
            *TodayPages(self.down).doors(),
            *self._desk.doors(),
            *self._roster.doors(),
            *UnitPages().doors(),
            *PeoplePages(self.chats, self.refresh).doors(),
            *GroupPages(self.refresh).doors(),
            *AccountPages().doors(),
            *AuditPages().doors(),
            *self._holidays.doors(),
            *KindPages().doors(),
            *SettingsPages(self.chats, self._probe).doors(),
            *PosterPages().doors(),
            *FaqPages().doors(),
            *TryPages().doors(),
            *self._faq_files.doors(),
            *QuestionPages(self.speaker).doors(),
            *ReportPages().doors(),
            *LedgerPages().doors(),
            *self._imports.doors(),
            *NoticePages().doors(),
            *NoticeWriting().doors(),
            *self._plans.doors(),
            *NoticePage(self.speaker).doors(),
        ]

    def routes(self) -> list[web.AbstractRouteDef]:
        """To be added to the application."""
        routes: list[web.AbstractRouteDef] = []
        for door in self.doors():
            handler = self._guard.handler(door)
            routes.append(web.route(door.method, HOME + door.path, handler))
        routes.append(web.get(HOME + "/", _without_slash))
        nowhere = get("/{tail:.+}", _nowhere, Need.NOTHING)
        routes.append(web.get(HOME + nowhere.path, self._guard.handler(nowhere)))
        return routes

    async def _probe(self) -> Sequence[Finding]:
        return await self.probe()

    def chats(self) -> list[str]:
        """The channels on which people have accounts of their own."""
        return [name for name in self.channels if name not in PAGES]

    async def refresh(self) -> None:
        """Read again which areas there are."""
        self._areas = await self.house.database.read(
            lambda store: tuple(
                _with_parents(
                    [group.area for group in store.people.groups()]
                    + [person.area for person in store.people.staff()]
                )
            )
        )

    async def invite_first(self) -> str | None:
        """Where the first account is made; None when there is one."""
        link = await self.house.database.write(
            lambda store: Scene(
                store, self._engine.knowledge, self._engine.clock.now()
            ).accounts.invite_first()
        )
        return None if link is None else f"{HOME}/set-up/{link}"

    def _areas_of(self, visit: Visit) -> list[str]:
        own = visit.person.area
        return [own, *(area for area in self._areas if area != own and covers(own, area))]


def secure(response: web.StreamResponse) -> None:
    """Headers of every page of the console."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _with_parents(areas: Iterable[str]) -> list[str]:
    """Every area and those above it, in order."""
    found: set[str] = set()
    for area in filter(None, areas):
        parts = area.split("/")
        found |= {"/".join(parts[:n]) for n in range(1, len(parts) + 1)}
    return sorted(found)


async def _nowhere(visit: Visit) -> web.StreamResponse:
    raise web.HTTPNotFound


async def _without_slash(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(HOME)
