"""What people are told, may correct and may have erased; what goes by itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from bot.models import AuditLine, Role, State
from bot.testing.conversation import Group, World
from handlers.phrases import privacy as say
from storage.database import key_of
from storage.keys import load
from tests.opened import kept, opened
from tests.pictures import png

NAME = "欧阳翠花"
ROOM = "3幢2单元502"
PHONE = "13800138000"


@pytest.fixture
def mine(group: Group, world: World) -> Group:
    """The private chat of somebody who has told a public and a private matter."""
    group.says(NAME, f"{ROOM}门口的楼道灯不亮了，我电话{PHONE}")
    private = world.private(NAME)
    private.says(NAME, f"我是{NAME}，邻居家暴吵架打架，{ROOM}，麻烦调解一下")
    return private


def on_disk(world: World, words: str) -> list[str]:
    """The files of the data that hold these words."""
    folder = world.player.database.path.parent
    needle = words.encode()
    return [
        path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()
    ]


def tables_with(world: World, words: str) -> list[str]:
    """Every table and column in which these words stand, also closed ones."""
    path = world.player.database.path
    found = []
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - our own names
                found += [f"{table}: {value}" for value in row if words in str(value)]
        for place, text in opened(connection, load(key_of(path))):
            found += [f"{place}: {text}"] if words in text else []
    return found


def sealed_with(world: World, words: str) -> list[str]:
    """What stands in the file for everything that holds these words: closed, and in the index."""
    path = world.player.database.path
    keys = load(key_of(path))
    with closing(sqlite3.connect(path)) as connection:
        held = [value for place, value in kept(connection) if words in keys.open(value, place)]
    return [*held, keys.piece("=" + words)]


def spoken(world: World) -> list[tuple[str, str]]:
    """Who said what, as far as it is kept."""
    rows = world.read(lambda store: store.inbox.recent("replay", "一群", "", 1000))
    return [(said.sender, said.text) for _, said in rows]


@pytest.mark.parametrize("words", ["隐私", "我的信息", "删除", "#隐私", "#删除", "#更正"])
def test_in_a_group_one_sentence_points_to_the_private_chat(group: Group, words: str) -> None:
    assert group.says("居民甲", words, mention=True) == [say.ELSEWHERE]


@pytest.mark.parametrize("words", ["隐私要紧", "删除吧", "我的信息你看到了吗", "删除那张照片"])
def test_ordinary_talk_is_left_alone(group: Group, words: str) -> None:
    assert group.says("居民甲", words) == []


def test_the_policy_says_who_why_how_long_and_how_to_have_it_erased(mine: Group) -> None:
    (told,) = mine.says(NAME, "#隐私")
    for words in ("春晓社区", "只用来", "180天", "365天", "删除", "12345"):
        assert words in told


def test_what_is_kept_is_told_in_numbers(mine: Group) -> None:
    (told,) = mine.says(NAME, "我的信息")
    assert "您说的话：3条" in told
    assert "反映的事：2件，在办2件" in told
    assert PHONE not in told


def test_a_name_is_corrected_and_put_back(mine: Group, world: World) -> None:
    (told,) = mine.says(NAME, "更正 称呼 王阿姨")
    assert told == f"称呼改成王阿姨了。改回去：更正 称呼 {NAME}"
    assert "称呼：王阿姨" in mine.says(NAME, "我的信息")[0]
    mine.says(NAME, f"更正 称呼 {NAME}")
    assert f"称呼：{NAME}" in mine.says(NAME, "我的信息")[0]


def test_a_home_is_kept_without_the_room(mine: Group) -> None:
    assert mine.says(NAME, f"更正 住处 {ROOM}") == ["住处记为3幢2单元。不留：更正 住处 无"]
    assert mine.says(NAME, "更正 住处 无") == [say.HOMELESS]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("更正", say.HOW_TO_CORRECT),
        ("更正 称呼", say.BAD_NAME),
        ("更正 称呼 " + "很" * 17, say.BAD_NAME),
        ("更正 住处 那边", say.BAD_HOME),
    ],
)
def test_a_wrong_correction_is_told_how(mine: Group, words: str, told: str) -> None:
    assert mine.says(NAME, words) == [told]


def test_a_notice_is_still_corrected_by_its_number(group: Group, world: World) -> None:
    chat = world.private("管家")
    assert say.HOW_TO_CORRECT not in chat.says("管家", "更正 3 明天停水")


def test_only_the_very_words_erase(mine: Group, world: World) -> None:
    assert "回复「确认删除」" in mine.says(NAME, "删除")[0]
    assert mine.says(NAME, "好的") == [say.KEPT]
    assert "您说的话" in mine.says(NAME, "我的信息")[0]


def test_staff_are_not_erased_from_a_chat(group: Group, world: World) -> None:
    assert world.private("管家").says("管家", "删除") == [say.STAFF_STAYS]


def test_erasing_reaches_every_table_and_every_file(
    mine: Group, world: World, tmp_path: Path
) -> None:
    picture = tmp_path / "大厅.png"
    picture.write_bytes(png())
    world.said(NAME, "", "一群", files=[picture])
    world.private("管家").says("管家", "受理 1")
    world.private("管家").says("管家", f"备注 1 已和{NAME}联系，{PHONE}")
    world.private("管家").says("管家", "详情 1")
    mine.says(NAME, "删除")
    assert mine.says(NAME, "确认删除") == [say.ERASED]
    world.wait("5m")
    for words in (NAME, PHONE, "单元502", "家暴"):
        assert tables_with(world, words) == []
    world.wait("1d")
    for words in (NAME, PHONE, "单元502", "家暴"):
        assert on_disk(world, words) == []
    assert not list((tmp_path / "media").rglob("?" * 64))


def test_what_was_closed_leaves_the_file_too(mine: Group, world: World) -> None:
    """Also what only the key could read: the key may be lost to somebody some day."""
    world.private("管家").says("管家", f"备注 1 已联系，{PHONE}")
    before = sealed_with(world, PHONE)
    assert len(before) >= 5
    assert all(on_disk(world, value) for value in before)
    mine.says(NAME, "删除")
    mine.says(NAME, "确认删除")
    world.wait("5m")
    world.wait("1d")
    assert [value for value in before if on_disk(world, value)] == []


def test_what_is_open_and_public_goes_on_and_the_rest_is_withdrawn(
    mine: Group, world: World
) -> None:
    mine.says(NAME, "删除")
    mine.says(NAME, "确认删除")
    public, private = world.appeal(1), world.appeal(2)
    assert (public.state, public.reporter, public.text) == (State.PENDING, "erased", "")
    assert public.place.building == "3幢"
    assert (private.state, private.summary) == (State.WITHDRAWN, "")
    assert world.private("管家").heard("已撤回，不用再联系")
    world.private("管家").says("管家", "办结 1 已换灯泡")
    assert world.appeal(1).state is State.DONE


def test_the_same_person_is_a_stranger_afterwards(mine: Group, world: World) -> None:
    mine.says(NAME, "删除")
    mine.says(NAME, "确认删除")
    world.wait("5m")
    assert "您说的话：1条" in mine.says(NAME, "我的信息")[0]


def test_erasing_is_noted_without_the_person(mine: Group, world: World) -> None:
    mine.says(NAME, "删除")
    mine.says(NAME, "确认删除")
    lines: list[AuditLine] = list(world.read(lambda store: store.audit.lines()))
    noted = next(line for line in lines if line.action == "删除个人信息")
    assert noted.actor.startswith("居民-")
    assert noted.subject == f"person:{noted.actor}"
    assert world.read(lambda store: store.audit.verify()).faults == ()


def test_the_first_receipt_says_once_what_becomes_of_the_words(group: Group, world: World) -> None:
    engine = world.player.engine
    engine.knowledge = msgspec.structs.replace(engine.knowledge, tells_privacy=True)
    first, second = (group.says("居民丁", f"{n}幢楼道灯不亮了")[0] for n in (3, 7))
    assert first.endswith(say.FIRST_LINE)
    assert len(first.split("\n")) <= 4
    assert say.FIRST_LINE not in second
    assert group.says("居民戊", "9幢楼道灯不亮了")[0].endswith(say.FIRST_LINE)


@pytest.mark.slow
def test_four_hundred_days(group: Group, world: World) -> None:
    """Talk that led to nothing goes after a day, messages after half a year, the asker of a
    matter a year after its end."""
    group.says("居民甲", "今天天气真好呀哈哈")
    group.says("居民甲", f"{ROOM}门口的楼道灯不亮了，{PHONE}")
    world.private("管家").says("管家", "办结 1 已换灯泡")
    kept: dict[int, tuple[bool, bool]] = {}
    for day in range(0, 401, 10):
        said = [text for _, text in spoken(world)]
        kept[day] = (any("天气" in t for t in said), any(PHONE in t for t in said))
        world.sleep("10d")
        world.restart()
        world.wait("2m")
    assert [day for day in kept if kept[day][0]] == [0]
    assert max(day for day in kept if kept[day][1]) <= 370
    appeal = world.appeal(1)
    assert (appeal.reporter, appeal.text, appeal.place.room) == ("erased", "", "")
    assert tables_with(world, PHONE) == []
    assert world.read(lambda store: store.audit.verify()).faults == ()


def test_open_matters_are_kept_however_old(group: Group, world: World) -> None:
    group.says("居民甲", f"{ROOM}门口的楼道灯不亮了")
    for _ in range(10):
        world.sleep("40d")
        world.restart()
        world.wait("2m")
    assert world.appeal(1).reporter.endswith("居民甲")


def test_a_partner_may_be_asked_to_go_to_the_office(group: Group, world: World) -> None:
    chat = world.person("志愿者", Role.VOLUNTEER)
    assert "回复「确认删除」" in chat.says("志愿者", "删除")[0]
    assert chat.says("志愿者", "确认删除") == [say.STAFF_STAYS]
