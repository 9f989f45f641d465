"""Sections about single matters: late and parked ones, whom to see next, claims, workload."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.models import SHANGHAI, Appeal, State
from bot.models.ledger import Line
from bot.rules.appeal_flow import OPEN
from bot.rules.counting import Period
from bot.rules.reminders import RUNNING
from bot.services.paper import Cell, Column, Look, Section
from bot.services.reports.source import Source


def stuck(source: Source) -> Section:
    """超期与挂账, and what was brought up: with days and the next step."""
    ledger, scope = source.store.ledger, source.scope
    rows = [_stuck(source, line, "超期") for line in ledger.late(scope, source.most)]
    rows += [_stuck(source, line, "挂账") for line in ledger.parked(scope, source.most)]
    known = {row[0] for row in rows}
    rows += [
        _stuck(source, line, "上报")
        for line in ledger.brought_up(scope, source.most)
        if line.appeal.state in OPEN and line.appeal.number not in known
    ]
    return Section(
        key="stuck",
        name="超期与挂账",
        note="超期按现在未办结、已过办理期限的算；挂账、待补充的时钟停着，不算超期。",
        empty="没有超期、挂账和待答复的上报件。",
        columns=(
            Column("编号", 18), Column("情形", 7), Column("类别", 14), Column("地点（幢）", 12),
            Column("内容摘要", 36, Look.LONG), Column("责任单位", 14),
            Column("期限", 16, Look.MINUTE), Column("超期天数", 8, Look.NUMBER),
            Column("下一步", 30, Look.LONG),
        ),
        rows=rows,
    )  # fmt: skip


def contacts(source: Source, coming: Period) -> Section:
    """本月居民联系计划: whom to see in the coming month, why, and who goes."""
    lines = source.store.ledger.to_contact(source.scope, coming.end, source.most)
    rows = [_contact(source, line, coming, number) for number, line in enumerate(lines, 1)]
    return Section(
        key="contacts",
        name="本月联系计划",
        note=f"{coming.name}要联系的居民：没办结的、到日子回头看的、办结后没有评价的。",
        empty="这个月没有要主动联系的居民。",
        columns=(
            Column("序号", 6, Look.NUMBER), Column("计划日期", 11, Look.DAY), Column("编号", 18),
            Column("地点（幢）", 12), Column("反映人", 8), Column("诉求", 34, Look.LONG),
            Column("联系事由", 26, Look.LONG), Column("联系人", 14), Column("联系情况", 18),
        ),
        rows=rows,
    )  # fmt: skip


def details(source: Source, lines: list[Line]) -> Section:
    """上月民意落实明细: what came of each matter."""
    return Section(
        key="details",
        name="民意落实明细",
        note="" if source.full else "不公开的不在本表；姓名、电话、门牌已隐去。",
        empty="这段时间没有登记诉求。",
        columns=(
            Column("编号", 18), Column("登记日期", 11, Look.DAY), Column("类别", 14),
            Column("地点（幢）", 12), Column("内容摘要", 36, Look.LONG), Column("责任单位", 14),
            Column("状态", 8), Column("办结日期", 11, Look.DAY),
            Column("落实情况", 36, Look.LONG), Column("满意度", 9),
        ),
        rows=[_detail(source, line.appeal) for line in lines],
    )  # fmt: skip


def claims(source: Source) -> Section:
    """双向认领: units, never people."""
    lines = source.store.ledger.claimed(source.scope, source.most)
    return Section(
        key="claims",
        name="双向认领",
        empty="这段时间没有单位认领。",
        columns=(
            Column("认领单位", 20), Column("编号", 18), Column("内容摘要", 40, Look.LONG),
            Column("认领日期", 11, Look.DAY), Column("社区确认", 11, Look.DAY), Column("状态", 8),
        ),
        rows=[
            (
                line.appeal.claimant, line.appeal.number, source.content(line.appeal),
                _day(line.appeal.claimed_at), _day(line.appeal.claim_confirmed_at),
                line.appeal.state,
            )
            for line in lines
        ],
    )  # fmt: skip


def loads(source: Source) -> Section:
    """Who has how much in hand, for balancing: by name, for the lead alone."""
    return Section(
        key="loads",
        name="在手数量",
        note="只供负责人调配人手，按姓名排，不评比、不对外。",
        empty="现在没有人手里有没办结的诉求。",
        columns=(
            Column("承办人", 16), Column("未办结", 9, Look.NUMBER),
            Column("其中超期", 9, Look.NUMBER),
        ),
        rows=[
            (load.name, load.open, load.late)
            for load in source.store.ledger.loads(source.area, source.now)
        ],
    )  # fmt: skip


def next_step(appeal: Appeal, now: datetime) -> str:
    """What is to be done next about a matter that does not move."""
    if appeal.state is State.PARKED and appeal.parked_until is not None:
        until = appeal.parked_until.astimezone(SHANGHAI)
        return f"{until.month}月{until.day}日再看，届时给反映人一个说法"
    if appeal.state is State.NEEDS_INFO:
        return "等反映人补充情况，可上门问一问"
    if appeal.venue and not appeal.answer:
        return f"等{appeal.venue}答复，先把进展告诉反映人"
    if appeal.due_at < now:
        return f"催{appeal.unit}给出办结日期，办不了的上报"
    return f"{appeal.unit}继续办理"


def _stuck(source: Source, line: Line, kind: str) -> tuple[Cell, ...]:
    appeal = line.appeal
    over = max(0, (source.now - appeal.due_at).days) if kind == "超期" else None
    limit = appeal.parked_until if kind == "挂账" else appeal.due_at
    return (
        appeal.number, kind, source.category(appeal), source.place(appeal.place),
        source.content(appeal), appeal.unit, limit, over, next_step(appeal, source.now),
    )  # fmt: skip


def _contact(source: Source, line: Line, coming: Period, number: int) -> tuple[Cell, ...]:
    appeal = line.appeal
    wanted = _wanted(appeal) or coming.start
    at = min(max(wanted, coming.start), coming.end - timedelta(minutes=1))
    return (
        number, _day(at), appeal.number, source.place(appeal.place), source.reporter(line),
        source.content(appeal), _why(appeal, source.now), line.handler or appeal.unit, None,
    )  # fmt: skip


def _wanted(appeal: Appeal) -> datetime | None:
    """The day on which it is best spoken of."""
    if appeal.recheck_at is not None:
        return appeal.recheck_at
    if appeal.state is State.PARKED:
        return appeal.parked_until
    return appeal.due_at if appeal.state in RUNNING else None


def _why(appeal: Appeal, now: datetime) -> str:
    if appeal.recheck_at is not None:
        return "回头看，确认没有反弹"
    if appeal.state in OPEN:
        return next_step(appeal, now)
    return "回访办得怎么样"


def _detail(source: Source, appeal: Appeal) -> tuple[Cell, ...]:
    done = appeal.result or (next_step(appeal, source.now) if appeal.state in OPEN else "")
    return (
        appeal.number, _day(appeal.created_at), source.category(appeal),
        source.place(appeal.place), source.content(appeal), appeal.unit, appeal.state,
        _day(appeal.closed_at), source.words(done), appeal.rating or "",
    )  # fmt: skip


def _day(moment: datetime | None) -> Cell:
    return None if moment is None else moment.astimezone(SHANGHAI).date()
