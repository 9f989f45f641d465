"""Orders in a steward's own words: `12号转给物业`, `把堆物那条延期到下周三，等业主回来`.

Precise forms only: a number or a description at the head, a verb of ours at once behind it. Texts
are already normalised. Who said it and whether the number exists is for others to judge.
"""

from __future__ import annotations

import re

from msgspec import Struct

_VERBS = (
    ("转办", r"转给|转到|转交给?|转派给?|转办给?|移交给?"),
    ("分派", r"分派给|派给|交给|分给"),
    ("延期", r"(?:再)?(?:延期|推迟|延迟|宽限|缓)(?:到|至)?|延(?:到|至)"),
    ("挂账", r"(?:先)?挂账?(?:到|至)|先挂着|挂起来"),
    ("上报", r"上报(?:给|到)?|报给|往上报"),
    ("不受理", r"不(?:予)?受理|不归我们管"),
    ("催办", r"(?:再)?催(?:一下|一催|办|催)|催一催"),
    ("恢复", r"恢复办理|继续办|接着办"),
    ("重开", r"重新办理?|重开|重办"),
    (
        "办结",
        r"(?:已经?|都)?(?:办结|结掉|结案|结|办好|办完|处理好|处理完|弄好|修好|解决|搞定|换好)了",
    ),
    ("受理", r"我来(?:办理?|处理|跟进?|弄)|受理了?|我接了"),
)
# What ends an order that takes no words, so that 12号我来办证 is none.
_END = r"(?=$|[ ,.。,;、!~吧啊哦])"
_TAIL = re.compile(r"^[ ,.。;、!~吧啊哦]+|[ ,.。;、!~吧啊哦]+$")
_SHORT = frozenset({"办结", "受理", "催办", "恢复", "重开"})
_PATTERNS = tuple(
    (name, re.compile(f"(?:{verb}){_END if name in _SHORT else ''}")) for name, verb in _VERBS
)
_NUMBERED = re.compile(
    r"^(?:请?把|将)?\s*(?:第\s*(\d{1,6})\s*[条号件个](?:诉求)?|(\d{1,6})\s*号(?:诉求|那条|这条|的)?"
    r"|(SQ\d{8}-\d{4,6}))\s*,?\s*"
)
_DESCRIBED = re.compile(
    r"^(?:请?把|将)\s*([^,。;]{2,16}?)(?:的)?(?:那|这)(?:一)?(?:条|个|件事?|起)(?:诉求)?\s*,?\s*"
)


class Order(Struct, frozen=True):
    """What was ordered: the command's name, the number or else a description, the words behind."""

    command: str
    number: str
    description: str
    rest: str


def find_order(text: str) -> Order | None:
    """The order that a text is; None for everything else."""
    numbered = _NUMBERED.match(text)
    found = numbered or _DESCRIBED.match(text)
    if found is None:
        return None
    tail = text[found.end() :]
    for name, pattern in _PATTERNS:
        verb = pattern.match(tail)
        if verb is None:
            continue
        rest = _TAIL.sub("", tail[verb.end() :])
        if numbered is not None:
            number = numbered[1] or numbered[2] or numbered[3]
            return Order(name, number, "", rest)
        return Order(name, "", found[1].strip(), rest)
    return None
