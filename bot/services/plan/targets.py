"""Whom a row is for, in words: 一群、三群, 全部群 除 二群, 标签老小区, 3-27幢, 管家们."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.models import Group, Role, Targets
from bot.rules.permissions import ROLE_NAMES
from bot.services.reach import in_order

EVERY = "全部群"
_EVERY = frozenset({EVERY, "所有群", "全部", "所有的群", "全部的群"})
_ROLES: Mapping[str, Role] = {
    name: role for role, name in ROLE_NAMES.items() if role is not Role.RESIDENT
} | {"管家": Role.STEWARD, "社区": Role.COMMUNITY, "街道": Role.STREET, "先锋": Role.VOLUNTEER}
_BETWEEN = re.compile(r"\s*[、,，;；和及\n]\s*|\s+")
_BUT = re.compile(r"[\s,，]*(?:除了|除|不含|不包括)[\s:：]*")
_TAG = re.compile(r"标签[:：]?(.{1,12})$")
_BUILDINGS = re.compile(r"\d{1,4}(?:[-~—到至]\d{1,4})?(?:号楼|[幢栋座])$")


def targets_of(words: str, mine: Sequence[Group], area: str) -> Targets:
    """Whom the words mean among one's own groups; no words: all of them.

    Raises ValueError with a Chinese reason.
    """
    parts = _BUT.split(words.strip(), maxsplit=1)
    named = [item for item in _BETWEEN.split(parts[0]) if item]
    groups, tags, buildings, roles = [], [], [], []
    every = not named
    for item in named:
        tag, role = _TAG.match(item), _ROLES.get(item.removesuffix("们"))
        if item in _EVERY:
            every = True
        elif tag is not None:
            tags.append(_known_tag(tag[1], mine))
        elif _BUILDINGS.match(item):
            buildings.append(item)
        elif role is not None:
            roles.append(role)
        else:
            groups.append(_group(item, mine).id)
    left_out = [item for item in _BETWEEN.split(parts[1]) if item] if len(parts) > 1 else []
    wide = every or tags or buildings or roles
    return Targets(
        groups=tuple(dict.fromkeys(groups)),
        areas=(area,) if wide else (),
        tags=tuple(tags),
        buildings=tuple(buildings),
        roles=tuple(roles),
        without=tuple(_group(item, mine).id for item in left_out),
    )


def words_of(targets: Targets, groups: Mapping[str, Group]) -> str:
    """The same the other way; groups that are gone are left out."""
    named = [groups[one].name for one in targets.groups if one in groups]
    marks = [f"标签{tag}" for tag in targets.tags] + list(targets.buildings)
    roles = [f"{ROLE_NAMES[role]}们" for role in targets.roles]
    every = [EVERY] if targets.areas and not (marks or roles) else []
    left_out = "、".join(groups[one].name for one in targets.without if one in groups)
    words = "、".join([*every, *named, *marks, *roles])
    return f"{words} 除 {left_out}" if left_out else words


def _group(name: str, mine: Sequence[Group]) -> Group:
    exact = [group for group in mine if group.name == name]
    fitting = exact or [group for group in mine if group.name.endswith(name)]
    if len(fitting) != 1:
        known = "、".join(group.name for group in in_order(mine)[:8])
        raise ValueError(f"没有叫「{name[:20]}」的群（或不止一个），有：{known}。")
    return fitting[0]


def _known_tag(tag: str, mine: Sequence[Group]) -> str:
    known = sorted({each for group in mine for each in group.tags})
    if tag not in known:
        raise ValueError(f"没有「{tag}」这个标签，有：{'、'.join(known[:8]) or '还没有标签'}。")
    return tag
