"""How it went: asked once, answered by a digit; silence is no rating."""

from __future__ import annotations

import pytest

from bot.models import Outcome, Rating, State
from bot.testing.conversation import Group, World


@pytest.fixture
def done(world: World, group: Group) -> Group:
    """A lamp of 居民甲's, closed."""
    group.says("居民甲", "3幢路灯不亮")
    (said,) = group.says("管家", "办结 1 已换灯泡")
    assert said == (
        "居民甲，1号已办好：3幢路灯不亮。\n已换灯泡。\n您看行不行？回复 1满意 2基本满意 3不满意"
    )
    return group


@pytest.mark.parametrize(
    ("words", "rating"),
    [("1", Rating.GOOD), ("满意", Rating.GOOD), ("２", Rating.FAIR), ("基本满意", Rating.FAIR)],
)
def test_a_digit_answers(world: World, done: Group, words: str, rating: Rating) -> None:
    assert done.says("居民甲", words) == ["谢谢您，1号销号了。"]
    assert (world.appeal(1).state, world.appeal(1).rating) == (State.STRUCK, rating)


def test_only_the_one_who_asked_answers(world: World, done: Group) -> None:
    assert done.says("居民乙", "1") == []
    assert done.says("居民乙", "1号 满意") == []
    assert world.appeal(1).state is State.DONE


def test_it_is_answered_once(world: World, done: Group) -> None:
    done.says("居民甲", "1")
    assert done.says("居民甲", "1") == []
    assert world.appeal(1).rating is Rating.GOOD


def test_not_satisfied_reopens_and_asks_what_for(world: World, done: Group) -> None:
    assert done.says("居民甲", "3") == ["好，1号重新办。哪里没弄好？说一句就行。"]
    assert world.appeal(1).state is State.WORKING
    assert world.private("管家").heard("不满意")
    assert done.says("居民甲", "只换了一个，另一个还是坏的") == ["记下了，1号会照这个办。"]
    assert world.private("管家").heard("另一个还是坏的")
    assert world.appeal(1).reopened == 1


def test_not_satisfied_with_the_reason_at_once(world: World, done: Group) -> None:
    assert done.says("居民甲", "不满意，灯还是不亮") == ["好，1号重新办，已告诉负责的人。"]
    assert world.private("管家").heard("灯还是不亮")
    assert world.appeal(1).rating is Rating.BAD


@pytest.mark.parametrize("words", ["根本没来过人", "灯又不亮了", "哪里修好了"])
def test_what_is_not_done_begins_again(world: World, done: Group, words: str) -> None:
    assert done.says("居民甲", words) == ["好，1号重新办，已告诉负责的人。"]
    assert (world.appeal(1).state, world.appeal(1).rating) == (State.WORKING, Rating.BAD)
    assert world.private("管家").heard(words)


def test_the_same_from_somebody_else_reopens_nothing(world: World, done: Group) -> None:
    done.says("居民乙", "根本没来过人")
    assert world.appeal(1).state is State.DONE


def test_another_building_is_another_matter(world: World, done: Group) -> None:
    done.says("居民甲", "5幢路灯又不亮了")
    assert world.appeal(1).state is State.DONE
    assert world.appeal(2).place.building == "5幢"


@pytest.mark.parametrize("words", ["谢谢师傅，辛苦了", "感谢管家", "太好了谢谢"])
def test_thanks_never_reopen_and_are_no_rating(world: World, done: Group, words: str) -> None:
    assert done.says("居民甲", words) == []
    assert (world.appeal(1).state, world.appeal(1).rating) == (State.STRUCK, None)
    done.says("居民甲", words)
    assert world.appeal(1).state is State.STRUCK


def test_thanks_of_others_change_nothing(world: World, done: Group) -> None:
    assert done.says("居民乙", "谢谢师傅") == []
    assert world.appeal(1).state is State.DONE


def test_silence_is_no_rating(world: World, done: Group) -> None:
    world.wait("47h")
    assert world.appeal(1).state is State.DONE
    world.wait("2h")
    assert (world.appeal(1).state, world.appeal(1).rating) == (State.STRUCK, None)
    assert done.says("居民甲", "1") == []


def test_late_but_with_its_number_it_counts(world: World, done: Group) -> None:
    world.wait("50h")
    assert done.says("居民甲", "1号满意") == ["谢谢您，1号销号了。"]
    assert world.appeal(1).rating is Rating.GOOD


def test_the_last_one_closed_is_meant(world: World, done: Group) -> None:
    done.says("居民甲", "5幢门口垃圾没人清")
    world.wait("10m")
    done.says("管家", "办结 2 已清")
    done.says("居民甲", "1")
    assert (world.appeal(1).rating, world.appeal(2).rating) == (None, Rating.GOOD)
    done.says("居民甲", "1号 2")
    assert world.appeal(1).rating is Rating.FAIR


def test_what_staff_brought_up_is_asked_of_nobody(world: World, group: Group) -> None:
    group.says("管家", "登记 3幢路灯不亮")
    assert "您看行不行" not in group.says("管家", "办结 1 已换")[0]


def test_a_private_matter_is_asked_in_private(world: World, group: Group) -> None:
    group.says("居民甲", "登记 隔壁老夫妻天天吵架")
    group.says("管家", "办结 1 已调解")
    assert world.private("居民甲").heard("您看行不行")
    assert not group.heard("您看行不行")
    assert world.private("居民甲").says("居民甲", "1") == ["谢谢您，1号销号了。"]


def test_who_complained_of_a_neighbour_is_not_named(world: World, group: Group) -> None:
    group.says("居民甲", "登记 10幢一楼又有人搭了个阳光房")
    assert group.says("管家", "办结 1 已自拆") == [
        "1号已办好：10幢一楼又有人搭了个阳光房。\n已自拆。"
    ]
    assert world.private("居民甲").heard("您看行不行")
    assert world.private("居民甲").says("居民甲", "1") == ["谢谢您，1号销号了。"]


def test_in_a_quiet_group_the_digit_is_heard(world: World) -> None:
    from bot.models import Listen, Role

    quiet = world.group("静群", listen=Listen.MENTION)
    world.person("管家", Role.STEWARD)
    quiet.says("居民甲", "登记 3幢路灯不亮", mention=True)
    quiet.says("管家", "办结 1 已换", mention=True)
    assert quiet.says("居民甲", "1") == ["谢谢您，1号销号了。"]


def test_looking_again_is_reminded_once(world: World, done: Group) -> None:
    done.says("管家", "回头看 1 3天")
    private = world.private("管家")
    world.wait("80h")
    assert not private.heard("回头看")
    world.wait("1h")
    assert private.heard("1号（SQ20261121-0001）今天回头看：3幢路灯不亮")
    before = len(private.said)
    world.wait("2d")
    assert len(private.said) == before


def test_the_steward_says_not_to_record(world: World, group: Group) -> None:
    group.says("居民甲", "3幢路灯不亮")
    assert group.says("管家", "这个先不要登记") == ["好，1号不登记了。"]
    assert world.appeal(1).state is State.WITHDRAWN


def test_a_resident_cannot_forbid(world: World, group: Group) -> None:
    group.says("居民甲", "3幢路灯不亮")
    assert group.says("居民乙", "这个先不要登记") == []
    assert world.appeal(1).state is State.PENDING


def test_much_later_nothing_is_meant(world: World, group: Group) -> None:
    group.says("居民甲", "3幢路灯不亮")
    world.wait("20m")
    assert group.says("管家", "这个先不要登记") == []
    assert world.trace.outcome is Outcome.SILENT
