"""How the long connection lives: it mends itself, and knows when it must not."""

from __future__ import annotations

import asyncio
import io

import pytest
from msgspec.structs import replace

from bot.channels.wecom_aibot.connection import Connection
from bot.channels.wecom_aibot.pulse import End, Pulse, State
from bot.channels.wecom_aibot.timing import DEFAULT, Timing
from bot.errors import SendDeferred
from bot.ports import Trouble
from bot.testing.wecom import FakeAibot
from tests.channels.wecom_aibot.kit import HASTY, QUICK, connected, notice, reply_to
from tests.web.doors import logged, until


@pytest.mark.parametrize("how", ["clean", "error", "cut"])
async def test_it_comes_back_after_any_end(how: str) -> None:
    """Also after a clean one: the platform's own Python client does not."""
    async with connected() as rig:
        await rig.live()
        if how == "cut":
            await rig.fake.cut()
        else:
            await rig.fake.close(1000 if how == "clean" else 1011)
        await until(lambda: len(rig.fake.subscriptions) == 2)
        await rig.live()
        heard = await rig.hears("li", "在吗")
        await rig.channel.send(reply_to(heard, "在"))
    assert rig.fake.heard("G1") == ["在"]
    assert rig.troubles == []


async def test_a_short_break_is_waited_out_by_who_sends() -> None:
    async with connected() as rig:
        await rig.live()
        await rig.hears("li", "在吗")
        await rig.fake.close()
        await until(lambda: rig.channel.connection.state is State.TRYING)
        await rig.channel.send(notice("好"))
    assert rig.fake.heard("G1") == ["好"]


@pytest.mark.parametrize("half_dead", [False, True])
async def test_who_was_driven_out_stays_down_until_told(half_dead: bool) -> None:
    async with connected() as rig:
        await rig.live()
        await rig.hears("li", "在吗")
        await rig.fake.kick(half_dead=half_dead)
        await until(lambda: rig.channel.connection.state is State.KICKED)
        await asyncio.sleep(0.3)
        assert len(rig.fake.subscriptions) == 1
        assert rig.troubles == [Trouble.KICKED]
        with pytest.raises(SendDeferred, match="顶掉") as caught:
            await rig.channel.send(notice("好"))
        assert caught.value.after == 300.0
        rig.channel.resume()
        await rig.live()
        await rig.channel.send(notice("好"))
    assert rig.ups[0] is False
    assert rig.fake.heard("G1") == ["好"]


async def test_two_copies_of_one_bot_do_not_drive_each_other_out_without_end() -> None:
    fake = FakeAibot()
    async with connected(fake=fake) as first:
        await first.live()
        second = Connection(
            "second",
            fake.settings().connection_url,
            fake.bot_id,
            fake.secret,
            on_frame=lambda frame: None,
            timing=QUICK,
        )
        await second.open()
        task = asyncio.create_task(second.run())
        await until(lambda: first.channel.connection.state is State.KICKED)
        await asyncio.sleep(0.3)
        assert second.state is State.LIVE
        task.cancel()
        await second.close()
    assert len(fake.subscriptions) == 2


async def test_two_pings_without_an_answer_end_a_dead_connection() -> None:
    async with connected(HASTY) as rig:
        await rig.live()
        await until(lambda: any(r["cmd"] == "ping" for r in rig.fake.requests))
        rig.fake.muted = True
        await until(lambda: rig.channel.connection.state is State.TRYING)
        rig.fake.muted = False
        await until(lambda: len(rig.fake.subscriptions) == 2)
        await rig.live()


async def test_a_connection_that_brings_nothing_any_more_is_renewed() -> None:
    """Seen in the field: pings are answered, messages do not come."""
    async with connected(replace(HASTY, silence=0.12)) as rig:
        await rig.live()
        await until(lambda: len(rig.fake.subscriptions) >= 2)
        await rig.live()
    assert rig.troubles == []


async def test_a_wrong_secret_is_tried_a_few_times_and_then_told() -> None:
    async with connected(secret="wrong") as rig:
        await until(lambda: rig.troubles == [Trouble.REFUSED])
        await asyncio.sleep(0.2)
        assert len(rig.fake.subscriptions) == QUICK.refusals
        rig.fake.secret = "wrong"
        rig.channel.resume()
        await rig.live()


async def test_a_busy_platform_is_asked_again_without_an_end() -> None:
    fake = FakeAibot()
    fake.refuse_next("aibot_subscribe", 45009, 6)
    async with connected(fake=fake) as rig:
        await rig.live()
    assert len(fake.subscriptions) == 7
    assert rig.troubles == [Trouble.LOST]


async def test_nobody_there_is_told_once_and_forgotten_when_it_works() -> None:
    fake = FakeAibot()
    async with fake.serve():
        url = fake.settings().connection_url
    async with connected(connection_url=url) as rig:
        await until(lambda: rig.troubles == [Trouble.LOST])
        await asyncio.sleep(0.3)
    assert rig.troubles == [Trouble.LOST]
    assert rig.received == []


async def test_an_acknowledgement_that_never_comes_ends_the_subscription() -> None:
    fake = FakeAibot()
    fake.ignore_next("aibot_subscribe")
    async with connected(replace(QUICK, connect=0.5), fake=fake) as rig:
        await rig.live()
    assert len(fake.requests) >= 2


async def test_a_second_start_and_stop_change_nothing() -> None:
    async with connected() as rig:
        await rig.channel.start()
        await rig.live()
        assert len(rig.fake.subscriptions) == 1
    await rig.channel.stop()
    assert rig.channel.connection.state is State.OFF


async def test_no_secret_reaches_the_log() -> None:
    fake = FakeAibot(secret="canary-secret")
    with logged() as lines:
        async with connected(fake=fake) as rig:
            await rig.live()
            heard = await rig.hears("li", "我的电话13900001234")
            rig.fake.refuse_next("aibot_respond_msg", 40058)
            with pytest.raises(Exception, match="40058"):
                await rig.channel.send(reply_to(heard, "好"))
            assert rig.fake.live is not None
            await rig.fake.live.write('{"secret":"canary-secret"')
            await rig.fake.kick()
            await until(lambda: bool(rig.troubles))
    told = lines.getvalue()
    assert isinstance(lines, io.StringIO)
    assert "long connection needs somebody" in told
    assert [word for word in ("canary-secret", "13900001234") if word in told] == []


def test_the_waits_double_up_to_their_longest() -> None:
    waits = [DEFAULT.wait(failures) for failures in range(12)]
    bases = [1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30]
    assert all(0.8 * base <= wait <= base for wait, base in zip(waits, bases, strict=True))
    assert DEFAULT.wait(10**6) <= 30


def test_a_pulse_gives_up_after_two_missed_beats() -> None:
    pulse = Pulse(0.0, Timing())
    assert (pulse.due, pulse.beat(30.0), pulse.due) == (30.0, None, 60.0)
    pulse.heard(31.0, is_message=False)
    assert (pulse.beat(60.0), pulse.beat(90.0), pulse.beat(120.0)) == (None, None, End.DEAD)


def test_a_pulse_sees_silence_behind_answered_pings() -> None:
    pulse = Pulse(0.0, Timing(silence=100.0))
    for at in (30.0, 60.0, 90.0):
        assert pulse.beat(at) is None
        pulse.heard(at + 1, is_message=at == 30.0)
    assert pulse.beat(130.0) is None
    pulse.heard(130.5, is_message=False)
    assert pulse.beat(131.0) is End.SILENT
