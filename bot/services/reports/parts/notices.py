"""What was sent to the groups, and what volunteers did."""

from __future__ import annotations

from bot.services.paper import Column, Look, Section
from bot.services.reports.source import Source

MOST = 1000


def notices(source: Source) -> Section:
    """通知发布: when it was to go and went, to how many, and what became of it."""
    sendings = source.store.ledger.sendings(source.scope, MOST)
    return Section(
        key="notices",
        name="通知发布",
        note="只记发到几个群、成没成功；平台不给已读名单，也不要求居民打卡。",
        empty="这段时间没有发通知。",
        columns=(
            Column("计划时间", 16, Look.MINUTE), Column("实际时间", 16, Look.MINUTE),
            Column("内容", 60, Look.LONG), Column("分类", 10), Column("发布人", 10),
            Column("更正", 7), Column("送达", 8, Look.NUMBER), Column("失败", 8, Look.NUMBER),
            Column("未完", 8, Look.NUMBER),
        ),
        rows=[
            (
                each.run.planned_at, each.run.started_at, each.notice.text, each.notice.tag,
                each.author, "是" if each.notice.corrects else "", each.sent, each.failed,
                each.waiting,
            )
            for each in sendings
        ],
    )  # fmt: skip


def services(source: Source) -> Section:
    """志愿服务: what was done, by how many, for how long; the sum in the note."""
    volunteering, period = source.store.volunteering, source.period
    hours = volunteering.hours(source.area, period.first, period.last)
    return Section(
        key="services",
        name="志愿服务",
        note=f"服务{hours.times}次，累计服务时长{hours.hours:g}小时（人数×时长）。",
        empty="这段时间没有登记志愿服务。",
        columns=(
            Column("日期", 11, Look.DAY), Column("微网格", 16), Column("内容", 50, Look.LONG),
            Column("人数", 8, Look.NUMBER), Column("每人时长（小时）", 10),
            Column("合计时长（小时）", 10),
        ),
        rows=[
            (
                each.day, each.area.rpartition("/")[2], source.words(each.what), each.people,
                round(each.minutes / 60, 2), round(each.people * each.minutes / 60, 2),
            )
            for each in volunteering.listed(source.area, period.first, period.last, MOST)
        ],
    )  # fmt: skip
