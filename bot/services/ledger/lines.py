"""An appeal as a line of the ledger: the columns that a 12345 office knows, masked by reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.models import SHANGHAI, Appeal, Audience, Event, Level, Rating, State, Urgency
from bot.models.ledger import Line
from bot.rules.appeal_flow import Act
from bot.rules.reminders import RUNNING
from bot.services.paper import Cell, Column, Look
from bot.services.reports.source import Source

URGENCIES = {Urgency.P0: "特急", Urgency.P1: "紧急", Urgency.P2: "一般", Urgency.P3: "不急"}
CLOSED = frozenset({State.DONE, State.STRUCK})
# What was said to the group anyway; the words of askers and remarks of staff are not in it.
_TOLD = frozenset(
    {Act.ESCALATE, Act.PARK, Act.EXTEND, Act.CLOSE, Act.DECLINE, Act.ANSWER, Act.RESUME}
    | {Act.ADOPT, Act.AGENDA, Act.REJECT}
)
_MOVED = frozenset({Act.ASSIGN, Act.TRANSFER})
_ASIDE = frozenset({Act.NOTE, Act.SUPPORT})

APPEAL_COLUMNS = (
    Column("编号", 18), Column("登记时间", 16, Look.MINUTE), Column("来源", 8),
    Column("微网格/群", 18), Column("诉求类别", 14), Column("内容摘要", 36, Look.LONG),
    Column("地点（幢）", 12), Column("反映人", 8), Column("联系方式", 14),
    Column("附议数", 7, Look.NUMBER), Column("紧急程度", 8), Column("是否涉密", 8),
    Column("首次响应时间", 16, Look.MINUTE), Column("责任单位/认领单位", 14), Column("承办人", 9),
    Column("办理期限", 16, Look.MINUTE), Column("办理过程", 40, Look.LONG), Column("状态", 8),
    Column("办结时间", 16, Look.MINUTE), Column("是否超期", 8), Column("上报层级", 12),
    Column("回访时间", 16, Look.MINUTE), Column("是否解决", 8), Column("满意度", 9),
    Column("重复/关联编号", 18), Column("回头看日期", 11, Look.DAY), Column("备注", 16, Look.LONG),
)  # fmt: skip
IDEA_COLUMNS = (
    Column("编号", 18), Column("登记时间", 16, Look.MINUTE), Column("来源", 8),
    Column("微网格/群", 18), Column("类别", 14), Column("建议内容", 44, Look.LONG),
    Column("反映人", 8), Column("附议数", 7, Look.NUMBER), Column("结果", 10),
    Column("答复", 36, Look.LONG), Column("状态", 8), Column("办结时间", 16, Look.MINUTE),
)  # fmt: skip


def appeal_row(source: Source, line: Line, steps: Sequence[Event]) -> tuple[Cell, ...]:
    """One row under `APPEAL_COLUMNS`."""
    appeal = line.appeal
    return (
        appeal.number, appeal.created_at, appeal.source, source.group(line),
        source.category(appeal), source.content(appeal), source.place(appeal.place),
        source.reporter(line), source.contact(line), line.supporters, URGENCIES[appeal.urgency],
        "否" if appeal.audience is Audience.PUBLIC else "是", appeal.contacted_at,
        unit(appeal), line.handler, appeal.due_at, progress(source, steps), appeal.state,
        appeal.closed_at, "是" if is_late(appeal, source.now) else "否", level(appeal),
        appeal.rated_at, fixed(appeal), content(appeal), related(line), day(appeal.recheck_at),
        f"重开{appeal.reopened}次" if appeal.reopened else "",
    )  # fmt: skip


def idea_row(source: Source, line: Line) -> tuple[Cell, ...]:
    """One row under `IDEA_COLUMNS`."""
    appeal = line.appeal
    return (
        appeal.number, appeal.created_at, appeal.source, source.group(line),
        source.category(appeal), source.content(appeal), source.reporter(line), line.supporters,
        appeal.verdict or "未定", source.words(appeal.result), appeal.state, appeal.closed_at,
    )  # fmt: skip


def unit(appeal: Appeal) -> str:
    """Who is responsible, and who claimed it."""
    if not appeal.claimant:
        return appeal.unit
    return f"{appeal.unit}/{appeal.claimant}认领{'' if appeal.claim_confirmed_at else '（待确认）'}"


def progress(source: Source, steps: Sequence[Event]) -> str:
    """`11-21 登记；11-22 转办物业；11-24 办结：已换灯泡`."""
    told = []
    for step in steps:
        if step.action in _ASIDE:
            continue
        words = step.after.get("unit", "") if step.action in _MOVED else ""
        reason = step.reason if step.action in _TOLD and step.reason else ""
        told.append(
            f"{step.at.astimezone(SHANGHAI):%m-%d} {step.action}{words}"
            + (f"：{source.words(reason)}" if reason else "")
        )
    return "；".join(told)


def is_late(appeal: Appeal, now: datetime) -> bool:
    """Closed after its term, or still open after it; what stands still is not late."""
    if appeal.state in CLOSED:
        return appeal.closed_at is not None and appeal.closed_at > appeal.due_at
    return appeal.state in RUNNING and appeal.due_at < now


def level(appeal: Appeal) -> str:
    """How far up it was passed, and to which venue."""
    up = "" if appeal.level is Level.GROUP else str(appeal.level)
    return f"{up}（{appeal.venue}）" if appeal.venue and up else up or appeal.venue


def fixed(appeal: Appeal) -> str:
    """是否解决, by the asker's own word."""
    if appeal.rating is None:
        return "未评价" if appeal.state in CLOSED else ""
    return "否" if appeal.rating is Rating.BAD else "是"


def content(appeal: Appeal) -> str:
    """满意度; silence is none."""
    if appeal.rating is None:
        return "未评价" if appeal.state in CLOSED else ""
    return str(appeal.rating)


def related(line: Line) -> str:
    """What it went into, or was split off."""
    if line.merged_number:
        return f"并入{line.merged_number}"
    return f"由{line.parent_number}分出" if line.parent_number else ""


def day(moment: datetime | None) -> Cell:
    """The day of a moment in Shanghai."""
    return None if moment is None else moment.astimezone(SHANGHAI).date()
