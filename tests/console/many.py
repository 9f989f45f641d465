"""Very many matters at once, put into the tables directly: a year of a large street."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from bot.models import Appeal, Audience, Event, Kind, Place, State, Urgency
from storage.appeal_rows import INSERT, values
from storage.appeal_words import AppealWords
from storage.codec import new_id, to_ms
from storage.database import key_of
from storage.keys import load

AREAS = [f"海棠街道/{c}社区/第{n}微网格" for c in ("春晓", "邻里", "和风") for n in range(1, 9)]
CATEGORIES = (
    *("HJWS", "XFTD", "TCGL", "DDCC", "GGSS", "DTGZ", "FWLS", "SDQN", "ZYRM", "WYFW", "LLJF"),
    *("AQYH", "CWGL", "WJZX", "LHCH", "QT"),
)
UNITS = ("物业", "社区", "城管", "消防", "供电所", "物业保洁", "管家")
WHERE = ("楼道", "门口", "地库", "车棚", "电梯厅", "长廊", "花坛", "单元门")
WHAT = ("灯不亮", "堆满杂物", "漏水", "门禁刷不开", "被车堵了", "有异响", "垃圾没人清", "台阶坏了")
WISHES = (
    *("没有人来", "老人下楼很不方便", "请尽快处理", "说过几次了", "晚上看不清", "味道很大"),
    *("孩子差点摔倒", "什么时候能修"),
)
RESULTS = ("已换灯泡", "已清理并贴了告示", "维修工上门修好了")
# None that the clock would end or let go by itself: that would be measured too.
_ENDS = (State.STRUCK, State.STRUCK, State.STRUCK, State.DECLINED, State.MERGED)
_OPEN = (State.PENDING, State.WORKING, State.WORKING, State.PARKED, State.NEEDS_INFO)


def appeal_number(number: int, now: datetime, chance: random.Random) -> Appeal:
    """One of many: most are over, some four in a hundred are open."""
    begun = now - timedelta(minutes=number * 4.5 + chance.randrange(4))
    is_open = number < 400 or chance.random() < 0.04
    state = chance.choice(_OPEN if is_open else _ENDS)
    building = f"{chance.randrange(1, 28)}幢"
    where, what = chance.choice(WHERE), chance.choice(WHAT)
    days, block = chance.randrange(2, 30), chance.randrange(1, 5)
    stopped = begun if state in {State.PARKED, State.NEEDS_INFO} else None
    return Appeal(
        id=f"big{number}",
        number=f"SQ{begun:%Y%m%d}-{500_000 + number % 400_000:06d}",
        short=number % 4_000 + 1,
        group=f"sandbox:g{number % 3 + 1}",
        area=AREAS[number % len(AREAS)],
        reporter=f"sandbox:人{number % 5_000}",
        source="群",
        text=f"{building}{block}单元{where}{what}，{days}天了{chance.choice(WISHES)}",
        summary=f"{building}{where}{what}",
        category=chance.choice(CATEGORIES),
        place=Place(building=building, spot=where),
        urgency=chance.choice((Urgency.P1, Urgency.P2, Urgency.P2, Urgency.P3)),
        audience=Audience.PRIVATE if chance.random() < 0.03 else Audience.PUBLIC,
        unit=chance.choice(UNITS),
        state=state,
        created_at=begun,
        due_at=begun + timedelta(days=chance.choice((1, 5, 5, 15))),
        handler=f"sandbox:办{number % 40}" if state is not State.PENDING else "",
        result="" if is_open else chance.choice(RESULTS),
        started_at=None if state is State.PENDING else begun + timedelta(hours=2),
        closed_at=None if is_open else begun + timedelta(hours=chance.randrange(3, 300)),
        kind=Kind.SUGGESTION if chance.random() < 0.05 else Kind.APPEAL,
        contact_due_at=begun + timedelta(hours=8),
        contacted_at=begun + timedelta(hours=2) if state is not State.PENDING else None,
        stopped_at=stopped,
        parked_until=now + timedelta(days=9) if state is State.PARKED else None,
    )


def fill(path: Path, count: int, now: datetime, seed: int = 7) -> None:
    """`count` matters with two lines of history each, while nobody else writes."""
    chance = random.Random(seed)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        keys = load(key_of(path))
        words = AppealWords(connection, keys)
        for number in range(count):
            made = appeal_number(number, now, chance)
            connection.execute(INSERT, values(made, keys))
            words.put(made)
            for event in history(made):
                connection.execute(
                    "INSERT INTO events (id, at, actor, subject, action, before, after, cause,"
                    " reason) VALUES (?,?,?,?,?,?,?,?,?)",
                    (new_id(), to_ms(event.at), event.actor, event.subject, event.action,
                     "{}", '{"state": "办理中"}', event.cause, ""),
                )  # fmt: skip
        connection.execute("UPDATE appeals SET look_at = NULL")
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()


def history(made: Appeal) -> list[Event]:
    """Recorded, and taken on."""
    subject = f"appeal:{made.id}"
    return [
        Event(id="", at=made.created_at, actor=made.reporter, subject=subject, action="登记"),
        Event(id="", at=made.created_at, actor=made.handler, subject=subject, action="受理"),
    ]
