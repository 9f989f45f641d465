"""What was done, chained: each line holds the SHA-256 of itself and of the line before.

Two seals, which only the key can make, hold both ends: the newest line, so that nobody cuts lines
off, and the line behind which the kept ones begin. There is no UPDATE on lines anywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.models import AuditLine, AuditSearch, AuditVerdict, Door, Entry, Role
from storage.codec import from_ms, to_ms
from storage.keys import Keyring
from storage.memory import Memory
from storage.savepoints import LazyConnection

GENESIS = "0" * 64
# Words of a closed list, times, numbers and references to staff: all else is somebody's words.
_CLEAR_NAMES = """
    state category urgency audience handler level track kind rating verdict merged_into parent
    claimed_by due_at contact_due_at contacted_at feedback_due_at started_at stopped_at closed_at
    parked_until recheck_at claimed_at claim_confirmed_at escalated_at answered_at rated_at reopened
    planned_at approver area role access listen appeal answerer entry of count first last
"""
CLEAR = frozenset(_CLEAR_NAMES.split())
_SELECT = "SELECT number, at, actor, action, subject, before, after, door, hash FROM audit "

_NEXT_ACTION = "SELECT action FROM audit WHERE action > ? ORDER BY action LIMIT 1"


class SqliteAudit:
    """Implements `bot.ports.Audit`."""

    def __init__(self, connection: LazyConnection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys
        self._head: Memory[str, tuple[int, str]] = Memory(connection)

    def add(self, entry: Entry) -> None:
        number, previous = self._newest()
        number += 1
        told = (
            number,
            to_ms(entry.at),
            self._name(entry.actor),
            entry.action,
            self._subject(entry.subject),
            veiled(entry.before),
            veiled(entry.after),
            entry.door.value,
        )
        chained = chain(previous, told)
        self._execute(
            "INSERT INTO audit (number, at, actor, action, subject, before, after, door, hash)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (*told, chained),
        )
        self._close("head", number, chained, to_ms(entry.at))
        self._head.forget("")

    def alias(self, person: str) -> str:
        return self._keys.alias(person)

    def lines(
        self, *, subject: str = "", actor: str = "", before: int | None = None, limit: int = 100
    ) -> Sequence[AuditLine]:
        last = 1 << 62 if before is None else before
        if subject:
            where, named = "subject = ? AND ", [subject]
        elif actor:
            where, named = "actor = ? AND ", [actor]
        else:
            where, named = "", []
        rows = self._execute(
            _SELECT + "WHERE " + where + "number < ? ORDER BY number DESC LIMIT ?",
            (*named, last, limit),
        )
        return [_line(row) for row in rows]

    def found(
        self, wanted: AuditSearch, *, before: int | None = None, limit: int = 100
    ) -> Sequence[AuditLine]:
        where, named = ["number < ?"], [1 << 62 if before is None else before]
        for clause, values in _clauses(wanted):
            where.append(clause)
            named += values
        query = _SELECT + "WHERE " + " AND ".join(where) + " ORDER BY number DESC LIMIT ?"
        rows = self._execute(query, (*named, limit))
        return [_line(row) for row in rows]

    def actions(self) -> Sequence[str]:
        # A walk from deed to deed along the index: a DISTINCT would read every line.
        found: list[str] = []
        while row := self._execute(_NEXT_ACTION, (found[-1] if found else "",)).fetchone():
            found.append(str(row[0]))
        return found

    def oldest(self) -> datetime | None:
        row = self._execute("SELECT at FROM audit ORDER BY number LIMIT 1").fetchone()
        return None if row is None else from_ms(row[0])

    def trim(self, before: datetime, now: datetime, limit: int) -> int:
        old = self._execute(
            "SELECT number, at, hash FROM audit ORDER BY number LIMIT ?", (limit,)
        ).fetchall()
        gone = 0
        for number, at, chained in old:
            if at >= to_ms(before):
                break  # a line is kept with all that came after it, whatever the clock did then
            last = (number, chained)
            gone += 1
        if gone:
            self._close("base", *last, to_ms(now))
            self._execute("DELETE FROM audit WHERE number <= ?", (last[0],))
        return gone

    def verify(self) -> AuditVerdict:
        base, base_hash, faults = self._seal("base", (0, GENESIS))
        number, chained, first = base, base_hash, 0
        for row in self._execute(_SELECT + "ORDER BY number"):
            first = first or row[0]
            if row[0] != number + 1:
                faults.append(f"第{number + 1}条到第{row[0] - 1}条不见了")
                chained = row[8]  # told once; what follows is held against itself
            elif chain(chained, row[:8]) != row[8]:
                faults.append(f"第{row[0]}条被改过")
                chained = row[8]
            else:
                chained = row[8]
            number = row[0]
        head, head_hash, wrong = self._seal("head", (0, GENESIS))
        faults += wrong
        if (head, head_hash) != (number, chained):
            faults.append(f"最后一条应是第{head}条，现在到第{number}条为止")
        return AuditVerdict(lines=number - base, first=first, last=number, faults=tuple(faults))

    def _newest(self) -> tuple[int, str]:
        known = self._head.get("")
        if known is None:
            row = self._execute("SELECT number, hash FROM audit_seals WHERE side = 'head'")
            known = row.fetchone() or (0, GENESIS)
            self._head.keep("", known)
        return known

    def _close(self, side: str, number: int, chained: str, at: int) -> None:
        self._execute(
            "INSERT INTO audit_seals (side, number, hash, at, mac) VALUES (?,?,?,?,?)"
            " ON CONFLICT (side) DO UPDATE SET number = excluded.number, hash = excluded.hash,"
            " at = excluded.at, mac = excluded.mac",
            (side, number, chained, at, self._keys.seal(side, number, chained, at)),
        )

    def _seal(self, side: str, none: tuple[int, str]) -> tuple[int, str, list[str]]:
        row = self._execute(
            "SELECT number, hash, at, mac FROM audit_seals WHERE side = ?", (side,)
        ).fetchone()
        if row is None:
            return (*none, [])
        number, chained, at, mac = row
        right = hmac.compare_digest(mac, self._keys.seal(side, number, chained, at))
        where = "起点" if side == "base" else "终点"
        return number, chained, [] if right else [f"{where}的印记不对：被改过，或密钥文件换过"]

    def _subject(self, subject: str) -> str:
        kind, _, name = subject.partition(":")
        return f"{kind}:{self._name(name)}" if kind == "person" else subject

    def _name(self, person: str) -> str:
        """Staff answer for what they do; residents' accounts must be able to vanish."""
        row = self._execute("SELECT role FROM people WHERE id = ?", (person,)).fetchone()
        return self.alias(person) if row is not None and row[0] == Role.RESIDENT else person


def chain(previous: str, told: Sequence[Any]) -> str:
    """The hash of a line and of all before it."""
    text = json.dumps([previous, *told], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def veiled(values: Mapping[str, str]) -> str:
    """Values as they may be kept: of words only their length."""
    told = {
        name: value if name in CLEAR or not value else f"〔{len(value)}字〕"
        for name, value in values.items()
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _clauses(wanted: AuditSearch) -> Iterator[tuple[str, list[Any]]]:
    """Conditions and their values."""
    if wanted.actors:
        yield f"actor IN ({','.join('?' * len(wanted.actors))})", list(wanted.actors)
    if wanted.subject:
        yield "subject = ?", [wanted.subject]
    if wanted.action:
        yield "action = ?", [wanted.action]
    if wanted.since is not None:
        yield "at >= ?", [to_ms(wanted.since)]
    if wanted.until is not None:
        yield "at < ?", [to_ms(wanted.until)]


def _line(row: Sequence[Any]) -> AuditLine:
    number, at, actor, action, subject, before, after, door, chained = row
    return AuditLine(
        number=number,
        at=from_ms(at),
        actor=actor,
        action=action,
        subject=subject,
        before=before,
        after=after,
        door=Door(door),
        hash=chained,
    )
