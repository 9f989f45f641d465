"""Made-up records, each field overridable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from bot.models import (
    Appeal,
    Audience,
    Incoming,
    Notice,
    NoticeState,
    Outgoing,
    Place,
    State,
    Targets,
    Urgency,
)

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
AREA = "海棠街道/春晓社区/第1微网格"


def after(seconds: float) -> datetime:
    """So many seconds after `NOW`."""
    return NOW + timedelta(seconds=seconds)


def incoming(message_id: str = "m1", **changes: Any) -> Incoming:
    """A resident's line in a group."""
    made = Incoming(
        channel="c", chat="g1", sender="甲", message_id=message_id, text="路灯不亮", sent_at=NOW
    )
    return msgspec.structs.replace(made, **changes)


def outgoing(row: str = "", **changes: Any) -> Outgoing:
    """A private answer to 甲."""
    made = Outgoing(id=row, channel="c", chat="", user="甲", text="已登记")
    return msgspec.structs.replace(made, **changes)


def appeal(short: int = 1, **changes: Any) -> Appeal:
    """An open matter of the first micro-grid, due in a day."""
    made = Appeal(
        id=f"a{short}",
        number=f"SQ20261121-{short:04d}",
        short=short,
        group="g",
        area=AREA,
        reporter="c:甲",
        source="群",
        text="3幢2单元502室门口的楼道灯不亮",
        summary="3幢楼道灯不亮",
        category="GGSS",
        place=Place(building="3幢", unit="2单元", room="502室", spot="楼道"),
        urgency=Urgency.P2,
        audience=Audience.PUBLIC,
        unit="物业",
        state=State.PENDING,
        created_at=NOW,
        due_at=after(86_400),
    )
    return msgspec.structs.replace(made, **changes)


def notice(number: int = 1, **changes: Any) -> Notice:
    """A planned notice for two groups."""
    made = Notice(
        id=f"n{number}",
        author="c:管家",
        text="明天停水",
        targets=Targets(groups=("c:一群", "c:二群")),
        planned_at=after(60),
        state=NoticeState.PLANNED,
        created_at=NOW,
    )
    return msgspec.structs.replace(made, **changes)
