"""One request of a resident's phone: where it is about, who it is again, how to answer."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import quote, unquote

from aiohttp import web

from bot.engine.context import Scene
from bot.ports import Store
from bot.services.open_pages import Neighbourhood
from bot.web.console.forms import Form, page_number, read_form
from bot.web.console.guard import FORM_SEED, is_secure
from bot.web.console.visit import House

P = ParamSpec("P")
T = TypeVar("T")

HOME = "/h5"
ME = "haitang_me"
LARGE = "haitang_large"
SAID = "haitang_h5_said"
HALF_A_YEAR = 180 * 24 * 3600
_LONGEST_SAID = 600


class Call:
    """One request. `here` is the neighbourhood that its address names, None on the first page."""

    def __init__(self, request: web.Request, house: House, here: Neighbourhood | None) -> None:
        self.request = request
        self.house = house
        self.now = house.clock.now()
        self._here = here
        self.token = request.cookies.get(FORM_SEED) or secrets.token_urlsafe(24)
        self._held = request.cookies.get(ME, "")
        self._form: Form | None = None

    @property
    def here(self) -> Neighbourhood:
        """The neighbourhood. Raises `LookupError` on the first page."""
        if self._here is None:
            raise LookupError("no neighbourhood")
        return self._here

    @property
    def root(self) -> str:
        """Where this neighbourhood's pages begin."""
        return HOME if self._here is None else f"{HOME}/{self._here.code}"

    @property
    def user(self) -> str:
        """Who this phone is to us; empty when it never brought anything up."""
        return user_of(self._held) if self._held else ""

    @property
    def is_large(self) -> bool:
        """长辈版: larger type, larger targets."""
        return self.request.cookies.get(LARGE) == "1"

    @property
    def said(self) -> str:
        """What the last step had to say."""
        return unquote(self.request.cookies.get(SAID, ""))[:_LONGEST_SAID]

    def part(self, name: str) -> str:
        """A variable part of the path."""
        return self.request.match_info[name]

    def asked(self, name: str) -> str:
        """A value behind the question mark."""
        return self.request.query.get(name, "").strip()[:100]

    def page_number(self) -> int:
        """Which page of a list, from 1."""
        return page_number(self.asked("page"))

    async def form(self) -> Form:
        """What was posted, read once."""
        if self._form is None:
            self._form = await read_form(self.request)
        return self._form

    async def read(
        self, fn: Callable[Concatenate[Scene, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Look something up, on a snapshot."""
        return await self.house.database.read(lambda store: fn(self._scene(store), *args, **kwargs))

    async def write(
        self, fn: Callable[Concatenate[Scene, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Change something, in one transaction."""
        return await self.house.database.write(
            lambda store: fn(self._scene(store), *args, **kwargs)
        )

    def page(self, template: str, *, status: int = 200, **shown: object) -> web.Response:
        """A whole page."""
        body = self.house.looks.render(template, {"call": self, **shown})
        response = web.Response(text=body, status=status, content_type="text/html")
        if SAID in self.request.cookies:
            response.del_cookie(SAID, path=HOME)
        if FORM_SEED not in self.request.cookies:
            self._hand(response, FORM_SEED, self.token, path="/", samesite="Strict")
        return response

    def go(self, path: str, said: str = "") -> web.Response:
        """Elsewhere, after something was done; `said` is shown there once."""
        response = web.Response(status=303, headers={"Location": path})
        if said:
            words = quote(said[:_LONGEST_SAID])
            self._hand(response, SAID, words, path=HOME, samesite="Lax", max_age=60)
        return response

    def meet(self) -> str:
        """Know this phone again from now on; returns who it is to us."""
        self._held = self._held or secrets.token_urlsafe(32)
        return user_of(self._held)

    def remember(self, response: web.Response) -> web.Response:
        """Let the phone keep what it is known by."""
        if self._held:
            self._hand(response, ME, self._held, path=HOME, samesite="Lax", max_age=HALF_A_YEAR)
        return response

    def _hand(
        self,
        response: web.Response,
        name: str,
        value: str,
        *,
        path: str,
        samesite: str,
        max_age: int | None = None,
    ) -> None:
        response.set_cookie(
            name,
            value,
            path=path,
            max_age=max_age,
            httponly=True,
            samesite=samesite,
            secure=is_secure(self.request),
        )

    def _scene(self, store: Store) -> Scene:
        return Scene(store, self.house.knowledge(), self.now)


def user_of(held: str) -> str:
    """Who a phone is to us: a hash, so that our data opens nobody's page."""
    return hashlib.sha256(held.encode()).hexdigest()[:32]
