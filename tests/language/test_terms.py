"""A term and a reason behind a command: which day, and what is left."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from bot.language.terms import find_term
from bot.models import SHANGHAI

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=SHANGHAI)  # a Saturday


@pytest.mark.parametrize(
    ("text", "day", "rest"),
    [
        ("到12月10日 等材料", "2026-12-10 17:30", "等材料"),
        ("到下周三,等业主回来", "2026-11-25 17:30", "等业主回来"),
        ("12月1日前", "2026-12-01 17:30", ""),
        ("物业 12月1日前", "2026-12-01 17:30", "物业"),
        ("明天下午3点 上门", "2026-11-22 15:00", "上门"),
        ("30天", "2026-12-21 17:30", ""),
        ("3天 等人", "2026-11-24 17:30", "等人"),
        ("一周 因为等配件", "2026-11-28 17:30", "等配件"),
        ("两个月后再看", "2027-01-20 17:30", ""),
        ("半个月", "2026-12-06 17:30", ""),
        ("延期到12月2日，等人", "2026-12-02 17:30", "等人"),
        ("昨天 等材料", "2026-11-20 17:30", "等材料"),
    ],
)
def test_a_term(text: str, day: str, rest: str) -> None:
    found = find_term(text.replace("，", ","), NOW, time(17, 30))
    assert found.at is not None
    assert (f"{found.at:%Y-%m-%d %H:%M}", found.rest) == (day, rest)
    assert not found.impossible


@pytest.mark.parametrize(
    ("text", "impossible"),
    [
        ("等材料", False),
        ("2月30日 等人", True),
        ("13月1日", True),
        ("没有反弹", False),
        ("", False),
    ],
)
def test_no_term(text: str, impossible: bool) -> None:
    found = find_term(text, NOW, time(17, 30))
    assert found.at is None
    assert (found.impossible, found.rest) == (impossible, text)
