"""What a question says in other words, and which words decide that two questions differ.

Two tables for the FAQ matcher beside the synonyms (`faq_synonyms.py`): `COMMON` lists what carries
no topic, `CONTRASTS` names the words whose exchange turns a question into another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

_COMMON_TERMS = """
的 了 吗 呢 吧 啊 呀 哦 么 嘛 要 是 有 在 和 与 跟 向 给 对 把 被 就 都 也 还 又 再 很 太 最
不 没 没有 我 你 他 她 它 们 我们 你们 他们 大家 自己 这 那 这个 那个 个 一 一个 一下
会 能 可 可以 去 来 到 从 上 下 里 后 前 时 中 人 做 弄 办 想 说 看 用 让 得 地 着 过
请 请问 问 知道 您 您好 你好 好 谢谢 现在 今天 多 少 谁 几 多少 怎 怎么 怎么办 么办
家 家里 我家 该 应该 什 什么 为 为什么 哪 哪里 时候 什么时候 多久
"""
COMMON = frozenset(_COMMON_TERMS.split())
"""Terms that most questions share, whatever they are about."""


class Contrast(Struct, frozen=True):
    """Words that exclude each other. Factors scale the score of a pair of questions.

    `clash`: both say something, and nothing in common; `lone`: only one of them says something.
    """

    values: Mapping[str, str]
    clash: float
    lone: float = 1.0


CONTRASTS: Mapping[str, Contrast] = {
    "who": Contrast(
        {"老": "老人|爷爷|奶奶", "小": "孩子|新生儿", "孕": "孕妇|怀孕|孕期|产妇|哺乳期"}, 0.75, 0.9
    ),
    "sex": Contrast({"男": "男", "女": "女"}, 0.7),
    "result": Contrast({"阳": "阳性|阳了|转阳", "阴": "阴性|转阴"}, 0.6, 0.85),
    "step": Contrast(
        {
            "新": "新办|首次|初次|第一次",
            "续": "续签|续办|续期|延期|到期|过期",
            "补": "补办|丢了|遗失|挂失",
            "改": "变更|更改|修改",
            "销": "注销|退掉",
        },
        0.65,
        0.9,
    ),
    "supply": Contrast({"水": "停水|没水", "电": "停电|没电", "气": "停气|没气"}, 0.6),
    "part": Contrast({"早": "早上|上午", "午": "下午|午后", "晚": "晚上|夜里|夜间"}, 0.8),
    "side": Contrast({"前": "之前|以前", "后": "之后|以后"}, 0.85),
    "ask": Contrast(
        {
            "地": "哪里|在哪|地址|地点",
            "时": "什么时候|几号|时间|上班",
            "期": "多久",
            "价": "多少钱|免费",
            "因": "为什么|原因|引起",
            "谁": "谁|电话|哪个部门",
            "龄": "几岁|多大|年龄|岁",
            "料": "材料",
        },
        0.85,
    ),
    "not": Contrast({"不": "不可以|不要|不可|禁止|不用"}, 1.0, 0.85),
    "number": Contrast({"": r"\d+"}, 0.8, 0.95),
}
"""One line a reason: a reader can say which line lowered a score."""

_PATTERN = re.compile(
    "|".join(
        f"(?P<{name}_{index}>{words})"
        for name, contrast in CONTRASTS.items()
        for index, words in enumerate(contrast.values.values())
    )
)

Facts = Mapping[str, frozenset[str]]
"""Contrast → which of its values a question names."""


def facts(text: str) -> Facts:
    """The deciding words in a folded text whose synonyms were replaced."""
    found: dict[str, set[str]] = {}
    for hit in _PATTERN.finditer(text):
        name, _, index = str(hit.lastgroup).rpartition("_")
        found.setdefault(name, set()).add(hit[0] if name == "number" else index)
    return {name: frozenset(values) for name, values in found.items()}


def agreement(one: Facts, other: Facts) -> float:
    """1 when no deciding word speaks against the pair, less for each one that does."""
    product = 1.0
    for factor in _factors(one, other):
        product *= factor
    return product


def lone(one: Facts, other: Facts) -> int:
    """How many deciding words only one of the two says."""
    return len(one.keys() ^ other.keys())


def _factors(one: Facts, other: Facts) -> Iterator[float]:
    for name in one.keys() | other.keys():
        mine, theirs = one.get(name), other.get(name)
        if mine is None or theirs is None:
            yield CONTRASTS[name].lone
        elif not mine & theirs:
            yield CONTRASTS[name].clash
