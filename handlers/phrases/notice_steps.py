"""Words of steps on a planned or sent notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import Notice, NoticeState, presentable, say_again, say_when
from handlers.phrases.notices import EXAMPLE, beginning, name, number

TITLE = 20
NONE_PLANNED = "没有等着发的通知。"
NOTHING_FAILED = "没有要补发的：您的通知没有失败的。"
STILL_HOLDS = "好，不作废，照旧有效。"
STATES = {
    NoticeState.DRAFT: "还没确认",
    NoticeState.AWAITING: "在等人审核",
    NoticeState.PLANNED: "排好了，等着发",
    NoticeState.PAUSED: "停着",
    NoticeState.SENT: "已经发出",
    NoticeState.MISSED: "错过了时间",
    NoticeState.CANCELLED: "已经取消",
    NoticeState.WITHDRAWN: "已经作废",
}
USAGE = {
    "改期": "改期 3 后天9:00",
    "暂停通知": "暂停通知 3",
    "恢复通知": "恢复通知 3",
    "预览通知": "预览通知 3",
    "确认通知": "确认通知 3",
    "作废通知": "作废通知 3",
    "更正": "更正 3 新的内容",
    "通过": "通过 3",
    "退回": "退回 3 原因",
}


def upcoming(rows: Sequence[Notice], total: int, lately: Sequence[Notice]) -> str:
    """What is planned, what was sent lately, each with its number."""
    lines = ["已排好的通知：", *map(_line, rows)] if rows else [f"还没有排好的通知。例：{EXAMPLE}"]
    if total > len(rows):
        lines.append(f"还有{total - len(rows)}条，私聊我说「通知清单」看全部。")
    if lately:
        lines += ["最近发过：", *map(_sent, lately)]
    return "\n".join(lines)


def _line(notice: Notice) -> str:
    marks = {NoticeState.PAUSED: "（停着）", NoticeState.AWAITING: "（待审）"}
    at = say_when(notice.planned_at)
    if notice.recurrence is not None:
        at = f"{say_again(notice.recurrence)}，下次{at}"
    lead = f"{number(notice)}号 " if number(notice) else ""
    return f"{lead}{at}{marks.get(notice.state, '')} {beginning(notice.gist, TITLE)}"


def _sent(notice: Notice) -> str:
    return f"{number(notice)}号 {say_when(notice.planned_at)} {beginning(notice.gist, TITLE)}"


def called_off(notice: Notice) -> str:
    """A planned notice will not go out."""
    again = f"（{say_again(notice.recurrence)}）" if notice.recurrence is not None else ""
    at = say_when(notice.planned_at)
    return f"已取消{at}{again}的{name(notice)}：{beginning(notice.gist, TITLE)}"


def no_time(notice: Notice) -> str:
    """改期 without a time."""
    return f"改到什么时候？例：改期 {number(notice)} 后天9:00"


def bad_time(notice: Notice, why: str) -> str:
    """What is wrong with the time, and the command that goes with this one."""
    return f"{why.partition('，例：')[0]}，例：改期 {number(notice)} 后天9:00"


def only_time(notice: Notice, words: str) -> str:
    """Words behind the time: that is another command."""
    num = number(notice)
    return f"改期后面只写时间：改期 {num} {words}\n要改内容请写：更正 {num} 新的内容"


def passed(notice: Notice, at: datetime) -> str:
    """A time in the past."""
    return f"{say_when(at)}已经过去了，请换个时间，例：改期 {number(notice)} 后天9:00"


def paused(notice: Notice) -> str:
    """It waits until it is resumed."""
    num = number(notice)
    return f"好，{name(notice)}先停着，到点也不发。要发请回复「恢复通知 {num}」。"


def resumed(notice: Notice) -> str:
    """It goes on."""
    often = f"（{say_again(notice.recurrence)}）" if notice.recurrence is not None else ""
    return f"好，{name(notice)}照常发，下次{say_when(notice.planned_at)}{often}。"


def time_is_over(notice: Notice) -> str:
    """A paused one whose time has passed."""
    return (
        f"{name(notice)}原定的{say_when(notice.planned_at)}已经过去了，"
        f"先改个时间：改期 {number(notice)} 明天8:00"
    )


def not_sent_yet(notice: Notice) -> str:
    """作废 is for what was said."""
    return f"{name(notice)}还没有发出过，不发了就回复「取消通知 {number(notice)}」。"


def void(notice: Notice, at: datetime, reason: str) -> str:
    """What the groups are told."""
    why = f"\n原因：{reason}" if reason else ""
    return f"【作废】{say_when(at)}发的「{beginning(notice.gist)}」不再有效。{why}"


def void_preview(text: str, where: str) -> str:
    """Before the groups are told."""
    return f"{text}\n——\n马上发往：{where}。\n回复「确认」发出，「取消」就照旧有效。"


def voided(notice: Notice, count: int) -> str:
    """They are being told."""
    return f"{name(notice)}已作废，正在告诉收到过的{count}个群（人）。"


def no_words(notice: Notice) -> str:
    """更正 without words."""
    return f"更正成什么？例：更正 {number(notice)} 停水改到10点到12点"


def corrected(text: str) -> str:
    """A correction shows that it is one."""
    return text if text.startswith("【更正】") else f"【更正】{text}"


def corrects(notice: Notice, at: datetime) -> str:
    """In the preview of a correction."""
    title = beginning(notice.gist, TITLE)
    return f"更正{say_when(at)}发的{name(notice)}「{title}」。"


def replaces(notice: Notice) -> str:
    """In the preview of other words for what is not out yet."""
    return f"{name(notice)}换成这条，原来的不发了。"


def resending(notice: Notice, count: int) -> str:
    """Only where it failed."""
    return f"{name(notice)}没送到的{count}个正在补发。"


def not_author(num: str) -> str:
    """Somebody else's."""
    return f"{num}号通知是别人写的，要改请找作者。看排好的回复「通知清单」。"


def own_words(num: str) -> str:
    """Nobody approves what they wrote."""
    return f"{num}号通知是您自己写的，要另一个人来审。"


def not_yours_to_judge(num: str) -> str:
    """Its groups are not all one's own."""
    return f"{num}号通知发到的群不全归您管，要上一级来审。看您能审的回复「待审通知」。"


def not_found(num: str) -> str:
    """No such notice, or not for this person."""
    return f"没有{presentable(num)}号通知，看排好的回复「通知清单」。"


def no_number(command: str) -> str:
    """Which one?"""
    return f"是几号通知？例：{USAGE.get(command, f'{command} 3')}。看号回复「通知清单」。"


def not_now(num: str, state: str) -> str:
    """The step does not fit the state."""
    words = STATES.get(NoticeState(state), state) if state in set(NoticeState) else state
    return f"{num}号通知{words}，这一步做不了。"


def restored(notice: Notice) -> str:
    """A step was taken back."""
    at = say_when(notice.planned_at)
    return f"已撤销：{name(notice)}{STATES[notice.state]}，时间是{at}。"
