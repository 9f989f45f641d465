"""The self-built app beyond words to members: events, files, its own groups, names, menus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bot.channels.files import FolderFiles
from bot.channels.member_names import MemberNames
from bot.channels.wecom_app import GROUPS_A_MINUTE, WecomAppChannel
from bot.errors import SendDeferred, SendNotYet, SendRefused, SendUncertain
from bot.models import (
    Article,
    Attachment,
    Card,
    CardRow,
    File,
    Image,
    Incoming,
    Markdown,
    MarkdownV2,
    MediaKind,
    News,
    Outgoing,
    Rich,
    Voice,
)
from bot.ports import CallbackRequest, MediaChannel
from bot.testing import FakeWecom, SignedCallback

NOW = 1790000000
NAME = "wecom_app/main"
URL = "https://wx.example/a"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 50


class FixedClock:
    def now(self) -> datetime:
        return datetime.fromtimestamp(NOW, UTC)


class Steady:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@asynccontextmanager
async def running(
    fake: FakeWecom,
    folder: Path | None = None,
    *,
    names: bool = False,
    steady: Steady | None = None,
) -> AsyncIterator[WecomAppChannel]:
    async with fake.serve() as base_url:
        settings = msgspec.structs.replace(fake.settings(base_url), names=names)
        channel = WecomAppChannel(NAME, settings, FixedClock(), monotonic=steady or Steady())
        if folder is not None:
            channel.files = FolderFiles(folder, 30_000_000)
        await channel.start()
        try:
            yield channel
        finally:
            await channel.stop()


def said(
    text: str, *, user: str = "LiMing", chat: str = "", rich: Rich | None = None, call: str = ""
) -> Outgoing:
    return Outgoing(
        id="1",
        channel=NAME,
        chat=chat,
        user="" if chat else user,
        text=text,
        rich=rich,
        mentions=(call,) if call else (),
    )


FAKE = FakeWecom(clock=FixedClock())
CHANNEL = WecomAppChannel(NAME, FAKE.settings("http://127.0.0.1:9"), FixedClock())


def parsed(callback: SignedCallback) -> Incoming | None:
    return CHANNEL.parse(CallbackRequest(callback.query, callback.body))


@pytest.mark.parametrize(
    ("event", "key", "kind", "text"),
    [
        ("subscribe", "", "event:subscribe", ""),
        ("enter_agent", "", "event:enter_agent", ""),
        ("click", "进度", "click", "进度"),
        ("template_card_event", "办结 12", "click", "办结 12"),
    ],
)
def test_events_that_mean_something(event: str, key: str, kind: str, text: str) -> None:
    fields = {"Event": event, "EventKey": key}
    incoming = parsed(FAKE.callback("LiMing", msg_type="event", fields=fields))
    assert incoming is not None
    assert (incoming.kind, incoming.text, incoming.mentioned) == (kind, text, True)


def test_clicks_in_one_second_are_told_apart() -> None:
    ids = set()
    for key in ("进度", "帮助", "进度"):
        fields = {"Event": "click", "EventKey": key}
        incoming = parsed(FAKE.callback("LiMing", msg_type="event", fields=fields))
        assert incoming is not None
        ids.add(incoming.message_id)
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("msg_type", "fields", "expected"),
    [
        ("image", {}, Attachment(kind=MediaKind.IMAGE, ref="media-1")),
        ("voice", {}, Attachment(kind=MediaKind.VOICE, ref="media-1")),
        ("video", {}, Attachment(kind=MediaKind.VIDEO, ref="media-1")),
        ("file", {}, Attachment(kind=MediaKind.FILE, ref="media-1", name="名单.xlsx")),
        ("image", {"MediaId": "x" * 2000}, None),
        ("location", {}, None),
        ("text", {}, None),
    ],
)
def test_what_comes_with_a_message(
    msg_type: str, fields: dict[str, str], expected: Attachment | None
) -> None:
    incoming = parsed(FAKE.callback("LiMing", msg_type=msg_type, fields=fields))
    assert incoming is not None
    assert incoming.attachments == (() if expected is None else (expected,))
    assert "media-1" not in repr(incoming.attachments)


async def test_a_picture_is_fetched_by_its_id() -> None:
    fake = FakeWecom()
    picture = Attachment(kind=MediaKind.IMAGE, ref="media-1")
    async with running(fake) as channel:
        assert isinstance(channel, MediaChannel)
        fetched = await channel.fetch(picture, 1000)
        assert (fetched.name, fetched.mime, len(fetched.data)) == ("p.jpg", "image/jpeg", 53)
        fake.expire_token()
        assert len((await channel.fetch(picture, 1000)).data) == 53
        with pytest.raises(SendRefused, match="太长"):
            await channel.fetch(picture, 20)
        with pytest.raises(SendRefused, match="过期"):
            await channel.fetch(Attachment(kind=MediaKind.IMAGE, ref="gone"), 1000)
        with pytest.raises(SendRefused, match="没有编号"):
            await channel.fetch(Attachment(kind=MediaKind.IMAGE, ref="http://127.0.0.1/"), 1000)


@pytest.mark.parametrize(
    ("rich", "kind"),
    [
        (Markdown(text="**停水** <@all>"), "markdown"),
        (MarkdownV2(text="| 表 |"), "text"),
        (News(articles=(Article(title="停水", url=URL),)), "news"),
        (Card(title="停水", url=URL, rows=(CardRow(name="时间", value="8:00"),)), "textcard"),
        (Image(ref="a.png"), "image"),
        (File(name="名单.xlsx", ref="a.png"), "file"),
        (Voice(ref="a.png"), "voice"),
    ],
)
async def test_richer_messages(tmp_path: Path, rich: Rich, kind: str) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    fake = FakeWecom()
    fake.groups["g1"] = {}
    async with running(fake, tmp_path) as channel:
        await channel.send(said("停水通知", rich=rich))
        await channel.send(said("停水通知", rich=rich, chat="g1"))
    assert len(fake.sent) == 1
    ((_, body),) = fake.group_messages
    assert body["msgtype"] == kind
    assert "<@" not in str(body)


async def test_a_group_that_the_app_created() -> None:
    fake = FakeWecom()
    async with running(fake) as channel:
        await channel.api.create_group("hg1", "玉景一群", "a", ["a", "b"])
        await channel.send(said("今晚停水", chat="hg1", call="b"))
        with pytest.raises(SendRefused, match="86003"):
            await channel.send(said("今晚停水", chat="someoneelses"))
    ((chat, body),) = fake.group_messages
    assert chat == "hg1"
    assert body["text"] == {"content": "今晚停水", "mentioned_list": ["b"]}


async def test_all_groups_together_stay_below_what_is_dropped_silently() -> None:
    fake, steady = FakeWecom(), Steady()
    fake.groups |= {"g1": {}, "g2": {}}
    async with running(fake, steady=steady) as channel:
        for number in range(GROUPS_A_MINUTE):
            await channel.send(said("一", chat=f"g{number % 2 + 1}"))
        with pytest.raises(SendNotYet) as caught:
            await channel.send(said("一", chat="g1"))
        await channel.send(said("一"))
        steady.seconds += caught.value.after
        await channel.send(said("一", chat="g1"))


async def test_a_long_text_in_a_group_that_breaks_off_is_uncertain() -> None:
    fake = FakeWecom()
    fake.groups["g1"] = {}
    async with running(fake) as channel:
        fake.answer_next(b'{"errcode":0}', call="appchat")
        fake.fail_next(45009, call="appchat")
        with pytest.raises(SendUncertain, match="第2段"):
            await channel.send(said("今晚检修水管。" * 150, chat="g1"))


async def test_a_menu_is_pushed_for_this_app() -> None:
    fake = FakeWecom()
    async with running(fake) as channel:
        await channel.api.push_menu(channel.agent_id, {"button": []})
    assert fake.menu == {"button": [], "_agentid": str(fake.agent_id)}


async def test_names_are_learned_in_the_background() -> None:
    fake = FakeWecom(clock=FixedClock())
    fake.member_names["LiMing"] = "李明"
    async with running(fake, names=True) as channel:
        callback = fake.callback("LiMing", "x")
        request = CallbackRequest(callback.query, callback.body)
        heard = []
        for _ in range(100):
            incoming = channel.parse(request)
            assert incoming is not None
            heard.append(incoming.sender_name)
            if heard[-1]:
                break
            await asyncio.sleep(0.01)
    assert (heard[0], heard[-1]) == ("", "李明")
    assert fake.calls["user"] == 1


async def test_who_may_not_read_names_does_not_keep_asking() -> None:
    steady = Steady()
    asked: list[str] = []

    async def ask(user: str) -> str:
        asked.append(user)
        raise SendRefused("没有权限")

    names = MemberNames(ask, steady)
    for user in ("a", "a", "b"):
        assert names.get(user) == ""
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert asked == ["a"]
    steady.seconds += 3601
    names.get("b")
    await names.stop()
    assert len(asked) <= 2


async def test_a_name_that_could_not_be_had_is_asked_for_again() -> None:
    answers = iter(["", "李明"])

    async def ask(user: str) -> str:
        name = next(answers)
        if not name:
            raise SendDeferred("忙")
        return name

    names = MemberNames(ask, Steady())
    for _ in range(3):
        names.get("a")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert names.get("a") == "李明"
