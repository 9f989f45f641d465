"""A session belongs to the server: what a browser holds is worth nothing once it is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec
import pytest

from bot.engine.context import Scene
from bot.models import Role
from bot.web.console.guard import SESSION
from tests.console.kit import Clerk, Office
from tests.trust.figures import Ledger

pytestmark = pytest.mark.asyncio(loop_scope="module")

Flow = Callable[[Office, Clerk], Awaitable[str]]
"""Ends a session in some way; gives what a thief would hold afterwards."""


async def signed_out(office: Office, clerk: Clerk) -> str:
    held = clerk.held
    await clerk.post("/sign-out")
    return held


async def new_password(office: Office, clerk: Clerk) -> str:
    account = await office.account(Role.COMMUNITY, name="被偷的人")
    await office.scene(lambda scene: scene.accounts.set_secret(account, "x", None))
    return clerk.held


async def closed_account(office: Office, clerk: Clerk) -> str:
    account = await office.account(Role.COMMUNITY, name="被偷的人")

    def close(scene: Scene) -> None:
        person = scene.people.by_id(account.person)
        assert person is not None
        scene.accounts.change(account, person, access=account.access, disabled=True)

    await office.scene(close)
    return clerk.held


async def no_longer_on_staff(office: Office, clerk: Clerk) -> str:
    account = await office.account(Role.COMMUNITY, name="被偷的人")

    def dismiss(scene: Scene) -> None:
        person = scene.people.by_id(account.person)
        assert person is not None
        scene._store.people.save(msgspec.structs.replace(person, role=Role.RESIDENT))

    await office.scene(dismiss)
    return clerk.held


async def signed_in_again(office: Office, clerk: Clerk) -> str:
    """Coming in gives a new session: one that somebody planted before is not made theirs."""
    held = clerk.held
    account = await office.account(Role.COMMUNITY, name="被偷的人")
    person = await office.scene(lambda scene: scene.people.by_id(account.person))
    link = await office.scene(lambda scene: scene.accounts.offer_entry(person))
    assert (await clerk.post(f"/enter/{link}")).status == 303
    return held


async def made_up(office: Office, clerk: Clerk) -> str:
    return "a-session-that-the-browser-brought-along"


FLOWS: tuple[Flow, ...] = (
    made_up, signed_in_again, signed_out, new_password, no_longer_on_staff, closed_account,
)  # fmt: skip


@pytest.mark.trust
async def test_what_was_held_opens_nothing_any_more(office: Office, figure: Ledger) -> None:
    open_still = []
    for flow in FLOWS:
        clerk = await office.clerk(Role.COMMUNITY, name="被偷的人")
        assert (await clerk.get("")).status == 200
        thief = office._browser("", {SESSION: await flow(office, clerk)})
        if (await thief.get("")).status != 303:
            open_still.append(flow.__name__)
        await _as_before(office)
    figure(
        "C-22",
        "ways in which a session ends or is planted: signed out, new password, dismissed …",
        len(FLOWS),
        f"{len(open_still)} opened a page afterwards",
        len(open_still),
    )
    assert open_still == []


@pytest.mark.trust
async def test_time_ends_a_session(office: Office, figure: Ledger) -> None:
    account = await office.account(Role.COMMUNITY, name="走开的人")

    def lasts(scene: Scene, steps: list[timedelta]) -> bool:
        """Whether one is in after these pauses, with a click behind each but the last."""
        held, now = scene.sign_in.open(account), scene.now
        entered = None
        for step in steps:
            now += step
            later = Scene(scene._store, scene.knowledge, now)
            entered = later.sign_in.inside(held)
            if entered is None:
                return False
            later.sign_in.seen(entered.session)
        return entered is not None

    hour = timedelta(hours=1)
    table = [
        ([timedelta(minutes=119)], True),
        ([timedelta(minutes=121)], False),
        ([hour] * 11, True),
        ([hour] * 13, False),
    ]
    wrong = [
        steps
        for steps, expected in table
        if await office.scene(lambda scene, steps=steps: lasts(scene, steps)) is not expected
    ]
    figure("C-22", "pauses of two hours, days of twelve", len(table), f"{len(wrong)} not as set",
           len(wrong))  # fmt: skip
    assert wrong == []


async def _as_before(office: Office) -> None:
    """The account opens again, and its owner is on staff."""
    account = await office.account(Role.COMMUNITY, name="被偷的人")

    def restore(scene: Scene) -> None:
        person = scene.people.by_id(account.person)
        assert person is not None
        scene._store.people.save(msgspec.structs.replace(person, role=Role.COMMUNITY))
        scene._store.accounts.save(msgspec.structs.replace(account, disabled=False))

    await office.scene(restore)
