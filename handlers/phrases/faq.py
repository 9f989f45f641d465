"""Words around answers from the bank."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot import SHANGHAI, FaqEntry, presentable

NOT_FOUND = "没有找到，已转管家，请稍等。"
NOT_FOUND_ALONE = "没有找到，请到社区居委会问一问。"
NOT_IN_BANK = "问答里还没有这一条。"
NONE_OF_THESE = "好的，已转管家，请稍等。"


def answer(entry: FaqEntry, now: datetime) -> str:
    """The approved answer with the question it answers, its source and its date."""
    title = entry.question.rstrip("?？")
    return f"【{title}】{entry.answer}\n来源：{entry.source}{_until(entry, now)}。"


def rephrased(entry: FaqEntry, words: str, now: datetime) -> str:
    """The same answer in a language model's words, marked as such."""
    title = entry.question.rstrip("?？")
    return f"【{title}】{words}（AI生成）\n来源：{entry.source}{_until(entry, now)}。"


def choices(entries: Sequence[FaqEntry]) -> str:
    """Up to three questions to choose from."""
    titles = [entry.question.rstrip("?？") for entry in entries]
    if len(titles) == 1:
        return f"您想问的是「{titles[0]}」吗？\n是就回复 1，不是我请管家来答。"
    lines = [f"{index} {title}" for index, title in enumerate(titles, 1)]
    return "\n".join(["您想问的是：", *lines, "回复数字就好；都不是我请管家来答。"])


def to_steward(where: str, who: str, words: str) -> str:
    """What those on duty read when nobody else could answer."""
    return f"{where} {who} 问：「{words}」\n问答里没有，请您回复一下。"


def _until(entry: FaqEntry, now: datetime) -> str:
    if entry.valid_until:
        return f"，有效至{_day(entry.valid_until, now)}"
    return f"，{_day(entry.dated, now)}更新" if entry.dated else ""


def _day(iso: str, now: datetime) -> str:
    """`12月31日`; with its year when that is another one."""
    day = date.fromisoformat(iso)
    year = "" if day.year == now.astimezone(SHANGHAI).year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def restored(entry: FaqEntry | None) -> str:
    """A step on an entry was taken back; None: it is gone again."""
    if entry is None:
        return "已撤销：那条问答拿掉了。"
    return f"已撤销：问答「{presentable(entry.question, 40)}」恢复成原来的样子。"
