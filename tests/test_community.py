"""The community's file: groups, people and planned notices, or a sentence for each fault."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from bot import community
from bot.app import DATA
from bot.errors import ConfigError
from bot.models import Listen, NoticeState, Role
from bot.ports import Store
from bot.services.groups import GroupsService
from bot.testing.conversation import START, World

GOOD = """
[community]
name = "春晓社区"
street = "海棠街道"

[[groups]]
chat = "g1"
name = "一群"
area = "海棠街道/春晓社区/第1微网格"

[[people]]
user = "wang"
name = "王阿姨"
area = "海棠街道/春晓社区/第1微网格"
groups = ["g1"]

[[notices]]
by = "wang"
groups = ["g1"]
after = "60s"
text = "欢迎"
"""


def read(folder: Path, text: str) -> community.Community:
    path = folder / "community.toml"
    path.write_text(text, "utf-8")
    return community.read(path)


def test_a_file_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert found.community.name == "春晓社区"
    assert [(g.chat, g.listen, g.channel) for g in found.groups] == [("g1", Listen.ALL, "sandbox")]
    assert [(p.user, p.role, p.groups) for p in found.people] == [("wang", Role.RESIDENT, ["g1"])]


def test_the_shipped_community_has_no_fault() -> None:
    found = community.read(DATA / "demo" / "community.toml")
    assert [group.pending for group in found.groups] == [False, False, False, True]
    assert {person.role for person in found.people} >= {Role.RESIDENT, Role.STEWARD}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('name = "春晓社区"', "name = 1", "「community.name」的值是「1」，应为文字"),
        ('street = "海棠街道"\n', "", "缺少「community.street」"),
        ("[community]", "[comunity]", "「comunity」"),
        ('chat = "g1"', "", "缺少「groups[0].chat」"),
        ('name = "一群"', 'name = " "', "[[groups]] 里有一段的 chat 或 name 是空的"),
        ('name = "王阿姨"', 'name = ""', "[[people]] 里有一段的 user 或 name 是空的"),
        (
            'name = "一群"',
            'name = "一群"\nlisten = "some"',
            "all、commands、mention、none 之一",
        ),
        ('name = "王阿姨"', 'name = "王阿姨"\nrole = "boss"', "「boss」，应为 resident、volunteer"),
        ('name = "王阿姨"', 'name = "王阿姨"\nage = 70', "不认识「people[0].age」"),
        ('groups = ["g1"]\n\n', 'groups = ["g9"]\n\n', "王阿姨 的群「g9」没有在 [[groups]] 里"),
        (
            'area = "海棠街道/春晓社区/第1微网格"\ngroups',
            'area = ""\ngroups',
            "王阿姨 的 area 没有填",
        ),
        ('after = "60s"', 'after = "5m"', "after「5m」看不懂，应写成秒数，如 60s"),
        ('after = "60s"', 'after = "-60s"', "after「-60s」看不懂"),
        ('by = "wang"', 'by = "li"', "by「li」没有在 [[people]] 里登记"),
        ('groups = ["g1"]\nafter', 'groups = ["g9"]\nafter', "[[notices]] 的群「g9」"),
        ('name = "春晓社区"', 'name = "春晓', "写法有误"),
    ],
)
def test_a_fault_is_told(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, GOOD.replace(old, new))
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith("社区资料文件 ")
    assert sentence in caught.value.faults[0]


def test_names_are_given_once(tmp_path: Path) -> None:
    groups = GOOD[GOOD.index("[[groups]]") : GOOD.index("[[notices]]")]
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, GOOD + groups)
    assert [fault.partition("：")[2] for fault in caught.value.faults] == [
        "[[groups]] 里 chat「g1」写了两次，请只留一段。",
        "[[people]] 里 user「wang」写了两次，请只留一段。",
    ]


def test_a_missing_or_foreign_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="读不了"):
        community.read(tmp_path / "nowhere.toml")
    (tmp_path / "gbk.toml").write_bytes("name = '海棠'".encode("gbk"))
    with pytest.raises(ConfigError, match="不是 UTF-8"):
        community.read(tmp_path / "gbk.toml")


def test_saving_twice_changes_nothing(world: World, tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    for _ in range(2):
        world._run(world.player.database.write(community.save, found, world.now))
    assert [group.name for group in world.read(lambda store: store.people.groups())] == ["一群"]
    person = world.read(lambda store: store.people.person("sandbox", "wang"))
    assert person is not None
    assert (person.name, person.area) == ("王阿姨", "海棠街道/春晓社区/第1微网格")


@pytest.mark.parametrize("user", ["昵称:张管家", "张管家"])
def test_a_nickname_on_wechatbot_is_no_steward(tmp_path: Path, user: str) -> None:
    person = (
        f'\n[[people]]\nuser = "{user}"\nname = "张管家"\nrole = "steward"\narea = "海棠街道"\n'
    )
    person += 'channel = "wechatbot/main"\n'
    with pytest.raises(ConfigError, match="昵称谁都能改"):
        read(tmp_path, GOOD + person)
    read(tmp_path, GOOD + person.replace(user, "备注:张管家"))
    alias = person.replace('channel = "wechatbot/main"', f'aliases = ["wechatbot/main:{user}"]')
    with pytest.raises(ConfigError, match="昵称谁都能改"):
        read(tmp_path, GOOD + alias)
    read(tmp_path, GOOD + alias.replace("main:" + user, "main:备注:张管家"))


def test_what_was_said_in_the_chat_outlives_the_file(world: World, tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    world._run(world.player.database.write(community.save, found, world.now))

    def change(store: Store) -> None:
        group, boss = store.people.groups()[0], store.people.person("sandbox", "wang")
        assert boss is not None
        boss = msgspec.structs.replace(boss, role=Role.STEWARD)
        GroupsService(store, START).listen(group, Listen.MENTION, boss, "m1")

    world._run(world.player.database.write(change))
    world._run(world.player.database.write(community.save, found, world.now))
    (group,) = world.read(lambda store: store.people.groups())
    assert group.listen is Listen.MENTION


def test_a_pending_group_is_left_to_the_chat(world: World, tmp_path: Path) -> None:
    text = GOOD + '\n[[groups]]\nchat = "g9"\nname = "新群"\npending = true\n'
    world._run(world.player.database.write(community.save, read(tmp_path, text), world.now))
    assert [group.name for group in world.read(lambda store: store.people.groups())] == ["一群"]


def test_notices_are_planned_from_now(world: World, tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    for _ in range(2):
        world._run(world.player.database.write(community.plan_notices, found, START))
    planned = world.read(lambda store: store.notices.by_state(NoticeState.PLANNED, 10))
    assert [(notice.text, notice.planned_at) for notice in planned] == [
        ("欢迎", START + timedelta(seconds=60))
    ]


def test_several_accounts_of_one_person(world: World, tmp_path: Path) -> None:
    text = GOOD.replace('user = "wang"', 'user = "wang"\naliases = ["wecom_aibot/main:woABC"]')
    world._run(world.player.database.write(community.save, read(tmp_path, text), world.now))
    found = world.read(lambda store: store.people.person("wecom_aibot/main", "woABC"))
    assert found is not None
    assert found.user == "wang"


@pytest.mark.parametrize(
    ("aliases", "sentence"),
    [
        ('["woABC"]', "应写成「通道名:账号」"),
        ('["wecom_aibot/main:"]', "应写成「通道名:账号」"),
        ('["sandbox:wang"]', "已经是王阿姨的账号"),
        ('["x/y:a", "x/y:a"]', "已经是王阿姨的账号"),
    ],
)
def test_an_account_that_cannot_be_joined_is_told(
    tmp_path: Path, aliases: str, sentence: str
) -> None:
    text = GOOD.replace('user = "wang"', f'user = "wang"\naliases = {aliases}')
    with pytest.raises(ConfigError, match=sentence):
        read(tmp_path, text)


def test_places_and_homes_are_taken_over(world: World, tmp_path: Path) -> None:
    text = GOOD.replace('name = "一群"', 'name = "一群"\nplaces = ["南门车棚", "春晓亭 亭子"]')
    text = text.replace('name = "王阿姨"', 'name = "王阿姨"\nhome = "3幢2单元"')
    path = tmp_path / "c.toml"
    path.write_text(text, "utf-8")
    found = community.read(path)

    def saved(store: Store) -> tuple[str, tuple[str, ...]]:
        community.save(store, found, world.now)
        person, group = store.people.person("sandbox", "wang"), store.people.group("sandbox", "g1")
        assert person is not None
        assert group is not None
        return person.home, group.places

    assert world.write(saved) == ("3幢2单元", ("南门车棚", "春晓亭 亭子"))


def test_a_home_has_no_room(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(GOOD.replace('name = "王阿姨"', 'name = "王阿姨"\nhome = "3幢502"'), "utf-8")
    with pytest.raises(ConfigError, match="不要写门牌"):
        community.read(path)
