"""Words around notices. The notice itself is the author's, sign for sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import Progress, presentable, say_when

EXAMPLE = "发布 明天8:00 停水通知：…"
CANCELLED = "好，这条通知不发了。"
NONE_PLANNED = "没有等着发的通知。"
NOTHING_TO_CONFIRM = "没有等您确认的通知。要发请写：" + EXAMPLE
ONLY_ONCE = "一次只能排一个时间，例：发布 明天8:00 停水通知：…"
BEGINNING = 40
TITLE = 20


def beginning(text: str, limit: int = BEGINNING) -> str:
    """The first words, on one line, calling nobody: this is not the notice itself."""
    return presentable(text, limit)


def what(time: str) -> str:
    """A time and no words."""
    return f"要发什么？时间后面写内容，例：发布 {time} 停水通知：…"


def when(text: str) -> str:
    """No time, or not in front."""
    return f"没看出什么时候发，时间写在最前面，例：发布 明天8:00 {beginning(text)}"


def passed(at: datetime, text: str) -> str:
    """A time in the past."""
    return f"{say_when(at)}已经过去了，请换个时间，例：发布 明天8:00 {beginning(text)}"


def unknown_group(name: str, known: Sequence[str]) -> str:
    """A group that is not there."""
    return f"没有叫「{presentable(name)}」的群。您能发的有：{'、'.join(known)}"


def not_yours(name: str, known: Sequence[str]) -> str:
    """A group of another micro-grid."""
    return f"「{name}」不归您管，发不了。您能发的有：{'、'.join(known)}"


def targets(names: Sequence[str]) -> str:
    """`一群`, `一群、二群`, or `一群、二群等3个群`."""
    more = f"等{len(names)}个群" if len(names) > 2 else ""
    return "、".join(names[:2]) + more


def moment(at: datetime, immediate: bool) -> str:
    """When it goes out."""
    return "确认后马上发出" if immediate else say_when(at)


def preview(text: str, names: Sequence[str], at: datetime, immediate: bool, replaced: bool) -> str:
    """The notice as it will stand, and the question."""
    earlier = "前一条没确认的作废。\n" if replaced else ""
    return (
        f"{text}\n——\n{earlier}发往：{targets(names)}，{moment(at, immediate)}。\n"
        "回复「确认」发出，「取消」作废。"
    )


def planned(names: Sequence[str], at: datetime, immediate: bool) -> str:
    """It is confirmed."""
    if immediate:
        return f"好，马上发到{targets(names)}。"
    return f"好，{say_when(at)}发到{targets(names)}。\n改主意就回复「取消通知」。"


def no_longer_open(text: str) -> str:
    """Confirmed too late, or elsewhere: it has not been planned."""
    return f"这条还没有发：预览已过时，或不在这里。请重发一遍：发布 明天8:00 {beginning(text)}"


def progress(state: Progress, ended: bool) -> str:
    """To the author: how far it is, or how it ended. Nothing but numbers, nobody's name."""
    parts = [f"已送达 {state.sent}/{state.total}"]
    if state.failed:
        parts.append(f"失败 {state.failed}")
    if state.uncertain:
        parts.append(f"不确定 {state.uncertain}")
    counts = "，".join(parts)
    if not ended:
        return f"通知正在发：{counts}。"
    again = "\n失败的要重发请回复「补发」。" if state.failed else ""
    return f"通知发完了：{counts}。{again}"


def missed(at: datetime, names: Sequence[str], text: str, again: datetime | None) -> str:
    """Its time passed while the program was down; `again`: when it comes next by itself."""
    if again is not None:
        return (
            f"{say_when(at)}的通知没有发出：当时程序没在运行，已过去太久。\n"
            f"下一次是{say_when(again)}，照常发。"
        )
    return (
        f"{say_when(at)}的通知没有发出：当时程序没在运行，已过去太久。\n"
        f"要补发请回复：发布 {'、'.join(names)} 立即 {text}"
    )


def upcoming(rows: Sequence[tuple[datetime, str]]) -> str:
    """What is planned."""
    if not rows:
        return f"还没有排好的通知。例：{EXAMPLE}"
    lines = [f"{say_when(at)} {beginning(text, TITLE)}" for at, text in rows]
    return "已排好的通知：\n" + "\n".join(lines)


def called_off(at: datetime, text: str) -> str:
    """A planned notice will not go out."""
    return f"已取消{say_when(at)}的通知：{beginning(text, TITLE)}"
