"""A steward's notice on its way into a group that has nothing but a robot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bot.channels.build import Configured
from bot.channels.wecom_robot import WecomRobotSettings
from bot.models import SHANGHAI, Person, Role
from bot.testing import FakeRobot
from tests.web.doors import opened, until

WORDS = "停水通知：今晚检修，请储水。"
AREA = "海棠街道/春晓社区/第9微网格"
CHIEF = Person(
    id="chief",
    channel="wecom_app/main",
    user="Chief",
    name="网格长",
    role=Role.GRID_LEAD,
    area=AREA,
)


class Ahead:
    """A clock that goes, from the next ten in the morning on: whatever the hour of the test, it is
    none of the quiet ones. A test may put it further ahead."""

    def __init__(self) -> None:
        here = datetime.now(SHANGHAI)
        ten = here.replace(hour=10, minute=0, second=0, microsecond=0)
        self.by = (ten if ten > here else ten + timedelta(days=1)) - here

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


async def test_a_notice_reaches_the_robots_group(tmp_path: Path) -> None:
    robot, clock = FakeRobot("0123456789abcdef"), Ahead()
    async with robot.serve() as base_url:
        settings = WecomRobotSettings(key=robot.key, group="玉景九群", area=AREA, base_url=base_url)
        async with opened(tmp_path, sandbox=False, clock=clock, also=only(settings)) as door:
            await door.service.database.write(lambda store: store.people.save(CHIEF))
            await door.post(
                door.fake.callback("Chief", "发布 1分钟后 停水通知：今晚检修，请储水。")
            )
            await until(lambda: bool(door.heard("Chief")))
            assert "玉景九群" in door.heard("Chief")[0]
            await door.post(door.fake.callback("Chief", "确认"))
            await until(lambda: len(door.heard("Chief")) == 2)
            clock.by += timedelta(seconds=61)
            await door.service.engine.tick()
            await until(lambda: bool(robot.sent))
        assert [body["msgtype"] for body in robot.sent] == ["text"]
    assert WORDS in robot.sent[0]["text"]["content"]


async def test_its_group_follows_the_settings(tmp_path: Path) -> None:
    first = WecomRobotSettings(key="0123456789abcdef", group="玉景九群", area=AREA)
    renamed = msgspec.structs.replace(first, group="玉景新九群")
    for settings in (first, renamed):
        async with opened(tmp_path, sandbox=False, also=only(settings)) as door:
            groups = await door.service.database.read(lambda store: store.people.groups())
    (own,) = (group for group in groups if group.channel == "wecom_robot/nine")
    assert (own.name, own.area) == ("玉景新九群", AREA)
    assert robot_key_is_absent(tmp_path)


def only(settings: WecomRobotSettings) -> Configured:
    """One robot."""
    return {"wecom_robot": {"nine": settings}}


def robot_key_is_absent(folder: Path) -> bool:
    """No file of the state holds the key."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return not any(b"0123456789abcdef" in path.read_bytes() for path in files)
