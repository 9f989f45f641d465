"""One answer on its way into the bank: tidy, with nothing missing, as text and back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from bot.language.text import clean
from bot.models import FaqEntry

LONGEST = {"question": 100, "answer": 1000, "source": 60, "tag": 20, "phrasing": 100}
MOST_PHRASINGS = 40
_LISTS = frozenset({"phrasings", "keywords"})
_NAMES = {"question": "问题", "answer": "答案", "source": "来源", "tag": "分类"}


def stamp(entry: FaqEntry) -> str:
    """Changes whenever anything about the entry does."""
    return hashlib.sha256(msgspec.json.encode(entry)).hexdigest()[:16]


def words_of(entry: FaqEntry) -> dict[str, str]:
    """Every field but the id, as text; what is empty is left out."""
    told: dict[str, str] = {}
    for name in FaqEntry.__struct_fields__:
        value = getattr(entry, name)
        told[name] = "\n".join(value) if name in _LISTS else str(value)
    return {name: text for name, text in told.items() if text and name != "id"}


def entry_of(entry: str, words: Mapping[str, str]) -> FaqEntry:
    """The inverse of `words_of`."""
    told: dict[str, object] = {
        name: tuple(text.split("\n")) if name in _LISTS else text
        for name, text in words.items()
        if name in FaqEntry.__struct_fields__
    }
    return msgspec.convert(told | {"id": entry}, FaqEntry)


def tidy(entry: FaqEntry, today: str) -> FaqEntry:
    """Visible characters, no blank or double lines; whoever keeps it has looked at it today."""

    def lines(texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, (clean(text).strip() for text in texts))))

    return msgspec.structs.replace(
        entry,
        question=" ".join(clean(entry.question).split()),
        answer=clean(entry.answer).strip(),
        source=" ".join(clean(entry.source).split()),
        tag=" ".join(clean(entry.tag).split()),
        phrasings=tuple(one for one in lines(entry.phrasings) if one != entry.question.strip()),
        keywords=lines(entry.keywords),
        dated=today,
    )


def faults_of(entry: FaqEntry) -> dict[str, str]:
    """What is wrong with a tidy entry: Chinese sentences by the fields' names."""
    faults = _of_words(entry) | _of_lists(entry)
    for name, called in (("valid_from", "有效开始"), ("valid_until", "有效截止")):
        if not _is_day(getattr(entry, name)):
            faults[name] = f"{called}不是日期，应写成 2026-12-31。"
    if not faults and entry.valid_until and entry.valid_from > entry.valid_until:
        faults["valid_until"] = "有效截止比有效开始还早，请改正。"
    return faults


def _of_words(entry: FaqEntry) -> dict[str, str]:
    faults = {}
    for name, called in _NAMES.items():
        text = getattr(entry, name)
        if not text and name != "tag":
            faults[name] = f"请写{called}。"
        elif len(text) > LONGEST[name]:
            faults[name] = f"{called}有{len(text)}字，最多{LONGEST[name]}字，请写短一点。"
    return faults


def _of_lists(entry: FaqEntry) -> dict[str, str]:
    faults = {}
    if len(entry.phrasings) > MOST_PHRASINGS:
        faults["phrasings"] = f"问法最多{MOST_PHRASINGS}句，留下最常说的就够了。"
    long = next((one for one in entry.phrasings if len(one) > LONGEST["phrasing"]), "")
    if long:
        faults["phrasings"] = f"「{long[:12]}…」太长，一句问法最多{LONGEST['phrasing']}字。"
    if any(len(word) > 20 for word in entry.keywords):
        faults["keywords"] = "关键词一个最多20字，一行写一个。"
    return faults


def _is_day(text: str) -> bool:
    try:
        return text == "" or date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
