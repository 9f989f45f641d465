"""What is loaded, in which order, and what must be true of it afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from statistics import median

from msgspec import Struct

from benchmarks.load import Answers, load
from benchmarks.requests import Requests
from benchmarks.servers import Server, Start

WARM_UP_RATE = 8000
SPARE = 1.6
"""More requests are built than the last measured rate would use."""


class Plan(Struct, frozen=True):
    """How long a load lasts (seconds), how often it is repeated, over how many connections."""

    seconds: float
    rounds: int
    connections: tuple[int, ...]


FULL = Plan(2.0, 3, (50, 200))
QUICK = Plan(0.3, 1, (10,))


class Subject(Struct, frozen=True):
    """Something to load: a module of this package, and the callback that it takes."""

    name: str
    module: str
    path: str
    groups: bool
    table: str = ""
    """Where a row stands for every message that was answered 200."""


GROUP_TALK = "/callback/wecom_app/group"
PRIVATE_TALK = "/callback/wecom_app/private"
ECHO = Subject("bare aiohttp echo", "echo", GROUP_TALK, True)
BOT = Subject("haitang, group talk", "bot", GROUP_TALK, True, "inbox")
PRIVATE = Subject("haitang, private talk", "bot", PRIVATE_TALK, False, "inbox")
FLASK = Subject("Flask + wechatpy + sqlite3", "flask_bot", GROUP_TALK, True, "messages")
SUBJECTS = (ECHO, BOT, FLASK, PRIVATE)
MEASURED = (ECHO, BOT, FLASK)
"""Those that are loaded in every round; private talk has no bar and is loaded in the first."""
STORING = (BOT, PRIVATE, FLASK)


class Round(Struct, frozen=True):
    """One load, and the server's processor time in microseconds a request, sending included."""

    answers: Answers
    cpu: float


class Figure(Struct, frozen=True):
    """Medians over the rounds: requests a second, latencies in milliseconds, processor time of the
    server in microseconds a request."""

    subject: Subject
    connections: int
    rate: float
    p50: float
    p99: float
    cpu: float


class Check(Struct, frozen=True):
    """A statement about what was stored, and whether it holds."""

    words: str
    holds: bool


class Findings(Struct, frozen=True):
    """Everything that the report needs. Memory in MiB; `busy`: the load's most of one core."""

    figures: tuple[Figure, ...]
    start: Start
    memory: float
    busy: float
    checks: tuple[Check, ...]

    def rate(self, subject: Subject, connections: int) -> float:
        """The requests a second that were measured."""
        return next(
            figure.rate
            for figure in self.figures
            if figure.subject == subject and figure.connections == connections
        )


class Bench:
    """One run over servers that stay up until the end of it."""

    def __init__(self, plan: Plan) -> None:
        self._servers: dict[Subject, Server] = {}
        self._start = Start()
        self._plan = plan
        self._requests = Requests(seed=7)
        self._rates = dict.fromkeys(SUBJECTS, WARM_UP_RATE / SPARE)
        self._rounds: dict[tuple[Subject, int], list[Round]] = {}
        self._taken = dict.fromkeys(SUBJECTS, 0)
        self._errors = dict.fromkeys(SUBJECTS, 0)

    def add(self, subject: Subject, server: Server) -> None:
        """Take a server that was just started; how fast this bot was is measured here."""
        self._servers[subject] = server
        if subject is BOT:
            (request,) = self._requests.build(1, subject.path, groups=subject.groups)
            self._start = server.first_light(request)
            self._taken[subject] += 1

    def run(self) -> Findings:
        """A warm-up, loads in turns; then stop and count the rows."""
        for subject in SUBJECTS:
            self._load(subject, self._plan.connections[0], min(1.0, self._plan.seconds))
        for turn in range(self._plan.rounds):
            for connections in self._plan.connections:
                for subject in SUBJECTS if turn == 0 else MEASURED:
                    found = self._load(subject, connections, self._plan.seconds)
                    self._rounds.setdefault((subject, connections), []).append(found)
        memory = self._servers[BOT].memory("VmRSS")
        for server in self._servers.values():
            server.stop()
        checks = [check for subject in STORING for check in self._checks(subject)]
        busy = max(found.answers.busy for rounds in self._rounds.values() for found in rounds)
        return Findings(tuple(self._figures()), self._start, memory, busy, tuple(checks))

    def _load(self, subject: Subject, connections: int, seconds: float) -> Round:
        server = self._servers[subject]
        number = int(self._rates[subject] * SPARE * seconds) + connections
        requests = self._requests.build(number, subject.path, groups=subject.groups)
        before = server.cpu()
        answers = load(server.port, connections, requests, seconds)
        if subject.module == "bot":
            server.settle()
        self._rates[subject] = answers.rate
        self._taken[subject] += answers.ok
        self._errors[subject] += answers.errors
        return Round(answers, (server.cpu() - before) / answers.ok * 1e6)

    def _figures(self) -> Iterator[Figure]:
        for (subject, connections), rounds in self._rounds.items():
            yield Figure(
                subject,
                connections,
                rate=median(found.answers.rate for found in rounds),
                p50=median(found.answers.within(0.5) for found in rounds),
                p99=median(found.answers.within(0.99) for found in rounds),
                cpu=median(found.cpu for found in rounds),
            )

    def _checks(self, subject: Subject) -> Iterator[Check]:
        """What must be true of a store whose server has ended."""
        taken, errors = self._taken[subject], self._errors[subject]
        path = next(self._servers[subject].folder.glob("*.db"))
        with closing(sqlite3.connect(path)) as connection:
            stored = _number(connection, f"SELECT COUNT(*) FROM {subject.table}")  # noqa: S608
            words = f"{subject.name}: {taken} answered 200, {errors} errors, {stored} rows"
            yield Check(words, taken == stored and errors == 0)
            if subject.module == "bot":
                yield from _ledger(connection, subject.name, taken)


def _ledger(connection: sqlite3.Connection, name: str, taken: int) -> Iterator[Check]:
    """Every message has its trace, everything said was handed over, nothing failed."""
    traces = _number(connection, "SELECT COUNT(*) FROM traces")
    failed = _number(connection, "SELECT COUNT(*) FROM inbox WHERE state <> 'done'")
    yield Check(f"{name}: {traces} traces, {failed} not handled", (traces, failed) == (taken, 0))
    said = _number(connection, "SELECT COUNT(*) FROM outbox")
    sent = _number(connection, "SELECT COUNT(*) FROM outbox WHERE state = 'sent'")
    appeals = _number(connection, "SELECT COUNT(*) FROM appeals")
    yield Check(f"{name}: {appeals} appeals, {said} things to say, {sent} sent", said == sent)


def _number(connection: sqlite3.Connection, question: str) -> int:
    return int(connection.execute(question).fetchone()[0])
