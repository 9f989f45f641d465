"""Words about whom a notice is for."""

from __future__ import annotations

from collections.abc import Sequence

from bot import presentable

SHOWN = 8


def listed(names: Sequence[str]) -> str:
    """At most eight, and how many there are."""
    more = f"等{len(names)}个" if len(names) > SHOWN else ""
    return "、".join(names[:SHOWN]) + more


def unknown_group(name: str, known: Sequence[str]) -> str:
    """A group that is not there."""
    return f"没有叫「{presentable(name)}」的群。您能发的有：{listed(known)}"


def which_group(name: str, fitting: Sequence[str]) -> str:
    """Several groups end so."""
    return f"叫「{presentable(name)}」的不止一个：{listed(fitting)}，请写全名。"


def not_yours(name: str, known: Sequence[str]) -> str:
    """A group of another micro-grid."""
    return f"「{name}」不归您管，发不了。您能发的有：{listed(known)}"


def unclear_area(name: str, paths: Sequence[str]) -> str:
    """No such area among one's own, or several of that name."""
    return f"「{presentable(name)}」对不上一个网格，请写其中一个：{listed(_short(paths))}"


def _short(paths: Sequence[str]) -> list[str]:
    """The last two steps are enough to tell them apart."""
    return ["/".join(path.split("/")[-2:]) for path in paths]


def unknown(word: str, known: Sequence[str]) -> str:
    """Neither a group nor anything else that one may write to."""
    return (
        f"没看出「{presentable(word)}」是发给谁。可以写群名（{listed(known)}）、"
        "全部群、21-25幢、标签老小区，或者给管家们。"
    )


def unknown_tag(tag: str, known: Sequence[str]) -> str:
    """No group has this tag."""
    has = f"现有的标签：{listed(known)}" if known else "现在还没有群写了标签。"
    return f"没有哪个群的标签是「{presentable(tag)}」。{has}"


def nobody(known: Sequence[str], buildings: Sequence[str]) -> str:
    """The targets reach no one."""
    if buildings:
        return f"这样写没有一个群收得到。写了楼幢的群：{listed(buildings)}"
    return f"这样写没有人收得到。您能发的群：{listed(known)}"


def targets(names: Sequence[str], people: int = 0) -> str:
    """`一群、二群等3个群`, `5位工作人员（私下）`, or both."""
    more = f"等{len(names)}个群" if len(names) > 2 else ""
    groups = "、".join(names[:2]) + more
    return "，".join(filter(None, [groups, f"私下发给{people}个人" if people else ""]))
