"""What the pages of notices call things, and what they say when something is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.language.dates import say_again, say_when
from bot.models import Beat, Delivery, Notice, NoticeState, Person
from bot.rules.notice_faults import LONGEST, NoticeFault, Wrong
from bot.rules.permissions import ROLE_NAMES
from bot.services.notice_calendar import Standing
from bot.services.notice_drafting import Sketch

STANDINGS = {
    Standing.DRAFT: ("没确认", "still"),
    Standing.AWAITING: ("待审核", "waiting"),
    Standing.PLANNED: ("排好了", "working"),
    Standing.PAUSED: ("停着", "parked"),
    Standing.SENDING: ("正在发", "working"),
    Standing.SENT: ("发出了", "done"),
    Standing.FAILED: ("没发全", "overdue"),
    Standing.MISSED: ("错过了", "overdue"),
    Standing.OVER: ("作废取消", "still"),
}
STATES = {
    NoticeState.DRAFT: STANDINGS[Standing.DRAFT],
    NoticeState.AWAITING: STANDINGS[Standing.AWAITING],
    NoticeState.PLANNED: STANDINGS[Standing.PLANNED],
    NoticeState.PAUSED: STANDINGS[Standing.PAUSED],
    NoticeState.SENT: STANDINGS[Standing.SENT],
    NoticeState.MISSED: STANDINGS[Standing.MISSED],
    NoticeState.CANCELLED: ("取消了", "still"),
    NoticeState.WITHDRAWN: ("作废了", "still"),
}
DELIVERIES = {
    Delivery.SENT: ("送到了", "done"),
    Delivery.FAILED: ("没送到", "overdue"),
    Delivery.UNCERTAIN: ("不确定", "waiting"),
    Delivery.SENDING: ("正在送", "working"),
    Delivery.QUEUED: ("排队等着", "still"),
}
BEATS = {
    Beat.DAILY: "每天",
    Beat.WORKDAYS: "工作日",
    Beat.WEEKLY: "每周几",
    Beat.MONTHLY: "每月几号",
    Beat.BEFORE_HOLIDAY: "放假前一天",
}
WEEKDAYS = "一二三四五六日"
NO_TIME = "请选哪天几点发。"
NO_BEAT = "请选每周星期几，或每月几号。"
NOBODY = "这样选没有人收得到，请勾上要发的群。"
NEVER = "往后排不出日子：到期了，或者放假安排还没有公布。"


def number(notice: Notice) -> str:
    """`3`, as people say it; the whole id of one that came with the community's file."""
    return notice.id.removeprefix("n")


def faults(sketch: Sketch) -> list[str]:
    """What keeps an order from being kept, in sentences."""
    told = [] if sketch.fault is None else [_fault(sketch.fault, sketch)]
    if not sketch.reach.count:
        told.append(NOBODY)
    if sketch.silent and sketch.notice.text + "".join(sketch.notice.variants.values()):
        told.append(f"{'、'.join(sketch.silent[:5])}没有要看的话，请给它也写一行，或不发给它。")
    if sketch.notice.recurrence is not None and not sketch.times:
        told.append(NEVER)
    return told


def _fault(fault: NoticeFault, sketch: Sketch) -> str:
    match fault.wrong:
        case Wrong.EMPTY:
            return "请写要发的话。"
        case Wrong.BLANK:
            return f"「{fault.words[:16]}」还空着，填好再发。"
        case Wrong.LONG:
            return f"有{len(sketch.notice.text)}字，最多{LONGEST}字，请分成两条发。"
        case Wrong.PASSED:
            return f"{say_when(sketch.notice.planned_at)}已经过去了，请换个时间。"


def when(sketch: Sketch) -> str:
    """When it goes out, in words."""
    notice = sketch.notice
    if not sketch.times:
        return ""
    first = say_when(sketch.times[0])
    if notice.recurrence is not None:
        following = "、".join(map(say_when, sketch.times))
        return f"{say_again(notice.recurrence)}，接下来：{following}"
    if notice.planned_at == notice.created_at and not sketch.put_off:
        return "确认后马上发出"
    return first


def warnings(sketch: Sketch) -> list[str]:
    """What its author should know before saying yes."""
    told = []
    if sketch.calls:
        told.append("「@所有人」只当普通文字发，不会真的叫大家。")
    if sketch.links:
        told.append("藏在文字后面的链接改成了明写的网址。")
    if sketch.put_off:
        told.append(f"夜里不打扰，{say_when(sketch.times[0])}才发出。等不得的，勾「紧急」。")
    if sketch.repeated:
        told.append(f"{_some(sketch.repeated)}前后几分钟有同样的话。")
    for view in sketch.views:
        who = _some(view.groups) or f"{view.people}个人"
        if view.pieces > 1:
            told.append(f"{who}的通道一次放不下，会分成{view.pieces}条，标上（1/{view.pieces}）。")
        if view.lacking:
            told.append(f"{who}的通道发不了图片或文件，只收到文字。")
    if sketch.second:
        told.append(second(sketch.approvers))
    return told


def second(approvers: Sequence[Person]) -> str:
    """Who may say yes."""
    if not approvers:
        return "要第二个人看过才发，现在没有别人能审：请把范围改小，或请上级来审。"
    who = "、".join(f"{one.name}（{ROLE_NAMES[one.role]}）" for one in approvers[:3])
    return f"要第二个人看过才发，能审的有{who}{'等' if len(approvers) > 3 else ''}。"


def whom(sketch: Sketch) -> str:
    """Counted: `3个群，2个人`."""
    groups, people = len(sketch.reach.groups), len(sketch.reach.people)
    parts = [f"{groups}个群" if groups else "", f"私下发给{people}个人" if people else ""]
    return "，".join(filter(None, parts)) or "没有人"


def beginning(text: str) -> str:
    """One line of it."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"


def day_name(at: datetime) -> str:
    """周三"""
    return f"周{WEEKDAYS[at.weekday()]}"


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:2]) + (f"等{len(names)}个群" if len(names) > 2 else "")
