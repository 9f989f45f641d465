"""What is stored (`clean`) and what is matched (`normalise`)."""

from __future__ import annotations

import re
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
    | {0x301C: "~", 0xFE5F: "#", 0xFE6B: "@"}
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
