"""Passwords are slow on purpose: nobody waits for them, nor learns whose name is known."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import Sequence

import pytest

from bot.models import Role
from bot.services.sign_in import ADDRESS_TRIES, TRIES
from bot.web.console.guard import TOKEN_FIELD
from bot.web.console.hashing import Hashing
from bot.web.console.visit import HOME
from tests.console.kit import Clerk, Office
from tests.trust.figures import Ledger

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


@pytest.mark.trust
async def test_messages_do_not_wait_for_passwords(office: Office, figure: Ledger) -> None:
    clerk = await stranger(office)
    await callbacks(office, 20, "warm")
    quiet = worst(await callbacks(office, 100, "quiet"))
    guessing = asyncio.gather(
        *(guess(office, clerk, f"没有此人{n}", f"192.0.2.{n}") for n in range(AT_ONCE))
    )
    busy = worst(await callbacks(office, 100, "busy"))
    await guessing
    figure(
        "C-24",
        "wrong passwords at once while callbacks go on",
        AT_ONCE,
        f"callbacks' p99 {quiet * 1000:.0f} ms before, {busy * 1000:.0f} ms meanwhile",
    )
    # The platform waits 5 s; two hashes at a time must not bring anybody near that.
    assert busy < quiet + 0.5, (quiet, busy)


@pytest.mark.trust
async def test_a_known_name_takes_as_long_as_an_unknown_one(office: Office, figure: Ledger) -> None:
    clerk = await stranger(office)
    secret = await Hashing().make("小区里的玉兰花三月开")
    known, unknown = [], []
    for number in range(9):
        account = await office.account(Role.COMMUNITY, name=f"有此人{number}")
        await office.scene(lambda scene, one=account: scene.accounts.set_secret(one, secret, None))
        known.append(await guess(office, clerk, account.name, f"198.51.100.{number}"))
        unknown.append(await guess(office, clerk, f"无此人{number}", f"203.0.113.{number}"))
    ratio = statistics.median(known) / statistics.median(unknown)
    figure(
        "C-24",
        "wrong passwords for a name that is there, and for one that is not",
        len(known) + len(unknown),
        f"the first took {ratio:.2f} times as long",
    )
    assert 0.6 < ratio < 1.67, (known, unknown)


@pytest.mark.trust
async def test_guessing_is_shut_out(office: Office, figure: Ledger) -> None:
    """By the account after a few tries, by the address after some more, whatever the name."""
    clerk = await stranger(office)
    await office.account(Role.COMMUNITY, name="被猜的人")
    tries = {"被猜的人": 0, "": 0}
    for name, most in (("被猜的人", TRIES), ("", ADDRESS_TRIES)):
        for number in range(most + 5):
            async with clerk.session.post(
                office.url + HOME + "/sign-in",
                data={TOKEN_FIELD: clerk.token, "name": name or f"谁{number}", "password": WRONG},
                headers={"Origin": office.url, "X-Forwarded-For": f"198.18.0.{len(name)}"},
            ) as answer:
                tries[name] += answer.status == 401
    figure(
        "C-24",
        f"wrong passwords beyond {TRIES} an account and {ADDRESS_TRIES} an address",
        10,
        f"{sum(tries.values()) - TRIES - ADDRESS_TRIES} more were looked at",
        abs(sum(tries.values()) - TRIES - ADDRESS_TRIES),
    )
    assert tries == {"被猜的人": TRIES, "": ADDRESS_TRIES}
