"""Which approved question did somebody ask? Small, explainable, and silent when unsure.

`may_match` costs microseconds and turns ordinary chatter away; `match` compares what is left with
the phrasings that share its rarest pairs of characters, or its ideas where the bot was asked;
`decide` says whether that is enough to speak unasked, to answer who addressed us, or to offer as
numbered choices.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice, repeat
from operator import add

from msgspec import Struct, structs

from bot.language.faq_features import (
    LONGEST,
    Glimpse,
    Outline,
    Rewriter,
    Sketcher,
    first_looks,
    fold,
    likeness,
)
from bot.language.faq_index import Index
from bot.language.faq_signs import (
    KEYWORD_MOST,
    RIVAL_FLOOR,
    Signs,
    certainty,
    closeness,
    is_keyword,
    signs,
)
from bot.language.faq_synonyms import SYNONYMS
from bot.language.faq_weights import BIAS, WEIGHTS
from bot.language.faq_words import COMMON

LOOSE = 0.40
"""Score from which an entry is offered to somebody who addressed the bot."""
CLOSE, COMMON_IDEAS = 5.0, 0.5
"""Closeness from which it is offered, too, when two ideas are common: other words for the same."""
MARGIN_LEAST = 0.02
"""Two entries closer than this are a question to ask back, not an answer."""
WHOLE_SCORE, WHOLE_SHARE, WHOLE_LEAD, WHOLE_CERTAINTY = 0.55, 0.97, 0.40, 0.88
"""Also sure: one phrasing fits fairly, and the entry's phrasings together name (nearly) all that
was asked while no other entry's do. 流感疫苗 from the title and 在哪里打 from a phrasing."""
LIKELY = 0.5
"""Certainties below this do not tell which of two entries is meant; the closer one comes first."""
CHOICES = 3
CANDIDATES = 24
"""Phrasings that are glanced at."""
COMPARED = 12
"""Phrasings that are compared in full."""
BY_IDEAS = 6
"""And so many more that have other words for the same ideas."""
HINT_LEAST = 1.0
"""Weight of telling pairs a character of text; less lets chatter through, 1.6 loses answers."""
_HINT_WEIGHT = 2.0


class Cuts(Struct, frozen=True):
    """Certainty from which an answer is given: `group` unasked, `direct` to who addressed us."""

    group: float = 0.983
    direct: float = 0.925


CUTS = Cuts()
"""The shipped cut-offs: 98 and 95 of 100 answers are right (docs/adr/0016)."""
LOWEST_CUT = 0.88
"""No community's cut-off may fall below this."""


def least_score(cut: float) -> float:
    """With a lower score `decide` never answers at this cut-off, whatever the other signs say."""
    raising = {name: weight for name, weight in WEIGHTS.items() if weight > 0}
    slope = raising.pop("lead", 0.0) + raising.pop("likeness", 0.0)
    needed = math.log(cut / (1 - cut)) - BIAS - sum(raising.values())
    score = (needed + WEIGHTS.get("lead", 0.0) * RIVAL_FLOOR) / slope
    return max(0.0, min(WHOLE_SCORE, score) - 1e-5)


class Question(Struct, frozen=True):
    """One phrasing of an FAQ entry, or a mere `keyword`, which is at most offered."""

    entry: str
    text: str
    keyword: bool = False


class Match(Struct, frozen=True):
    """An entry that fits. `score`: likeness 0–1; `margin`: that minus the best other entry's.

    `closeness`: how near it is in words and ideas, which orders what is unsure. `certainty`: 0–1,
    what the cut-offs are compared with. `named`: how much of what was asked (0–1) the entry's
    phrasings name together; `named_lead`: that minus the same of the next entry. Both are 0 for all
    but the best entry. `signs` are None for the very same words.
    """

    entry: str
    question: str
    score: float
    margin: float
    certainty: float = 0.0
    signs: Signs | None = None
    closeness: float = 0.0
    named: float = 0.0
    named_lead: float = 0.0

    @property
    def offered(self) -> bool:
        """Whether it is worth a choice to somebody who addressed the bot."""
        ideas = 0.0 if self.signs is None else self.signs.ideas
        return self.score >= LOOSE or (self.closeness >= CLOSE and ideas >= COMMON_IDEAS)

    @property
    def whole(self) -> bool:
        """Whether the entry as a whole, and no other, is about what was asked."""
        named = self.named >= WHOLE_SHARE and self.named_lead >= WHOLE_LEAD
        return named and self.score >= WHOLE_SCORE and self.certainty >= WHOLE_CERTAINTY


class Verdict(Struct, frozen=True):
    """`answer`: sure enough to speak unasked; `direct`: to answer who addressed us.

    `choices`: worth offering to who addressed us, where `direct` is None.
    """

    answer: Match | None
    direct: Match | None
    choices: tuple[Match, ...]


def decide(matches: Sequence[Match], cuts: Cuts = CUTS) -> Verdict:
    """Judge what `FaqMatcher.match` returned."""
    best = matches[0] if matches and matches[0].margin >= MARGIN_LEAST else None
    sure = best is not None and (best.certainty >= cuts.group or best.whole)
    fair = sure or (best is not None and best.certainty >= cuts.direct)
    choices = () if fair else tuple(match for match in matches if match.offered)
    return Verdict(best if sure else None, best if fair else None, choices[:CHOICES])


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
        self._index = Index([one.glimpse for one in self._outlines], self._sketch.pairs)
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
        """The entries that fit best, the surest first, each with its best phrasing.

        `applies` says of an entry whether it is in force here. What is not neither takes a
        candidate's place nor narrows the margin: two areas may answer the same question.
        Where clearly nothing reaches the score `least` the search ends early.
        """
        folded = fold(text)
        query, scored = self._scored(folded, applies, least)
        best: dict[str, tuple[float, int]] = {}
        for score, position in scored:
            entry = self._questions[position].entry
            if entry not in best or score > best[entry][0]:
                best[entry] = (score, position)
        ranked = sorted(best.values(), key=lambda found: (-found[0], found[1]))
        matches = [self._as_match(query, ranked, rank) for rank in range(len(ranked))]
        matches.sort(key=_order)  # stable: the likest first among equals
        return self._with_named(query, matches[:limit])

    def _scored(
        self, folded: str, applies: Callable[[str], bool], least: float
    ) -> tuple[Outline | None, list[tuple[float, int]]]:
        """The question's outline and (score, phrasing) of all candidates.

        The very same words score 1. No outline: nothing but those was looked at.
        """
        exact = self._exact.get(folded, ())
        scored = [
            (LOOSE if self._questions[at].keyword else 1.0, at)
            for at in exact
            if applies(self._questions[at].entry)
        ]
        glimpse = self._sketch.glimpse(folded)
        nearest = self._nearest(glimpse, applies, least)
        if not nearest:
            return None, scored
        query = self._sketch.complete(glimpse)
        plain = glimpse.plain
        hinted = any(map(self._hints.__contains__, map(add, plain, plain[1:])))
        for first, at in nearest:
            score = likeness(query, self._outlines[at], first)
            if self._questions[at].keyword:
                score = min(score, LOOSE)
            # A mere keyword (医保) of a phrasing is worth a choice, never an answer.
            keyword = score < LOOSE and hinted and plain in self._outlines[at].glimpse.plain
            scored.append((LOOSE if keyword else score, at))
        return query, scored

    def _nearest(
        self, glimpse: Glimpse, applies: Callable[[str], bool], least: float
    ) -> list[tuple[float, int]]:
        """The phrasings worth comparing, each with its first looks.

        Those with common ideas and other words never make an answer sure: they are looked for only
        where everything counts.
        """

        def looked_at(ranked: Iterable[int], most: int) -> list[tuple[float, int]]:
            here = (at for at in ranked if applies(self._questions[at].entry))
            outlines = self._outlines
            return [(first_looks(glimpse, outlines[at].glimpse), at) for at in islice(here, most)]

        ranked = sorted(looked_at(self._index.by_pairs(glimpse), CANDIDATES), reverse=True)
        looks = ranked[:COMPARED]
        if least > 0:  # the fourth look gives 1 at most
            return looks if looks and (looks[0][0] + 1) / 4 >= least else []
        known = {at for _, at in looks}
        others = (at for at in self._index.by_ideas(glimpse) if at not in known)
        return looks + looked_at(others, BY_IDEAS)

    def _as_match(
        self, query: Outline | None, ranked: Sequence[tuple[float, int]], rank: int
    ) -> Match:
        score, position = ranked[rank]
        rivals = [other for place, (other, _) in enumerate(ranked[:2]) if place != rank]
        question = self._questions[position]
        rival = rivals[0] if rivals else 0.0
        if query is None or score == 1.0:
            return Match(question.entry, question.text, score, score - rival, float(score == 1.0))
        held = self._outlines[position]
        found = signs(query, held, score, score - max(rival, RIVAL_FLOOR))
        sure = certainty(found)
        if question.keyword or is_keyword(query, held):
            sure = min(sure, KEYWORD_MOST)
        near = closeness(found)
        return Match(question.entry, question.text, score, score - rival, sure, found, near)

    def _with_named(self, query: Outline | None, matches: list[Match]) -> tuple[Match, ...]:
        """The best entry, if it has several phrasings, also says how much of the question it names.

        Asked only where the answer would change.
        """
        best = matches[0] if matches else None
        if query is None or best is None or best.score < WHOLE_SCORE:
            return tuple(matches)
        if self._phrasings[best.entry] > 1:
            words = query.words.impacts
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

    def _weigh_hints(self, folded: Sequence[str], synonyms: Mapping[str, str]) -> dict[str, float]:
        """Pairs that speak for a question of the bank, also in its synonyms' spelling."""
        spellings = list(folded)
        for variant, plain in synonyms.items():
            if plain and plain not in COMMON and any(plain in text for text in folded):
                spellings.append(variant)
        pairs = {pair for text in spellings for pair in map(add, text, text[1:])}
        weighed = {pair: self._sketch.pairs.of(pair) for pair in pairs}
        return {pair: weight for pair, weight in weighed.items() if weight >= _HINT_WEIGHT}


def _order(match: Match) -> tuple[float, float]:
    """The surest first, and below what can be called sure the closest to the question."""
    likely = match.certainty if match.certainty >= LIKELY else 0.0
    return -likely, -match.closeness


def _positions(folded: Sequence[str]) -> dict[str, list[int]]:
    """Folded phrasing → where it stands."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for position, text in enumerate(folded):
        places[text].append(position)
    return dict(places)
