"""A data file as an older version left it: its schema, and rows that plain SQL put into it.

The rows are those of 0.1.0, of every table that it had. What was written is known as the models
that the program of today must read out of it, so a test can compare field by field.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database as UtilsDatabase

from bot.models import (
    Appeal,
    Audience,
    Delivery,
    Dialog,
    Event,
    FaqEntry,
    Group,
    Incoming,
    Listen,
    Notice,
    NoticeState,
    Outcome,
    Outgoing,
    Person,
    Place,
    Role,
    Run,
    State,
    Targets,
    Trace,
    Urgency,
)
from bot.ports import Store
from storage.codec import to_ms
from storage.connection import connect_writer
from storage.migrations import migrations
from tests.storage.samples import AREA, NOW

RELEASED = {"0.1.0": "m006_notices"}
"""Version → the last step that it had."""
STEPS = [step.name for step in migrations._migrations]
ROWS = 18

Row = tuple[str, dict[str, Any]]


def last_step(version: str) -> int:
    """How many steps a released version had."""
    return STEPS.index(RELEASED[version]) + 1


def at(number: int, seconds: float = 0) -> datetime:
    """Row `number` was written so long ago."""
    return NOW - timedelta(days=number, seconds=-seconds)


def message(n: int) -> Incoming:
    return Incoming(
        channel="wecom_app/main", chat=f"chat{n % 3}", sender=f"user{n}", message_id=f"{n}",
        sender_name=f"居民{n}", kind="text", text=f"第{n}句：{n}幢楼道灯不亮了，13800000{n:03}",
        mentioned=n % 2 == 0, sent_at=at(n),
    )  # fmt: skip


def trace(n: int) -> Trace:
    outcome = list(Outcome)[n % len(Outcome)]
    return Trace(message=f"m{n}", outcome=outcome, handler="appeals", steps=(f"听出{n}", "登记"))


def said(n: int) -> Outgoing:
    return Outgoing(
        id=f"o{n:03}", channel="wecom_app/main", chat="", user=f"user{n}", text=f"已登记{n}号",
        kind="reply", cause=f"m{n}", attempts=n % 3, state=list(Delivery)[n % len(Delivery)],
        due_at=at(n, 5),
    )  # fmt: skip


def person(n: int) -> Person:
    return Person(
        id=f"p{n}", channel="wecom_app/main", user=f"user{n}", name=f"居民{n}",
        role=(Role.RESIDENT, Role.STEWARD, Role.COMMUNITY)[n % 3], area=AREA,
    )  # fmt: skip


def group(n: int) -> Group:
    return Group(
        id=f"g{n}", channel="c", chat=f"chat{n}", name=f"{n}群", area=AREA,
        listen=list(Listen)[n % len(Listen)],
    )  # fmt: skip


def appeal(n: int) -> Appeal:
    ended = n % 2 == 0
    return Appeal(
        id=f"a{n}", number=f"SQ20261121-{n:04}", short=n, group=f"g{n % 4}", area=AREA,
        reporter=f"p{n}", source="群", text=f"{n}幢2单元{n}02室门口的路灯不亮，夜里看不见",
        summary=f"{n}幢路灯不亮", category="GGSS",
        place=Place(building=f"{n}幢", unit="2单元", room=f"{n}02室", spot="门口"),
        urgency=list(Urgency)[n % len(Urgency)], audience=list(Audience)[n % len(Audience)],
        unit="物业", state=list(State)[n % len(State)], created_at=at(n), due_at=at(n, 86_400),
        handler="p1" if ended else "", result=f"换了{n}只灯泡" if ended else "",
        started_at=at(n, 60), closed_at=at(n, 600) if ended else None,
    )  # fmt: skip


def event(n: int) -> Event:
    return Event(
        id=f"e{n:03}", at=at(n), actor=f"p{n}", subject=f"appeal:a{n}", action="登记",
        before={}, after={"state": "待受理", "summary": f"{n}幢路灯不亮"}, cause=f"m{n}",
    )  # fmt: skip


def dialog(n: int) -> Dialog:
    return Dialog(
        channel="c", chat=f"chat{n}", user=f"user{n}", topic="place", payload={"appeal": f"a{n}"},
        expires_at=NOW + timedelta(days=n),
    )  # fmt: skip


def entry(n: int) -> FaqEntry:
    return FaqEntry(
        id=f"F{n:02}", question=f"第{n}个问题怎么办", answer=f"到{n}号窗口办。", source="办事大厅",
        phrasings=(f"{n}怎么弄", f"{n}找谁"), tag="办事", area=AREA, dated="2026-11-01",
        valid_from="2026-01-01", valid_until="2027-01-01",
    )  # fmt: skip


def notice(n: int) -> Notice:
    return Notice(
        id=f"n{n}", author="p1", text=f"第{n}次停水", targets=Targets(groups=(f"g{n}", "g0")),
        planned_at=at(n, 300), state=list(NoticeState)[n % len(NoticeState)], created_at=at(n),
    )  # fmt: skip


def run(n: int) -> Run:
    return Run(notice=f"n{n}", planned_at=at(n, 300), started_at=at(n, 301))


def rows(n: int) -> Iterator[Row]:
    """What 0.1.0 would have written for number `n`, by table."""
    m, o, a, e, f = message(n), said(n), appeal(n), event(n), entry(n)
    yield "inbox", {
        "id": f"m{n}", "channel": m.channel, "chat": m.chat, "sender": m.sender,
        "message_id": m.message_id, "sender_name": m.sender_name, "kind": m.kind, "text": m.text,
        "mentioned": int(m.mentioned), "sent_at": to_ms(m.sent_at), "received_at": to_ms(m.sent_at),
        "state": "done",
    }  # fmt: skip
    yield "traces", {**plain(trace(n)), "steps": "\n".join(trace(n).steps)}
    yield "outbox", {
        "id": o.id, "channel": o.channel, "chat": o.chat, "receiver": o.user, "text": o.text,
        "kind": o.kind, "cause": o.cause, "once": f"once{n}", "state": o.state,
        "attempts": o.attempts, "due_at": to_ms(at(n, 5)), "created_at": to_ms(at(n)),
        "settled_at": None, "platform_id": "", "error": "",
    }  # fmt: skip
    p, g = person(n), group(n)
    yield "people", {
        "id": p.id, "channel": p.channel, "account": p.user, "name": p.name, "role": p.role,
        "area": p.area,
    }  # fmt: skip
    yield "chat_groups", {
        "id": g.id, "channel": g.channel, "chat": g.chat, "name": g.name, "area": g.area,
        "listen": g.listen,
    }  # fmt: skip
    yield "appeals", {
        "id": a.id, "number": a.number, "short": a.short, "group_id": a.group, "area": a.area,
        "reporter": a.reporter, "source": a.source, "text": a.text, "summary": a.summary,
        "category": a.category, "building": a.place.building, "unit_no": a.place.unit,
        "room": a.place.room, "spot": a.place.spot, "urgency": a.urgency, "audience": a.audience,
        "unit": a.unit, "state": a.state, "created_at": to_ms(a.created_at),
        "due_at": to_ms(a.due_at), "handler": a.handler, "result": a.result,
        "started_at": to_ms(at(n, 60)), "closed_at": to_ms(at(n, 600)) if a.closed_at else None,
    }  # fmt: skip
    yield "sequences", {"name": f"scope{n}", "value": 100 + n}
    yield "events", {**plain(e), "at": to_ms(e.at), "before": "{}", "after": told(e.after)}
    d, w, r = dialog(n), notice(n), run(n)
    yield "dialogs", {
        "channel": d.channel, "chat": d.chat, "account": d.user, "topic": d.topic,
        "payload": told(d.payload), "expires_at": to_ms(d.expires_at),
    }  # fmt: skip
    yield "faq", {**plain(f), "phrasings": "\n".join(f.phrasings), "keywords": "",
                  "audience": f.audience}  # fmt: skip
    yield "notices", {
        "id": w.id, "author": w.author, "text": w.text, "groups_json": told(w.targets.groups),
        "targets": told({"groups": w.targets.groups}), "planned_at": to_ms(w.planned_at),
        "state": w.state, "created_at": to_ms(w.created_at),
    }  # fmt: skip
    yield "notice_runs", {
        "notice": r.notice, "planned_at": to_ms(r.planned_at), "started_at": to_ms(r.started_at),
    }  # fmt: skip


def plain(model: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(model)


def told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def make(path: Path, steps: int) -> frozenset[str]:
    """A file of a version with so many steps, filled; the tables that it had."""
    with closing(connect_writer(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # for the tests' own speed
        stop = STEPS[steps] if steps < len(STEPS) else None
        migrations.apply(UtilsDatabase(connection), stop_before=stop)
        columns = {
            table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            for (table,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall()
        }
        connection.execute("BEGIN IMMEDIATE")
        for n in range(1, ROWS + 1):
            for table, values in rows(n):
                known = {c: v for c, v in values.items() if c in columns.get(table, ())}
                if known:
                    insert(connection, table, known)
        connection.execute("COMMIT")
    return frozenset(columns)


def insert(connection: sqlite3.Connection, table: str, values: Mapping[str, Any]) -> None:
    """Plain SQL, as any version's."""
    marks = ",".join("?" * len(values))
    statement = f"INSERT INTO {table} ({','.join(values)}) VALUES ({marks})"  # noqa: S608 - ours
    connection.execute(statement, tuple(values.values()))


def expected(tables: frozenset[str]) -> dict[str, object]:
    """What must be read out of it, by name; of tables that the file had."""
    found: dict[str, object] = {}
    for n in range(1, ROWS + 1):
        found |= {
            f"inbox {n}": message(n), f"traces {n}": trace(n), f"outbox {n}": [said(n)],
            f"people {n}": person(n), f"chat_groups {n}": group(n), f"appeals {n}": appeal(n),
            f"sequences {n}": 101 + n, f"events {n}": [event(n)], f"dialogs {n}": dialog(n),
            f"faq {n}": entry(n), f"notices {n}": notice(n), f"notice_runs {n}": [run(n)],
        }  # fmt: skip
    return {name: value for name, value in found.items() if name.split()[0] in tables}


def read(store: Store) -> dict[str, object]:
    """The same, as the program reads it."""
    found: dict[str, object] = {}
    for n in range(1, ROWS + 1):
        found |= {
            f"inbox {n}": store.inbox.get(f"m{n}"), f"traces {n}": store.traces.get(f"m{n}"),
            f"outbox {n}": store.outbox.caused_by(f"m{n}"),
            f"people {n}": store.people.by_id(f"p{n}"),
            f"chat_groups {n}": store.people.group_by_id(f"g{n}"),
            f"appeals {n}": store.appeals.get(f"a{n}"),
            f"events {n}": store.events.of(f"appeal:a{n}"),
            f"dialogs {n}": store.dialogs.take("c", f"chat{n}", f"user{n}", NOW),
            f"faq {n}": store.faq.get(f"F{n:02}"), f"notices {n}": store.notices.get(f"n{n}"),
            f"notice_runs {n}": store.notices.runs(f"n{n}"),
        }  # fmt: skip
    return found


def fields(value: object) -> int:
    """How many values a model holds."""
    if isinstance(value, list):
        return sum(map(fields, value))
    return len(plain(value)) if isinstance(value, msgspec.Struct) else 1
