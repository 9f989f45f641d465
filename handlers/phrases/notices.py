"""Words around notices: the preview, the times, what is wrong with an order.

The notice itself is the author's, sign for sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import Notice, NoticeState, Recurrence, presentable, say_again, say_when
from handlers.phrases.notice_targets import listed

EXAMPLE = "发布 明天8:00 停水通知：…"
HOW = f"要发什么、什么时候发？例：{EXAMPLE}\n一再发的：发布 每周一8:30 …。看排好的：通知清单"
CANCELLED = "好，这条通知不发了。"
AS_IT_WAS = "好，时间不改。"
NOTHING_TO_CONFIRM = "没有等您确认的通知。要发请写：" + EXAMPLE
PASSED_ON = "要转到群里吗？定时发回复「发布 明天8:00」，马上发回复「发布 立即」。"
REPLACED = "前一条没确认的作废。"
BEGINNING = 40
FIELD = 16


def made_harmless(calls: bool, links: bool) -> str:
    """What was typed would have called everyone or hidden a link; "" when nothing was changed."""
    parts = ["提醒全体的写法改成了普通字"] if calls else []
    parts += ["藏起来的链接摊开了"] if links else []
    return f"{'，'.join(parts)}，请看一眼。" if parts else ""


def number(notice: Notice) -> str:
    """`3`; "" for one that came with the community's file."""
    digits = notice.id.removeprefix("n")
    return digits if digits.isdigit() else ""


def name(notice: Notice) -> str:
    """`3号通知`."""
    return f"{number(notice)}号通知" if number(notice) else "通知"


def beginning(text: str, limit: int = BEGINNING) -> str:
    """The first words, on one line, calling nobody: this is not the notice itself."""
    return presentable(text, limit)


def what(time: str) -> str:
    """A time and no words."""
    return f"要发什么？时间后面写内容，例：发布 {time} 停水通知：…"


def when(text: str) -> str:
    """No time, or not in front."""
    return f"没看出什么时候发，时间写在最前面，例：发布 明天8:00 {beginning(text)}"


def how_often(text: str) -> str:
    """A recurrence of a kind that we do not have."""
    words = beginning(text.split(maxsplit=1)[0], 12)
    return (
        f"「{words}」排不了。可以写：每天、每周一、每月1号、工作日、节前一天，例：发布 每周一8:30 …"
    )


def never(words: str) -> str:
    """A recurrence that has no next time by the tables that we have."""
    return f"「{words}」往后还排不出日子，放假安排还没有公布。请写具体日期，例：{EXAMPLE}"


def unclear(why: str, text: str) -> str:
    """A time that cannot be, or that names no day."""
    return f"{why}，例：发布 明天8:00 {beginning(text) or '停水通知：…'}"


def passed(at: datetime, text: str) -> str:
    """A time in the past."""
    return f"{say_when(at)}已经过去了，请换个时间，例：发布 明天8:00 {beginning(text)}"


def left_empty(blank: str) -> str:
    """A template's field that nobody filled in."""
    return f"「{blank[:FIELD]}」还空着，填好再发一遍。这条没有排。"


def too_long(length: int, most: int) -> str:
    """More than a group reads, and than some platforms take."""
    return f"这条有{length}字，最多{most}字，请分成两条发。"


def which(words: str, readings: Sequence[datetime]) -> str:
    """A time that can be read in several ways."""
    lines = [f"{index} {say_when(at)}" for index, at in enumerate(readings, 1)]
    return "\n".join([f"「{words}」是哪一个？回复数字就好：", *lines])


def moment(at: datetime, immediate: bool) -> str:
    """When it goes out."""
    return "确认后马上发出" if immediate else say_when(at)


def at_most(late: int | None) -> str:
    """How late it may still be sent, where its author said so."""
    if late is None:
        return ""
    span = f"{late // 60}小时" if late >= 60 and late % 60 == 0 else f"{late}分钟"
    return f"（最多晚{span}，再晚先问您）"


def nothing_for(names: Sequence[str]) -> str:
    """Some of the targets have no words."""
    if not names:
        return "私下发给的人没有内容，请加一行不带群名的话，再发一遍。"
    return f"没有写给{listed(names)}的内容，请加一行「{names[0]}：…」或不带群名的话，再发一遍。"


def again(recurrence: Recurrence, times: Sequence[datetime]) -> str:
    """How often, and the next times."""
    following = "、".join(say_when(at) for at in times)
    return f"{say_again(recurrence)}\n接下来：{following}"


def preview(text: str, where: str, at: str, note: str) -> str:
    """The notice as it will stand, and the question."""
    noted = f"{note}\n" if note else ""
    return f"{text}\n——\n{noted}发往：{where}，{at}。\n回复「确认」发出，「取消」作废。"


def same_words(names: Sequence[str], minutes: int) -> str:
    """The very same was said there a moment ago, or is planned for about the same minute."""
    more = f"等{len(names)}个群" if len(names) > 2 else ""
    where = "、".join(names[:2]) + more
    same = f"前后{minutes}分钟里有同样的话，发过了或者排着"
    return f"{where}{same}。\n要再发，回复「再发一遍」；不发回复「取消」。"


def _to(where: str) -> str:
    return where if where.startswith("私下") else f"发到{where}"


def planned(notice: Notice, where: str, at: str, immediate: bool) -> str:
    """It is confirmed. `at`: when, in words; of one that comes again the next three times."""
    if immediate:
        return f"好，{name(notice)}马上{_to(where)}。"
    undo = f"改主意就回复「取消通知 {number(notice)}」。"
    if notice.recurrence is None:
        return f"好，{name(notice)}{at}{_to(where)}。\n{undo}"
    often, _, times = at.partition("\n")
    return f"好，{name(notice)}{often}{_to(where)}。\n{times}。\n{undo}"


def moved(notice: Notice) -> str:
    """Another time."""
    often = f"，以后还是{say_again(notice.recurrence)}" if notice.recurrence is not None else ""
    paused = notice.state is NoticeState.PAUSED
    still = f"\n它还停着，要发请回复「恢复通知 {number(notice)}」。" if paused else ""
    return f"好，{name(notice)}改到{say_when(notice.planned_at)}发{often}。{still}"


def no_longer_open(text: str) -> str:
    """Confirmed too late, or elsewhere: it has not been planned."""
    return f"这条还没有发：预览已过时，或不在这里。请重发一遍：发布 明天8:00 {beginning(text)}"
