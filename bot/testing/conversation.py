"""A world to talk in, for tests: `group.says("居民甲", "…")`, `group.heard("已登记")`.

Everything goes through the real engine, database and outbox; only the clock is ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bot.app import Database
from bot.engine.context import Scene
from bot.models import Appeal, FaqEntry, Listen, Outcome, Person, Role, Trace
from bot.models import Group as GroupRecord
from bot.ports import Store
from bot.replay import CHANNEL, Heard, Player
from bot.transcript import WaitLine

T = TypeVar("T")

AREA = "海棠街道/春晓社区/第1微网格"
START = datetime.fromisoformat("2026-11-21T09:00:00+08:00")


class Group:
    """A chat group, or one person's private chat with the bot."""

    def __init__(self, world: World, name: str, person: str = "") -> None:
        self._world = world
        self.name = name
        self._person = person

    def says(
        self,
        who: str,
        text: str,
        *,
        mention: bool = False,
        files: Sequence[Path] = (),
        quote: str = "",
    ) -> list[str]:
        """Somebody says something here; returns what the bot said here at once.

        `quote` is what it answers. `files` come with it; without words that is a picture alone.
        """
        before = len(self.said)
        self._world.said(who, text, self.name, mention=mention, files=files, quote=quote)
        return self.said[before:]

    @property
    def said(self) -> list[str]:
        """Everything that the bot ever said here."""
        return [heard.text for heard in self._world.heard if self._is_here(heard)]

    def heard(self, words: str) -> bool:
        """Whether the bot's last message here contains these words."""
        return bool(self.said) and words in self.said[-1]

    def _is_here(self, heard: Heard) -> bool:
        if self.name:
            return heard.group == self.name
        return heard.to == self._person


class World:
    """Groups, people, answers and a clock. Close it when done."""

    def __init__(self, folder: Path, start: datetime = START) -> None:
        self._runner = asyncio.Runner()
        self._folder = folder
        self.player = self._open(start)

    def close(self) -> None:
        """Close the database and the event loop."""
        self._run(self.player.database.close())
        self._runner.close()

    def restart(self) -> None:
        """Stop and start again, as after a power cut that came between two messages."""
        heard, now = self.player.heard, self.player.clock.now()
        self._run(self.player.database.close())
        self.player = self._open(now)
        self.player.heard = heard
        self._run(self.player.resume())

    def group(
        self,
        name: str = "一群",
        area: str = AREA,
        listen: Listen = Listen.ALL,
        *,
        tags: tuple[str, ...] = (),
        buildings: tuple[str, ...] = (),
    ) -> Group:
        """Register a group."""
        self._run(self.player.add_group(name, area, listen, tags, buildings))
        return Group(self, name)

    def rename(self, group: GroupRecord, names: tuple[str, ...]) -> None:
        """What the bot is called in a group."""
        renamed = msgspec.structs.replace(group, names=names)
        self._run(self.player.database.write(lambda store: store.people.save_group(renamed)))

    def person(self, name: str, role: Role, area: str = AREA) -> Group:
        """Register a person; returns their private chat with the bot."""
        self._run(self.player.add_person(name, role, area))
        return self.private(name)

    def partner(self, name: str, unit: str, serves: Sequence[str], area: str = AREA) -> Group:
        """Register somebody of a partner unit; returns their private chat with the bot."""
        self._run(self.player.add_person(name, Role.PARTNER, area, unit, tuple(serves)))
        return self.private(name)

    def private(self, name: str) -> Group:
        """A person's private chat with the bot."""
        return Group(self, "", name)

    def faq(self, question: str, answer: str, source: str = "社区居委会") -> None:
        """Add an approved answer."""
        self._run(self.player.add_faq(question, answer, source))

    def keep(self, entry: FaqEntry) -> None:
        """Put an entry into the bank as it is, with its dates and area."""
        self._run(self.player.database.write(lambda store: store.faq.replace([entry])))

    def said(
        self,
        who: str,
        text: str,
        group: str = "",
        *,
        mention: bool = False,
        files: Sequence[Path] = (),
        quote: str = "",
    ) -> None:
        """Somebody says something."""
        paths = [str(path) for path in files]
        self._last = self._run(
            self.player.say(who, text, group, mention=mention, files=paths, quote=quote)
        )

    def happened(self, event: str, who: str, text: str = "") -> None:
        """Something happened in a person's private chat instead of being said: `enter_chat`."""
        self._last = self._run(self.player.say(who, text, kind=f"event:{event}"))

    def wait(self, span: str) -> None:
        """Let time pass: `90m`, `2h`, `1d`."""
        self._run(self.player.until(self.now + WaitLine(wait=span).span()))

    def sleep(self, span: str) -> None:
        """Time passes while the program is down: nothing runs. `restart` wakes it."""
        self.player.clock.set(self.now + WaitLine(wait=span).span())

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.player.clock.now()

    @property
    def heard(self) -> list[Heard]:
        """Everything that the bot said anywhere."""
        return self.player.heard

    @property
    def trace(self) -> Trace:
        """Why the last message was answered, or not."""
        message = self._last.message
        found = self.read(lambda store: store.traces.get(message))
        return found or Trace(message=message, outcome=Outcome.SILENT)

    def appeal(self, short: int, group: str = "一群") -> Appeal:
        """An appeal by its short number in a group. Raises `IndexError`."""
        return self.read(lambda store: store.appeals.by_short(short, f"{CHANNEL}:{group}"))[0]

    def act(self, who: str, fn: Callable[[Scene, Person], T]) -> T:
        """Do something as a registered person, past the chat: `lambda scene, me: …`."""

        def do(store: Store) -> T:
            person = store.people.by_id(f"{CHANNEL}:{who}")
            if person is None:
                raise LookupError(who)
            return fn(Scene(store, self.player.engine.knowledge, self.now), person)

        return self._run(self.player.database.write(do))

    def read(self, fn: Callable[[Store], T]) -> T:
        """Look into the store."""
        return self._run(self.player.database.read(fn))

    def write(self, fn: Callable[[Store], T]) -> T:
        """Change the store, as nobody in the chat could."""
        return self._run(self.player.database.write(fn))

    def _open(self, start: datetime) -> Player:
        database = Database.open(self._folder / "world.db")
        return self._run(_made(database, start, self._folder))

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(coroutine)


async def _made(database: Database, start: datetime, folder: Path) -> Player:
    return Player(database, start, folder)
