"""Where the table is in an older ledger, and which column is what, however it is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.services.workbook_in import Cell, Table

LOOK_AT = 12
"""The header stands in one of so many first rows: titles and 口径 lines are above it."""

NAMES: Mapping[str, tuple[str, ...]] = {
    "number": ("编号", "台账编号", "诉求编号", "工单编号", "工单号", "单号", "序号", "案件编号"),
    "at": (
        "登记时间", "登记日期", "受理时间", "受理日期", "反映时间", "反映日期", "收集时间",
        "收集日期", "来电时间", "上报时间", "时间", "日期",
    ),
    "source": ("来源", "诉求来源", "渠道", "来源渠道", "收集渠道", "反映渠道"),
    "grid": ("微网格/群", "微网格", "网格", "所属网格", "小区", "所属小区"),
    "category": ("诉求类别", "类别", "分类", "问题类别", "事项类别", "诉求类型", "问题类型"),
    "content": (
        "内容摘要", "诉求内容", "反映内容", "问题描述", "主要诉求", "内容", "事项内容", "诉求",
        "问题", "建议内容", "具体内容", "事由",
    ),
    "place": ("地点（幢）", "地点", "地址", "位置", "楼幢", "楼栋", "幢号", "具体位置"),
    "reporter": ("反映人", "诉求人", "姓名", "居民姓名", "来电人", "反映人姓名", "提出人"),
    "contact": ("联系方式", "联系电话", "电话", "手机", "手机号", "手机号码"),
    "urgency": ("紧急程度", "紧急", "缓急"),
    "private": ("是否涉密", "是否公开", "涉密"),
    "contacted": ("首次响应时间", "响应时间", "联系时间", "首次联系时间"),
    "unit": ("责任单位/认领单位", "责任单位", "承办单位", "办理单位", "主办单位", "处置单位"),
    "handler": ("承办人", "经办人", "责任人", "负责人", "办理人"),
    "due": ("办理期限", "办结期限", "期限", "截止日期", "截止时间", "要求办结时间"),
    "result": ("办理结果", "处理结果", "落实情况", "办理情况", "处理情况", "处置结果", "办理过程"),
    "state": ("状态", "办理状态", "办结情况", "是否办结", "是否解决", "处理状态"),
    "closed": ("办结时间", "办结日期", "完成时间", "完成日期", "解决时间", "解决日期"),
    "rating": ("满意度", "是否满意", "满意情况", "居民满意度", "评价"),
    "rated": ("回访时间", "回访日期"),
    "kind": ("类型", "性质", "诉求/建议"),
}  # fmt: skip
NEEDED = ("at", "content")
_FIELD = {name: field for field, names in NAMES.items() for name in names}
_PLAIN = re.compile(r"\s+|（脱敏）|\(脱敏\)|[*＊]")
_IDEAS = "建议"


class Header(Struct, frozen=True):
    """`row` is its index in the table. `columns` tells the place of each field, `unknown` are names
    that mean nothing to us.
    """

    row: int
    columns: Mapping[str, int]
    unknown: tuple[str, ...] = ()


class Found(Struct, frozen=True):
    """A table that holds matters. `ideas`: suggestions."""

    table: Table
    header: Header
    ideas: bool = False


def matters_in(tables: Sequence[Table]) -> list[Found]:
    """The first table with matters, and those of suggestions; empty when there is none."""
    found: list[Found] = []
    for table in tables:
        header = header_of(table.rows)
        ideas = _IDEAS in table.name
        if header is not None and (ideas or not any(not each.ideas for each in found)):
            found.append(Found(table, header, ideas))
    return found


def header_of(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """The first row that names a time and a content."""
    for index, row in enumerate(rows[:LOOK_AT]):
        names = [_plain(cell) for cell in row]
        columns: dict[str, int] = {}
        for place, name in enumerate(names):
            field = _FIELD.get(name)
            if field is not None:
                columns.setdefault(field, place)
        if all(field in columns for field in NEEDED):
            known = set(columns.values())
            unknown = [name for place, name in enumerate(names) if name and place not in known]
            return Header(index, columns, tuple(unknown))
    return None


def _plain(cell: Cell) -> str:
    """A heading without blanks and marks."""
    name = _PLAIN.sub("", str(cell)) if isinstance(cell, str) else ""
    return name.replace("(", "（").replace(")", "）")
