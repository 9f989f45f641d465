"""Words of others inside Markdown: nothing in them becomes a link, a mention or a heading."""

from __future__ import annotations

import re
from typing import Final

# WeCom documents no backslash escapes, so each sign that means something gives way to its
# full-width twin: readers see the same, the client sees a letter.
_TWINS: Final = str.maketrans("[]()<>*`#|~_!\\", "［］（）＜＞＊｀＃｜～＿！＼")
_SCHEME: Final = re.compile(r"(?i)\b(https?|ftp|mailto|weixin|wxwork)(:)")
_WWW: Final = re.compile(r"(?i)\b(www)(\.)")
_MENTION: Final = re.compile(r"<(?=\s*@)")


def escape(text: str) -> str:
    """The text as plain words that are safe inside Markdown; line breaks become blanks."""
    flat = " ".join(text.split())
    words = _WWW.sub(r"\1．", _SCHEME.sub(r"\1：", flat)).translate(_TWINS)
    return words.replace("- ", "－ ", 1) if words.startswith("- ") else words


def without_mentions(text: str) -> str:
    """The text with `<@…>` made harmless: who is mentioned is decided by code alone."""
    return _MENTION.sub("＜", text)
