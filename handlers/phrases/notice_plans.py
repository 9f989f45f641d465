"""Words around a plan of notices that came as a file."""

from __future__ import annotations

from collections.abc import Sequence

from bot import Notice, PlanBatch, presentable, say_again, say_when

SHOWN = 8
TITLE = 18
NONE = "没有导入过的计划。请管理员运行 haitang notices import 文件。"
NOTHING_HAPPENED = "好，先不排，草稿还在。要排回复「确认计划」，不要回复「取消计划」。"


def name(batch: PlanBatch) -> str:
    """`2号计划`."""
    return f"{batch.plan.number}号计划"


def ask(batch: PlanBatch) -> str:
    """What came, and the question whether to plan it."""
    return (
        f"{name(batch)}导入了{len(batch.notices)}条通知：\n{_lines(batch.notices)}\n"
        "回复「确认」全部排上，「取消」都不要。"
    )


def shown(batch: PlanBatch, waiting: int) -> str:
    """The plan as it stands."""
    number = batch.plan.number
    then = (
        f"还有{waiting}条没确认：「确认计划 {number}」排上，「取消计划 {number}」不要。"
        if waiting
        else f"都定了。还没发的全部不发：「取消计划 {number}」。"
    )
    return f"{name(batch)}：\n{_lines(batch.notices)}\n{then}"


def confirmed(batch: PlanBatch, planned: Sequence[Notice], awaiting: int, over: int) -> str:
    """It is planned; what needs a second person, and what was over by now."""
    if not planned and not awaiting:
        return f"{name(batch)}里的时间都过去了，一条也没有排。"
    parts = []
    if planned:
        first = min(planned, key=lambda notice: notice.planned_at)
        parts.append(f"好，{len(planned)}条都排上了，第一条{say_when(first.planned_at)}。")
    if awaiting:
        parts.append(f"{awaiting}条要第二个人审过才发。")
    if over:
        parts.append(f"{over}条时间已过，没有排。")
    return "".join(parts) + f"\n看回复「通知清单」，全部不发回复「取消计划 {batch.plan.number}」。"


def cancelled(batch: PlanBatch, count: int) -> str:
    """None of it will be sent any more."""
    return f"好，{name(batch)}里还没发的{count}条不发了。"


def second(author: str, notices: Sequence[Notice]) -> str:
    """Several notices of somebody's plan at once, to those who may approve them."""
    numbers = "、".join(f"{notice.id[1:]}号" for notice in notices[:SHOWN])
    more = f"等{len(notices)}条" if len(notices) > SHOWN else ""
    return (
        f"{author}的计划里有{len(notices)}条通知等您审：{numbers}{more}\n"
        f"{_lines(notices)}\n可以就回「通过 {notices[0].id[1:]}」，不行回「退回 "
        f"{notices[0].id[1:]} 原因」。看全部回「待审通知」。"
    )


def not_found(number: str) -> str:
    """No such plan of one's own."""
    return f"您没有 {number}号计划。看最近的回复「计划」。" if number else NONE


def not_possible(reason: str) -> str:
    """Nothing of it can be."""
    return f"这份计划{reason}。看回复「计划」。"


def _lines(notices: Sequence[Notice]) -> str:
    lines = [_line(notice) for notice in notices[:SHOWN]]
    if len(notices) > SHOWN:
        lines.append(f"……还有{len(notices) - SHOWN}条")
    return "\n".join(lines)


def _line(notice: Notice) -> str:
    often = f"{say_again(notice.recurrence)}，" if notice.recurrence is not None else ""
    title = presentable(notice.text, TITLE)
    return f"{notice.id[1:]}号 {often}{say_when(notice.planned_at)} {title}"
