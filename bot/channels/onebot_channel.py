"""What both versions of OneBot have in common: the ways in and out, and what is too old to answer.

A client posts events to `/callback/KIND/NAME`, or connects to `/socket/KIND/NAME`. Friend and group
requests are never accepted.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, TypeVar

import msgspec
import structlog

from bot.channels.files import NO_FILES, Files
from bot.channels.guards import read_json
from bot.channels.onebot_wire import Wire, deliver, fetch_from
from bot.channels.parts import say_in_parts
from bot.errors import BadCallback, SendRefused
from bot.models import Attachment, File, Image, Incoming, Outgoing
from bot.ports import CallbackRequest, Clock, Fetched, Peer, Rate

TEXT_LIMIT_BYTES: Final = 3000
# A personal account that speaks like a machine is banned: slow, and never in step.
PERSONAL_RATE: Final = Rate(20, 60.0, gap=1.5)
Receive = Callable[[Incoming], Awaitable[object]]
OLDEST: Final = timedelta(hours=1)
AHEAD: Final = timedelta(minutes=10)

log = structlog.get_logger()

E = TypeVar("E")


class Stale(BadCallback):
    """Too old to be answered, or from the future."""


class OnebotChannel(ABC, Generic[E]):
    """One client of one version, whose events have the shape `event`."""

    event: type[E]
    shown: tuple[type[Image] | type[File], ...] = (Image,)

    def __init__(self, name: str, clock: Clock, wire: Wire, hosts: Iterable[str]) -> None:
        self.name = name
        self.rate: Rate | None = PERSONAL_RATE
        self.clock = clock
        self.wire = wire
        self._hosts = frozenset(host.lower() for host in hosts if host)
        self.files: Files = NO_FILES

    @abstractmethod
    def check_post(self, request: CallbackRequest) -> None:
        """Who posts an event. Raises `BadCallback`."""

    @abstractmethod
    def takes_calls(self, request: CallbackRequest) -> bool:
        """Whether the connection is also for actions."""

    @abstractmethod
    def read(self, event: E) -> Incoming | None:
        """A message; None for meta events, notices, requests, and what bots say."""

    @abstractmethod
    async def say(self, outgoing: Outgoing, part: str) -> str:
        """Say one part; the client's id of it. Raises a `SendError`."""

    @abstractmethod
    async def show(self, outgoing: Outgoing, rich: Image | File) -> str:
        """Send one of what is `shown`; the client's id of it. Raises a `SendError`."""

    async def start(self) -> None:
        """Open what sending needs."""
        await self.wire.open()

    async def stop(self) -> None:
        """Close it again."""
        await self.wire.close()

    def verify(self, request: CallbackRequest) -> str:
        """OneBot knows no URL check."""
        raise BadCallback("OneBot 不用 GET", 405)

    def parse(self, request: CallbackRequest) -> Incoming | None:
        """The message in a posted event. Raises `BadCallback`."""
        self.check_post(request)
        incoming = self.read(read_json(request.body, self.event))
        if incoming is None or self.wire.has_api or self.wire.connected:
            return incoming
        # There is no other way to speak: the reply travels in the response.
        return msgspec.structs.replace(incoming, answerable=True)

    async def talk(self, request: CallbackRequest, peer: Peer, receive: Receive) -> None:
        """Events in, actions out, until the peer has left. Raises `BadCallback`."""
        if self.takes_calls(request):
            await self.wire.attach(peer)
        try:
            while (frame := await peer.receive()) is not None:
                read = read_json(frame, dict[str, Any])
                if not self.wire.settle(read):
                    await self._hear(read, receive)
        finally:
            self.wire.detach(peer)

    async def send(self, outgoing: Outgoing) -> str:
        """Say it in a group or to one person; the client's ids of the messages."""
        if not (outgoing.chat or outgoing.user):
            raise SendRefused("没有收信人")
        if isinstance(outgoing.rich, self.shown):
            return await self.show(outgoing, outgoing.rich)
        return await say_in_parts(
            outgoing.text, TEXT_LIMIT_BYTES, lambda part: self.say(outgoing, part)
        )

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """A picture by its address. Raises `SendRefused` or `SendDeferred`."""
        return await fetch_from(attachment.ref, self._hosts, limit)

    async def _hear(self, read: dict[str, Any], receive: Receive) -> None:
        try:
            incoming = self.read(msgspec.convert(read, self.event))
        except msgspec.ValidationError:
            raise BadCallback("事件不合格", 400) from None
        except Stale:
            # After a pause a client may bring what it kept; that is no reason to leave.
            log.info("old event left aside", channel=self.name)
            return
        if incoming is not None:
            await deliver(receive, incoming)


def fresh(seconds: float, clock: Clock) -> datetime:
    """When it was said. Raises `BadCallback` for what is too old to answer, or not yet said."""
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        raise BadCallback("时间不合格", 400) from None
    if not clock.now() - OLDEST <= at <= clock.now() + AHEAD:
        raise Stale("事件太旧，或两边的时钟不一致")
    return at


def is_id(identity: str) -> bool:
    """Whether a platform's id may be one: not empty, and bounded."""
    return 0 < len(identity) <= 128
