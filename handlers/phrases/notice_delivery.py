"""Words to an author about what became of a notice."""

from __future__ import annotations

from datetime import datetime

from bot import Look, Notice, say_when
from handlers.phrases.notices import beginning, name, number

TITLE = 20
HELD = "刚发过同样的话，没有再发"


def progress(look: Look) -> str:
    """How far it is, or how it ended. Nothing but numbers, nobody's name."""
    notice, state, ended = look.notice, look.progress, look.ended
    parts = [f"已送达 {state.sent}/{state.total}"]
    if state.failed:
        parts.append(f"失败 {state.failed}")
    if state.uncertain:
        parts.append(f"不确定 {state.uncertain}")
    counts = "，".join(parts)
    if not ended:
        return f"{name(notice)}正在发：{counts}。"
    resend = f"补发 {number(notice)}".strip()
    again = f"\n失败的要重发请回复「{resend}」。" if state.failed else ""
    held = look.failures.get(HELD, 0)
    why = f"\n其中{held}个刚听过同样的话，没有再发。" if held else ""
    return f"{name(notice)}发完了：{counts}。{why}{again}"


def missed(notice: Notice, at: datetime, again: datetime | None) -> str:
    """Its time passed while the program was down; `again`: when it comes next by itself."""
    title = beginning(notice.gist, TITLE)
    told = f"{say_when(at)}的{name(notice)}没有发出：当时程序没在运行，已过去太久。\n"
    if again is not None:
        return told + f"下一次是{say_when(again)}，照常发：{title}"
    how = f"改期 {number(notice)} 立即" if number(notice) else f"发布 立即 {notice.gist}"
    return told + f"内容：{title}\n要补发请回复：{how}"
