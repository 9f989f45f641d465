"""What a message means, worked out once and only as far as somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property, lru_cache

from bot.language.categories import rank
from bot.language.classify import CategoryMatch, Classifier
from bot.language.corrections import correct
from bot.language.dates import When, find_when
from bot.language.intents import Judgement
from bot.language.judging import judge
from bot.language.matters import Matter, split
from bot.language.mentions import strip_mentions
from bot.language.places import Registry, find_place
from bot.language.text import normalise
from bot.models import Place
from bot.rules.safety import Danger, find_danger


class Understanding:
    """Pure and lazy: chatter costs a normalisation and a few automaton runs."""

    def __init__(
        self,
        text: str,
        names: Sequence[str],
        classifier: Classifier,
        now: datetime,
        *,
        places: tuple[str, ...] = (),
        home: str = "",
    ) -> None:
        words, self.named = strip_mentions(text, names)
        self.text = normalise(words)
        self._classifier = classifier
        self._now = now
        self._places = places
        self._home = home

    @cached_property
    def judgement(self) -> Judgement:
        """What the writer wants."""
        return judge(self.text, self._alarms)

    @cached_property
    def danger(self) -> Danger | None:
        """A threat to life, if one is told."""
        return find_danger(self.text)

    @property
    def _alarms(self) -> tuple[str, ...]:
        return self.danger.alarms if self.danger is not None else ()

    @cached_property
    def categories(self) -> tuple[CategoryMatch, ...]:
        """What it is about, best first."""
        return rank(self.text, self._classifier, self._alarms)

    @cached_property
    def place(self) -> Place:
        """Where it is; a slip that was corrected does not count."""
        return self._where(correct(self.text))

    @property
    def at_home(self) -> bool:
        """Whether the building is known only because the speaker lives there: 我们楼."""
        return (
            bool(self._home and self.place.building)
            and not find_place(correct(self.text), _registry(self._places)).building
        )

    @cached_property
    def matters(self) -> tuple[Matter, ...]:
        """The several things it tells, in its order; one when it tells no more."""
        return split(self.text, self._classifier, self._where)

    @cached_property
    def when(self) -> When | None:
        """The first time that is named."""
        return find_when(self.text, self._now)

    def _where(self, text: str) -> Place:
        """By the group's own names; of a home the building alone is told."""
        home = Place(building=find_place(self._home).building) if self._home else None
        return find_place(text, _registry(self._places), home)


@lru_cache(maxsize=1024)
def _registry(places: tuple[str, ...]) -> Registry | None:
    return Registry.parse(places) if places else None
