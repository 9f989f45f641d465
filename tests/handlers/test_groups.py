"""New groups wait until a steward binds them there; stewards say how the bot listens."""

from __future__ import annotations

import pytest

from bot.models import GroupState, Listen, Role
from bot.replay import CHANNEL
from bot.testing.conversation import AREA, Group, World
from handlers.phrases import groups as say

COMMUNITY = "海棠街道/春晓社区"


@pytest.fixture
def new(office: Group, world: World) -> Group:
    """A chat that nobody registered, in a community with two bound groups."""
    return Group(world, "新群")


def state(world: World, name: str = "新群") -> GroupState | None:
    found = world.read(lambda store: store.people.group(CHANNEL, name))
    return None if found is None else found.state


def area(world: World, name: str = "新群") -> str:
    found = world.read(lambda store: store.people.group(CHANNEL, name))
    assert found is not None
    return found.area


def test_talk_in_a_strange_chat_leaves_no_mark(new: Group, world: World) -> None:
    assert new.says("路人", "3幢楼道灯不亮") == []
    assert "还没有登记到任何网格" in world.trace.steps[-1]
    assert state(world) is None
    assert world.read(lambda store: store.people.person(CHANNEL, "路人")) is None


@pytest.mark.parametrize("words", ["@海棠管家 3幢灯不亮", "@海棠管家 帮助", "#清单", "帮助"])
def test_spoken_to_it_waits_to_be_bound(new: Group, world: World, words: str) -> None:
    assert new.says("居民甲", words) == [say.WAITING]
    assert state(world) is GroupState.PENDING
    assert world.read(lambda store: store.appeals.by_short(1, None)) == []


def test_staff_who_could_bind_it_are_told_once(new: Group, world: World) -> None:
    for words in ("@海棠管家 你好", "帮助", "@海棠管家 在吗"):
        new.says("居民甲", words)
    world.restart()
    new.says("居民甲", "@海棠管家 你好")
    told = {name: world.private(name).said for name in ("管家", "网格长", "社区小李", "二管家")}
    assert told["管家"] == [
        "有个新群在等绑定：新群。\n是您的群就在群里发：绑定 春晓社区/第1微网格\n"
        "不是就不用管，绑定前我只答帮助和危险。"
    ]
    assert [len(words) for words in told.values()] == [1, 1, 1, 0]  # 二管家 has no part of the area


@pytest.mark.parametrize(
    "typed",
    [
        "绑定 春晓社区/第1微网格",
        "绑定 海棠街道/春晓社区/第1微网格",
        "绑定 第1微网格",
        "＃绑定　春晓社区／第１微网格",
        "@海棠管家 绑定春晓社区 第1微网格",
        "绑定网格 /春晓社区/第1微网格/",
    ],
)
def test_a_steward_binds_it(new: Group, world: World, typed: str) -> None:
    new.says("居民甲", "@海棠管家 你好")
    assert new.says("管家", typed)[0].startswith("好，本群归春晓社区/第1微网格了。")
    assert (state(world), area(world)) == (GroupState.BOUND, AREA)
    assert "本群绑定到" in world.trace.steps[-1]
    assert new.says("居民甲", "3幢楼道灯不亮")[0].startswith("已登记 1号")
    assert world.appeal(1, "新群").area == AREA


def test_binding_needs_no_word_before_it(new: Group, world: World) -> None:
    assert new.says("社区小李", "绑定 第2微网格")[0].startswith("好，本群归")
    assert state(world) is GroupState.BOUND


@pytest.mark.parametrize(
    ("who", "typed", "answer"),
    [
        (
            "管家",
            "绑定 第2微网格",
            "第2微网格不在您负责的范围，请找那边的管家或社区。您能绑的例：\n绑定 春晓社区/第1",
        ),
        (
            "管家",
            "绑定 春晓社区/第一微网格",
            "没有叫「春晓社区/第一微网格」的网格，是不是：\n绑定 春晓社区/第1微网格",
        ),
        (
            "社区小李",
            "绑定 第3微网格",
            "没有叫「第3微网格」的网格，是不是：\n",
        ),
        ("管家", "@海棠管家 绑定", "绑到哪个网格？照这样写：\n绑定 春晓社区/第1微网格"),
        ("居民甲", "#绑定 第1微网格", say.ONLY_STAFF_HERE),
    ],
)
def test_what_cannot_be_bound(new: Group, world: World, who: str, typed: str, answer: str) -> None:
    new.says("居民甲", "@海棠管家 你好")
    (said,) = new.says(who, typed)
    assert said.startswith(answer)
    assert said.count("\n") <= 3
    assert state(world) is GroupState.PENDING


def test_two_areas_of_one_name(new: Group, world: World) -> None:
    world.person("街道小周", Role.STREET, "海棠街道")
    world.person("夏管家", Role.STEWARD, "海棠街道/夏花社区/第1微网格")
    assert new.says("街道小周", "绑定 第1微网格") == [
        "有几个同名的，请写全：\n绑定 海棠街道/夏花社区/第1微网格\n绑定 海棠街道/春晓社区/第1微网格"
    ]
    assert new.says("街道小周", "绑定 夏花社区/第1微网格")[0].startswith("好，")


def test_a_residents_talk_of_binding_is_talk(group: Group) -> None:
    assert group.says("居民甲", "绑定 银行卡要带身份证") == []
    assert group.says("居民甲", "本群都听") == []


def test_binding_is_taken_back(new: Group, world: World) -> None:
    new.says("居民甲", "@海棠管家 你好")
    new.says("管家", "绑定 第1微网格")
    assert new.says("管家", "撤销") == ["已撤销：本群恢复为「等绑定」。"]
    assert state(world) is GroupState.PENDING
    world.wait("10m")
    assert new.says("居民甲", "@海棠管家 3幢灯不亮") == [say.WAITING]


def test_it_does_not_repeat_itself_at_once(new: Group, world: World) -> None:
    assert new.says("居民甲", "@海棠管家 你好") == [say.WAITING]
    assert new.says("别的机器人", "@海棠管家 你好") == []
    assert "不重复" in world.trace.steps[1]
    assert new.says("居民甲", "帮助") == [say.WAITING]  # who asks for help gets it
    world.wait("10m")
    assert new.says("居民甲", "@海棠管家 你好") == [say.WAITING]


def test_talk_that_calls_nobody_is_not_kept(new: Group, world: World) -> None:
    def kept() -> list[str]:
        rows = world.read(lambda store: store.inbox.recent(CHANNEL, "新群", "", 10))
        return [incoming.text for _, incoming in rows]

    new.says("路人", "我家住3幢502")
    new.says("居民甲", "@海棠管家 你好")
    new.says("居民甲", "大家好")
    assert kept() == ["", "@海棠管家 你好", ""]
    new.says("管家", "绑定 第1微网格")
    new.says("居民甲", "大家好")
    assert kept()[-1] == "大家好"


def test_unbound_it_is_quiet_but_for_danger(new: Group, world: World) -> None:
    new.says("管家", "绑定 第1微网格")
    assert new.says("管家", "解绑") == [say.UNBOUND]
    assert state(world) is GroupState.CLOSED
    assert new.says("居民甲", "@海棠管家 3幢灯不亮") == []
    assert "已经解绑" in world.trace.steps[-1]
    assert new.says("居民甲", "3幢着火了")[0].startswith("请先拨 119")
    assert new.says("管家", "@海棠管家 解绑") == ["这个群已经解绑了。"]
    assert new.says("管家", "绑定 第1微网格")[0].startswith("好，")


def test_unbinding_is_taken_back(group: Group, world: World) -> None:
    group.says("管家", "解绑")
    assert group.says("管家", "撤销") == ["已撤销：本群归春晓社区/第1微网格，都听。"]
    assert group.says("居民甲", "3幢楼道灯不亮")[0].startswith("已登记")


def test_not_after_somebody_else_acted(group: Group, world: World) -> None:
    group.says("管家", "本群只听@")
    group.says("网格长", "@海棠管家 本群都听")
    assert group.says("管家", "撤销") == ["这个群后来又有人改过，撤不回来了。"]


def test_only_those_in_charge_unbind(group: Group, next_door: Group) -> None:
    assert group.says("二管家", "解绑")[0].startswith("这个群不在您负责的范围")
    assert group.says("居民甲", "#解绑") == [say.ONLY_STAFF]


def test_danger_is_answered_before_binding_and_goes_along(new: Group, world: World) -> None:
    (line,) = new.says("居民甲", "3幢着火了")
    assert line.startswith("请先拨 119")
    assert state(world) is GroupState.PENDING
    new.says("社区小李", "绑定 春晓社区")
    assert world.appeal(1, "新群").area == COMMUNITY


def test_danger_tells_nobody_whom_it_cannot_tell(world: World) -> None:
    (line,) = Group(world, "新群").says("居民甲", "3幢着火了")
    assert "已同时通知" not in line


def test_who_was_met_before_the_binding_lives_there_afterwards(new: Group, world: World) -> None:
    world.person("路人", Role.RESIDENT, COMMUNITY)
    new.says("管家", "绑定 第1微网格")
    new.says("路人", "大家好")
    found = world.read(lambda store: store.people.person(CHANNEL, "路人"))
    assert found is not None
    assert found.area == AREA


@pytest.mark.parametrize(
    ("typed", "how"),
    [
        ("本群只听@", Listen.MENTION),
        ("本群只听＠", Listen.MENTION),
        ("本群只听@海棠管家", Listen.MENTION),
        ("本群听指令", Listen.COMMANDS),
        ("#本群只听指令", Listen.COMMANDS),
    ],
)
def test_a_steward_says_how_to_listen(group: Group, world: World, typed: str, how: Listen) -> None:
    assert group.says("管家", typed) == [say.LISTENING[how]]
    assert f"本群听法：{say.HEARD[how]}" in world.trace.steps
    assert group.says("居民甲", "3幢楼道灯不亮") == []
    assert group.says("管家", typed, mention=True) == [say.SAME]
    assert group.says("管家", "本群都听", mention=True) == [say.LISTENING[Listen.ALL]]
    assert group.says("居民甲", "3幢楼道灯不亮")[0].startswith("已登记")


def test_listening_is_taken_back(group: Group) -> None:
    group.says("管家", "本群听指令")
    assert group.says("管家", "撤销") == ["已撤销：本群归春晓社区/第1微网格，都听。"]


def test_listening_is_for_stewards_of_bound_groups(new: Group, group: Group, world: World) -> None:
    assert group.says("居民甲", "@海棠管家 本群只听@") == [say.ONLY_STAFF]
    assert group.says("二管家", "本群只听@")[0].startswith("这个群不在您负责的范围")
    assert new.says("管家", "#本群只听@") == ["这个群还没绑定，先绑定再定听法。"]
    assert world.private("管家").says("管家", "本群都听") == [say.ONLY_IN_GROUPS]


def test_the_list_of_groups(new: Group, group: Group, world: World) -> None:
    new.says("居民甲", "@海棠管家 你好")
    chat = world.private("社区小李")
    assert chat.says("社区小李", "群清单")[-1] == (
        "新群：等绑定（replay）\n一群：春晓社区/第1微网格，都听\n二群：春晓社区/第2微网格，都听"
    )
    assert world.private("二管家").says("二管家", "群清单") == ["二群：春晓社区/第2微网格，都听"]
    for number in range(3):
        world.group(f"多{number}群")
    assert group.says("社区小李", "群清单")[0].endswith("还有3个，私聊我发「群清单」。")
    assert group.says("居民甲", "@海棠管家 群清单") == [say.ONLY_STAFF_SEE]
    assert group.says("居民甲", "群清单") == []


def test_the_bots_names_are_the_groups_own(group: Group, world: World) -> None:
    found = world.read(lambda store: store.people.group(CHANNEL, "一群"))
    assert found is not None
    world.rename(found, ("小海",))
    assert group.says("居民甲", "@小海 帮助") != []
    assert group.says("居民甲", "@海棠管家 在吗") == []
