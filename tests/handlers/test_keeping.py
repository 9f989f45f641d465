"""What is over goes by itself, and only then."""

from __future__ import annotations

from bot.models import AuditLine, AuditVerdict
from bot.testing.conversation import Group, World


def verdict(world: World) -> AuditVerdict:
    return world.read(lambda store: store.audit.verify())


def lines(world: World) -> list[AuditLine]:
    return list(world.read(lambda store: store.audit.lines()))


def test_a_step_in_the_chat_leaves_a_line(group: Group, world: World) -> None:
    group.says("居民甲", "3幢2单元502楼道灯不亮了，打我电话13800138000")
    group.says("管家", "受理 1")
    taken, recorded = lines(world)[:2]
    assert (recorded.action, taken.action) == ("登记", "受理")
    assert recorded.actor.startswith("居民-")
    assert taken.actor.endswith(":管家")
    assert taken.subject == recorded.subject == "appeal:a1"
    assert not any(w in line.before + line.after for line in lines(world) for w in ("502", "138"))


def test_looking_at_a_private_matter_is_noted_and_at_a_public_one_not(
    group: Group, world: World
) -> None:
    group.says("居民甲", "3幢楼道灯不亮了")
    group.says("居民乙", "邻居天天吵架打架，麻烦来调解一下，5幢")
    assert world.appeal(2).audience == "private"
    world.private("管家").says("管家", "详情 1")
    assert [line.action for line in lines(world)].count("查看") == 0
    world.private("管家").says("管家", "详情 2")
    world.private("管家").says("管家", "历史 2")
    looked = [line for line in lines(world) if line.action == "查看"]
    assert [line.subject for line in looked] == ["appeal:a2", "appeal:a2"]
    assert all(line.actor.endswith(":管家") for line in looked)


def test_lines_are_kept_four_hundred_days(group: Group, world: World) -> None:
    group.says("居民甲", "3幢楼道灯不亮了")
    group.says("管家", "办结 1 换了灯泡")
    first = lines(world)[-1].number
    for _ in range(7):
        world.sleep("57d")
        world.restart()
        world.wait("1m")
    assert lines(world)[-1].number == first
    world.sleep("3d")
    world.restart()
    world.wait("1m")
    assert lines(world)[-1].number > first
    assert verdict(world).faults == ()
