"""Every door: who gets through, with which form, and what stands on the way out."""

from __future__ import annotations

import re

import pytest

from bot.models import Access, Role
from bot.rules.permissions import STAFF, Deed, may
from bot.web.console.doors import Door, Need
from bot.web.console.guard import TOKEN_FIELD
from bot.web.console.visit import HOME
from tests.console.kit import COMMUNITY, Clerk, Office
from tests.trust.figures import Ledger

pytestmark = pytest.mark.asyncio(loop_scope="module")


def doors(office: Office) -> list[Door]:
    return office.console.doors()


def path_of(door: Door) -> str:
    """Some path that leads to the door; nothing of that name is there."""
    return re.sub(r"\{[^}]+\}", "nothing-of-that-name", door.path)


@pytest.mark.trust
async def test_every_unsafe_door_refuses_what_is_no_form_of_ours(
    office: Office, figure: Ledger
) -> None:
    """C-21: every door that changes something, without a token, with a wrong one, from afar."""
    clerk = await office.clerk(Role.STREET, "海棠街道", Access.ADMIN)
    tried = 0
    for door in doors(office):
        if door.is_safe:
            continue
        url = office.url + HOME + path_of(door)
        own, foreign = {"Origin": office.url}, {"Origin": "https://evil.example"}
        right, wrong = {TOKEN_FIELD: clerk.token}, {TOKEN_FIELD: "guessed"}
        for headers, data in ((own, wrong), (own, {}), (foreign, right), ({}, right)):
            async with clerk.session.post(
                url, data=data, headers=headers, allow_redirects=False
            ) as answer:
                assert answer.status == 403, (door.path, headers, data)
            tried += 1
    unsafe = sum(not door.is_safe for door in doors(office))
    figure(
        "C-21", f"forms that are none of ours, at each of {unsafe} unsafe doors", tried, "all 403"
    )
    assert tried >= 4


async def test_a_form_from_another_site_that_knows_the_token_is_refused(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    async with clerk.session.post(
        office.url + HOME + "/sign-out",
        data={TOKEN_FIELD: clerk.token},
        headers={"Origin": office.url, "Sec-Fetch-Site": "cross-site"},
    ) as answer:
        assert answer.status == 403


async def test_nobody_gets_through_a_door_that_needs_somebody(office: Office) -> None:
    stranger = office.stranger()
    for door in doors(office):
        if door.needs is Need.NOTHING or not door.is_safe:
            continue
        answer = await stranger.get(path_of(door))
        assert answer.to.startswith("/console/sign-in"), door.path


async def test_roles_get_through_their_own_doors_alone(office: Office) -> None:
    checked = 0
    for role in sorted(STAFF):
        clerk = await office.clerk(role, COMMUNITY)
        for door in doors(office):
            refused = await _is_refused(clerk, door)
            if door.needs is Need.ADMIN:
                assert refused, (role, door.path)
            elif isinstance(door.needs, Deed):
                assert refused is not may(role, door.needs), (role, door.path)
            checked += 1
    assert checked >= 50


async def test_who_may_only_look_changes_nothing(office: Office) -> None:
    reader = await office.clerk(Role.COMMUNITY, COMMUNITY, Access.READER)
    for door in doors(office):
        if not door.is_safe and isinstance(door.needs, Deed):
            assert await _is_refused(reader, door), door.path


async def _is_refused(clerk: Clerk, door: Door) -> bool:
    """Whether the guard itself says no. What lies behind the door may say no too, in other words.

    Going out and the like would end the clerk's session: those need nothing but to be in.
    """
    if door.needs in {Need.NOTHING, Need.ENTRY}:
        return False
    path = path_of(door)
    answer = await clerk.get(path) if door.is_safe else await clerk.post(path)
    assert answer.status < 500, (door.path, answer.text)
    return answer.status == 403 and ("您的身份做不了" in answer.text or "只能看" in answer.text)


async def test_every_page_carries_the_headers(office: Office) -> None:
    answer = await office.stranger().get("/sign-in")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_an_address_that_leads_nowhere_says_so(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    for browser in (clerk, office.stranger()):
        answer = await browser.get("/no/such/page")
        assert (answer.status, "没有这个页面" in answer.text) == (404, True)


async def test_static_files_are_kept_and_nothing_else_is_given(office: Office) -> None:
    async with office.door.session.get(office.url + "/static/console/base.css?v=1") as answer:
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
    for path in ("/static/../app.py", "/static/%2e%2e/looks.py", "/static/console/none.css"):
        async with office.door.session.get(office.url + path) as answer:
            assert answer.status == 404, path
