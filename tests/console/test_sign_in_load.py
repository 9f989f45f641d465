"""Passwords are slow on purpose: nobody waits for them, nor learns whose name is known."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import Sequence

import pytest

from bot.models import Role
from bot.web.console.guard import TOKEN_FIELD
from bot.web.console.hashing import Hashing
from bot.web.console.visit import HOME
from tests.console.kit import Clerk, Office

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

AT_ONCE = 24
WRONG = "不是这个密码呀，再猜一次"


async def guess(office: Office, clerk: Clerk, name: str, address: str) -> float:
    """One wrong password from somewhere; how many seconds it took."""
    begun = time.perf_counter()
    async with clerk.session.post(
        office.url + HOME + "/sign-in",
        data={TOKEN_FIELD: clerk.token, "name": name, "password": WRONG},
        headers={"Origin": office.url, "X-Forwarded-For": address},
    ) as answer:
        assert answer.status == 401, await answer.text()
    return time.perf_counter() - begun


async def stranger(office: Office) -> Clerk:
    """A browser at the sign-in page."""
    clerk = office.stranger()
    page = await clerk.get("/sign-in")
    found = re.search(rf'name="{TOKEN_FIELD}" value="([^"]+)"', page.body)
    assert found
    clerk.token = found[1]
    return clerk


async def callbacks(office: Office, count: int, prefix: str) -> list[float]:
    """Messages of the platform, one after the other; how long each took."""
    taken = []
    for number in range(count):
        call = office.door.fake.callback(f"{prefix}{number}", "早上好")
        begun = time.perf_counter()
        status, _ = await office.door.post(call)
        taken.append(time.perf_counter() - begun)
        assert status == 200
    return taken


def worst(taken: Sequence[float]) -> float:
    """The slowest but one in a hundred."""
    return sorted(taken)[int(len(taken) * 0.99) - 1]


async def test_messages_do_not_wait_for_passwords(office: Office) -> None:
    clerk = await stranger(office)
    await callbacks(office, 20, "warm")
    quiet = worst(await callbacks(office, 100, "quiet"))
    guessing = asyncio.gather(
        *(guess(office, clerk, f"没有此人{n}", f"192.0.2.{n}") for n in range(AT_ONCE))
    )
    busy = worst(await callbacks(office, 100, "busy"))
    await guessing
    # The platform waits 5 s; two hashes at a time must not bring anybody near that.
    assert busy < quiet + 0.5, (quiet, busy)


async def test_a_known_name_takes_as_long_as_an_unknown_one(office: Office) -> None:
    clerk = await stranger(office)
    secret = await Hashing().make("小区里的玉兰花三月开")
    known, unknown = [], []
    for number in range(9):
        account = await office.account(Role.COMMUNITY, name=f"有此人{number}")
        await office.scene(lambda scene, one=account: scene.accounts.set_secret(one, secret, None))
        known.append(await guess(office, clerk, account.name, f"198.51.100.{number}"))
        unknown.append(await guess(office, clerk, f"无此人{number}", f"203.0.113.{number}"))
    ratio = statistics.median(known) / statistics.median(unknown)
    assert 0.6 < ratio < 1.67, (known, unknown)
