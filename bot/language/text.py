"""What is stored (`clean`), what is matched (`normalise`), and the bot's own @-mentions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import normalize

MAX_LENGTH = 4000
"""How many characters of a message are kept."""

_EMOJI = "\u2190-\u2bff\u3030\u303d\ufe0f\U0001f000-\U0001faff"
# A joiner counts only between two emoji (a family, a profession); elsewhere it hides text.
_STRAY_JOINER = f"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"
# Controls, bidi marks and overrides, zero-width and tag characters, BOM, lone surrogates.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
    f"|{_STRAY_JOINER}"
)
_LINE_END = re.compile("\r\n?|[\u2028\u2029]")

# Same length before and after, so that spans found in the folded text fit the original. Plain
# punctuation stays: it stands in every second message and no number or address needs it.
_HALF_WIDTH = (
    {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F) if chr(full) not in "！，；？（）"}
    | dict.fromkeys([0xA0, 0x3000, 0x202F, 0x205F, *range(0x2000, 0x200B)], " ")
    | dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE63], "-")
    | {0x301C: "~", 0xFE5F: "#"}
    | {0x2460 + index: str(index + 1) for index in range(9)}
)
_WIDE = re.compile("[" + "".join(re.escape(chr(code)) for code in sorted(_HALF_WIDTH)) + "]")

# CPython sorts a run of combining marks by insertion: a bounded piece keeps that linear.
_PIECE = 512


def clean(text: str, limit: int = MAX_LENGTH) -> str:
    """The text as it is stored: visible characters, tabs and line ends, at most `limit` of them."""
    if not text.isprintable():
        text = _HIDDEN.sub("", _LINE_END.sub("\n", text))
    if len(text) <= limit:
        return text
    return text[: max(limit - 1, 0)].rstrip("\u200d") + "…"


def normalise(text: str) -> str:
    """The text as it is matched: NFKC, every run of blanks one space, nothing hidden."""
    if not text.isprintable():
        text = _HIDDEN.sub("", _LINE_END.sub("\n", text))
    if len(text) <= _PIECE:
        return " ".join(normalize("NFKC", text).split())
    pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
    return " ".join("".join(normalize("NFKC", piece) for piece in pieces).split())


def half_width(text: str) -> str:
    """Full-width letters, digits and signs, odd blanks and dashes as ASCII; offsets hold."""
    return text.translate(_HALF_WIDTH) if _WIDE.search(text) else text


def strip_mentions(text: str, names: Sequence[str]) -> tuple[str, bool]:
    """Take every `@name` of the bot out; returns the rest and whether there was one.

    An @ within a token (an e-mail address) is none, nor is `@name2` when only `name` is known.
    """
    if "@" not in text and "＠" not in text:
        return text, False
    pattern = _mention(tuple(names))
    if pattern is None:
        return text, False
    rest, count = pattern.subn("", text)
    return (rest.strip(), True) if count else (text, False)


@lru_cache(maxsize=256)
def _mention(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for all names, the longest first; None when there is no name."""
    known = sorted({" ".join(name.split()) for name in names} - {""}, key=len, reverse=True)
    if not known:
        return None
    bodies = "|".join(r"\s+".join(map(re.escape, name.split(" "))) for name in known)
    return re.compile(
        rf"(?<![A-Za-z0-9._-])[@＠](?:{bodies})(?![A-Za-z0-9_]|\.[A-Za-z0-9])\s*[,，:：、]?\s*",
        re.IGNORECASE,
    )
