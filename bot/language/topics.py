"""What people call things, by category: words that a model weighs beside the keywords.

Keywords of the taxonomy decide what a community may change; these only hint. They serve twice: as
features of a text, and as little documents of their own in training. They lie in a file of the
package, as NFKC forms: sections `[CODE]`, words parted by white space, notes after `#`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from bot.language.classify import Matcher

PATH = "data/topics.txt"


def parse(text: str) -> dict[str, tuple[str, ...]]:
    """Words by code, each once. Raises `ValueError` for words before the first code."""
    words: dict[str, list[str]] = {}
    code = ""
    for line in (each.partition("#")[0].strip() for each in text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            code = line[1:-1]
        elif line and not code:
            raise ValueError(f"词表里「{line}」前面缺少类别，请先写一行 [类别代码]")
        elif line:
            words.setdefault(code, []).extend(line.split())
    return {each: tuple(dict.fromkeys(listed)) for each, listed in words.items()}


@cache
def hints() -> dict[str, tuple[str, ...]]:
    """The words that ship, read when they are first needed."""
    return parse((files("bot") / PATH).read_text("utf-8"))


@cache
def _matcher() -> Matcher[tuple[str, ...]]:
    owners: dict[str, tuple[str, ...]] = {}
    for code, words in hints().items():
        for word in words:
            owners[word] = (*owners.get(word, ()), code)
    return Matcher(owners.items())


def topics(text: str) -> list[str]:
    """The codes that the text's words hint at, in its order, repeated."""
    return [code for _, _, _, codes in _matcher().scan(text) for code in codes]
