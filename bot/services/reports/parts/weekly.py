"""Sections of the day and the week: what is due, what repeats, what nobody answered, the list to
go through."""

from __future__ import annotations

from datetime import date

from bot.models import SHANGHAI, QuestionState
from bot.rules.appeal_flow import OPEN
from bot.rules.counting import day
from bot.services.paper import Cell, Column, Look, Section
from bot.services.reports.parts.figures import heat_for
from bot.services.reports.parts.matters import next_step
from bot.services.reports.source import Source

MOST = 200
REPEATED = 3


def due(source: Source, of: date) -> Section:
    """What has to be done by the end of a day."""
    period = day(of)
    lines = source.store.ledger.due(source.scope, period.start, period.end, source.most)
    return Section(
        key="due",
        name="明日到期",
        empty="明天没有到期的。",
        columns=(
            Column("编号", 18), Column("类别", 14), Column("地点（幢）", 12),
            Column("内容摘要", 40, Look.LONG), Column("责任单位", 14),
            Column("期限", 16, Look.MINUTE),
        ),
        rows=[
            (
                line.appeal.number, source.category(line.appeal), source.place(line.appeal.place),
                source.content(line.appeal), line.appeal.unit, line.appeal.due_at,
            )
            for line in lines
        ],
    )  # fmt: skip


def repeats(source: Source) -> Section:
    """The same kind at the same building three times or more."""
    heat = heat_for(source)
    found = [
        (count, source.knowledge.taxonomy.get(row.category).name, building)
        for row in heat.rows
        for count, building in zip(row.cells, heat.buildings, strict=True)
        if count is not None and count >= REPEATED and building
    ]
    return Section(
        key="repeats",
        name="反复出现",
        note=f"同一类别、同一幢{REPEATED}件以上，可以考虑同类排查。",
        empty="没有反复出现的。",
        columns=(Column("类别", 16), Column("楼幢", 12), Column("件数", 9, Look.NUMBER)),
        rows=[(name, building, count) for count, name, building in sorted(found, key=_most_first)],
    )


def unanswered(source: Source) -> Section:
    """Questions that no approved answer met, the newest first."""
    found = source.store.questions.listed(source.area, [QuestionState.OPEN], MOST)
    rows: list[tuple[Cell, ...]] = [
        (f"问{question.number}", question.at.astimezone(SHANGHAI), source.words(question.text))
        for question in found
        if source.period.start <= question.at < source.period.end
    ]
    return Section(
        key="questions",
        name="没答上的问题",
        note="补上答案，下次机器人就会答。",
        empty="这段时间的问题都答上了。",
        columns=(
            Column("编号", 10),
            Column("时间", 16, Look.MINUTE),
            Column("问题", 70, Look.LONG),
        ),
        rows=rows,
    )


def self_check(source: Source) -> Section:
    """问题自查清单: what is open now, to be gone through item by item."""
    lines = source.store.ledger.to_contact(source.scope, source.period.end, source.most)
    rows: list[tuple[Cell, ...]] = [
        (
            line.appeal.number, source.place(line.appeal.place), source.content(line.appeal),
            line.appeal.unit, line.appeal.state, next_step(line.appeal, source.now), None,
        )
        for line in lines
        if line.appeal.state in OPEN
    ]  # fmt: skip
    return Section(
        key="check",
        name="自查清单",
        note="现在没办结的，逐件看，办好销号。",
        empty="现在没有没办结的。",
        columns=(
            Column("编号", 18), Column("地点（幢）", 12), Column("内容摘要", 40, Look.LONG),
            Column("责任单位", 14), Column("状态", 8), Column("下一步", 30, Look.LONG),
            Column("自查情况", 18),
        ),
        rows=rows,
    )  # fmt: skip


def _most_first(row: tuple[int, str, str]) -> tuple[int, str, str]:
    return -row[0], row[1], row[2]
