from __future__ import annotations

import json
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.files import FolderFiles
from bot.channels.robot_bodies import markdown_bodies, text_bodies
from bot.channels.wecom_robot import WecomRobotChannel, WecomRobotSettings
from bot.errors import (
    ConfigError,
    SendDeferred,
    SendError,
    SendNotYet,
    SendRefused,
    SendUncertain,
)
from bot.models import (
    Article,
    Card,
    CardLink,
    CardRow,
    File,
    Image,
    Listen,
    Markdown,
    MarkdownV2,
    News,
    Outgoing,
    Rich,
    Voice,
)
from bot.testing import FakeRobot
from tests.web.doors import logged

KEY = "canary-693a91f6-7b0c"
URL = "https://wx.example/a"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 50


class Steps:
    """A clock that stands until it is moved, as wall clock and as steady clock."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 25, 9, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def steady(self) -> float:
        return self.seconds


class Room:
    """A robot, the group behind it, and the folder of its files."""

    def __init__(self, folder: Path) -> None:
        self.clock = Steps()
        self.fake = FakeRobot(KEY, self.clock)
        self.folder = folder
        self.channel: WecomRobotChannel

    @asynccontextmanager
    async def open(self, key: str = KEY) -> AsyncIterator[Room]:
        async with self.fake.serve() as base_url:
            channel = WecomRobotChannel(
                "wecom_robot/three", setup(base_url, key), self.clock, monotonic=self.clock.steady
            )
            channel.files = FolderFiles(self.folder, 30_000_000)
            self.channel = channel
            await channel.start()
            try:
                yield self
            finally:
                await channel.stop()

    async def say(self, text: str = "今晚停水", *, rich: Rich | None = None, tries: int = 0) -> str:
        return await self.channel.send(said(text, rich, tries))

    @property
    def texts(self) -> list[str]:
        return [body["text"]["content"] for body in self.fake.sent]


def setup(base_url: str = "https://qyapi.weixin.qq.com", key: str = KEY) -> WecomRobotSettings:
    return WecomRobotSettings(key=key, group="三网格", area="海棠/春晓", base_url=base_url)


def said(text: str, rich: Rich | None = None, tries: int = 0, *mentions: str) -> Outgoing:
    return Outgoing(
        id="1",
        channel="wecom_robot/three",
        chat="three",
        user="",
        text=text,
        rich=rich,
        attempts=tries,
        mentions=mentions,
    )


@pytest.fixture
def room(tmp_path: Path) -> Room:
    (tmp_path / "a.png").write_bytes(PNG)
    (tmp_path / "list.xlsx").write_bytes(b"PK" + b"x" * 100)
    (tmp_path / "v.amr").write_bytes(b"#!AMR\n" + b"x" * 100)
    return Room(tmp_path)


PLACE = CardRow(name="地点", value="长廊")
CARD = Card(
    title="停水通知",
    url=URL,
    note="11月26日",
    body="8:00到12:00",
    source="春晓社区",
    rows=(CardRow(name="范围", value="3至9幢", url=URL),),
    links=(CardLink(title="看原文", url=URL),),
)
KINDS: list[tuple[Rich | None, str]] = [
    (None, "text"),
    (Markdown(text="**停水**"), "markdown"),
    (MarkdownV2(text="| 幢 | 时间 |\n|--|--|\n| 3 | 8:00 |"), "markdown_v2"),
    (Image(ref="a.png"), "image"),
    (News(articles=(Article(title="停水", url=URL, picture=URL),)), "news"),
    (File(name="名单.xlsx", ref="list.xlsx"), "file"),
    (Voice(ref="v.amr"), "voice"),
    (CARD, "template_card"),
    (Card(title="义诊", url=URL, picture=URL, aspect=2.0, columns=(PLACE,)), "template_card"),
]


@pytest.mark.parametrize(("rich", "kind"), KINDS)
async def test_every_kind_is_taken(room: Room, rich: Rich | None, kind: str) -> None:
    async with room.open():
        await room.say(rich=rich)
    assert [body["msgtype"] for body in room.fake.sent] == [kind]


async def test_a_card_says_all_that_it_holds(room: Room) -> None:
    async with room.open():
        await room.say(rich=CARD)
    assert room.fake.sent[0]["template_card"] == {
        "card_type": "text_notice",
        "source": {"desc": "春晓社区"},
        "main_title": {"title": "停水通知", "desc": "11月26日"},
        "sub_title_text": "8:00到12:00",
        "horizontal_content_list": [{"keyname": "范围", "value": "3至9幢", "type": 1, "url": URL}],
        "jump_list": [{"type": 1, "title": "看原文", "url": URL}],
        "card_action": {"type": 1, "url": URL},
    }


async def test_people_are_called_by_code_alone() -> None:
    (body,) = text_bodies(said("水来了 <@all> <@LiMing>", None, 0, "LiMing", "13800000000", "@all"))
    assert body["text"] == {
        "content": "水来了 ＜@all> ＜@LiMing>",
        "mentioned_list": ["LiMing"],
        "mentioned_mobile_list": ["13800000000"],
    }
    (marked,) = markdown_bodies(Markdown(text="看 <@all>"), ["LiMing", "@all", "a>b"])
    assert marked["markdown"]["content"] == "看 ＜@all> <@LiMing>"


@given(st.text(max_size=3000), st.lists(st.text(max_size=5), max_size=3))
@settings(max_examples=60, deadline=None)
def test_no_text_calls_everybody_and_every_part_fits(text: str, called: list[str]) -> None:
    for body in text_bodies(said(text, None, 0, *called)):
        assert len(body["text"]["content"].encode()) <= 2048
        assert "@all" not in body["text"].get("mentioned_list", [])
        assert "<@" not in body["text"]["content"].replace(" ", "")


async def test_a_long_text_goes_out_in_numbered_sentences(room: Room) -> None:
    text = "【停水通知】" + "今晚检修水管，请提前储水。" * 120
    async with room.open():
        await room.say(text)
    assert room.texts[0].startswith("【停水通知】今晚")
    assert [part[-6:] for part in room.texts] == ["。（1/3）", "。（2/3）", "。（3/3）"]
    assert all(len(part.encode()) <= 2048 for part in room.texts)
    assert "".join(part[:-5] for part in room.texts) == text


async def test_a_text_without_end_is_refused_whole(room: Room) -> None:
    async with room.open():
        for text in ("水" * 10_000, " \n"):
            with pytest.raises(SendRefused):
                await room.say(text)
    assert room.fake.sent == []


async def test_eighteen_a_minute_and_no_refusal(room: Room) -> None:
    waits = []
    async with room.open():
        for _ in range(60):
            try:
                await room.say("一句")
            except SendNotYet as wait:
                waits.append(wait.after)
                room.clock.seconds += wait.after
                await room.say("一句")
            room.clock.seconds += 0.2
    assert len(room.fake.sent) == 60
    assert room.fake.refused_for_pace == 0
    assert len(waits) == 3
    assert all(50 < wait <= 63 for wait in waits)


async def test_a_long_text_waits_until_all_its_parts_may_go(room: Room) -> None:
    async with room.open():
        for _ in range(17):
            await room.say("一句")
        with pytest.raises(SendNotYet):
            await room.say("今晚检修水管。" * 150)
        assert len(room.fake.sent) == 17
        room.clock.seconds += 63
        await room.say("今晚检修水管。" * 150)
    assert len(room.fake.sent) == 19


async def test_failed_sends_count_too(room: Room) -> None:
    async with room.open():
        room.fake.http_error_next(500, times=18)
        for _ in range(18):
            with pytest.raises(SendDeferred):
                await room.say()
        with pytest.raises(SendNotYet):
            await room.say()


@pytest.mark.parametrize(
    ("errcode", "tries", "kind", "after"),
    [
        (-1, 0, SendDeferred, None),
        (-1, 2, SendDeferred, None),
        (-1, 3, SendRefused, None),
        (45009, 7, SendDeferred, 60),
        (45033, 0, SendDeferred, None),
        (93000, 0, SendRefused, None),
        (40008, 0, SendRefused, None),
        (45002, 0, SendRefused, None),
        (99999, 0, SendRefused, None),
    ],
)
async def test_what_an_errcode_means(
    room: Room, errcode: int, tries: int, kind: type[SendError], after: float | None
) -> None:
    room.fake.fail_next(errcode)
    async with room.open():
        with pytest.raises(SendError) as caught:
            await room.say(tries=tries)
    assert type(caught.value) is kind
    assert getattr(caught.value, "after", None) == after


async def test_a_wrong_key_says_what_to_do(room: Room) -> None:
    async with room.open("another-key-entirely"):
        with pytest.raises(SendRefused, match=r"重新复制.*93000"):
            await room.say()


async def test_a_later_part_that_fails_is_uncertain(room: Room) -> None:
    async with room.open():
        room.fake.answer_next(b'{"errcode":0}')
        room.fake.fail_next(45009)
        with pytest.raises(SendUncertain, match="共2段，第2段"):
            await room.say("今晚检修水管。" * 150)


async def test_a_file_is_uploaded_once_and_again_when_it_is_forgotten(room: Room) -> None:
    rich = File(name="名单.xlsx", ref="list.xlsx")
    async with room.open():
        await room.say(rich=rich)
        await room.say(rich=rich)
        assert len(room.fake.files) == 1
        room.clock.seconds += 3 * 86_400
        await room.say(rich=rich)
        assert len(room.fake.files) == 2
        room.fake.files.clear()
        with pytest.raises(SendDeferred, match="重新上传"):
            await room.say(rich=rich)
        await room.say(rich=rich)
    assert [name for name, _, _ in room.fake.files.values()] == ["名单.xlsx"]


@pytest.mark.parametrize(
    ("name", "data", "rich"),
    [
        ("a.gif", b"GIF89a" + b"x" * 50, Image(ref="a.gif")),
        ("big.png", PNG + b"x" * 2_100_000, Image(ref="big.png")),
        ("tiny.txt", b"12345", File(name="t.txt", ref="tiny.txt")),
        ("big.amr", b"x" * 2_100_000, Voice(ref="big.amr")),
        ("", b"", File(name="t.txt", ref="gone.txt")),
    ],
)
async def test_files_that_cannot_go_are_refused(
    room: Room, name: str, data: bytes, rich: Rich
) -> None:
    if name:
        (room.folder / name).write_bytes(data)
    async with room.open():
        with pytest.raises(SendRefused):
            await room.say(rich=rich)
    assert room.fake.sent == []


async def test_a_file_outside_the_folder_is_not_sent(room: Room, tmp_path: Path) -> None:
    secret = tmp_path.parent / "secret.txt"
    secret.write_text("canary")
    (room.folder / "link.txt").symlink_to(secret)
    with pytest.raises(SendRefused, match="发件目录"):
        await FolderFiles(room.folder, 1000).read("link.txt")


async def test_a_robot_speaks_in_its_own_group_only(room: Room) -> None:
    async with room.open():
        for chat, user in (("other", ""), ("", "LiMing"), ("three", "LiMing")):
            row = Outgoing(id="1", channel="c", chat=chat, user=user, text="x")
            with pytest.raises(SendRefused, match="自己的群"):
                await room.channel.send(row)


async def test_the_key_is_nowhere_to_be_read(room: Room) -> None:
    with logged(secrets=setup().secrets()) as stream:
        async with room.open():
            told = [repr(setup()), str(setup()), repr(room.channel)]
            room.fake.drop_connection_next()
            room.fake.fail_next(93000)
            room.fake.answer_next(b"not json")
            room.fake.redirect_next(f"http://127.0.0.1:9/?key={KEY}")
            for _ in range(4):
                with pytest.raises(SendError) as caught:
                    await room.say()
                told += traceback.format_exception(caught.value)
                told.append(repr(caught.value))
    assert "canary" not in stream.getvalue() + "".join(told)


@pytest.mark.parametrize(
    "key", [KEY, f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", f" {KEY} "]
)
def test_the_key_may_be_the_whole_address(key: str) -> None:
    assert setup(key=key).bare_key == KEY
    assert setup(key=key).faults() == []


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"key": ""}, "key"),
        ({"key": "短"}, "key"),
        ({"key": "https://[?key=1"}, "key"),
        ({"group": " "}, "group"),
        ({"area": "/"}, "area"),
        ({"base_url": "http://qyapi.weixin.qq.com"}, "base_url"),
    ],
)
def test_wrong_settings_are_told(change: dict[str, str], names: str) -> None:
    values = {"key": KEY, "group": "三网格", "area": "海棠", **change}
    (fault,) = WecomRobotSettings(**values).faults("channels.wecom_robot.three")
    assert f"「channels.wecom_robot.three.{names}」" in fault
    with pytest.raises(ConfigError):
        WecomRobotChannel("wecom_robot/three", WecomRobotSettings(**values), Steps())


def test_its_group_can_be_announced_to_and_is_never_heard() -> None:
    (group,) = setup().groups("wecom_robot/three")
    assert (group.chat, group.name, group.area, group.listen) == (
        "three",
        "三网格",
        "海棠/春晓",
        Listen.NONE,
    )
    assert KEY not in json.dumps([group.id, group.chat])
