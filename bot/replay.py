"""Plays talk through the real engine, database and outbox, with a clock that we turn ourselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct, field

from bot.app import Database, build_knowledge, load_dictionary, routers, workers
from bot.config import Config
from bot.engine.engine import Engine, Receipt
from bot.engine.jobs import JobRunner
from bot.engine.outbox import OutboxSender
from bot.errors import SendRefused
from bot.models import (
    SHANGHAI,
    Attachment,
    Carries,
    FaqEntry,
    Group,
    Incoming,
    Listen,
    MediaKind,
    Outgoing,
    Person,
    Role,
)
from bot.ports import Fetched, Rate, Store
from bot.transcript import FaqLine, GroupLine, PersonLine, SayLine, Step, UntilLine, WaitLine

CHANNEL = "replay"
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp"})


class VirtualClock:
    """Implements `bot.ports.Clock`; stands still until it is set."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def turn_back(self, at: datetime) -> None:
        """Jump, also backwards: what a machine with a badly set clock does."""
        self._now = at

    def set(self, at: datetime) -> None:
        """Go to an instant, never back."""
        self._now = max(self._now, at)


class Heard(Struct, frozen=True):
    """Something that the bot said. `line` is the input line that caused it, None for the clock."""

    line: int | None
    at: str
    group: str | None = field(name="in")
    to: str | None
    text: str


class Recorder:
    """A channel that writes down what is sent. Implements `bot.ports.Channel`."""

    def __init__(self, on_sent: Callable[[Outgoing], None]) -> None:
        self.name = CHANNEL
        self.rate: Rate | None = None
        self._on_sent = on_sent

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, outgoing: Outgoing) -> str:
        """Write it down."""
        self._on_sent(outgoing)
        return outgoing.id

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """A file of the transcript's own folder. Implements `bot.ports.MediaChannel`."""
        path = Path(attachment.ref)
        data = await asyncio.to_thread(_read, path, limit + 1)
        return Fetched(data, path.name)


def _read(path: Path, most: int) -> bytes:
    """Raises `SendRefused` when it is gone."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise SendRefused("没有这个文件") from error


class Player:
    """A small world: groups, people, an engine and a clock. `heard` is what the bot said."""

    def __init__(
        self, database: Database, start: datetime, state: Path, config: Config | None = None
    ) -> None:
        self.database = database
        self.clock = VirtualClock(start)
        self.heard: list[Heard] = []
        # Transcripts show what is said of the matter; the line of first use is said beside it.
        knowledge = msgspec.structs.replace(
            build_knowledge(config or Config()),
            carries={CHANNEL: Carries(pictures=True, files=True)},
            tells_privacy=False,
        )
        self._areas: dict[str, str] = {}
        self.engine = Engine(database, routers(), knowledge, self.clock, areas=self._areas)
        channels = {CHANNEL: Recorder(self._record)}
        self._sender = OutboxSender(database, channels, self.clock)
        doing = workers(database, channels, state, knowledge.bounds)
        self.jobs = JobRunner(database, doing, knowledge, self.clock)
        self._lines: dict[str, int] = {}
        self._count = 0
        self._visit = 0

    async def resume(self) -> None:
        """Take up what an earlier play in the same folder left.

        Each play numbers its messages anew: its own number keeps them apart from earlier ones.
        """
        self._visit = await self.database.write(
            lambda store: store.appeals.next_number("replay/visits")
        )
        for group in await self.database.read(lambda store: store.people.groups()):
            self._areas.setdefault(CHANNEL, group.area)
        await self.engine.catch_up()
        await self._sender.resume()
        await self.jobs.resume()
        await self._settle()

    async def play(self, line: int, step: Step) -> None:
        """Do one step of a transcript."""
        match step:
            case GroupLine():
                await self.add_group(
                    step.group, step.area, step.listen, tuple(step.tags), tuple(step.buildings)
                )
            case PersonLine():
                await self.add_person(
                    step.person, step.role, step.area, step.unit, tuple(step.serves)
                )
            case FaqLine():
                await self.add_faq(step.faq, step.answer, step.source)
            case SayLine():
                await self.say(
                    step.who,
                    step.say,
                    step.group,
                    mention=step.mention,
                    files=step.attachments,
                    line=line,
                )
            case WaitLine():
                await self.until(self.clock.now() + step.span())
            case UntilLine():
                await self.until(step.until)

    async def add_group(
        self,
        name: str,
        area: str,
        listen: Listen = Listen.ALL,
        tags: tuple[str, ...] = (),
        buildings: tuple[str, ...] = (),
    ) -> None:
        """Register a group under its name."""
        group = Group(
            id=f"{CHANNEL}:{name}",
            channel=CHANNEL,
            chat=name,
            name=name,
            area=area.strip("/"),
            listen=listen,
            tags=tags,
            buildings=buildings,
        )
        self._areas.setdefault(CHANNEL, group.area)
        await self.database.write(lambda store: store.people.save_group(group))

    async def add_person(
        self, name: str, role: Role, area: str, unit: str = "", serves: tuple[str, ...] = ()
    ) -> None:
        """Register a person under their name; without an area, where the first group is."""
        person = Person(
            id=f"{CHANNEL}:{name}",
            channel=CHANNEL,
            user=name,
            name=name,
            role=role,
            area=area.strip("/") or self._areas.get(CHANNEL, ""),
            unit=unit,
            serves=serves,
        )
        await self.database.write(lambda store: store.people.save(person))

    async def add_faq(self, question: str, answer: str, source: str) -> None:
        """Add an approved entry."""
        today = self.clock.now().astimezone(SHANGHAI).date().isoformat()

        def add(store: Store) -> None:
            number = store.appeals.next_number("replay/faq")
            entry = FaqEntry(
                id=f"R{number:04d}", question=question, answer=answer, source=source, dated=today
            )
            store.faq.replace([entry])

        await self.database.write(add)

    async def say(
        self,
        who: str,
        text: str,
        group: str = "",
        *,
        mention: bool = False,
        files: Sequence[str] = (),
        quote: str = "",
        line: int = 0,
        kind: str = "text",
    ) -> Receipt:
        """Somebody says something; everything that it causes is said before this returns.

        `quote` is what it answers. `files` are paths of what comes with it; by their ending they
        are pictures or files.
        """
        self._count += 1
        incoming = Incoming(
            channel=CHANNEL,
            chat=group,
            sender=who,
            message_id=f"{self._visit}-{line}-{self._count}",
            text=text,
            sent_at=self.clock.now(),
            mentioned=mention,
            sender_name=who,
            quote=quote,
            attachments=tuple(_attachment(Path(path)) for path in files),
            kind=kind,
        )
        receipt = await self.engine.receive(incoming)
        if line:
            self._lines[receipt.message] = line
        await self._settle()
        return receipt

    async def until(self, target: datetime) -> None:
        """Let time pass; all due work runs at its own minute."""
        while (due := await self._next_due()) is not None and due <= target:
            self.clock.set(due)
            await self._settle()
        self.clock.set(target)
        await self._settle()

    async def _next_due(self) -> datetime | None:
        tick = await self.engine.next_due()
        row, job = await self.database.read(
            lambda store: (store.outbox.next_due(), store.jobs.next_due())
        )
        return min((due for due in (tick, row, job) if due is not None), default=None)

    async def _settle(self) -> None:
        await self.engine.tick()
        await self.jobs.drain()
        await self._sender.drain()

    def _record(self, outgoing: Outgoing) -> None:
        self.heard.append(
            Heard(
                line=self._lines.get(outgoing.cause),
                at=self.clock.now().astimezone(SHANGHAI).isoformat(timespec="seconds"),
                group=outgoing.chat or None,
                to=None if outgoing.chat else outgoing.user,
                text=outgoing.text,
            )
        )


def _attachment(path: Path) -> Attachment:
    kind = MediaKind.IMAGE if path.suffix.lower() in PICTURES else MediaKind.FILE
    return Attachment(kind=kind, ref=str(path), name=path.name)


async def replay(
    steps: list[tuple[int, Step]], data: Path, start: datetime, out: Callable[[Heard], None]
) -> None:
    """Play all steps in the state folder `data`; each utterance goes to `out` at once."""
    load_dictionary(data)
    database = Database.open(data / "replay.db")
    try:
        player = Player(database, start, data)
        await player.resume()
        told = 0
        for line, step in steps:
            await player.play(line, step)
            for heard in player.heard[told:]:
                out(heard)
            told = len(player.heard)
    finally:
        await database.close()


async def known_groups(data: Path) -> set[str]:
    """The groups that an earlier play registered in this folder."""
    database = Database.open(data / "replay.db")
    try:
        return await database.read(lambda store: {group.name for group in store.people.groups()})
    finally:
        await database.close()
