"""Who hears of trouble: an account in private, the stewards' group by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine.tasks import Tasks
from bot.metrics import Metrics
from bot.models import Delivery, Group, Outgoing
from bot.ports import Store
from bot.receivers import Receiver
from bot.watch import Watch
from handlers.phrases import alarms
from storage.database import Database
from tests.engine.rig import StandingClock

GROUP = Group(id="g", channel="wecom_app/main", chat="wr007", name="春晓管家群", area="海棠街道")


@pytest.mark.parametrize(
    ("written", "channel", "chat", "user"),
    [
        ("wecom_app/main:ZhangSan", "wecom_app/main", "", "ZhangSan"),
        ("wecom_app/main:#春晓管家群", "wecom_app/main", "wr007", ""),
        ("wecom_app/main: # 春晓管家群", "wecom_app/main", "wr007", ""),
        ("wecom_app/main:#wr007", "wecom_app/main", "wr007", ""),
        ("wecom_aibot/main:#春晓管家群", "wecom_aibot/main", "春晓管家群", ""),
    ],
)
async def test_each_hears_of_it(
    tmp_path: Path, written: str, channel: str, chat: str, user: str
) -> None:
    database = Database.open(tmp_path / "haitang.db")
    clock = StandingClock()
    watch = Watch(database, clock, Metrics(), Tasks(), [Receiver.parse(written)], alarms.trouble)
    await database.write(lambda store: store.people.save_group(GROUP))
    await watch.tell(alarms.stalled(4))
    await watch.tell(alarms.FLOWING)

    def send(store: Store) -> list[Outgoing]:
        rows = store.outbox.claim(clock.now(), 10)
        for row in rows:
            store.outbox.settle(row.id, Delivery.SENT, clock.now())
        return list(rows)

    told = [row for _ in range(2) for row in await database.write(send)]
    await database.close()
    assert [each.text for each in told] == [alarms.stalled(4), alarms.FLOWING]
    assert {(each.channel, each.chat, each.user) for each in told} == {(channel, chat, user)}


@pytest.mark.parametrize("written", ["", "ZhangSan", "wecom_app:a", "wecom_app/main:", "a/b:#"])
def test_nobody_is_named(written: str) -> None:
    assert not Receiver.parse(written).whole
