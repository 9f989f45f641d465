"""Whether a message tells of danger to life. Recall first, but drills and jokes are no danger.

Every word carries signs (`bot/rules/danger`). A danger is one sign that says it all
(`fire`), or several near each other (`leak` and `gas thing`), unless others show that nothing is
the matter. Texts are in NFKC form; the time is linear in their (bounded) length.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct

from bot.language.classify import Matcher
from bot.rules.danger import likeness
from bot.rules.danger.context import NOT_NOW, WHO
from bot.rules.danger.hidden import BREAKS, HIDDEN
from bot.rules.danger.table import ALONE, CALLS, RULES, SIGNS, DangerKind, Rule, category_of

__all__ = ["Danger", "DangerKind", "find_danger", "words"]


class Danger(Struct, frozen=True):
    """A danger, the words that told of it, whom to ring ("": only keep away), and its category.

    `acute`: somebody is threatened now. A hazard that waits (an open manhole, loose tiles) is not.
    `guessed`: no table knows the words, only their likeness tells; a command is none then.
    """

    kind: DangerKind
    word: str
    call: str
    category: str
    acute: bool = True
    guessed: bool = False

    @property
    def alarms(self) -> tuple[str, ...]:
        """What this tells the models that read a message's intent and category."""
        return (self.kind, "acute" if self.acute else "waits")


class _Hit(NamedTuple):
    start: int
    end: int
    sign: str
    word: str
    clause: int


_LONGEST = 500  # characters that are read; the time stays bounded
_SHORTEST = 2
_TINY = 1e-9
_TERSE = 10  # so few characters are like nothing much: what the tables find in them stands
_SCANT = 4  # so few say nothing at all that no table knows

EARLY = -3.0
"""With lower odds (their logarithm) by characters and signs the words are not looked at."""
WORDING = 0.8
"""What the odds by words count beside those by characters; how sure both make is their mean."""
SURE = 0.2
"""From these odds, by characters and by words together, a message tells of danger."""
TOLD = 1.5
"""What it counts that the tables know the danger."""
UNREAL = 1.0
"""What it counts against it that all is staged, a joke, told of elsewhere, general or over."""
SHORT = 1.5
"""What it counts against it that the words are few and the tables know none of them."""
CERTAIN = 0.9
"""From this share a hazard that only the likeness tells of is taken as acute."""
_NO = ("没", "没有", "不是", "别", "不要", "不会", "未", "勿", "不")


def words() -> dict[str, tuple[str, ...]]:
    """Words with their signs; 没着火 and its like hide the word, 是不是着火了 does not."""
    written: dict[str, tuple[str, ...]] = {}
    for table in (SIGNS, WHO, NOT_NOW):
        for sign, block in table.items():
            for word in block.split():
                written[word] = (*written.get(word, ()), sign)
    derived: dict[str, tuple[str, ...]] = {}
    for word, signs in written.items():
        if not ALONE.isdisjoint(signs):
            derived |= dict.fromkeys((no + word for no in _NO), ())
            derived["是不是" + word] = signs
    breaks = dict.fromkeys([*BREAKS.split(), "\n", " "], ("break",))
    return derived | written | dict.fromkeys(HIDDEN.split(), ()) | breaks


_DEAR = frozenset(["elder", "child"])
_SUBJECTS = frozenset([*WHO, "hanging"])
_URGENT = frozenset(["now", "sudden", "help", "come", "late"])
_NOW = _URGENT | {"today"}
_THREATENED = frozenset(
    ["below", "nearly", "strikes", "tingles", "live wet", "help", "come", "calls police", "child"]
)
_UNREAL = frozenset(["staged", "joke", "elsewhere", "advert", "official"])
_GENERAL = frozenset(["advice", "question"])

_WORDS = words()
_MATCHER = Matcher(_WORDS.items())


def find_danger(text: str, ears: likeness.Ears | None = None) -> Danger | None:
    """The worst danger that a message tells of as present, or None.

    The likeness to what is written in danger decides, by characters and by words; that nothing is
    the matter counts against it. Few words that the tables know stand by themselves. `ears`: other
    models than the shipped ones, for those who train.
    """
    text = text[:_LONGEST]
    if len(text) < _SHORTEST:
        return None
    hits = _scan(text)
    signs = {hit.sign for hit in hits}
    told = _by_signs(hits, signs)
    if told is not None and len(text) <= _TERSE:
        return told
    if told is None and len(text) <= _SCANT:
        return None
    seen = likeness.features(text, signs)
    odds = _odds(text, seen, ears or likeness.ears()) + (TOLD if told is not None else 0.0)
    odds -= UNREAL if _nothing(signs) else 0.0
    odds -= SHORT if told is None and len(text) <= _TERSE else 0.0
    if odds < SURE:
        return None
    return told or _by_likeness(seen, signs, 1 / (1 + math.exp(-odds / (1 + WORDING))))


def _odds(text: str, seen: set[str], ears: likeness.Ears) -> float:
    """How like danger a message is by both models, as the logarithm of its odds."""
    odds = _log_odds(ears.characters.probabilities(seen)[likeness.DANGER])
    if odds < EARLY:
        return odds
    words = ears.words.probabilities(likeness.wording(text))
    return odds + WORDING * _log_odds(words[likeness.DANGER])


def _log_odds(share: float) -> float:
    return math.log((share + _TINY) / (1 - share + _TINY))


def signs_of(text: str) -> set[str]:
    """The signs that a text carries, for those who train the models."""
    return {hit.sign for hit in _scan(text[:_LONGEST])}


def _by_signs(hits: list[_Hit], signs: set[str]) -> Danger | None:
    if _nothing(signs):
        return None
    for rule in RULES:
        if all(signs & group for group in rule.signs) and signs.isdisjoint(rule.unless):
            for hit in hits:
                if hit.sign in rule.signs[0]:
                    told = _told(hit, rule, hits)
                    if told and _present(hit, rule, hits, signs):
                        category = category_of(rule.kind, signs)
                        return Danger(
                            rule.kind, told, rule.call, category, _acute(rule.kind, signs)
                        )
    return None


def _by_likeness(seen: set[str], signs: set[str], share: float) -> Danger:
    """What no table foresaw."""
    kind = DangerKind(likeness.kind_of(seen))
    told = "…".join(likeness.reasons(seen))
    acute = share >= CERTAIN or _acute(kind, signs)
    return Danger(
        kind,
        f"{told}（语感{share:.2f}）",
        CALLS[kind],
        category_of(kind, signs),
        acute,
        guessed=True,
    )


def _acute(kind: DangerKind, signs: set[str]) -> bool:
    return kind is not DangerKind.FALLING or not signs.isdisjoint(_THREATENED)


def _nothing(signs: set[str]) -> bool:
    """Whether the whole message is staged, told of elsewhere, general or over."""
    if "over" in signs or not signs.isdisjoint(_UNREAL):
        return True
    return not signs.isdisjoint(_GENERAL) and signs.isdisjoint(_URGENT)


def _scan(text: str) -> list[_Hit]:
    """The message's words, one hit a sign, numbered by clause.

    Words overlap freely; but what a hidden word covers is not heard, and of two nouns one of which
    covers the other (老人卡, 老人) only the longer.
    """
    hits = []
    clause = hidden = noun = -1
    found = sorted(_MATCHER.every(text), key=lambda match: (match[0], -match[1]))
    for start, end, word, signs in found:
        if end <= hidden:
            continue
        if not signs:
            hidden = end
        elif signs[0] == "break":
            clause += 1
        for sign in signs:
            if sign in _SUBJECTS:
                if end <= noun:
                    continue
                noun = end
            hits.append(_Hit(start, end, sign, word, clause))
    return hits


def _told(main: _Hit, rule: Rule, hits: list[_Hit]) -> str:
    """The words that make the rule fit, in the text's order; empty when they stand too far off."""
    told = {main.start: main.word}
    chosen = [main]
    for group in rule.signs[1:]:
        near = [
            hit
            for hit in hits
            if hit.sign in group
            and abs(hit.clause - main.clause) <= rule.reach
            and all(hit.end < other.start or hit.start > other.end for other in chosen)
        ]
        if not near:
            return ""
        hit = min(near, key=lambda hit: abs(hit.start - main.start))
        chosen.append(hit)
        told[hit.start] = hit.word
    return "…".join(told[start] for start in sorted(told))


def _present(main: _Hit, rule: Rule, hits: list[_Hit], signs: set[str]) -> bool:
    """Whether the main word is said of somebody, here and now."""
    if _bygone(rule, main, signs) or any(_denied(main, hit) for hit in hits):
        return False
    if rule.kind is DangerKind.LOST:
        return _somebody_lost(main, hits)
    if rule.kind is DangerKind.FALLING and "hanging" in rule.signs[1 % len(rule.signs)]:
        return _something_falls(main, hits)
    subject = _subject(main, hits)
    return subject is None or subject.sign not in rule.not_of


def _denied(main: _Hit, hit: _Hit) -> bool:
    """Settled afterwards, feared in the same clause before, or supposed shortly before."""
    if hit.sign == "settled":
        return hit.start > main.start
    if hit.sign == "if":
        return hit.clause == main.clause and hit.start < main.start
    return hit.sign == "suppose" and hit.start < main.start and main.clause - hit.clause <= 1


def _bygone(rule: Rule, main: _Hit, signs: set[str]) -> bool:
    """Told of the past. What fell or went missing yesterday is a danger still."""
    if not signs.isdisjoint(_NOW):
        return False
    lasting = rule.kind in {DangerKind.LOST, DangerKind.FALLING} or main.sign == "unseen"
    return "past" in signs or ("yesterday" in signs and not lasting)


def _subject(main: _Hit, hits: Iterable[_Hit]) -> _Hit | None:
    """The nearest noun before a word in its clause."""
    found = None
    for hit in hits:
        if hit.start >= main.start:
            break
        if hit.clause == main.clause and hit.sign in _SUBJECTS:
            found = hit
    return found


def _something_falls(main: _Hit, hits: list[_Hit]) -> bool:
    """The nearest noun before the word, or else one in its clause, hangs or stands on high."""
    subject = _subject(main, hits)
    if subject is not None and subject.sign not in {"neighbour"}:
        return subject.sign == "hanging"
    return any(hit.sign == "hanging" and abs(hit.clause - main.clause) <= 1 for hit in hits)


def _somebody_lost(main: _Hit, hits: list[_Hit]) -> bool:
    """The nearest noun before the word is a person, and no thing is its object: 孩子丢了手机."""
    nouns = [hit for hit in hits if hit.sign in _SUBJECTS]
    before = [noun for noun in nouns if noun.start < main.start]
    after = [noun for noun in nouns if noun.start > main.start and noun.clause == main.clause]
    dear = any(noun.sign in _DEAR for noun in before)
    if main.sign in {"not home", "taken"}:
        return dear
    if after and after[0].sign in {"things", "pet"}:
        return False
    who = (before or after)[-1:] or [main]
    if who[0].sign == "person":
        return dear or main.word in {"走丢", "走失", "失踪"}
    return who[0].sign in _DEAR
