"""Connections that many lines share: opened once, closed by the last."""

from __future__ import annotations

import pytest

from bot.channels.build import build
from bot.channels.files import NO_FILES
from bot.channels.line import Call, Line
from bot.channels.pool import SHARED_CONNECTIONS, Pool
from bot.channels.wecom_robot import WecomRobotChannel, WecomRobotSettings
from bot.engine.clock import SystemClock
from bot.engine.outbox import rooms
from bot.errors import SendDeferred


def robot(key: str, url: str = "http://127.0.0.1:1") -> WecomRobotSettings:
    return WecomRobotSettings(key=key, group="一群", area="街道/社区", base_url=url)


async def test_the_last_one_closes_it() -> None:
    pool = Pool()
    first, second = (
        Line("http://127.0.0.1:1", "平台", pool=pool),
        Line("http://x", "平台", pool=pool),
    )
    await first.open()
    await first.open()
    await second.open()
    session = await pool.open()
    await pool.close()
    await first.close()
    await first.close()
    still = not session.closed
    await second.close()
    assert still
    assert session.closed
    with pytest.raises(SendDeferred):
        await first.ask(Call("GET", "x", {}), dict)


def test_robots_of_one_address_share_and_the_sender_knows() -> None:
    settings = {
        "a": robot("key-000001"),
        "b": robot("key-000002"),
        "c": robot("key-000003", "https://wecom.street.example"),
    }
    found = build({"wecom_robot": settings}, SystemClock(), NO_FILES)
    robots = [channel for channel in found.values() if isinstance(channel, WecomRobotChannel)]
    pools = [one.pool for one in robots]
    assert pools[0] is pools[1]
    assert pools[0] is not pools[2]
    assert rooms(found) == {"wecom_robot": SHARED_CONNECTIONS}
