"""The same question in slightly other words: residents' habits as rules."""

from __future__ import annotations

import random

_SWAPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("怎么办", ("该怎么办", "如何处理", "怎么处理", "有什么办法")),
    ("怎么治", ("如何治疗", "怎么治疗", "该怎么治")),
    ("是什么原因", ("什么原因", "是怎么回事", "为什么会这样")),
    ("能不能", ("可以", "能")),
    ("可以", ("能", "能不能", "可不可以")),
    ("能", ("可以", "能不能", "可不可以")),
    ("哪里", ("什么地方", "哪儿")),
    ("怎么", ("如何", "怎样", "咋")),
    ("什么时候", ("几时", "啥时候", "何时")),
    ("多久", ("多长时间", "几天")),
    ("什么", ("啥", "哪些")),
    ("要", ("需要", "要不要")),
    ("吗", ("么", "", "呢")),
    ("小孩", ("孩子", "宝宝", "儿童")),
    ("孩子", ("小孩", "宝宝")),
    ("宝宝", ("孩子", "婴儿")),
    ("老人", ("老年人",)),
    ("吃", ("服用",)),
    ("症状", ("表现",)),
    ("去哪里", ("在哪里", "到哪里")),
    ("多少钱", ("价格是多少", "费用多少")),
    ("有哪些", ("有什么",)),
    ("严重吗", ("要紧吗",)),
    ("找谁", ("找哪个部门", "向谁反映")),
)
_OPENINGS = ("请问", "想问一下", "请问一下", "你好", "我想知道", "医生", "问下", *[""] * 5)
_ENDS = ("呢", "啊", "呀", "谢谢", "？", "?", *[""] * 6)
_FILLERS = ("一般", "大概", "到底", "现在", "最近", "平时", "一直", "我家", "家里", "有点", "这样")


def rephrase(chance: random.Random, text: str) -> str:
    """Swap a word or two, perhaps add one, drop one or turn the sentence round."""
    for _ in range(chance.choice((1, 1, 2))):
        swaps = [(old, new) for old, new in _SWAPS if old in text]
        if swaps:
            old, new = chance.choice(swaps)
            text = text.replace(old, chance.choice(new), 1)
    if chance.random() < 0.25 and len(text) > 6:
        at = chance.randrange(1, len(text) - 1)
        text = text[:at] + chance.choice(_FILLERS) + text[at:]
    if chance.random() < 0.2 and len(text) > 8:
        at = chance.randrange(len(text) - 2)
        text = text[:at] + text[at + chance.choice((1, 2)) :]
    if chance.random() < 0.2 and len(text) > 8:
        at = chance.randrange(3, len(text) - 3)
        text = text[at:] + text[:at]
    return chance.choice(_OPENINGS) + text + chance.choice(_ENDS)
