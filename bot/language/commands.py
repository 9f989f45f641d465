"""The grammar of commands: `#办结12 已换灯泡`, `／办结 12`, `@海棠管家 办结12`, `办结 12 说明`.

With a sign, an @ or in a private chat the word alone is enough. In ordinary group talk only an
unmistakable form counts, because people say 转发, 清单在哪 and 完成了 without meaning the bot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

SIGNS = "#/"
_SEPARATORS = " :,;、。\n\t"
_ENDS = _SEPARATORS + "!?~"
# What makes a number an amount, a place, a time or a bus line and no appeal: 完成12份, 转12号楼.
_MEASURE = (
    "楼幢栋单室点月日天元块个人年岁份户件次位名项张只台条根期周层级米吨袋箱盒页万百千分秒时小公辆瓶"
    "斤批例家本支包桶盏把场"
)
_NOT_OURS = (
    "楼(?![道梯顶])|门(?![卫禁锁灯])|线|院|车|桌|窗|的|晚|早|上午|下午|中午|前|后|以|开始|开会|到|之"
    "|那|这|[、和跟与]"
)
_NUMBER = re.compile(
    rf"^(?:编号|no?\.?)?\s*(SQ\s?\d{{8}}\s?[-—–_]?\s?\d{{1,6}}|\d{{1,12}})"
    rf"(?![\d%]|[:./]\d|[-~]\d|[{_MEASURE}]|号(?:{_NOT_OURS}))号?",
    re.IGNORECASE,
)
_TIME = re.compile(r"[\d今明后立马现下本周星礼每元国]")
# What goes on like a sentence is none: 登记了吗, 发布会, 登记表.
_RUNS_ON = re.compile(
    r"^(?:[了过吗的会在是不都来去完好没时后前中者人量单费台]|表|册|什么|怎么|哪|多少)"
)
# What may follow 清单 without a blank: 清单超期, 清单7幢.
_NARROWS = re.compile(r"^(?:超期|逾期|今[天日]|我的|挂账|认领|上报|\d{1,3}号?[幢栋楼])[。.!?]?$")
_ONLY_MARKED = frozenset({"#", "/", "?", "怎么用", "help"})


class Form(StrEnum):
    """What must follow a command's word before unmarked group talk is taken for it."""

    ALONE = "alone"  # nothing: 清单
    LISTED = "listed"  # nothing, or a blank and words: 清单, 清单 超期
    OPTIONAL = "optional"  # nothing, or an appeal's number: 进度, 进度 12
    NUMBER = "number"  # an appeal's number: 办结 12
    TEXT = "text"  # a blank and words: 登记 3幢灯不亮
    TIMED = "timed"  # a blank, or a time: 发布明天8:00
    MARKED = "marked"  # never unmarked: ?


# What may stand at once behind a command's word, without a blank.
_BEGINS = {Form.LISTED: _NARROWS, Form.TEXT: re.compile(r"\d"), Form.TIMED: _TIME}


class Command(Struct, frozen=True):
    """A command as it was typed: its canonical name, the rest, and whether it was marked."""

    name: str
    rest: str
    marked: bool


class CommandTable:
    """All command words with their aliases."""

    def __init__(self) -> None:
        self._words: dict[str, tuple[str, Form]] = {}
        self._longest = 1

    def add(self, name: str, aliases: Iterable[str], form: Form) -> None:
        """Register a command. Raises `ValueError` when a word is taken."""
        for word in (name, *aliases):
            key = word.lower()
            if key in self._words:
                raise ValueError(f"指令「{word}」重复")
            self._words[key] = (name, Form.MARKED if key in _ONLY_MARKED else form)
            self._longest = max(self._longest, len(key))

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that starts a command."""
        return tuple(self._words)

    def name_of(self, word: str) -> str:
        """The canonical name of a word. Raises `KeyError`."""
        return self._words[word][0]

    def parse(self, text: str, addressed: bool) -> Command | None:
        """Read a command from normalised text without mentions; None for ordinary talk."""
        signed = text[:1] in SIGNS and text != ""
        body = text.lstrip(SIGNS).lstrip() if signed else text
        head = body[: self._longest].lower()
        for length in range(len(head), 0, -1):
            found = self._words.get(head[:length])
            if found is None:
                continue
            name, form = found
            rest = body[length:]
            if signed or _fits(rest, form, addressed):
                return Command(name, rest.lstrip(_SEPARATORS).rstrip(), signed or addressed)
        return None


def _fits(rest: str, form: Form, addressed: bool) -> bool:
    """Whether what follows the word makes it a command though no sign stands before it."""
    if rest.strip(_ENDS) == "":
        return addressed or form in {Form.ALONE, Form.LISTED, Form.OPTIONAL}
    if form is Form.NUMBER or form is Form.OPTIONAL:
        return _NUMBER.match(rest.lstrip(_SEPARATORS)) is not None
    if rest[0] in _SEPARATORS:
        return addressed or form in {Form.TEXT, Form.TIMED, Form.LISTED}
    begins = _BEGINS.get(form)
    if begins is None:
        return False
    spoken = addressed and form is not Form.LISTED and _RUNS_ON.match(rest) is None
    return spoken or begins.match(rest) is not None


def split_number(rest: str) -> tuple[str, str]:
    """`12号 已换灯泡` → ("12", "已换灯泡"); ("", rest) when no number leads.

    Full numbers come out as `SQ20261121-0012` however they were typed.
    """
    found = _NUMBER.match(rest)
    if found is None:
        return "", rest
    reference = found.group(1).upper()
    if reference.startswith("SQ"):
        digits = "".join(filter(str.isdigit, reference))
        reference = f"SQ{digits[:8]}-{int(digits[8:]):04d}"
    return reference, rest[found.end() :].lstrip(_SEPARATORS + ".").rstrip()
