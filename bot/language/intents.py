"""What a message wants, read from its words.

A group is judged by silence: `clear` is true only when the message may be acted on although nobody
addressed the bot. Texts are expected in NFKC form. Pure; no clock, no I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from bot.language.classify import Matcher
from bot.language.lexicon import WORDS, Kind


class Intent(StrEnum):
    """What the writer wants from the micro-grid."""

    QUESTION = "question"
    APPEAL = "appeal"
    SUGGESTION = "suggestion"
    THANKS = "thanks"
    FOLLOW_UP = "follow_up"
    EMERGENCY = "emergency"
    COMMAND = "command"
    CHATTER = "chatter"
    ADVERT = "advert"


class Judgement(Struct, frozen=True):
    """An intent, whether it may be acted on unasked, and the words that speak for it.

    `evidence` are short Chinese phrases for the trace, such as 故障词「不亮」.
    """

    intent: Intent
    clear: bool
    evidence: tuple[str, ...] = ()


class _Hit(NamedTuple):
    start: int
    kind: Kind
    word: str
    clause: int


LONGEST = 500
"""Characters that are read: an intent shows early, and the time stays bounded."""

_BREAK, _OTHER, _PLACE = Kind.BREAK, Kind.OTHER, Kind.PLACE  # looked up for every word
_NOTHING = Judgement(Intent.CHATTER, False)
_BEFORE_PLACE = frozenset("0123456789一二三四五六七八九十几")
_FAULTS = frozenset({Kind.COMPLAINT, Kind.FAULT, Kind.GRUMBLE, Kind.PLEA})
_SUBJECTS = frozenset({Kind.THING, Kind.OWN, Kind.COMPLAINT})
_ASKS = frozenset({Kind.ASK, Kind.ASK_WHO, Kind.ASK_MARK})
_OVERRULED_BY = {
    Kind.COMPLAINT: (Kind.IF,),
    Kind.FAULT: (Kind.IF,),
    Kind.GRUMBLE: (Kind.IF,),
    Kind.PLEA: (Kind.IF, Kind.THANKS),
}
_WHY = frozenset({"为什么", "为啥", "咋"})
_DISTANT = (Kind.ELSEWHERE, Kind.HEARSAY)


_NEGATIONS = (
    "没",
    "没有",
    "不",
    "别",
    "不会",
    "不要",
    "勿",
    "请勿",
    "严禁",
    "禁止",
    "不准",
    "杜绝",
)
_NOT_DONE = ("没", "还没", "还没有", "没有", "未", "尚未", "还未", "一直没", "修不")
_ASKED_DONE = ("吗", "没", "没有", "么", "了吗", "了没", "了没有", "了么")


def entries() -> Iterator[tuple[str, Kind]]:
    """All words, first the written ones, then those that follow from negation.

    不漏水 is no fault, 没修好 is one, 修好了吗 asks. A written word is never overridden.
    """
    written = {word: kind for kind, block in WORDS.items() for word in _split(kind, block)}
    derived = dict(_derived(written))
    yield from (derived | written).items()


def _split(kind: Kind, block: str) -> Iterable[str]:
    """A block's words; the breaks include the line feed and the blank themselves."""
    return [*block.split(), "\n", " "] if kind is Kind.BREAK else block.split()


def _derived(written: dict[str, Kind]) -> Iterator[tuple[str, Kind]]:
    for word, kind in written.items():
        if kind in {Kind.COMPLAINT, Kind.FAULT}:
            yield from ((prefix + word, Kind.FINE) for prefix in _NEGATIONS)
            yield "是不是" + word, Kind.ASK
        elif kind is Kind.FIXED:
            yield from ((prefix + word, Kind.FAULT) for prefix in _NOT_DONE)
            yield from ((word + suffix, Kind.FOLLOW) for suffix in _ASKED_DONE)


_MATCHER = Matcher(entries())


def judge(text: str) -> Judgement:
    """Read a message's intent. The time is linear in its (bounded) length."""
    message = _Message(text[:LONGEST])
    if not message.hits:
        return _NOTHING
    for kinds, rule in _RULES:
        if not kinds.isdisjoint(message.kinds):
            judgement = rule(message)
            if judgement is not None:
                return judgement
    return _idle(message)


def kinds(text: str) -> list[Kind]:
    """What the words of a message do, in its order, breaks between clauses among them."""
    return [kind for _, _, _, kind in _MATCHER.scan(text) if kind is not _OTHER]


class _Message:
    """The words of one message, with the faults that are present and real."""

    __slots__ = ("faults", "hits", "kinds")

    def __init__(self, text: str) -> None:
        self.hits = _scan(text)
        self.kinds: dict[Kind, _Hit] = {}
        for hit in self.hits:
            self.kinds.setdefault(hit.kind, hit)
        blamed = not _FAULTS.isdisjoint(self.kinds)
        self.faults = _real_faults(self.hits, self.kinds) if blamed else []

    def has(self, *kinds: Kind) -> bool:
        """Whether a word of any of these kinds occurs."""
        return not self.kinds.keys().isdisjoint(kinds)

    def says(self, intent: Intent, clear: bool, *kinds: Kind) -> Judgement:
        """A judgement with the first word of each of these kinds as its evidence."""
        hits = (self.kinds[kind] for kind in kinds if kind in self.kinds)
        return Judgement(intent, clear, tuple(map(_phrase, hits)))


def _phrase(hit: _Hit) -> str:
    return f"{hit.kind}「{hit.word}」"


def _scan(text: str) -> list[_Hit]:
    """The message's words, leftmost and longest, numbered by clause."""
    hits = []
    clause = 0
    for start, end, word, kind in _MATCHER.scan(text):
        if kind is _BREAK:
            clause += 1
        elif kind is not _OTHER:
            if kind is _PLACE:
                first = _number_before(text, start)
                if first == start:
                    continue
                hits.append(_Hit(start, kind, text[first : end + 1], clause))
            else:
                hits.append(_Hit(start, kind, word, clause))
    return hits


def _number_before(text: str, index: int) -> int:
    """Where the number that ends before `index` begins; `index` itself when there is none."""
    while index and text[index - 1] in _BEFORE_PLACE:
        index -= 1
    return index


def _real_faults(hits: list[_Hit], kinds: dict[Kind, _Hit]) -> list[_Hit]:
    """Faults with a subject of common concern that are not repaired, past or imagined."""
    fixed = max((hit.start for hit in hits if hit.kind is Kind.FIXED), default=-1)
    return [
        hit
        for hit in hits
        if hit.kind in _FAULTS
        and hit.start > fixed
        and not _imagined(hit, hits, kinds)
        and _concerns_us(hit, hits, kinds)
    ]


def _imagined(fault: _Hit, hits: Iterable[_Hit], kinds: dict[Kind, _Hit]) -> bool:
    """Told of the past, or supposed, or warned against, earlier in the same clause."""
    for hit in hits:
        if hit.start >= fault.start:
            return False
        if hit.kind is Kind.PAST and Kind.AGAIN not in kinds and hit.clause >= fault.clause - 1:
            return True
        if hit.clause == fault.clause and hit.kind in _OVERRULED_BY[fault.kind]:
            return True
    return False


def _concerns_us(fault: _Hit, hits: list[_Hit], kinds: dict[Kind, _Hit]) -> bool:
    subject = _subject(fault, hits)
    if subject is not None:
        return subject.kind is not Kind.OWN
    if fault.kind is Kind.COMPLAINT:
        return True
    return Kind.PLACE in kinds or (fault.kind is Kind.GRUMBLE and Kind.OUTAGE in kinds)


def _subject(fault: _Hit, hits: list[_Hit]) -> _Hit | None:
    """What the fault is said of: the nearest noun before it, else the first after it."""
    nouns = [hit for hit in hits if hit.kind in _SUBJECTS and hit is not fault]
    here = [noun for noun in nouns if noun.clause == fault.clause]
    before = [noun for noun in here if noun.start < fault.start]
    if before:
        return before[-1]
    if fault.kind is Kind.COMPLAINT:
        return None
    if here:
        return here[0]
    earlier = [noun for noun in nouns if noun.clause < fault.clause]
    return earlier[-1] if earlier else (nouns[0] if nouns else None)


def _announced(message: _Message) -> Judgement | None:
    """Notices and trade are not for the bot, whatever faults they name."""
    if message.has(Kind.ANNOUNCE) and not message.has(Kind.ASK, Kind.ASK_WHO, Kind.GRUMBLE):
        return message.says(Intent.CHATTER, False, Kind.ANNOUNCE)
    if message.has(Kind.TRADE):
        return message.says(Intent.CHATTER, False, Kind.TRADE)
    if message.has(Kind.BORROW):
        return message.says(Intent.CHATTER, False, Kind.BORROW)
    return None


def _followed_up(message: _Message) -> Judgement | None:
    if message.has(Kind.FOLLOW):
        return message.says(Intent.FOLLOW_UP, True, Kind.FOLLOW, Kind.THING)
    if message.has(Kind.FOLLOW_WEAK) and message.has(Kind.THING, Kind.MATTER, Kind.PLACE):
        clear = message.has(Kind.THING, Kind.PLACE, Kind.TOPIC)
        return message.says(Intent.FOLLOW_UP, clear, Kind.FOLLOW_WEAK, Kind.THING, Kind.MATTER)
    return None


def _suggested(message: _Message) -> Judgement | None:
    """A wish for something new; a wish that a fault be repaired is an appeal."""
    if message.has(Kind.ADVICE):
        return message.says(Intent.CHATTER, False, Kind.ADVICE)
    install = message.kinds.get(Kind.INSTALL)
    asks = install is not None and install.word.startswith(("能不能", "能否", "可"))
    if message.has(Kind.SUGGEST) and (install is not None or not message.faults):
        clear = message.has(Kind.THING, Kind.TOPIC, Kind.INSTALL)
        return message.says(Intent.SUGGESTION, clear, Kind.SUGGEST, Kind.INSTALL, Kind.THING)
    if asks:
        return message.says(Intent.SUGGESTION, True, Kind.INSTALL, Kind.THING)
    return None


def _complained(message: _Message) -> Judgement | None:
    """A present fault of common concern, unless it is a joke, from elsewhere, or asked about."""
    if not message.faults:
        return None
    for kind in (Kind.JOKE, *_DISTANT):
        if message.has(kind) and not (kind is Kind.ELSEWHERE and message.has(Kind.PLACE)):
            return message.says(Intent.CHATTER, False, kind, Kind.FAULT)
    if _asked_about(message):
        return None
    evidence = [_phrase(message.faults[0])]
    evidence += [_phrase(message.kinds[kind]) for kind in _CONTEXT if kind in message.kinds]
    return Judgement(Intent.APPEAL, True, tuple(evidence))


_CONTEXT = (Kind.THING, Kind.PLACE, Kind.AGAIN)


def _asked_about(message: _Message) -> bool:
    """Whether the fault is only the subject of a question: 停水到几点, 灯坏了找谁."""
    faults = message.faults
    if any(hit.kind in {Kind.GRUMBLE, Kind.PLEA} for hit in faults):
        return False
    if message.has(Kind.ASK_WHO):
        return not message.has(Kind.PLACE)
    asked = {hit.clause for hit in message.hits if hit.kind in _ASKS and hit.word not in _WHY}
    if message.has(Kind.AGAIN) and not message.has(Kind.ASK):
        return False
    return bool(asked) and all(hit.clause in asked for hit in faults)


def _asked(message: _Message) -> Judgement | None:
    """A question; clear when it is about the neighbourhood and not about the family."""
    topical = message.has(Kind.TOPIC, Kind.OUTAGE, Kind.THING, Kind.COMPLAINT)
    if message.has(Kind.JOKE) or (message.has(Kind.PERSONAL) and not topical):
        return None
    if message.has(Kind.THANKS) and not topical:
        return None
    if not topical and not message.has(Kind.ASK, Kind.ASK_WHO):
        return None
    clear = topical and not message.has(Kind.PERSONAL, Kind.OWN)
    kinds = (Kind.ASK_WHO, Kind.ASK, Kind.ASK_MARK, Kind.TOPIC, Kind.OUTAGE, Kind.THING)
    return message.says(Intent.QUESTION, clear, *kinds)


def _thanked(message: _Message) -> Judgement:
    return message.says(Intent.THANKS, True, Kind.THANKS, Kind.FIXED)


def _needed_help(message: _Message) -> Judgement:
    return message.says(Intent.APPEAL, False, Kind.HELP)


def _idle(message: _Message) -> Judgement:
    """Nothing to do; the trace says which word spoke against acting."""
    return message.says(Intent.CHATTER, False, *_AGAINST)


_AGAINST = (Kind.FIXED, Kind.FINE, Kind.PAST, Kind.IF, Kind.JOKE, Kind.OWN, *_DISTANT)


_RULES: tuple[tuple[frozenset[Kind], Callable[[_Message], Judgement | None]], ...] = (
    (frozenset({Kind.ANNOUNCE, Kind.TRADE, Kind.BORROW}), _announced),
    (frozenset({Kind.FOLLOW, Kind.FOLLOW_WEAK}), _followed_up),
    (frozenset({Kind.ADVICE, Kind.SUGGEST, Kind.INSTALL}), _suggested),
    (_FAULTS, _complained),
    (_ASKS | {Kind.GRUMBLE}, _asked),
    (frozenset({Kind.THANKS}), _thanked),
    (frozenset({Kind.HELP}), _needed_help),
)
"""Rules with the kinds of words that call for them; the first that judges is right."""
