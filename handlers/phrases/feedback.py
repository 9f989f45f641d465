"""Asking how it went, once, and what the answer does."""

from __future__ import annotations

from bot import Appeal, presentable

QUESTION = "您看行不行？回复 1满意 2基本满意 3不满意"


def asked_in_group(name: str, closed: str) -> str:
    """The end of a matter, said to the one who asked, for all to read."""
    return f"{presentable(name)}，{closed}\n{QUESTION}"


def asked_in_private(closed: str) -> str:
    """The same to the asker alone."""
    return f"{closed}\n{QUESTION}"


def thanks(appeal: Appeal) -> str:
    """A good word, once."""
    return f"谢谢您，{appeal.short}号销号了。"


def again(appeal: Appeal) -> str:
    """It is dealt with again."""
    return f"好，{appeal.short}号重新办，已告诉负责的人。"


def what_is_wrong(appeal: Appeal) -> str:
    """It is dealt with again, and what for?"""
    return f"好，{appeal.short}号重新办。哪里没弄好？说一句就行。"


def heard(appeal: Appeal) -> str:
    """The reason has come."""
    return f"记下了，{appeal.short}号会照这个办。"


def told_again(where: str, who: str, appeal: Appeal, words: str) -> str:
    """To the one in charge, in private: the asker does not agree."""
    said = f"：「{presentable(words, 100)}」" if words else ""
    return (
        f"{where} {presentable(who)} 对 {appeal.number}（{appeal.short}号）不满意{said}\n"
        f"已重开，请再处理。办好回复「办结 {appeal.short} 说明」。"
    )


def told_more(appeal: Appeal, words: str) -> str:
    """To the one in charge: what is wrong with it."""
    return f"{appeal.number}（{appeal.short}号）不满意的原因：「{presentable(words, 100)}」"


def to_recheck(appeal: Appeal) -> str:
    """To the one in charge: today it is to be looked at again."""
    return (
        f"{appeal.short}号（{appeal.number}）今天回头看：{appeal.summary}\n"
        f"没反弹回复「回头看 {appeal.short} 没有反弹」，有反弹回复「重开 {appeal.short} 情况」。"
    )


def not_recorded(appeal: Appeal) -> str:
    """A steward says that it need not be on the list."""
    return f"好，{appeal.short}号不登记了。"
