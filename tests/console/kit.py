"""An office for tests: the running house, and people who sit at its console."""

from __future__ import annotations

import html
import io
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from argon2 import PasswordHasher
from msgspec import Struct

from bot.app import Service
from bot.engine.context import Scene
from bot.models import Access, Account, Role
from bot.ports import Clock, Store
from bot.web.console.console import Console
from bot.web.console.guard import SESSION, TOKEN_FIELD
from bot.web.console.hashing import Hashing
from bot.web.console.visit import HOME
from tests.web.doors import Door, opened

STREET = "海棠街道"
COMMUNITY = "海棠街道/春晓社区"
GRID = "海棠街道/春晓社区/第3微网格"
ELSEWHERE = "海棠街道/邻里社区"
QUICK = Hashing(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
_TAG = re.compile(r"<[^>]+>|<style.*?</style>", re.S)


class Answer(Struct, frozen=True):
    """What came back: the status, where to (for a 303), the page, its headers."""

    status: int
    body: str
    to: str
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """What one reads on the page, without tags."""
        return re.sub(r"\s+", " ", html.unescape(_TAG.sub(" ", self.body)))


class Clerk:
    """Somebody at a browser. `token` is what their forms carry."""

    def __init__(self, url: str, session: aiohttp.ClientSession, token: str) -> None:
        self._url = url
        self.session = session
        self.token = token

    @property
    def held(self) -> str:
        """What the browser holds of the session; empty for a stranger."""
        return next((c.value for c in self.session.cookie_jar if c.key == SESSION), "")

    async def get(self, path: str, **query: str) -> Answer:
        """Open a page below `/console`."""
        async with self.session.get(
            self._url + HOME + path, params=query, allow_redirects=False
        ) as answer:
            return await _answer(answer)

    async def post(self, path: str, _data: Any = None, **fields: Any) -> Answer:
        """Post a form of a page below `/console`; `_data` for files."""
        data = _data
        if data is None:
            data = [(TOKEN_FIELD, self.token)]
            for name, value in fields.items():
                many = value if isinstance(value, list | tuple) else [value]
                data += [(name, str(each)) for each in many]
        async with self.session.post(
            self._url + HOME + path,
            data=data,
            headers={"Origin": self._url},
            allow_redirects=False,
        ) as answer:
            return await _answer(answer)

    def files(self, files: Mapping[str, tuple[str, bytes]], **fields: str) -> aiohttp.FormData:
        """A form with files, for `post(_data=…)`: field → (name, bytes)."""
        form = aiohttp.FormData()
        form.add_field(TOKEN_FIELD, self.token)
        for name, value in fields.items():
            form.add_field(name, value)
        for name, (filename, data) in files.items():
            form.add_field(name, io.BytesIO(data), filename=filename)
        return form


class Office:
    """The running house with its console."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.url = door.url
        self.service: Service = door.service
        self._opened: list[aiohttp.ClientSession] = []

    @property
    def console(self) -> Console:
        """The console itself."""
        assert self.service.pages is not None
        return self.service.pages.console

    async def scene(self, fn: Any) -> Any:
        """Do something with the services, in a transaction."""

        def change(store: Store) -> Any:
            now = self.service.clock.now()
            return fn(Scene(store, self.service.engine.knowledge, now))

        return await self.service.database.write(change)

    async def account(
        self, role: Role, area: str = COMMUNITY, access: Access = Access.STAFF, name: str = ""
    ) -> Account:
        """An account of somebody without a chat account; made once."""
        name = name or f"{role}-{area.rpartition('/')[2]}-{access}"

        def find(scene: Scene) -> Account:
            for account, _ in scene.accounts.all():
                if account.name == name:
                    return account
            return scene.accounts.create(name, role, area, access)

        found: Account = await self.scene(find)
        return found

    async def clerk(
        self, role: Role, area: str = COMMUNITY, access: Access = Access.STAFF, name: str = ""
    ) -> Clerk:
        """Somebody of a role who is in."""
        account = await self.account(role, area, access, name)

        def enter(scene: Scene) -> tuple[str, str]:
            held = scene.sign_in.open(account)
            entered = scene.sign_in.inside(held)
            assert entered is not None
            return held, entered.session.token

        held, token = await self.scene(enter)
        return self._browser(token, {SESSION: held})

    def stranger(self) -> Clerk:
        """Somebody who is not in, with an empty browser."""
        return self._browser("", {})

    def _browser(self, token: str, cookies: Mapping[str, str]) -> Clerk:
        jar = aiohttp.CookieJar(unsafe=True)
        jar.update_cookies(cookies)
        session = aiohttp.ClientSession(cookie_jar=jar)
        self._opened.append(session)
        return Clerk(self.url, session, token)

    async def close(self) -> None:
        """Close all browsers."""
        for session in self._opened:
            await session.close()


@asynccontextmanager
async def office_in(
    folder: Path, clock: Clock | None = None, public_url: str = ""
) -> AsyncIterator[Office]:
    """An office in `folder`, with the made-up community."""
    async with opened(folder, clock=clock, public_url=public_url) as door:
        made = Office(door)
        try:
            yield made
        finally:
            await made.close()


async def _answer(answer: aiohttp.ClientResponse) -> Answer:
    data = await answer.read()
    return Answer(
        answer.status,
        data.decode("utf-8", "replace"),
        answer.headers.get("Location", ""),
        dict(answer.headers),
    )
