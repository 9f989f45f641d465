"""What the service counts. No group or user is ever a label."""

from __future__ import annotations

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.models import Delivery, JobState, Outcome
from bot.ports import Trouble


class Metrics:
    """One registry a service, so that tests can have many."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._count()
        self._gauge()
        self.acknowledged = Histogram(
            "haitang_acknowledge_seconds",
            "From a callback's arrival to the commit behind its answer.",
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5),
            registry=self.registry,
        )
        self._by_outcome = {o: self._messages.labels(o.value) for o in Outcome}
        self._by_state = {s: self._deliveries.labels(s.value) for s in Delivery}

    def _count(self) -> None:
        """What only grows."""
        counter = partial(Counter, registry=self.registry)
        self._messages = counter(
            "haitang_messages", "Messages stored, by what became of them.", ["outcome"]
        )
        self._duplicates = counter(
            "haitang_duplicate_messages", "Messages that a platform delivered again."
        )
        self._refused = counter(
            "haitang_refused_callbacks",
            "Callbacks that were forged, broken or too large.",
            ["channel"],
        )
        self._unstored = counter(
            "haitang_unstored_messages",
            "Messages that could not be stored; their platforms were told to bring them again.",
            ["channel"],
        )
        self._deliveries = counter(
            "haitang_deliveries", "Outbox rows settled, by state.", ["state"]
        )
        self._jobs = counter("haitang_jobs", "Jobs settled, by state.", ["state"])
        self._troubles = counter(
            "haitang_channel_troubles", "Connections that need somebody, by reason.", ["reason"]
        )

    def _gauge(self) -> None:
        """What is so many just now."""
        gauge = partial(Gauge, registry=self.registry)
        self.job_rows = gauge("haitang_job_rows", "Jobs by state.", ["state"])
        self._connected = gauge(
            "haitang_channel_connected", "Whether a channel's own connection is up.", ["channel"]
        )
        self.waiting = gauge("haitang_waiting_writes", "Writes that wait for a commit.")
        self.outbox = gauge("haitang_outbox_rows", "Rows of the outbox by state.", ["state"])
        self.oldest_unsent = gauge(
            "haitang_oldest_unsent_seconds",
            "For how long the oldest row of the outbox has been due.",
        )
        self.queued = gauge(
            "haitang_queued_messages", "Messages that are stored and wait to be handled."
        )
        self.disk_free = gauge("haitang_disk_free_bytes", "Room left where the data lies.")
        self.loop_lag = gauge(
            "haitang_loop_lag_seconds",
            "How late the event loop woke a sleeper, the worst of the last half minute.",
        )
        self.last_backup = gauge(
            "haitang_last_backup_timestamp_seconds",
            "When the last nightly backup was made and checked.",
        )

    def message(self, outcome: Outcome, duplicate: bool) -> None:
        """Count a message."""
        if duplicate:
            self._duplicates.inc()
        else:
            self._by_outcome[outcome].inc()

    def refused(self, channel: str) -> None:
        """Count a refused callback."""
        self._refused.labels(channel).inc()

    def unstored(self, channel: str) -> None:
        """Count a message that could not be stored."""
        self._unstored.labels(channel).inc()

    def connected(self, channel: str, connected: bool) -> None:
        """A channel's own connection came up or went down."""
        self._connected.labels(channel).set(connected)

    def trouble(self, reason: Trouble) -> None:
        """A connection needs somebody."""
        self._troubles.labels(reason.value).inc()

    def settled(self, state: Delivery) -> None:
        """Count a settled send."""
        self._by_state[state].inc()

    def job(self, state: JobState) -> None:
        """Count a settled job."""
        self._jobs.labels(state.value).inc()

    def names(self) -> tuple[str, ...]:
        """Every metric's name, as `docs/reference/metrics.md` must list them."""
        return tuple(metric.name for metric in self.registry.collect())

    def text(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self.registry)
