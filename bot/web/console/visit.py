"""One request of the console, as a page sees it: who asks, what they sent, how to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import quote, unquote

from aiohttp import web

from bot.engine.context import Scene
from bot.models import CONSOLE, Person
from bot.ports import Clock, Database, Store
from bot.rules.permissions import Deed, covers, may
from bot.services.accounts import is_admin
from bot.services.knowledge import Knowledge
from bot.services.sign_in import Entered
from bot.web.console.forms import Form, page_number, read_form
from bot.web.console.looks import Looks

P = ParamSpec("P")
T = TypeVar("T")

HOME = "/console"
SAID = "haitang_said"
SAID_SECONDS = 60
_LONGEST_SAID = 300


class House:
    """What all visits share: the database, the clock, what is known, and how pages look."""

    def __init__(
        self,
        database: Database,
        knowledge: Callable[[], Knowledge],
        clock: Clock,
        looks: Looks,
        on_said: Callable[[], None],
    ) -> None:
        self.database = database
        self.knowledge = knowledge
        self.clock = clock
        self.looks = looks
        self.on_said = on_said


class Visit:
    """One request. `entered` is who is in, None where a door needs nobody."""

    def __init__(self, request: web.Request, house: House, entered: Entered | None) -> None:
        self.request = request
        self.house = house
        self.entered = entered
        self.token = "" if entered is None else entered.session.token
        self.now = house.clock.now()
        self._form: Form | None = None

    @property
    def person(self) -> Person:
        """Who is in. Raises `LookupError` behind a door that needs nobody."""
        if self.entered is None:
            raise LookupError("nobody is in")
        return self.entered.person

    @property
    def area(self) -> str:
        """What they look at: an area below their own, or all of it."""
        own = self.person.area
        chosen = "" if self.entered is None else self.entered.session.area
        return chosen if covers(own, chosen) else own  # their own may have changed since

    @property
    def is_admin(self) -> bool:
        """Whether they keep the accounts."""
        return self.entered is not None and is_admin(self.entered.account)

    def may(self, deed: Deed) -> bool:
        """Whether their role permits something, for what a page offers."""
        return may(self.person.role, deed)

    def part(self, name: str) -> str:
        """A variable part of the path."""
        return self.request.match_info[name]

    def asked(self, name: str, default: str = "") -> str:
        """A value behind the question mark."""
        return self.request.query.get(name, default).strip()

    def page_number(self) -> int:
        """Which page of a list, from 1."""
        return page_number(self.asked("page"))

    async def form(self) -> Form:
        """What was posted, read once. Raises `HTTPRequestEntityTooLarge`."""
        if self._form is None:
            self._form = await read_form(self.request)
        return self._form

    async def read(
        self, fn: Callable[Concatenate[Scene, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Look something up, on a snapshot."""

        def look(store: Store) -> T:
            return fn(self._scene(store), *args, **kwargs)

        return await self.house.database.read(look)

    async def write(
        self, fn: Callable[Concatenate[Scene, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Change something, in one transaction; what it says to people leaves by the outbox."""
        said = False

        def change(store: Store) -> T:
            nonlocal said
            scene = self._scene(store)
            result = fn(scene, *args, **kwargs)
            said = scene.said > 0 or scene.asks_for_work
            return result

        result = await self.house.database.write(change)
        if said:
            self.house.on_said()
        return result

    def page(self, template: str, *, status: int = 200, **shown: object) -> web.Response:
        """A whole page; `shown` are the names that the template uses."""
        body = self.house.looks.render(template, {"visit": self, **shown})
        response = web.Response(text=body, status=status, content_type="text/html")
        if SAID in self.request.cookies:
            response.del_cookie(SAID, path="/")
        return response

    def go(self, path: str, said: str = "") -> web.Response:
        """Elsewhere, after something was done; `said` is shown there once."""
        response = web.Response(status=303, headers={"Location": path})
        if said:
            response.set_cookie(
                SAID,
                quote(said[:_LONGEST_SAID]),
                path="/",
                max_age=SAID_SECONDS,
                httponly=True,
                samesite="Strict",
            )
        return response

    def file(self, data: bytes, name: str, mime: str) -> web.Response:
        """Something to keep, under a name in Chinese."""
        return web.Response(
            body=data,
            headers={
                "Content-Type": mime,
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
            },
        )

    def query(self, **changed: object) -> str:
        """This page's question mark with some values changed; None takes one away."""
        values: dict[str, object] = {**self.request.query, **changed}
        kept = {k: v for k, v in values.items() if v not in {None, ""}}
        return "?" + "&".join(f"{quote(k)}={quote(str(v))}" for k, v in kept.items())

    def _scene(self, store: Store) -> Scene:
        return Scene(store, self.house.knowledge(), self.now, CONSOLE)


def said_before(cookies: Mapping[str, str]) -> str:
    """What the last step had to say, unquoted; empty when nothing."""
    return unquote(cookies.get(SAID, ""))[:_LONGEST_SAID]
