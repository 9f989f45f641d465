"""The words of a notice: nothing in them calls everyone or hides a link, and no field is empty."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from bot.models import Origin

_CALLS = re.compile(
    r"[@﹫](?=[ \u2005]?(?:所有人|全体成员|全体|(?:all|everyone|here)\b))", re.IGNORECASE
)
_CODE = re.compile(r"\[(?=CQ:|mention:)", re.IGNORECASE)
_ANGLE = re.compile(r"<(?=\s*@)")
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]\n]{0,80})\]\(\s*([^()\s]{1,300})\s*\)")
_ANCHOR = re.compile(
    r"<a\b[^<>]{0,200}?href\s*=\s*[\"']?([^\"'\s<>]{1,300})[\"']?[^<>]{0,200}>([^<>]{0,80})</a\s*>",
    re.IGNORECASE,
)
_SUBJECTS = (
    "日期|时间|几点|钟点|地点|地址|楼|幢|栋|单元|室|小区|社区|姓名|名字|电话|联系|人员|单位|内容|原因|范围|事项"
    "|对象|名称|填|活动|天气|疫苗|证件|工牌|来源|金额|数量"
)
_FIELD = re.compile(
    rf"[\[［{{〔]\s*(?P<name>[^\[\]［］{{}}〔〕\n]{{0,8}}(?:{_SUBJECTS})[^\[\]［］{{}}〔〕\n]{{0,6}}|\s*)[\]］}}〕](?!\()"
)
_CROSSES = re.compile(r"(?<![A-Za-z0-9])(?:[XxＸｘ×]{2,})(?![A-Za-z0-9])[\u4e00-\u9fff]?")
_LABELLED = re.compile(
    r"(?:^|(?<=[\n，,。;；、\s]))(?P<label>[^\s，,。;；:：、]{1,10})[:：]\s*"
    r"(?:…+|\.{3,}|[_＿]{2,}|-{3,})\s*(?=$|[\n，,。;；、])"
)
_DOTS_ONLY = re.compile(r"^[\s…._＿\-]+$")
_LINES = re.compile(r"[_＿]{2,}")
_HEAD = re.compile(r"^\s*[【\[［]([^】\]］\n]{1,20})[】\]］]")

_SOURCE = re.compile(r"(?:来源|发布单位|发文单位|转自|转发自)\s*[:：]\s*([^\n，,。;；）)]{2,40})")
_LINK = re.compile(r"https?://[^\s\u4e00-\u9fff，。；）)]{4,300}")
_ISSUED = re.compile(
    r"(?:(?P<year>20\d{2})\s*[年./-]\s*)?(?P<month>\d{1,2})\s*[月./-]\s*(?P<day>\d{1,2})\s*日?"
    r"(?=\s*(?:发布|印发|发文|公布)|(?<=日)\s*$)",
    re.MULTILINE,
)


def tame(text: str) -> str:
    """The same words: calls to everyone become letters, hidden links stand in the open."""
    text = _ANCHOR.sub(lambda link: f"{link[2]}（{link[1]}）", text)
    text = _IMAGE_OR_LINK.sub(lambda link: f"{link[1]}（{link[2]}）", text)
    return _CODE.sub("［", _CALLS.sub("＠", _ANGLE.sub("＜", text)))


class Disarmed(Struct, frozen=True):
    """What `tame` takes the edge off: calls to everyone (or codes for them), hidden links."""

    calls: bool
    links: bool


def disarmed(text: str) -> Disarmed:
    """What of a text will not be as it was typed."""
    return Disarmed(
        calls=any(sign.search(text) for sign in (_CALLS, _CODE, _ANGLE)),
        links=any(link.search(text) for link in (_ANCHOR, _IMAGE_OR_LINK)),
    )


def find_blank(text: str) -> str:
    """What a template still asks for, in the author's signs (`[日期]`, `XX幢`); "" when nothing.

    `[微笑]` is a face and 【停水】 a headline: only brackets that name a thing to fill in count.
    """
    if _DOTS_ONLY.match(text):
        return text.strip()
    for pattern in (_FIELD, _CROSSES, _LABELLED, _LINES):
        found = pattern.search(text)
        if found is not None:
            return found.group().strip()
    return ""


def headline(text: str) -> str:
    """`政策解读` of `【政策解读】…`; "" without one."""
    found = _HEAD.match(text)
    return found[1].strip() if found is not None else ""


def tag_of(text: str, marked: Iterable[str]) -> str:
    """The tag that its headline gives a notice: one of `marked` when it contains that word."""
    head = headline(text)
    return next((tag for tag in sorted(marked) if tag in head), head)


def is_urgent(text: str) -> bool:
    """Whether its own words say so: 【紧急通知】…, 紧急停水：…."""
    return (headline(text) or text.lstrip())[:2] in {"紧急", "加急"}


def origin_of(text: str, today: date) -> Origin:
    """Whom official words come from, where they can be read, and of which day they are.

    A day without a year is the last one of that name.
    """
    source, link, day = _SOURCE.search(text), _LINK.search(text), _ISSUED.search(text)
    return Origin(
        source=_LINK.sub("", source[1]).strip() if source is not None else "",
        link=link.group() if link is not None else "",
        dated=_iso(day, today) if day is not None else "",
    )


def _iso(day: re.Match[str], today: date) -> str:
    """An ISO day; "" for one that does not exist."""
    try:
        found = date(int(day["year"] or today.year), int(day["month"]), int(day["day"]))
        if day["year"] is None and found > today:
            found = found.replace(year=today.year - 1)
    except ValueError:
        return ""
    return found.isoformat()


def source_line(text: str) -> str:
    """`来源：区卫健委 https://…` when that is all that a message says; else ""."""
    said = tame(text).strip()
    found = _SOURCE.match(said)
    return said if found is not None and "\n" not in said and len(said) <= 200 else ""
