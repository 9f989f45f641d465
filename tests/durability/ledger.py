"""What the database says at the end, held against what the platform saw."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.models import Outcome
from bot.rules.appeal_flow import Act
from bot.testing.wecom import SentMessage
from storage.keys import load
from tests.durability.neighbourhood import CHANNEL, EFFECTS, Effects, Line


class Row(Struct, frozen=True):
    """One message of the outbox."""

    receiver: str
    text: str
    cause: str
    state: str
    platform_id: str


class Ledger(Struct):
    """Everything that matters, read once."""

    integrity: str
    inbox: list[tuple[str, str, str, str]]  # id, sender, message id, state
    traces: dict[str, str]
    events: list[tuple[str, str, str]]  # subject, action, cause
    appeals: list[str]
    outbox: list[Row]

    @property
    def states(self) -> Counter[str]:
        """Outbox rows by state."""
        return Counter(row.state for row in self.outbox)


def read(path: Path) -> Ledger:
    """Open the database as any other program that has the key would."""
    keys = load(path.with_suffix(".key"))
    with closing(sqlite3.connect(path)) as connection:

        def rows(sql: str, *values: Any) -> list[Any]:
            return connection.execute(sql, values).fetchall()

        return Ledger(
            integrity=rows("PRAGMA integrity_check")[0][0],
            inbox=rows(
                "SELECT id, sender, message_id, state FROM inbox WHERE channel = ?", CHANNEL
            ),
            traces=dict(rows("SELECT message, outcome FROM traces")),
            events=rows("SELECT subject, action, cause FROM events ORDER BY id"),
            appeals=[row[0] for row in rows("SELECT id FROM appeals")],
            outbox=[
                Row(receiver, keys.open(text, f"outbox.text {row}"), *rest)
                for row, receiver, text, *rest in rows(
                    "SELECT id, receiver, text, cause, state, platform_id FROM outbox"
                )
            ],
        )


def message_faults(ledger: Ledger, lines: Mapping[str, Line]) -> list[str]:
    """Every line must be there once with all it causes; nothing may be there without a line."""
    faults = []
    stored = Counter(message_id for _, _, message_id, _ in ledger.inbox)
    faults += [f"lost: {lines[key]}" for key in lines.keys() - stored.keys()]
    faults += [f"never sent: {key}" for key in stored.keys() - lines.keys()]
    faults += [f"stored {count} times: {key}" for key, count in stored.items() if count != 1]
    recorded = Counter(cause for _, action, cause in ledger.events if action == Act.RECORD)
    steps = Counter(cause for _, _, cause in ledger.events)
    said = Counter(row.cause for row in ledger.outbox)
    for message, sender, key, state in ledger.inbox:
        line = lines.get(key)
        if line is None:
            continue
        expected = EFFECTS[line.kind]
        messages = None if expected.messages is None else said[message]
        found = Effects(recorded[message], steps[message], messages)
        if found != expected or sender != line.user:
            faults.append(f"{line} caused {found}")
        if state != "done" or ledger.traces.get(message, "") in {"", Outcome.FAILED}:
            faults.append(f"{line} is {state}, trace {ledger.traces.get(message)}")
    known = {message for message, *_ in ledger.inbox}
    said.pop(THE_CLOCK, None)
    faults += [f"caused by nothing: {c}" for c in {*steps, *said, *ledger.traces} - known]
    return faults + appeal_faults(ledger)


def appeal_faults(ledger: Ledger) -> list[str]:
    """Appeals are numbered without a gap, each with its one record of how it came to be."""
    recorded = [subject for subject, action, _ in ledger.events if action == Act.RECORD]
    numbers = sorted(int(appeal.removeprefix("a")) for appeal in ledger.appeals)
    faults = []
    if sorted(recorded) != sorted(f"appeal:{appeal}" for appeal in ledger.appeals):
        faults.append("appeals and their records differ")
    if numbers != list(range(1, len(numbers) + 1)):
        faults.append("numbers have gaps: part of a transaction was kept")
    return faults


def delivery_faults(ledger: Ledger, sent: Iterable[SentMessage]) -> list[str]:
    """A row `sent` was delivered exactly once, an `uncertain` one at most once, no other at all."""
    sent = list(sent)
    by_id = {message.msgid: message for message in sent}
    faults = [] if len(by_id) == len(sent) else ["the platform's ids are not unique"]
    faults += [f"unfinished: {row}" for row in ledger.outbox if row.state not in ENDED]
    for row in ledger.outbox:
        if row.state != "sent":
            continue
        message = by_id.pop(row.platform_id, None)
        if message is None or (message.to, message.text) != (row.receiver, row.text):
            faults.append(f"called sent but never delivered, or twice: {row}")
    unclear = Counter((r.receiver, r.text) for r in ledger.outbox if r.state == "uncertain")
    surplus = Counter((m.to, m.text) for m in by_id.values()) - unclear
    return faults + [f"delivered once too often: {key}" for key in surplus]


ENDED = {"sent", "uncertain"}
THE_CLOCK = ""
"""The cause of what no message caused: the briefs and reminders of the hour it is run at."""
