"""Replies that travel in the response to a platform's own call: taken from the ledger after the
commit, written down as sent once the response has left."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from bot.engine.engine import Receipt
from bot.models import Delivery, Incoming, Outgoing
from bot.ports import Clock, Database, Store

MOST_RIDERS = 10
_GIVEN = frozenset({Delivery.SENDING, Delivery.SENT, Delivery.UNCERTAIN})


class Answers:
    """The outbox as a callback sees it: only what one message caused in its own chat."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.on_settled: Callable[[Outgoing, Delivery], None] = lambda row, state: None
        self.on_returned: Callable[[], None] = lambda: None

    async def take(
        self, incoming: Incoming, receipt: Receipt, *, ride: bool = False
    ) -> Sequence[Outgoing]:
        """The replies to a message, claimed; to one that came again, those given before.

        `ride`: behind them what else waits for this person, because it cannot go out otherwise.
        """
        if receipt.duplicate:
            return await self._database.read(_given, incoming)
        if not receipt.said and not ride:
            return ()
        return await self._database.write(_claim, incoming, receipt.message, ride)

    async def settle(
        self, rows: Sequence[Outgoing], carried: Collection[str], state: Delivery, message: str
    ) -> None:
        """Write down the end of carried rows; the others go back: replies to this `message` are
        sent at once, what rode along waits on."""
        now = self._clock.now()

        def write(store: Store) -> None:
            for row in rows:
                if row.id in carried:
                    store.outbox.settle(row.id, state, now, platform_id=message)
                else:
                    later = row.due_at if row.cause != message else None
                    store.outbox.postpone(row.id, later or now)

        await self._database.write(write)
        for row in rows:
            if row.id in carried:
                self.on_settled(row, state)
        if any(row.id not in carried for row in rows):
            self.on_returned()


def _claim(store: Store, incoming: Incoming, message: str, ride: bool) -> Sequence[Outgoing]:
    rows = store.outbox.claim_replies(message, incoming.chat, _receiver(incoming))
    if not ride:
        return rows
    waiting = store.outbox.claim_waiting(incoming.channel, incoming.sender, message, MOST_RIDERS)
    return [*rows, *waiting]


def _given(store: Store, incoming: Incoming) -> Sequence[Outgoing]:
    place = (incoming.chat, _receiver(incoming))
    message = store.inbox.find(incoming)
    own = [row for row in store.outbox.caused_by(message) if (row.chat, row.user) == place]
    rode = store.outbox.carried_by(incoming.channel, incoming.sender, message) if message else ()
    return [row for row in (*own, *rode) if row.state in _GIVEN]


def _receiver(incoming: Incoming) -> str:
    return incoming.sender if incoming.chat == "" else ""
