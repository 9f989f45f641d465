"""Sections of figures: the summary, the rates with their denominators, the heat, the months."""

from __future__ import annotations

from bot.models.ledger import Scope
from bot.rules.buildings import numbers
from bot.rules.counting import (
    LEAST,
    Heat,
    Period,
    Rate,
    draft,
    heat_of,
    month_after,
    rates,
    sentence,
)
from bot.services.paper import Cell, Chart, Column, Look, Section, Series
from bot.services.reports.source import Source

MONTHS = 6
MOST_BARS = 12


def summary(source: Source) -> Section:
    """汇总: the figures that are read aloud."""
    counts = source.all_counts
    told: list[tuple[str, Cell, str]] = [
        ("收集居民诉求", counts.accepted, "个，已除去合并、撤回、不受理的"),
        ("意见建议", counts.suggestions, "条，和诉求分开算"),
        ("推动解决大小诉求", counts.closed, "个，上面诉求里已办结、已销号的"),
        *((rate.name, _percent(rate), _because(rate)) for rate in all_rates(source)[:3]),
        ("超期未办结", counts.late, "个，现在还没办结、已过期限的"),
        ("采纳建议", counts.adopted, "条"),
        ("列入议事", counts.agenda, "条"),
        ("居民表扬", counts.praise, "次"),
        ("办结用时中位数", _hours(counts.median_hours), "小时，从登记到办结"),
        ("不公开", counts.hidden, "个，已计入上面的数，分发本不列出明细"),
        ("报道用语", None, sentence(counts)),
        *(("报道草稿", None, line) for line in _draft(source)),
    ]
    return Section(
        key="summary",
        name="汇总",
        columns=(
            Column("项目", 22),
            Column("数值", 12, Look.NUMBER),
            Column("说明", 96, Look.LONG),
        ),
        rows=told,
    )


def rate_table(source: Source) -> Section:
    """三率与口径: each with part, whole and rule; few matters give no percentage."""
    counts = source.counts
    told = all_rates(source)
    rows: list[tuple[Cell, ...]] = [
        (
            rate.name,
            None if rate.percent is None else rate.percent / 100,
            round(rate.part, 1),
            rate.whole,
            rate.rule if rate.percent is not None else f"{rate.rule}；不足{LEAST}件，不列百分比",
        )
        for rate in told
    ]
    for name, count in (
        ("不计入：已合并", counts.merged),
        ("不计入：已撤回", counts.withdrawn),
        ("不计入：不受理", counts.declined),
        ("未到首次答复时限", counts.waiting),
        ("办结后未评价", counts.unrated),
    ):
        rows.append((name, None, count, None, "件，列出备查"))
    return Section(
        key="rates",
        name="三率与口径",
        note="受理件数为登记时间在内、除去合并、撤回、不受理的诉求。",
        columns=(
            Column("指标", 20), Column("比例", 10, Look.SHARE), Column("分子", 10, Look.NUMBER),
            Column("分母", 10, Look.NUMBER), Column("口径", 70, Look.LONG),
        ),
        rows=rows,
        chart=_rate_chart(told),
    )  # fmt: skip


def heat_table(source: Source) -> Section:
    """类别×楼幢热度, a row a building: what is under three is not shown."""
    heat = heat_for(source)
    names = [source.knowledge.taxonomy.get(row.category).short for row in heat.rows]
    rows: list[tuple[Cell, ...]] = [
        (building or "未写幢号", *(row.cells[place] for row in heat.rows), heat.totals[place])
        for place, building in enumerate(heat.buildings)
        if heat.totals[place]
    ]
    if heat.rows:
        rows.append(("合计", *(row.told for row in heat.rows), sum(heat.totals)))
    return Section(
        key="heat",
        name="类别×楼幢热度",
        note="不足3件的格不列；幢合计只加列出的格；带“+”的合计不含没列出的。"
        + ("" if source.full else "不公开的不在内。"),
        empty="这段时间没有可以列出的格。",
        columns=(
            Column("楼幢", 12),
            *(Column(name, 9, Look.NUMBER) for name in names),
            Column("列出合计", 9, Look.NUMBER),
        ),
        rows=rows,
        chart=_heat_chart(heat, names),
    )


def heat_for(source: Source) -> Heat:
    """The heat of a source, categories as the taxonomy has them, buildings by number."""
    order = [category.code for category in source.knowledge.taxonomy.all]
    cells = source.store.ledger.cells(source.scope)
    return heat_of(cells, lambda name: min(numbers([name]), default=10_000), order)


def months(source: Source) -> Section:
    """How it went in the months up to this one."""
    found = []
    for back in range(MONTHS - 1, -1, -1):
        period = month_after(source.period, -back)
        found.append((period, source.store.ledger.month(_scope(source, period))))
    labels = tuple(f"{period.first.month}月" for period, _ in found)
    return Section(
        key="months",
        name="近半年",
        note="按登记月份算；办结是到现在为止办结的。",
        columns=(
            Column("月份", 14),
            Column("收集诉求", 10, Look.NUMBER),
            Column("其中已办结", 10, Look.NUMBER),
        ),
        rows=[(period.name, month.accepted, month.closed) for period, month in found],
        chart=Chart(
            kind="bar",
            labels=labels,
            series=(
                Series("收集诉求", tuple(month.accepted for _, month in found), before=True),
                Series("已办结", tuple(month.closed for _, month in found)),
            ),
        ),
    )


def all_rates(source: Source) -> list[Rate]:
    """With the weight and the names of this community."""
    return rates(source.all_counts, source.knowledge.fair_weight, source.knowledge.rate_names)


def _draft(source: Source) -> list[str]:
    return draft(source.where, source.period, source.counts, source.knowledge.fair_weight)


def _scope(source: Source, period: Period) -> Scope:
    return Scope(
        area=source.area, start=period.start, end=period.end, now=source.now, everything=True
    )


def _percent(rate: Rate) -> Cell:
    return "不列" if rate.percent is None else f"{rate.percent:.1f}%"


def _because(rate: Rate) -> str:
    few = f"，不足{LEAST}件不列百分比" if rate.percent is None else ""
    return f"{rate.fraction}{few}；{rate.rule}"


def _hours(hours: float | None) -> Cell:
    return None if hours is None else round(hours, 1)


def _rate_chart(told: list[Rate]) -> Chart | None:
    shown = [rate for rate in told[:5] if rate.percent is not None]
    if not shown:
        return None
    return Chart(
        kind="bar",
        labels=tuple(rate.name for rate in shown),
        series=(Series("比例", tuple(rate.percent or 0 for rate in shown)),),
        unit="%",
    )


def _heat_chart(heat: Heat, names: list[str]) -> Chart | None:
    """Categories by what is shown of them, the most first."""
    totals = [sum(count or 0 for count in row.cells) for row in heat.rows]
    found = sorted(zip(totals, names, strict=True), key=lambda pair: (-pair[0], pair[1]))
    bars = [(total, name) for total, name in found if total][:MOST_BARS]
    if not bars:
        return None
    return Chart(
        kind="bar",
        labels=tuple(name for _, name in bars),
        series=(Series("列出的件数", tuple(total for total, _ in bars)),),
    )
