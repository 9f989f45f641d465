"""Looks after connections that cannot always mend themselves: counts, and tells somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from bot.engine.tasks import Tasks
from bot.metrics import Metrics
from bot.ports import Channel, Clock, Database, Store, Trouble, WatchedChannel
from bot.receivers import Receiver

Words = Callable[[str, str], str]


class Watch:
    """Observes every `WatchedChannel`; `receivers` are told what goes wrong and when it ends."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        metrics: Metrics,
        tasks: Tasks,
        receivers: Sequence[Receiver],
        words: Words,
    ) -> None:
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._tasks = tasks
        self._receivers = tuple(receivers)
        self._words = words
        self._watched: dict[str, WatchedChannel] = {}
        self._connected: dict[str, bool] = {}
        self.on_said: Callable[[], None] = lambda: None

    def over(self, channels: Mapping[str, Channel]) -> None:
        """Begin to observe."""
        for name, channel in channels.items():
            if isinstance(channel, WatchedChannel):
                self._watched[name] = channel
                self._note(name, False)
                channel.on_connected = partial(self._note, name)
                channel.on_refused = partial(self._metrics.refused, name)
                channel.on_trouble = partial(self._trouble, name)

    def down(self) -> list[str]:
        """The names of those that have no connection now."""
        return sorted(name for name, connected in self._connected.items() if not connected)

    def _note(self, name: str, connected: bool) -> None:
        self._connected[name] = connected
        self._metrics.connected(name, connected)

    def resume(self, name: str) -> list[str]:
        """Connect again: one channel, or all for ""; the names of those that were told to."""
        found = [each for each in self._watched if name in {"", each}]
        for each in found:
            self._watched[each].resume()
        return found

    def _trouble(self, name: str, trouble: Trouble) -> None:
        self._metrics.trouble(trouble)
        self._tasks.spawn(self._tell(name, trouble), f"trouble {name}")

    async def _tell(self, name: str, trouble: Trouble) -> None:
        await self.tell(self._words(trouble.value, name))

    async def tell(self, text: str) -> None:
        """Say something to everybody who looks after the machine, before anything else."""
        now = self._clock.now()

        def write(store: Store) -> None:
            for receiver in self._receivers:
                store.outbox.add(receiver.message(store, text), now, due_at=None, once="")

        await self._database.write(write)
        self.on_said()
