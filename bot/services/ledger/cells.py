"""What stands in the cells of an older ledger: dates in many forms, states in many words."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from bot.models import SHANGHAI, Rating, State, Urgency
from bot.services.workbook_in import Cell

_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(上午|下午)?\s*(\d{1,2})\s*[:：时点]\s*(?:(\d{1,2})\s*分?)?(?::(\d{1,2})(?:\.\d+)?)?)?\Z"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?\Z")
_EXCEL_DAY_0 = datetime(1899, 12, 30, tzinfo=SHANGHAI)
_FIRST, _LAST_SERIAL = 32_874, 73_050  # 1990 and 2099

STATES = {
    State.STRUCK: ("已办结", "办结", "已销号", "销号", "已完成", "完成", "已解决", "解决", "是",
                   "已处理", "已整改", "已回访"),
    State.WORKING: ("办理中", "处理中", "在办", "未办结", "未完成", "未解决", "否", "整改中",
                    "跟进中", "进行中", "待补充"),
    State.PENDING: ("待受理", "未受理", "待处理", "待办", "待办理"),
    State.PARKED: ("挂账", "暂缓", "暂挂", "长期", "待条件成熟"),
    State.DECLINED: ("不受理", "不予受理", "退回"),
    State.MERGED: ("已合并", "合并", "重复"),
    State.WITHDRAWN: ("已撤回", "撤回", "取消"),
}  # fmt: skip
RATINGS = {
    Rating.GOOD: ("满意", "非常满意", "很满意", "是"),
    Rating.FAIR: ("基本满意", "较满意", "比较满意", "一般"),
    Rating.BAD: ("不满意", "很不满意", "否"),
}
UNRATED = frozenset({"", "未评价", "未回访", "无", "/", "-", "—"})
URGENCIES = {"特急": Urgency.P0, "紧急": Urgency.P1, "一般": Urgency.P2, "不急": Urgency.P3}
_STATE = {word: state for state, words in STATES.items() for word in words}
_RATING = {word: rating for rating, words in RATINGS.items() for word in words}


def text_of(cell: Cell) -> str:
    """As a person reads it: 7 instead of 7.0, a day without its midnight."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return str(cell).strip().removeprefix("'").strip()


def moment_of(cell: Cell) -> datetime | None:
    """A moment in Shanghai; a day alone is its morning at nine. None when it is none."""
    if isinstance(cell, date):
        clock = cell.time() if isinstance(cell, datetime) else time()
        return _morning(datetime(cell.year, cell.month, cell.day, tzinfo=SHANGHAI), clock)
    if isinstance(cell, bool | time | timedelta):
        return None
    if isinstance(cell, int | float):
        return _serial(float(cell))
    text = text_of(cell)
    return _serial(float(text)) if _SERIAL.match(text) else _written(text)


def _written(text: str) -> datetime | None:
    """`2023-01-05`, `2023年1月5日 下午3点20分`."""
    found = _DATE.match(text)
    if found is None:
        return None
    year, month, day, half, hour, minute, second = found.groups()
    after_noon = 12 if half == "下午" and int(hour) < 12 else 0
    try:
        moment = datetime(
            *(int(year), int(month), int(day), int(hour or 0) + after_noon),
            *(int(minute or 0), int(second or 0)),
            tzinfo=SHANGHAI,
        )
    except ValueError:
        return None
    return _morning(moment)


def state_of(text: str) -> State | None:
    """Where a matter stands, by any of the usual words."""
    return _STATE.get(text)


def rating_of(text: str) -> Rating | None:
    """What the asker said."""
    return _RATING.get(text)


def _serial(days: float) -> datetime | None:
    """What Excel counts: days since 1899-12-30."""
    if not _FIRST <= days <= _LAST_SERIAL:
        return None
    # To the second: a day has no exact share of 1 for a minute.
    return _morning(_EXCEL_DAY_0 + timedelta(seconds=round(days * 86_400)))


def _morning(moment: datetime, clock: time | None = None) -> datetime:
    """With its time of day; a day without one means its morning."""
    at = moment.time() if clock is None else clock
    return datetime.combine(moment.date(), time(9) if at == time() else at, SHANGHAI)
