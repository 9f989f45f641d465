"""发给谁：`到 21-25幢`、`标签老小区`、`全部群 除了二群`、`一群、三群`、`给 管家们`。"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import structs

from bot import ROLE_NAMES, Context, Group, Role, Targets, find_when
from handlers.phrases import notice_targets as say

ROLES = {name: role for role, name in ROLE_NAMES.items() if role is not Role.RESIDENT} | {
    "管家": Role.STEWARD,
    "先锋": Role.VOLUNTEER,
    "社区": Role.COMMUNITY,
    "街道": Role.STREET,
    "社区干部": Role.COMMUNITY,
}
_NAMES = "|".join(sorted(ROLES, key=len, reverse=True))
TO = re.compile(r"发?[到给]\s*")
ITEM = re.compile(
    r"(?P<every>全部的?群|所有的?群|各个?群)"
    r"|(?P<area>[^\s、,:;]{1,30}?(?:街道|社区|微?网格))(?:的?(?:全部|所有|各个?)?的?群)?"
    r"(?=[除\d\s、,:;]|$)"
    r"|标签[:「]?\s?(?P<tag>[^\s、,:;」]{1,12}?)」?的?群?(?=除|[\s、,:;」]|$)"
    r"|(?P<buildings>\d{1,4}(?:\s?[-~—到至]\s?\d{1,4})?(?:号楼|[幢栋座]))"
    rf"|(?P<role>{_NAMES})们?(?=[\s、,:;除]|$)"
    r"|(?P<group>[^\s、,:;]{1,20}?群)"
)
AND = re.compile(r"\s*[、,和及]\s*")
BUT = re.compile(r"[\s,]*(?:除了?(?!夕)|不含|不包括|不发)\s*")
EVERY = re.compile(r"的?(?:其他|其余|别的)?的?(?:全部|所有|各个?)?的?群[\s,:]*")
BEHIND = re.compile(r"(?:以外|之外|外)?[\s,:]*")
WORD = re.compile(r"[^\s、,:;]+")


@dataclass
class Named:
    """Whom a text names, in its own words; `unknown` is one that is nothing of the kind."""

    every: bool = False
    tags: list[str] = field(default_factory=list)
    buildings: list[str] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    without: Named | None = None
    unknown: str = ""

    def add(self, found: re.Match[str]) -> None:
        """Take one more in."""
        match found.lastgroup:
            case "every":
                self.every = True
            case "area":
                self.areas.append(found["area"])
            case "tag":
                self.tags.append(found["tag"])
            case "buildings":
                self.buildings.append(found["buildings"])
            case "role":
                self.roles.append(ROLES[found["role"]])
            case _:
                self.groups.append(found["group"])

    @property
    def anybody(self) -> bool:
        """Whether anyone is named at all."""
        named = (self.tags, self.buildings, self.roles, self.groups, self.areas)
        return self.every or self.unknown != "" or any(named)


def chosen(ctx: Context, rest: str, mine: Sequence[Group]) -> tuple[Targets, str] | str:
    """The targets and what stands behind them; or the sentence that says what is wrong."""
    named, behind = _named(ctx, rest)
    if not named.anybody:
        return _here(ctx, mine, rest)
    if named.unknown:
        return say.unknown(named.unknown, [group.name for group in mine])
    meant = _meant(ctx, named, mine)
    if isinstance(meant, str) or named.without is None:
        return meant if isinstance(meant, str) else (meant, behind)
    left_out = _meant(ctx, named.without, mine)
    if isinstance(left_out, str):
        return left_out
    ids = tuple(group.id for group in ctx.notices.reach(left_out).groups)
    return structs.replace(meant, without=ids), behind


def _meant(ctx: Context, named: Named, mine: Sequence[Group]) -> Targets | str:
    """Whom the words mean; or the sentence that says what is wrong with them."""
    groups = _by_name(ctx, named.groups, mine)
    if isinstance(groups, str):
        return groups
    areas = _areas(ctx, named.areas, mine)
    if isinstance(areas, str):
        return areas
    return _unknown_marks(named, mine) or _targets(ctx, named, groups, areas)


def _named(ctx: Context, rest: str) -> tuple[Named, str]:
    named = Named()
    to = TO.match(rest)
    start = to.end() if to is not None else 0
    when = find_when(rest[start:], ctx.now)
    if when is not None and when.start == 0:
        return named, rest
    but = BUT.match(rest, start)
    if but is not None and but.group().strip():
        return _all_but(named, rest, but.end())
    end = _items(rest, start, named, spoken=to is not None)
    if end == start:
        if to is not None and to.group()[-1:].isspace():
            word = WORD.match(rest, start)
            named.unknown = word.group() if word is not None else ""
        return named, rest
    but = BUT.match(rest, end)
    return (named, _behind(rest, end)) if but is None else _left_out(named, rest, but.end())


def _all_but(named: Named, rest: str, start: int) -> tuple[Named, str]:
    """除二群外的全部群, 除了二群: everyone of one's own but those."""
    named, behind = _left_out(named, rest, start)
    named.every = named.unknown == ""
    every = EVERY.match(behind)
    return named, behind[every.end() :] if every is not None and named.every else behind


def _left_out(named: Named, rest: str, start: int) -> tuple[Named, str]:
    """Those behind 除; when they name nobody, the word is unknown."""
    named.without = Named()
    end = _items(rest, start, named.without, spoken=False)
    if end == start:
        word = WORD.match(rest, start)
        named.unknown = word.group() if word is not None else "除"
        return named, rest
    return named, _behind(rest, end)


def _behind(rest: str, end: int) -> str:
    behind = BEHIND.match(rest, end)
    return rest[behind.end() if behind is not None else end :]


def _items(rest: str, start: int, named: Named, *, spoken: bool) -> int:
    """Read one item after another; where they end. Roles count behind 到 or 给 only."""
    end = at = start
    while (found := ITEM.match(rest, at)) is not None and (spoken or not found["role"]):
        named.add(found)
        end = found.end()
        more = AND.match(rest, end)
        if more is None and not (found["area"] and rest[end : end + 1].isdigit()):
            break
        at = end if more is None else more.end()
    return end


def _here(ctx: Context, mine: Sequence[Group], rest: str) -> tuple[Targets, str] | str:
    """Nobody named: the group in which it is said; in private all of one's own."""
    if ctx.group is None:
        return Targets(areas=(ctx.person.area,)), rest
    if all(group.id != ctx.group.id for group in mine):
        return say.not_yours(ctx.group.name, [group.name for group in mine])
    return Targets(groups=(ctx.group.id,)), rest


def _by_name(ctx: Context, names: Sequence[str], mine: Sequence[Group]) -> list[str] | str:
    """Groups by full name or by its end (`一群`); says so when one is unknown or another's."""
    found: list[str] = []
    for name in names:
        exact = [group for group in mine if group.name == name]
        fitting = exact or [group for group in mine if group.name.endswith(name)]
        if len(fitting) != 1:
            known = [group.name for group in mine]
            if fitting:
                return say.which_group(name, [group.name for group in fitting])
            other = not fitting and ctx.people.is_group(name)
            return say.not_yours(name, known) if other else say.unknown_group(name, known)
        found += [group.id for group in fitting if group.id not in found]
    return found


def _unknown_marks(named: Named, mine: Sequence[Group]) -> str:
    """What to say when no group has such a tag; "" when all are known."""
    known = sorted({tag for group in mine for tag in group.tags})
    strange = [tag for tag in named.tags if tag not in known]
    return say.unknown_tag(strange[0], known) if strange else ""


def _areas(ctx: Context, names: Sequence[str], mine: Sequence[Group]) -> list[str] | str:
    """Areas by the end of their path (`春晓社区`, `秋实社区/第1微网格`) among one's own."""
    paths = {
        "/".join(steps[: count + 1])
        for group in mine
        for steps in [group.area.split("/")]
        for count in range(len(steps))
    }
    own = sorted(path for path in paths if f"{path}/".startswith(f"{ctx.person.area}/"))
    found: list[str] = []
    for name in names:
        fitting = [path for path in own if f"/{path}".endswith(f"/{name}")]
        if len(fitting) != 1:
            return say.unclear_area(name, fitting or own)
        found += fitting
    return found


def _targets(ctx: Context, named: Named, groups: Sequence[str], areas: Sequence[str]) -> Targets:
    marked = named.every or named.tags or named.buildings
    within = tuple(areas) or (ctx.person.area,)
    marks = Targets(
        groups=tuple(groups),
        areas=within if marked or areas else (),
        tags=tuple(named.tags),
        buildings=tuple(named.buildings),
    )
    if not named.roles:
        return marks
    # Roles take the area for themselves: the groups are fixed as they are now.
    ids = tuple(group.id for group in ctx.notices.reach(marks).groups)
    return Targets(groups=ids, areas=within, roles=tuple(named.roles))


def known_buildings(mine: Sequence[Group]) -> list[str]:
    """Which buildings are written down for which group: `21-25幢（二群）`."""
    return [f"{'、'.join(group.buildings)}（{group.name}）" for group in mine if group.buildings]
