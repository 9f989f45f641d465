"""The rates that an office is judged by, each with what it was divided by."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from bot.models.ledger import Counts

LEAST = 5
"""Below so many a share says nothing: no percentage is printed."""
FAIR_WEIGHT = 0.9
"""What 基本满意 counts of a 满意, as in the public practice of the 三率."""


class Names(StrEnum):
    """What the first three rates are called: the words of Beijing, or of Suzhou's 12345."""

    COMMON = "三率"
    SUZHOU = "苏州12345"


class Rate(Struct, frozen=True, kw_only=True):
    """A share of a whole. `rule` says what is divided by what; `key` is the same everywhere."""

    key: str
    name: str
    part: float
    whole: int
    rule: str

    @property
    def percent(self) -> float | None:
        """One digit behind the point; None when the whole is too small to say anything."""
        if self.whole < LEAST:
            return None
        return round(self.part * 100 / self.whole + 1e-9, 1)

    @property
    def fraction(self) -> str:
        """`296/379`; a weighted part keeps one digit."""
        return f"{round(self.part, 1):g}/{self.whole}"

    @property
    def told(self) -> str:
        """`办结率78.1%（296/379）`."""
        if self.percent is None:
            return f"{self.name}不列百分比（{self.fraction}，不足{LEAST}件）"
        return f"{self.name}{self.percent:.1f}%（{self.fraction}）"


def rates(counts: Counts, weight: float = FAIR_WEIGHT, names: Names = Names.COMMON) -> list[Rate]:
    """响应率, 办结率, 满意率 first, then the others. `weight` is that of 基本满意."""
    rated = counts.rated_good + counts.rated_fair + counts.rated_bad
    fixed = counts.rated_good + counts.rated_fair
    ended = counts.closed + counts.late
    taken = counts.accepted + counts.merged
    first = "及时处办率" if names is Names.SUZHOU else "响应率"
    return [
        _rate(
            "answered", first, counts.answered_in_time, counts.owed,
            "首次人工答复在时限内的件数÷受理件数（导入的旧件没记首次答复的除外）",
        ),
        _rate("closed", "办结率", counts.closed, counts.accepted, "已办结件数÷受理件数"),
        _rate(
            "content", "满意率", counts.rated_good + weight * counts.rated_fair, rated,
            f"（满意+{weight:g}×基本满意）÷有效回访件数",
        ),
        _rate(
            "fixed", "解决率", fixed, rated, "回访认可已解决（满意、基本满意）的件数÷有效回访件数",
        ),
        _rate(
            "in_time", "按期率", counts.closed_in_time, ended,
            "按期办结件数÷（已办结件数+超期未办结件数）",
        ),
        _rate("reopened", "重开率", counts.reopened, counts.accepted, "重开过的件数÷受理件数"),
        _rate("merged", "重复率", counts.merged, taken, "并入别件的÷（受理件数+并入别件的）"),
        _rate("passed", "转办率", counts.transferred, counts.accepted, "转办过的件数÷受理件数"),
    ]  # fmt: skip


def _rate(key: str, name: str, part: float, whole: int, rule: str) -> Rate:
    return Rate(key=key, name=name, part=part, whole=whole, rule=rule)
