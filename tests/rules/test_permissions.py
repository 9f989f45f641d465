"""Who may do what, where."""

from __future__ import annotations

import pytest

from bot.models import Role
from bot.rules.permissions import ON_DUTY, ROLE_NAMES, STAFF, Deed, covers, may

OFFICE = {Deed.APPROVE, Deed.MANAGE, Deed.OPEN_LEDGER, Deed.BALANCE}
TABLE = {
    Role.RESIDENT: {Deed.RECORD},
    Role.VOLUNTEER: {Deed.RECORD, Deed.LIST, Deed.SERVE},
    Role.PARTNER: {Deed.RECORD, Deed.LIST, Deed.SERVE},
    Role.STEWARD: set(Deed) - OFFICE,
    Role.GRID_WORKER: set(Deed) - OFFICE - {Deed.ANNOUNCE},
    Role.GRID_LEAD: set(Deed) - {Deed.MANAGE},
    Role.COMMUNITY: set(Deed),
    Role.STREET: set(Deed),
}


@pytest.mark.parametrize("deed", list(Deed))
@pytest.mark.parametrize("role", list(Role))
def test_role_by_deed(role: Role, deed: Deed) -> None:
    assert may(role, deed) is (deed in TABLE[role])


@pytest.mark.parametrize(
    ("own", "area", "covered"),
    [
        ("街道/社区/第1微网格", "街道/社区/第1微网格", True),
        ("街道/社区", "街道/社区/第1微网格", True),
        ("街道", "街道/社区/第1微网格", True),
        ("街道/社区/第1微网格", "街道/社区", False),
        ("街道/社区/第1微网格", "街道/社区/第2微网格", False),
        ("街道/社区/第1微网格", "街道/社区/第1微网格2", False),
        ("街道/社区", "街道/社区东/第1微网格", False),
        ("", "街道/社区/第1微网格", False),
        ("", "", False),
        ("街道", "", False),
    ],
)
def test_areas(own: str, area: str, covered: bool) -> None:
    assert covers(own, area) is covered


def test_every_role_has_a_name() -> None:
    assert set(ROLE_NAMES) == set(Role)
    assert set(ON_DUTY) <= STAFF
    assert not STAFF & {Role.RESIDENT, Role.VOLUNTEER, Role.PARTNER}
