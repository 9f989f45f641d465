"""Ways to hear and to speak."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol, runtime_checkable

from msgspec import Struct

from bot.models import Attachment, Finding, Incoming, Outgoing


class Rate(Struct, frozen=True):
    """At most `count` messages in any `seconds` to one receiver.

    `gap`: so many seconds, up to twice as many, lie between any two messages of the whole channel.
    """

    count: int
    seconds: float
    gap: float = 0.0


class Channel(Protocol):
    """A way to speak. `name` is the configured instance: `sandbox`, `wecom_app/main`."""

    name: str

    @property
    def rate(self) -> Rate | tuple[Rate, ...] | None:
        """What the platform permits to one receiver, several where all must hold.

        None when it sets no limit.
        """

    async def start(self) -> None:
        """Open what sending needs."""

    async def stop(self) -> None:
        """Close it again."""

    async def send(self, outgoing: Outgoing) -> str:
        """Hand one message to the platform and return its id there ("" when it has none).

        Raises `SendRefused`, `SendDeferred` or `SendUncertain`, nothing else.
        """


@runtime_checkable
class WideChannel(Protocol):
    """A channel with `in_flight` connections of its own: so many rows may be out at once."""

    in_flight: int


@runtime_checkable
class ScanChannel(Protocol):
    """A platform by which members sign in: they scan there, and come back with a code."""

    name: str

    def scan_page(self, back: str, state: str, *, inside: bool) -> str:
        """Where they go first; `inside` the platform's own browser there is nothing to scan."""

    async def member(self, code: str) -> str:
        """Who came back with this code; empty for somebody who is no member.

        Raises `SendRefused`, `SendDeferred`.
        """


@runtime_checkable
class RememberingChannel(Protocol):
    """A channel that keeps its own pace: `memory` is how many seconds of it count."""

    @property
    def memory(self) -> float: ...

    def remember(self, outgoing: Outgoing, ago: float) -> None:
        """A row that ended so many seconds ago, in an earlier life; told in the order of times."""


class CallbackRequest(Struct, frozen=True):
    """An HTTP request as far as channels read it.

    Names in `headers` are found whatever their case. `tail` is what follows
    `/callback/KIND/NAME/`: a secret where a platform signs nothing.
    """

    query: Mapping[str, str]
    body: bytes = b""
    headers: Mapping[str, str] = {}
    tail: str = ""


@runtime_checkable
class CallbackChannel(Channel, Protocol):
    """A channel whose platform calls us over HTTP."""

    def verify(self, request: CallbackRequest) -> str:
        """Answer the platform's URL check. Raises `BadCallback`."""

    def parse(self, request: CallbackRequest) -> Incoming | None:
        """Turn a request into a message; None when there is nothing to store.

        Raises `BadCallback` for everything that is forged, broken or too large.
        """


class Answer(Struct, frozen=True):
    """An HTTP response to a platform; `carried` are the ids of outbox rows that it delivers."""

    body: bytes = b""
    content_type: str = "text/plain"
    carried: tuple[str, ...] = ()


@runtime_checkable
class AnsweringChannel(Protocol):
    """A callback channel whose platform takes the reply in the response.

    It marks what it parses as `answerable`; replies to such a message wait for the response.
    """

    def answer(
        self, request: CallbackRequest, incoming: Incoming | None, said: Sequence[Outgoing]
    ) -> Answer:
        """The response; what it does not carry of `said` is sent like everything else.

        It is asked again, with the same rows, when the platform brings the same message again.
        """


@runtime_checkable
class RidingChannel(Protocol):
    """An answering channel whose platform lets it speak at no other time: while `rides_along`,
    what waits for a person goes out with the answer to that person's next message."""

    rides_along: bool


@runtime_checkable
class ProbedChannel(Protocol):
    """A channel that can ask its platform whether our settings work."""

    async def probe(self) -> Sequence[Finding]:
        """Ask, sending nobody anything. Never raises."""


@runtime_checkable
class RehearsedChannel(Protocol):
    """A callback channel that can make its platform's URL check itself."""

    def rehearsal(self) -> tuple[CallbackRequest, str]:
        """The request as the platform would send it, and the body of the right response."""


@runtime_checkable
class MenuChannel(Protocol):
    """A channel whose chats have a menu."""

    async def push_menu(self, words: Sequence[str]) -> None:
        """One button a word; a click says it. Raises a `SendError`."""


@runtime_checkable
class GroupMaker(Protocol):
    """A channel that can create groups."""

    async def create_group(self, chat: str, name: str, owner: str, members: Sequence[str]) -> None:
        """A group under an id of ours; `owner` is one of the members. Raises a `SendError`."""


@runtime_checkable
class ListeningChannel(Protocol):
    """A channel that fetches its messages over a connection of its own."""

    async def listen(self, receive: Callable[[Incoming], Awaitable[object]]) -> None:
        """Hand every message to `receive`, which returns once it is stored; until cancelled.

        Between `start` and `stop`. It mends its connection itself and never raises.
        """


class Peer(Protocol):
    """The other end of a WebSocket that a platform opened to us. Text frames only."""

    async def send(self, text: str) -> None:
        """Hand a frame over. Raises `ConnectionError` when the peer is gone."""

    async def receive(self) -> str | None:
        """The next frame; None when the peer has left.

        Raises `BadCallback` for one that is binary, too large, or one too many in a short time.
        """

    async def leave(self) -> None:
        """Close in peace. A second call changes nothing."""


@runtime_checkable
class SocketChannel(Protocol):
    """A channel whose platform connects to us over a WebSocket."""

    def admit(self, request: CallbackRequest) -> str:
        """Check who connects; the subprotocol to speak ("" : none). Raises `BadCallback`."""

    async def talk(
        self, request: CallbackRequest, peer: Peer, receive: Callable[[Incoming], Awaitable[object]]
    ) -> None:
        """Hand every message to `receive` until the peer has left. Raises `BadCallback`."""


class Fetched(Struct, frozen=True):
    """A picture or file from a platform; `mime` is what the platform says it is."""

    data: bytes
    name: str = ""
    mime: str = ""


@runtime_checkable
class MediaChannel(Protocol):
    """A channel that can fetch what its messages refer to."""

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """The bytes, decrypted, at most `limit` of them, from the platform's own hosts only.

        Raises `SendRefused` (gone, too large, not to be had) or `SendDeferred` (try again).
        """


class Trouble(StrEnum):
    """Why a connection needs somebody."""

    KICKED = "kicked"
    REFUSED = "refused"
    LOST = "lost"
    LOGGED_OUT = "logged_out"


@runtime_checkable
class WatchedChannel(Protocol):
    """A channel with a connection that cannot always mend itself."""

    on_trouble: Callable[[Trouble], None]
    on_connected: Callable[[bool], None]
    on_refused: Callable[[], None]

    def resume(self) -> None:
        """Somebody has looked: connect again."""
