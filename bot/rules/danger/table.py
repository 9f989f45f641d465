"""What makes a danger: which signs together, whom to ring, and what speaks against it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import NamedTuple

from bot.rules.danger.hazards import FALLING, FIRE, GAS, LIFT
from bot.rules.danger.people import LOST, RESCUE, VIOLENCE
from bot.rules.danger.sickness import MEDICAL, UNSEEN


class DangerKind(StrEnum):
    """What threatens. HEIGHT is also somebody in the water or shut in: rescue is needed."""

    FIRE = "fire"
    GAS = "gas"
    LIFT = "lift"
    MEDICAL = "medical"
    VIOLENCE = "violence"
    HEIGHT = "height"
    LOST = "lost"
    FALLING = "falling"

    @property
    def category(self) -> str:
        """The code of the taxonomy's row under which it is taken down."""
        return _CATEGORIES[self]


_CATEGORIES = {
    DangerKind.FIRE: "AQYH",
    DangerKind.GAS: "SDQN",
    DangerKind.LIFT: "DTGZ",
    DangerKind.MEDICAL: "YLJK",
    DangerKind.VIOLENCE: "ZAFZ",
    DangerKind.HEIGHT: "ZAFZ",
    DangerKind.LOST: "ZAFZ",
    DangerKind.FALLING: "AQYH",
}


_IN_LIFT = frozenset(["lift", "shut in", "stuck", "inside", "trapped"])
_UNSEEN = frozenset(["unseen", "knock", "lives alone"])
_STUCK = frozenset(["rescue", "falls in", "locks"])


def category_of(kind: DangerKind, signs: AbstractSet[str]) -> str:
    """The code under which a danger with these signs is taken down.

    An old person whom nobody has seen is a matter of care, a child in the water one of safety, and
    whoever is in a lift one of the lift.
    """
    if "lift thing" in signs and not signs.isdisjoint(_IN_LIFT):
        return DangerKind.LIFT.category
    if kind is DangerKind.MEDICAL and not signs.isdisjoint(_UNSEEN):
        return "YLZC"
    if kind is DangerKind.HEIGHT and not signs.isdisjoint(_STUCK):
        return DangerKind.FALLING.category
    return kind.category


class Rule(NamedTuple):
    """All of `signs` (each one of its alternatives), and none of `unless` in the message.

    The first group is the main sign: what it is said of must not be one of `not_of`. The others
    stand at most `reach` clauses away from it.
    """

    kind: DangerKind
    call: str
    signs: tuple[frozenset[str], ...]
    unless: frozenset[str]
    not_of: frozenset[str]
    reach: int


FAMILY = "elder/child/family"
WHO = "elder/child/family/person"


def _rule(
    kind: DangerKind, call: str, signs: str, unless: str = "", not_of: str = "", reach: int = 2
) -> Rule:
    """A rule from `a + b/c`: a, and b or c; WHO and FAMILY stand for the people."""
    spelled = signs.replace("WHO", WHO).replace("FAMILY", FAMILY)
    groups = tuple(frozenset(group.split("/")) for group in spelled.split(" + "))
    return Rule(
        kind, call, groups, frozenset(unless.split("/")), frozenset(not_of.split("/")), reach
    )


def _fire(signs: str, unless: str = "", reach: int = 2) -> Rule:
    return _rule(DangerKind.FIRE, "119", signs, unless, reach=reach)


def _gas(signs: str, unless: str = "", reach: int = 2) -> Rule:
    return _rule(DangerKind.GAS, "119", signs, unless, reach=reach)


def _lift(signs: str, not_of: str = "") -> Rule:
    return _rule(DangerKind.LIFT, "96333 或 119", signs, "pet", not_of)


def _medical(signs: str, unless: str = "", not_of: str = "pet", reach: int = 2) -> Rule:
    return _rule(DangerKind.MEDICAL, "120", signs, unless, not_of, reach)


def _unseen(signs: str) -> Rule:
    return _rule(DangerKind.MEDICAL, "120", signs, "work", "things/pet", 4)


def _police(signs: str, unless: str = "", not_of: str = "pet", reach: int = 2) -> Rule:
    return _rule(DangerKind.VIOLENCE, "110", signs, unless, not_of, reach)


def _height(signs: str, unless: str = "work/show", not_of: str = "pet/things") -> Rule:
    return _rule(DangerKind.HEIGHT, "110 和 119", signs, unless, not_of)


def _lost(signs: str) -> Rule:
    return _rule(DangerKind.LOST, "110", signs, reach=4)


def _hazard(signs: str, unless: str = "work/indoors", reach: int = 1) -> Rule:
    return _rule(DangerKind.FALLING, "", signs, unless, reach=reach)


FIRES = (
    _fire("fire", "trifle/show/work"),
    _fire("burning + burns", "trifle/show/work/cooking", reach=0),
    _fire("smoke", "cooking/show/work/empty alarm"),
    _fire("smoke + no answer/knock/alone/help/come/calls police", "show/work/empty alarm"),
    _fire("left on + no answer/knock/alone/child/smoke", "show"),
    _fire("burnt smell", "cooking"),
    _fire("burnt smell + socket"),
    _fire("spark + socket", "work/show"),
    _fire("blasts + socket/kitchen/battery/gas thing", "trifle/show"),
    _fire("spark + battery + hot"),
    _fire("swells + battery + hot/sudden/smoke/burnt smell/hiss", reach=3),
    _fire("smoke alarm + sounds", "empty alarm"),
)
GASES = (
    _gas("gas", "empty alarm"),
    _gas("leak/hiss + gas thing", "cooking", reach=1),
    _gas("smells + fuel", "cooking/empty alarm", reach=1),
    _gas("hiss + kitchen + leak", "cooking"),
    _gas("gas pipe + bursts", reach=1),
    _gas("hiss + leak/smells + gas thing/fuel", "cooking"),
    _gas("gas alarm + sounds", "empty alarm", reach=1),
    _gas("alarm + sounds + gas thing/kitchen", "empty alarm"),
    _gas("dizzy + burner"),
)
PERCHED = (
    _height("height", "trifle/show/work"),
    _height("roof + sits/calls police + WHO"),
    _height("edge + sits/climbs + WHO"),
    _height("climbs + window + child + alone/out/edge"),
    _height("out/edge + window + child"),
    _height("window + climbs + child + alone", "show"),
)
RESCUES = (
    _height("rescue", "show"),
    _height("water + help/come + WHO"),
    _height("falls in + water + WHO/help"),
    _height("locks + child + alone/hot/kitchen/gas thing/car", not_of="pet"),
)
SICK = (
    _medical("medical", "trifle"),
    _medical("medical + WHO", "joke"),
    _medical(
        "severe + mild/severe/sudden/calls police + WHO",
        "trifle/show/lift thing",
        "pet/things/hanging",
    ),
    _medical("mild + mild + mild + WHO/alone", "trifle/show/question", "pet/things"),
    _medical("mild + sudden + mild + WHO", "trifle/show", "pet/things"),
    _medical("mouth + crooked + WHO/sudden/speech", reach=1),
    _medical("slurred + speech + FAMILY/sudden", reach=2),
    _medical("half + weak + FAMILY/sudden"),
    _medical("breath", "trifle"),
    _medical("chest + aches + grave", "trifle", reach=1),
    _medical("faints + WHO + no response/sudden/grave", "trifle"),
    _medical("faints + elder/family/child", "trifle", "pet/things", reach=0),
    _medical("no response + calls + WHO/sudden"),
    _medical("bleeds/wound + blood + bleeds/FAMILY"),
    _medical("chokes + FAMILY + distress/sudden/breath"),
    _medical("chokes + child/elder", "trifle/work", reach=0),
    _medical("poison + swallows + FAMILY/person"),
    _medical("fit + WHO + fever/faints/sudden/distress"),
    _medical("cannot rise + fell", not_of="pet/things"),
    _medical("tumbles + from high + WHO", "show", "pet/things"),
    _medical("hit + elder/child/family", "trifle"),
    _medical("lies + WHO", not_of="pet/things"),
)
UNNOTICED = (
    _unseen("unseen + no answer/knock/lives alone/usual + elder/neighbour/lives alone + long"),
    _unseen("unseen + no answer/no response + elder/lives alone"),
    _unseen("unseen + knock + elder/neighbour/lives alone"),
    _unseen("knock + long/lives alone + elder/neighbour/lives alone"),
    _unseen("lives alone + no answer + elder/long/late"),
    _unseen("unseen + knock/no answer + long"),
)
MISSING = (
    _lost("lost + elder/child/person"),
    _lost("taken + child"),
    _lost("not home + late + elder/child"),
    _lost("lost/not home + dementia + elder/child/person"),
)
ATTACKS = (
    _police("violence", "trifle/show"),
    _police("knife + wields + WHO", "show", reach=0),
    _police("beats + drunk + WHO", "show/trifle"),
    _police("pries + door + person/stranger/lives alone", "work/question", reach=1),
    _police("presses + stranger"),
    _police("grabs + child + person/stranger"),
    _police("follows + afraid"),
    _police("calls police + stranger/knife/beats/drunk/grabs + person/child/elder", "show"),
    _police("robs + elder/person", "trifle/show", reach=1),
    _police("help + come", "trifle"),
    _police("help + neighbour/person + sounds/violence"),
)
STUCK = (
    _lift("lift"),
    _lift("shut in/trapped + lift thing"),
    _lift("stuck + lift thing", "things/pet"),
    _lift("lift thing + inside + stops/stuck/help"),
    _lift("lift thing + help"),
    _lift("runaway + lift thing"),
    _rule(DangerKind.LIFT, "119", "trapped", "", "pet/things"),
)
HAZARDS = (
    _hazard("falling"),
    _hazard("falls + hanging"),
    _hazard("leans + hanging + below"),
    _hazard("wire + dangles", reach=0),
    _hazard("tingles + metal", "show", reach=2),
    _hazard("live wet + socket/metal", reach=2),
    _hazard("throws + nearly"),
)
_FASTEST = (*FIRES, *GASES, *PERCHED, *RESCUES, *SICK, *ATTACKS)
RULES = (*_FASTEST, *STUCK, *UNNOTICED, *MISSING, *HAZARDS)
"""In this order the first that fits is right: what kills fastest leads."""

SIGNS = FIRE | GAS | LIFT | RESCUE | MEDICAL | UNSEEN | LOST | VIOLENCE | FALLING
ALONE = frozenset(["fire", "smoke", "gas", "lift", "trapped", "medical", "violence"])
"""Signs of one word: 没着火 hides it, 是不是着火了 does not."""

CALLS = {
    DangerKind.FIRE: "119",
    DangerKind.GAS: "119",
    DangerKind.LIFT: "96333 或 119",
    DangerKind.MEDICAL: "120",
    DangerKind.VIOLENCE: "110",
    DangerKind.HEIGHT: "110 和 119",
    DangerKind.LOST: "110",
    DangerKind.FALLING: "",
}
"""Whom to ring for each kind."""
