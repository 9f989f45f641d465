"""Words about the second person who looks at a notice before it goes out."""

from __future__ import annotations

from collections.abc import Sequence

from bot import ROLE_NAMES, Notice, Person, presentable, say_when
from handlers.phrases.notices import beginning, name, number

SHOWN = 3
TITLE = 20
NOTHING = "没有等您审核的通知。"


def waiting(notice: Notice, approvers: Sequence[Person]) -> str:
    """Confirmed, but a second person must look."""
    lead = f"{name(notice)}要第二个人看过才发。"
    if not approvers:
        no = f"不发了回复「取消通知 {number(notice)}」。"
        return f"{lead}\n现在没有别人能审，请把范围改小，或请上级来审。{no}"
    who = "、".join(f"{p.name}（{ROLE_NAMES[p.role]}）" for p in approvers[:SHOWN])
    more = f"等{len(approvers)}人" if len(approvers) > SHOWN else ""
    return f"{lead}\n已请{who}{more}审核，有结果就告诉您。"


def request(notice: Notice, shown: str, author: str, where: str, at: str) -> str:
    """To those who may approve: `shown` is the whole notice, as each group will see it."""
    num = number(notice)
    return (
        f"{shown}\n——\n{presentable(author)}写的{name(notice)}请您审核，发往：{where}，{at}。\n"
        f"回复「通过 {num}」或「退回 {num} 原因」。"
    )


def listed(rows: Sequence[tuple[Notice, str]]) -> str:
    """What waits for this person."""
    if not rows:
        return NOTHING
    lines = [
        f"{number(notice)}号 {say_when(notice.planned_at)} {presentable(author)}："
        f"{beginning(notice.gist, TITLE)}"
        for notice, author in rows
    ]
    first = number(rows[0][0])
    return "\n".join(["等您审核的通知：", *lines, f"回复「通过 {first}」或「退回 {first} 原因」。"])


def approved(notice: Notice, where: str, at: str) -> str:
    """To the one who approved."""
    return f"好，{name(notice)}通过了，发往：{where}，{at.replace('确认后', '')}。"


def told_approved(notice: Notice, who: str, at: str) -> str:
    """To the author."""
    return f"您的{name(notice)}由{presentable(who)}审核通过，{at.replace('确认后', '')}。"


def why(notice: Notice) -> str:
    """退回 without a reason."""
    return f"退回要写原因，作者才知道改什么，例：退回 {number(notice)} 日期不对"


def rejected(notice: Notice) -> str:
    """To the one who sent it back."""
    return f"好，{name(notice)}退回给作者了，原因一起告诉他。"


def told_rejected(notice: Notice, who: str, reason: str) -> str:
    """To the author."""
    num = number(notice)
    return (
        f"您的{name(notice)}被{presentable(who)}退回：{presentable(reason, 60)}\n"
        f"还没有发。改内容回复「更正 {num} 新的内容」，改时间回复「改期 {num} 明天8:00」。"
    )
