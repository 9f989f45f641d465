"""Which approved question did somebody ask? Small, explainable, and silent when unsure.

`may_match` costs microseconds and turns ordinary chatter away; `match` compares what is left with
the phrasings that share its rarest pairs of characters; `decide` says whether that is enough to
speak unasked (`STRICT`) or to offer as numbered choices (`LOOSE`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import islice, repeat
from operator import add

from msgspec import Struct, structs

from bot.language.faq_features import LONGEST, Rewriter, Sketcher, first_looks, fold, likeness
from bot.language.faq_words import COMMON, SYNONYMS

STRICT = 0.85
"""Certainty from which an answer is given unasked: few wrong answers come before many right."""
DIRECT = 0.78
"""Certainty from which somebody who addressed the bot is answered at once."""
LOOSE = 0.40
"""Score from which an entry is offered to somebody who addressed the bot."""
MARGIN_SHARE = 0.5
RIVAL_FLOOR = 0.40
"""A bank of few entries has no rivals by accident; the lead is counted from here at least."""
MARGIN_LEAST = 0.02
"""Two entries closer than this are a question to ask back, not an answer."""
WHOLE_SCORE, WHOLE_SHARE, WHOLE_LEAD = 0.55, 0.97, 0.40
"""Also sure: one phrasing fits fairly, and the entry's phrasings together name (nearly) all that
was asked while no other entry's do. 流感疫苗 from the title and 在哪里打 from a phrasing."""
ANSWER_LEAST = min(WHOLE_SCORE, (STRICT + MARGIN_SHARE * RIVAL_FLOOR) / (1 + MARGIN_SHARE)) - 1e-5
"""With a lower score `decide` never answers, however far behind the rivals are."""
CHOICES = 3
CANDIDATES = 8
"""Phrasings that are compared in full."""
HINT_LEAST = 1.0
"""Weight of telling pairs a character of text; less lets chatter through, 1.6 loses answers."""
_HINT_WEIGHT = 2.0


class Question(Struct, frozen=True):
    """One phrasing of an FAQ entry."""

    entry: str
    text: str


class Match(Struct, frozen=True):
    """An entry that fits. `score` 0–1; `margin`: score minus the best other entry's.

    `named`: how much of what was asked (0–1) the entry's phrasings name together; `named_lead`:
    that minus the same of the next entry. Both are 0 for all but the best entry.
    """

    entry: str
    question: str
    score: float
    margin: float
    named: float = 0.0
    named_lead: float = 0.0

    @property
    def certainty(self) -> float:
        """What the strict cut-off is compared with: the score and half the lead."""
        rival = max(self.score - self.margin, RIVAL_FLOOR)
        return self.score + MARGIN_SHARE * (self.score - rival)

    @property
    def whole(self) -> bool:
        """Whether the entry as a whole, and no other, is about what was asked."""
        named = self.named >= WHOLE_SHARE and self.named_lead >= WHOLE_LEAD
        return named and self.score >= WHOLE_SCORE


class Verdict(Struct, frozen=True):
    """`answer`: sure enough to speak unasked; `direct`: to answer who addressed us.

    `choices`: worth offering to who addressed us, where `direct` is None.
    """

    answer: Match | None
    direct: Match | None
    choices: tuple[Match, ...]


def decide(matches: Sequence[Match]) -> Verdict:
    """Judge what `FaqMatcher.match` returned."""
    choices = tuple(match for match in matches if match.score >= LOOSE)[:CHOICES]
    best = matches[0] if matches else None
    sure = best is not None and (best.certainty >= STRICT or best.whole)
    fair = best is not None and (sure or best.certainty >= DIRECT)
    clear = best is not None and best.margin >= MARGIN_LEAST
    return Verdict(
        answer=best if sure and clear else None,
        direct=best if fair and clear else None,
        choices=() if fair and clear else choices,
    )


def _always(_entry: str) -> bool:
    return True


class FaqMatcher:
    """An index over the phrasings of one bank; build a new one when the bank changes."""

    def __init__(
        self, questions: Sequence[Question], synonyms: Mapping[str, str] = SYNONYMS
    ) -> None:
        self._questions = tuple(question for question in questions if fold(question.text))
        folded = [fold(question.text) for question in self._questions]
        self._rewrite = Rewriter(synonyms)
        self._sketch = Sketcher(folded, self._rewrite)
        self._outlines = tuple(map(self._sketch, folded))
        self._exact = _positions(folded)
        self._plain = tuple(map(self._rewrite, folded))
        self._pairs = self._share_pairs()
        self._vocabulary = self._gather_words()
        self._phrasings = Counter(question.entry for question in self._questions)
        self._hints = self._weigh_hints(folded, synonyms)

    def may_match(self, text: str) -> bool:
        """Whether `match` could find something; a few microseconds, no dictionary needed."""
        head = "".join(text[:LONGEST].split())
        weight = sum(map(self._hints.get, map(add, head, head[1:]), repeat(0.0)))
        return weight > HINT_LEAST * len(head) or head in self._exact

    def match(
        self,
        text: str,
        limit: int = CHOICES,
        applies: Callable[[str], bool] = _always,
        least: float = 0.0,
    ) -> tuple[Match, ...]:
        """The entries that fit best, best first, each with its best phrasing.

        `applies` says of an entry whether it is in force here. What is not neither takes a
        candidate's place nor narrows the margin: two areas may answer the same question.
        Where clearly nothing reaches `least` the search ends early and may return nothing.
        """
        folded = fold(text)
        best: dict[str, tuple[float, int]] = {}
        for score, position in self._scored(folded, applies, least):
            entry = self._questions[position].entry
            if score > best.get(entry, (0.0, 0))[0]:
                best[entry] = (score, position)
        ranked = sorted(best.values(), key=lambda found: (-found[0], found[1]))
        matches = [self._as_match(ranked, rank) for rank in range(min(limit, len(ranked)))]
        return self._with_named(folded, matches)

    def _scored(
        self, folded: str, applies: Callable[[str], bool], least: float
    ) -> list[tuple[float, int]]:
        """(score, phrasing) of all candidates; the very same words score 1."""
        exact = self._exact.get(folded, ())
        scored = [(1.0, at) for at in exact if applies(self._questions[at].entry)]
        glimpse = self._sketch.glimpse(folded)
        looks = {
            at: first_looks(glimpse, self._outlines[at])
            for at in self._candidates(glimpse.plain, applies)
        }
        # The third look gives 1 at most.
        if not looks or (max(looks.values()) + 1) / 3 < least:
            return scored
        query = self._sketch.complete(glimpse)
        hinted = any(map(self._hints.__contains__, map(add, glimpse.plain, glimpse.plain[1:])))
        for at, first in looks.items():
            score = likeness(query, self._outlines[at], first)
            # A mere keyword (医保) of a phrasing is worth a choice, never an answer.
            keyword = score < LOOSE and hinted and glimpse.plain in self._plain[at]
            scored.append((LOOSE if keyword else score, at))
        return scored

    def _candidates(self, plain: str, applies: Callable[[str], bool]) -> list[int]:
        """The phrasings that share the most weight in pairs of characters, best first."""
        shared: defaultdict[int, float] = defaultdict(float)
        for pair in dict.fromkeys(map(add, plain, plain[1:])):
            for position, share in self._pairs.get(pair, ()):
                shared[position] += share
        ranked = sorted(shared, key=lambda at: (-shared[at], at))
        here = (at for at in ranked if applies(self._questions[at].entry))
        return list(islice(here, CANDIDATES))

    def _as_match(self, ranked: Sequence[tuple[float, int]], rank: int) -> Match:
        score, position = ranked[rank]
        rivals = [other for place, (other, _) in enumerate(ranked[:2]) if place != rank]
        question = self._questions[position]
        rival = rivals[0] if rivals else 0.0
        return Match(question.entry, question.text, score, score - rival)

    def _with_named(self, folded: str, matches: list[Match]) -> tuple[Match, ...]:
        """The best entry, if it has several phrasings, also says how much of the question it names.

        Costs a cut into words, so it is asked only where the answer would change.
        """
        best = matches[0] if matches else None
        if best is None or best.score < WHOLE_SCORE or best.certainty >= STRICT:
            return tuple(matches)
        if self._phrasings[best.entry] > 1:
            words = self._sketch.complete(self._sketch.glimpse(folded)).words.impacts
            named = [self._sketch.named(words, self._vocabulary[m.entry]) for m in matches[:2]]
            lead = named[0] - (named[1] if len(named) > 1 else 0.0)
            matches[0] = structs.replace(best, named=named[0], named_lead=lead)
        return tuple(matches)

    def _gather_words(self) -> dict[str, set[str]]:
        """Entry → all words of all its phrasings."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for question, outline in zip(self._questions, self._outlines, strict=True):
            found[question.entry].update(outline.words.impacts)
        return dict(found)

    def _share_pairs(self) -> dict[str, list[tuple[int, float]]]:
        """Pair of characters → the phrasings that hold it, each with how much that says."""
        places: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for position, text in enumerate(self._plain):
            size = 4 + len(self._outlines[position].glimpse.pairs.impacts)
            for pair in set(map(add, text, text[1:])):
                places[pair].append((position, self._sketch.pairs.of(pair) / size))
        return dict(places)

    def _weigh_hints(self, folded: Sequence[str], synonyms: Mapping[str, str]) -> dict[str, float]:
        """Pairs that speak for a question of the bank, also in its synonyms' spelling."""
        spellings = list(folded)
        for variant, plain in synonyms.items():
            if plain not in COMMON and any(plain in text for text in folded):
                spellings.append(variant)
        pairs = {pair for text in spellings for pair in map(add, text, text[1:])}
        weighed = {pair: self._sketch.pairs.of(pair) for pair in pairs}
        return {pair: weight for pair, weight in weighed.items() if weight >= _HINT_WEIGHT}


def _positions(folded: Sequence[str]) -> dict[str, list[int]]:
    """Folded phrasing → where it stands."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(folded):
        places[text].append(position)
    return dict(places)
