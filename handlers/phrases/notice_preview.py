"""Words around the preview of a notice: what each target sees, and what it does not get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import Notice, View
from handlers.phrases.notice_targets import targets

QUIET = "夜里不打扰，早上再发；真急就回复「紧急」。"
URGENT = "标了紧急，夜里也发。"
ORIGIN = "没写来源，转发上面的话请补上，例：来源：区卫健委"


def shown(notice: Notice, views: Sequence[View]) -> str:
    """The words; where groups hear different ones, each with whom it is for."""
    said = list(dict.fromkeys(view.text for view in views))
    if len(said) < 2:
        return said[0] if said else notice.gist
    return "\n——\n".join(f"{_to(text, views)}：\n{text}" for text in said)


def notes(views: Sequence[View]) -> Iterator[str]:
    """What its author should know before saying yes."""
    yield from enclosed(views)
    poor = [view for view in views if view.lacking]
    if poor:
        yield f"{_whom(poor)}的通道发不了图片文件，只收到文字。"
    cut = [view for view in views if view.pieces > 1]
    if cut:
        pieces = max(view.pieces for view in cut)
        yield f"字数超过平台一条的上限，{_whom(cut)}会分{pieces}条收到。"


def enclosed(views: Sequence[View]) -> Iterator[str]:
    """What goes along."""
    pictures = max((view.pictures for view in views), default=0)
    files = max((view.files for view in views), default=0)
    if pictures or files:
        yield f"附{_counted(pictures, files)}。"


def _counted(pictures: int, files: int) -> str:
    parts = [f"{pictures}张图片" if pictures else "", f"{files}个文件" if files else ""]
    return "、".join(filter(None, parts))


def _to(text: str, views: Sequence[View]) -> str:
    return _whom([view for view in views if view.text == text])


def _whom(views: Sequence[View]) -> str:
    names = [name for view in views for name in view.groups]
    return targets(names, sum(view.people for view in views))
