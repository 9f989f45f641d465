"""Text as pieces that can be looked for: characters, pairs of them, words, and what stands side by
side.

Two views of the same text. `in_order` is the text as words one behind the other, pairs of
characters among them (楼道灯 → 楼道 道灯 灯): what was asked for is in it when its own words follow
each other there. `pieces` is a heap of everything that is in the text, without order: it goes into
the index, where nobody should read sentences, and finds all rows that may hold what was asked for.
Fields are given as their runs: stretches of letters and digits, or of other characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

_RUN = re.compile(r"[0-9a-z]+|[^\W0-9a-z_]+")
_LETTERS = re.compile(r"[a-z]+")
_TYPED = re.compile(r"^sq(\d{8})\D?(?=\d)")
_NUMBER = re.compile(r"sq\d{1,8}")
_BETWEEN = "zzend"
LONGEST = 2_000
LONGEST_BEGINNING = 16
LONGEST_NUMBER = 24


class Phrase(Struct, frozen=True):
    """Words that follow each other; the last one may go on when `open_end`."""

    words: tuple[str, ...]
    open_end: bool

    def is_in(self, words: Sequence[str]) -> bool:
        """Whether they stand so among these words."""
        *first, last = self.words
        whole = len(self.words)
        return any(
            (
                words[at + whole - 1].startswith(last)
                if self.open_end
                else words[at + whole - 1] == last
            )
            and list(words[at : at + whole - 1]) == first
            for at in range(len(words) - whole + 1)
        )


class Part(Struct, frozen=True):
    """What somebody typed between two blanks.

    All of `pieces` must be there. They say less than the phrase unless `is_exact`. `number` is how
    the numbers of appeals begin that begin like it.
    """

    pieces: tuple[str, ...]
    phrase: Phrase
    is_exact: bool
    number: str = ""


def folded(text: str) -> str:
    """One form for full and half width, large and small."""
    return unicodedata.normalize("NFKC", text).lower()


def parts_of(words: str) -> list[str]:
    """What was typed, between blanks; signs alone are nothing."""
    return [part for part in folded(words).split() if _RUN.search(part)]


def runs_of(field: str) -> list[str]:
    """A field cut where its signs stand, and where letters and digits meet other characters."""
    return _RUN.findall(folded(field[:LONGEST]))


def in_order(fields: Iterable[Sequence[str]]) -> list[str]:
    """The words of some fields; one of ours stands between fields: no phrase reaches over."""
    found: list[str] = []
    for runs in fields:
        for run in runs:
            found += () if run.isascii() else _pairs(run)
            found.append(_last(run))
        found.append(_BETWEEN)
    return found


def pieces(fields: Iterable[Sequence[str]]) -> Iterator[str]:
    """Everything by which some fields are found, in no order that says anything."""
    for runs in fields:
        before = ""
        for run in runs:
            yield from _beginnings(run) if run.isascii() else run
            yield from _within(run)
            if before:
                yield _joined(before, run)
                yield from _numbers(before, run)
            before = run
        yield from _numbers(before, "")


def asked_by(part: str) -> Part:
    """What to look for, for something typed: `3幢楼道` → 幢楼, 楼道, 3|幢, and in this order."""
    runs = _RUN.findall(_TYPED.sub(r"sq\1-", part))
    tail = runs[-1]
    open_word = tail.isascii() and (part.startswith("sq") or tail.isalpha())
    open_end = open_word or (not tail.isascii() and len(tail) == 1)
    phrase = Phrase(_phrase(runs), open_end)
    is_number = part.startswith("sq") and _NUMBER.fullmatch(runs[0])
    if is_number and (len(runs) == 1 or (len(runs) == 2 and _is_digits(tail))):
        number = "n".join(runs)
        cut = number[:LONGEST_NUMBER]
        return Part((_spoken(cut),), phrase, number == cut, number)
    wanted = list(_needed(runs[:-1] if open_word else runs))
    exact = len(wanted) == 1
    if open_word:
        found = _LETTERS.match(tail)
        letters = found[0][:LONGEST_BEGINNING] if found else ""
        wanted += [_beginning(letters)] if letters else []
        exact = len(runs) == 1 and letters == tail
    return Part(tuple(wanted), phrase, exact)


def _needed(runs: Sequence[str]) -> Iterator[str]:
    """Pieces that whatever holds these runs side by side must have."""
    for run in runs:
        if len(runs) == 1 and not run.isascii() and len(run) == 1:
            yield run
        elif len(runs) == 1 or not run.isascii():
            yield from _within(run)
    for before, run in pairwise(runs):
        yield _joined(before, run)


def _phrase(runs: Sequence[str]) -> tuple[str, ...]:
    """The words of runs as they stand in `in_order`; the last character need not end a run."""
    found: list[str] = []
    for index, run in enumerate(runs):
        if run.isascii() or len(run) == 1:
            found.append(run)
        else:
            found += _pairs(run)
            found += [] if index == len(runs) - 1 else [run[-1]]
    return tuple(found)


def _within(run: str) -> list[str]:
    return ["=" + run] if run.isascii() else _pairs(run)


def _joined(before: str, run: str) -> str:
    """Stand side by side: the end of one run and the beginning of the next."""
    return _last(before) + "|" + (run if run.isascii() else run[0])


def _beginnings(run: str) -> Iterator[str]:
    """What a word of letters begins with, for whoever has not typed it to its end."""
    found = _LETTERS.match(run)
    for size in range(1, min(len(found[0]), LONGEST_BEGINNING) + 1 if found else 0):
        yield _beginning(run[:size])


def _numbers(run: str, after: str) -> Iterator[str]:
    """A number that is spoken of, for whoever has not typed it to its end."""
    if _NUMBER.match(run):
        goes_on = _NUMBER.fullmatch(run) and after.isascii() and after[:1].isdigit()
        number = f"{run}n{after}" if goes_on else run
        for size in range(3, min(len(number), LONGEST_NUMBER) + 1):
            yield _spoken(number[:size])


def _spoken(number: str) -> str:
    return "#" + number


def _is_digits(run: str) -> bool:
    return run.isascii() and run.isdigit()


def _beginning(letters: str) -> str:
    return "^" + letters


def _last(run: str) -> str:
    return run if run.isascii() else run[-1]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
