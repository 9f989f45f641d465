"""What the office says of a person, and what it may say."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from bot.errors import Faulty, NotPossible
from bot.models import Person, Role
from bot.rules.registry import LONGEST_NAME, is_area, is_home

LONGEST_WORDS = 60
MOST_SERVES = 30


class Footing(Struct, frozen=True, kw_only=True):
    """The fields of a person that an office sets."""

    name: str
    role: Role
    area: str
    unit: str = ""
    serves: tuple[str, ...] = ()
    home: str = ""


_FIELDS = Footing.__struct_fields__


def snapshot(person: Person | Footing) -> dict[str, str]:
    """As a line of history holds it."""
    told = {name: getattr(person, name) for name in _FIELDS}
    return {name: "、".join(v) if isinstance(v, tuple) else str(v) for name, v in told.items()}


def version(person: Person) -> str:
    """Changes whenever anything that the office says of somebody does."""
    return hashlib.sha256(msgspec.json.encode(snapshot(person))).hexdigest()[:16]


def read(person: Person, fields: Mapping[str, str]) -> Footing:
    """How somebody stands with these fields of a line of history put back."""
    whole = snapshot(person) | {name: text for name, text in fields.items() if name in _FIELDS}
    return Footing(
        name=whole["name"],
        role=Role(whole["role"]),
        area=whole["area"],
        unit=whole["unit"],
        serves=tuple(filter(None, whole["serves"].split("、"))),
        home=whole["home"],
    )


def check(new: Footing) -> None:
    """What is wrong with it in itself. Raises `Faulty`, `NotPossible`."""
    if not new.name.strip():
        raise Faulty("名字")
    if len(new.name) > LONGEST_NAME or not new.name.isprintable():
        raise Faulty("名字", "long")
    if not new.area:
        raise Faulty("管哪里")
    if not is_area(new.area):
        raise Faulty("网格", "impossible")
    if new.home and not is_home(new.home):
        raise NotPossible(f"住处「{new.home}」应写成「3幢」或「3幢2单元」，不要写门牌。")
    if new.role is Role.PARTNER and not (new.unit and new.serves):
        raise NotPossible("共建单位要写上单位名和能帮的事，如「公共设施、路灯」。")
    if len(new.unit) > LONGEST_WORDS:
        raise Faulty("单位名", "long")
    if len(new.serves) > MOST_SERVES or any(len(each) > LONGEST_WORDS for each in new.serves):
        raise Faulty("能帮的事", "long")
