"""Who may do what: a role for the deed, an area for the place."""

from __future__ import annotations

from enum import StrEnum

from bot.models import Role

STAFF = frozenset({Role.STEWARD, Role.GRID_WORKER, Role.GRID_LEAD, Role.COMMUNITY, Role.STREET})
ROLE_NAMES = {
    Role.RESIDENT: "居民",
    Role.VOLUNTEER: "海棠先锋",
    Role.PARTNER: "共建单位",
    Role.STEWARD: "微网管家",
    Role.GRID_WORKER: "网格员",
    Role.GRID_LEAD: "网格长",
    Role.COMMUNITY: "社区工作人员",
    Role.STREET: "街道工作人员",
}
RANKS = tuple(Role)
"""From the door to the street office: nobody gives a role that stands behind their own."""

# Who is told first when something happens in a micro-grid.
ON_DUTY = (Role.STEWARD, Role.GRID_LEAD)


class Deed(StrEnum):
    """What a role permits."""

    RECORD = "登记"
    LIST = "清单"
    HANDLE = "办理"
    ANNOUNCE = "发布"
    BIND = "绑定"
    TEACH = "学习"
    APPROVE = "收录"
    MANAGE = "管理"
    COUNT = "台账"
    OPEN_LEDGER = "台账全本"
    BALANCE = "在手数量"
    SERVE = "服务"


_ALLOWED: dict[Deed, frozenset[Role]] = {
    Deed.RECORD: frozenset(Role),
    Deed.LIST: STAFF | {Role.VOLUNTEER, Role.PARTNER},
    Deed.HANDLE: STAFF,
    Deed.ANNOUNCE: STAFF - {Role.GRID_WORKER},
    Deed.BIND: STAFF,
    Deed.TEACH: STAFF,
    Deed.APPROVE: frozenset({Role.GRID_LEAD, Role.COMMUNITY, Role.STREET}),
    Deed.MANAGE: frozenset({Role.COMMUNITY, Role.STREET}),
    Deed.COUNT: STAFF,
    Deed.OPEN_LEDGER: frozenset({Role.GRID_LEAD, Role.COMMUNITY, Role.STREET}),
    Deed.BALANCE: frozenset({Role.GRID_LEAD, Role.COMMUNITY, Role.STREET}),
    Deed.SERVE: STAFF | {Role.VOLUNTEER, Role.PARTNER},
}


def may(role: Role, deed: Deed) -> bool:
    """Whether a role permits a deed, somewhere."""
    return role in _ALLOWED[deed]


def covers(own: str, area: str) -> bool:
    """Whether an area path lies at or below one's own. An empty own area covers nothing."""
    return own != "" and (area == own or area.startswith(own + "/"))


def may_give(own: Role, role: Role) -> bool:
    """Whether somebody may give a role, or take it away: none above their own."""
    return may(own, Deed.MANAGE) and RANKS.index(role) <= RANKS.index(own)
