"""Words to those in charge about deadlines, always in private and without blame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import SHANGHAI, Call, Stage, say_when

MOST = 10
HOW = "办好回复「办结 {n} 说明」，办不了回复「上报 {n} 原因」。"
HOW_TO_ANSWER = "请先回居民一声，再回复「受理 {n}」。"
HOW_TO_ASK = "请问一下反映人，或回复「受理 {n}」照办。"
STAGES = {
    Stage.WAITING: "还缺信息，时钟停着",
    Stage.TOMORROW: "明天到期",
    Stage.TODAY: "今天到期",
    Stage.SOON: "快到期了",
    Stage.CONTACT: "还没有人回复居民",
    Stage.LATE: "到期了还没办结",
    Stage.GRID: "到期未办，请网格长帮一把",
    Stage.COMMUNITY: "到期未办，请社区帮一把",
    Stage.STREET: "到期未办，请街道帮一把",
}
LATE_AND_UNANSWERED = "到期了还没办结，也没有人回复过居民"
DAYS_OFF = "下一个工作日到期"


def called(calls: Sequence[Call], now: datetime) -> str:
    """Everything that one person is to hear now, in one message."""
    if len(calls) == 1:
        call = calls[0]
        number = _number(call)
        return f"{number}{_what(call, now)}：{call.appeal.summary}。\n{_how(call)}"
    lines = [f"{_number(call)} {_what(call, now)}：{call.appeal.summary}" for call in calls[:MOST]]
    more = len(calls) - MOST
    if more > 0:
        lines.append(f"还有{more}件，回复「清单」看全部")
    return "\n".join([f"有{len(calls)}件事要跟进：", *lines, HOW.format(n="编号")])


def year_is_missing(year: int) -> str:
    """The working days of a year are a guess so far."""
    return (
        f"{year}年的放假安排还没有导入，明年的期限先按周一到周五算，标着「暂估」。\n"
        "国务院办公厅的通知公布后，请管理员运行 haitang holidays import 文件。"
    )


def _number(call: Call) -> str:
    """Those above are in charge of several groups, where a short number says nothing."""
    above = call.stage in {Stage.GRID, Stage.COMMUNITY, Stage.STREET}
    return f"{call.appeal.number} " if above else f"{call.appeal.short}号"


def _what(call: Call, now: datetime) -> str:
    if call.stage is Stage.TOMORROW:
        days = (call.deadline.astimezone(SHANGHAI).date() - now.astimezone(SHANGHAI).date()).days
        return STAGES[call.stage] if days == 1 else DAYS_OFF
    if call.stage is Stage.SOON:
        return f"{say_when(call.deadline)}到期"
    # One line a matter: the missed end must not hide the missed answer.
    if call.stage is Stage.LATE and call.appeal.contacted_at is None:
        return LATE_AND_UNANSWERED
    return STAGES[call.stage]


def _how(call: Call) -> str:
    words = {Stage.CONTACT: HOW_TO_ANSWER, Stage.WAITING: HOW_TO_ASK}.get(call.stage, HOW)
    return words.format(n=_number(call).rstrip("号 "))
