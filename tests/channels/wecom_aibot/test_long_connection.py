"""Hearing and speaking over the long connection, and every way in which that fails."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.channels.wecom_aibot.words import LIMIT_BYTES
from bot.errors import SendDeferred, SendRefused, SendUncertain
from bot.models import File, Image, Markdown, MediaKind, Voice
from bot.ports import Trouble
from bot.testing.wecom import FakeAibot
from tests.channels.wecom_aibot.kit import HASTY, QUICK, Hands, connected, notice, reply_to
from tests.web.doors import until


async def test_a_group_message_is_heard_without_its_mention_and_answered_in_one_piece() -> None:
    async with connected() as rig:
        await rig.live()
        heard = await rig.hears("ZhangSan", "3幢电梯坏了")
        assert (heard.chat, heard.sender, heard.text) == ("G1", "ZhangSan", "3幢电梯坏了")
        assert (heard.mentioned, heard.kind, heard.answerable) == (True, "text", False)
        await rig.channel.send(reply_to(heard, "已登记 1号"))
    said = rig.fake.said[0]
    assert (said.how, said.chat, said.text) == ("aibot_respond_msg", "G1", "已登记 1号")
    assert said.body["stream"]["finish"] is True
    assert said.body["stream"]["feedback"] == {"id": "row1"}


async def test_what_answers_nothing_is_pushed_to_group_or_person() -> None:
    async with connected() as rig:
        await rig.live()
        await rig.hears("li", "在吗")
        await rig.hears("li", "在吗", chat="")
        await rig.channel.send(notice("明天停水"))
        await rig.channel.send(notice("您的事办好了", chat="", user="li"))
    pushes = [r["body"] for r in rig.fake.requests if r["cmd"] == "aibot_send_msg"]
    assert [(p["chatid"], p["chat_type"], p["msgtype"]) for p in pushes] == [
        ("G1", 2, "markdown"),
        ("li", 1, "markdown"),
    ]


async def test_ids_keep_their_case() -> None:
    async with connected() as rig:
        await rig.live()
        heard = await rig.hears("WoABCdef", "在吗", chat="wrAbCdEf_12")
        assert (heard.sender, heard.chat) == ("WoABCdef", "wrAbCdEf_12")
        await rig.channel.send(notice("好", chat="wrAbCdEf_12"))
        with pytest.raises(SendRefused, match="93006"):
            await rig.channel.send(notice("好", chat="wrabcdef_12"))


async def test_a_second_reply_to_one_message_is_pushed() -> None:
    async with connected() as rig:
        await rig.live()
        heard = await rig.hears("li", "在吗")
        await rig.channel.send(reply_to(heard, "第一句"))
        await rig.channel.send(reply_to(heard, "第二句", "row2"))
    assert [said.how for said in rig.fake.said] == ["aibot_respond_msg", "aibot_send_msg"]


@pytest.mark.parametrize("errcode", [846605, 846608, 600039])
async def test_a_closed_way_back_becomes_a_push(errcode: int) -> None:
    async with connected() as rig:
        await rig.live()
        heard = await rig.hears("li", "在吗")
        rig.fake.refuse_next("aibot_respond_msg", errcode)
        await rig.channel.send(reply_to(heard, "在"))
    assert [(said.how, said.text) for said in rig.fake.said] == [("aibot_send_msg", "在")]


async def test_a_reply_that_comes_after_six_minutes_is_pushed() -> None:
    clock = Hands()
    async with connected(fake=FakeAibot(clock=clock)) as rig:
        await rig.live()
        heard = await rig.hears("li", "在吗")
        clock.move(361)
        await rig.channel.send(reply_to(heard, "在"))
    assert rig.fake.said[0].how == "aibot_send_msg"


@pytest.mark.parametrize(
    ("errcode", "error", "after"),
    [(45009, SendDeferred, 60.0), (-1, SendDeferred, None), (40058, SendRefused, None)],
)
async def test_other_refusals_are_told_to_the_outbox(
    errcode: int, error: type[Exception], after: float | None
) -> None:
    async with connected() as rig:
        await rig.live()
        heard = await rig.hears("li", "在吗")
        rig.fake.refuse_next("aibot_respond_msg", errcode)
        with pytest.raises(error) as caught:
            await rig.channel.send(reply_to(heard, "在"))
    assert getattr(caught.value, "after", None) == after
    assert rig.fake.said == []


async def test_more_than_thirty_a_minute_in_one_chat_is_refused_by_the_platform() -> None:
    async with connected() as rig:
        await rig.live()
        await rig.hears("li", "在吗")
        for _ in range(30):
            await rig.channel.send(notice("好"))
        with pytest.raises(SendDeferred, match="45009"):
            await rig.channel.send(notice("好"))
        await rig.hears("li", "在吗", chat="")
        await rig.channel.send(notice("好", chat="", user="li"))


async def test_no_acknowledgement_leaves_it_uncertain() -> None:
    async with connected(replace(QUICK, acknowledge=0.4)) as rig:
        await rig.live()
        await rig.hears("li", "在吗")
        rig.fake.lose_next("aibot_send_msg")
        with pytest.raises(SendUncertain, match="没有及时确认"):
            await rig.channel.send(notice("好"))
    assert rig.fake.heard("G1") == ["好"]


async def test_a_connection_that_breaks_before_the_acknowledgement_leaves_it_uncertain() -> None:
    async with connected() as rig:
        await rig.live()
        await rig.hears("li", "在吗")
        rig.fake.ignore_next("aibot_send_msg")
        sending = asyncio.create_task(rig.channel.send(notice("好")))
        await until(lambda: rig.fake.requests[-1]["cmd"] == "aibot_send_msg")
        await rig.fake.cut()
        with pytest.raises(SendUncertain, match="断了"):
            await sending


async def test_a_long_text_is_several_messages_and_a_lost_part_is_not_said_twice() -> None:
    async with connected() as rig:
        await rig.live()
        heard = await rig.hears("li", "在吗")
        long = "今天停水。" * 3000
        await rig.channel.send(reply_to(heard, long))
        assert [said.how for said in rig.fake.said] == [
            "aibot_respond_msg",
            "aibot_send_msg",
            "aibot_send_msg",
        ]
        assert all(len(said.text.encode()) <= LIMIT_BYTES for said in rig.fake.said)
        assert "".join(said.text for said in rig.fake.said) == long
        rig.fake.refuse_next("aibot_send_msg", 45009)
        again = await rig.hears("li", "还有吗")
        with pytest.raises(SendUncertain, match="第2段起没有确认送达"):
            await rig.channel.send(reply_to(again, long, "row9"))


async def test_hostile_words_reach_the_group_without_links_mentions_or_headings() -> None:
    async with connected() as rig:
        await rig.live()
        heard = await rig.hears("li", "在吗")
        await rig.channel.send(
            reply_to(heard, "# 通知\n[领奖](https://bad.example) <@all> `x` **加粗** \ud800")
        )
    text = rig.fake.said[0].text
    assert not set("<>[]`*") & set(text)
    assert not text.startswith("#")


async def test_only_code_calls_people_by_at() -> None:
    async with connected() as rig:
        await rig.live()
        await rig.hears("li", "在吗")
        row = notice("请看一下")
        await rig.channel.send(replace(row, mentions=("ZhangSan", "bad id>", "@all\n")))
    assert rig.fake.said[0].text == "<@ZhangSan>\n请看一下"


async def test_who_comes_in_is_welcomed_within_five_seconds_and_else_by_a_push() -> None:
    clock = Hands()
    async with connected(fake=FakeAibot(clock=clock)) as rig:
        await rig.live()
        await rig.hears("li", "在吗", chat="")
        for late in (0, 6):
            await rig.fake.push(rig.fake.event("li", "enter_chat"))
            await until(lambda: rig.received[-1].kind == "event:enter_chat")
            clock.move(late)
            await rig.channel.send(reply_to(rig.received[-1], "您好", f"row{late}"))
            rig.received.append(rig.received[0])
    assert [said.how for said in rig.fake.said] == ["aibot_respond_welcome_msg", "aibot_send_msg"]
    assert rig.fake.said[0].body == {"msgtype": "text", "text": {"content": "您好"}}


async def test_a_pressed_card_is_heard_as_its_command_and_becomes_the_answer() -> None:
    async with connected() as rig:
        await rig.live()
        click = {
            "card_type": "button_interaction",
            "event_key": "办结 12",
            "task_id": "task-12",
            "selected_items": {
                "selected_item": [{"question_key": "q", "option_ids": {"option_id": ["已修好"]}}]
            },
        }
        await rig.fake.push(
            rig.fake.event("li", "template_card_event", chat="G1", template_card_event=click)
        )
        await until(lambda: bool(rig.received))
        heard = rig.received[0]
        assert (heard.kind, heard.text) == ("card", "办结 12 已修好")
        await rig.channel.send(reply_to(heard, "12号已办好\n谢谢"))
        spent = click | {"event_key": "-"}
        await rig.fake.push(
            rig.fake.event("li", "template_card_event", chat="G1", template_card_event=spent)
        )
        await rig.hears("li", "在吗")
    assert [one.kind for one in rig.received] == ["card", "text"]
    said = rig.fake.said[0]
    assert said.how == "aibot_respond_update_msg"
    assert said.body["template_card"]["task_id"] == "task-12"
    assert said.text == "12号已办好谢谢"


async def test_what_people_think_of_a_reply_is_heard() -> None:
    async with connected() as rig:
        await rig.live()
        feedback = {
            "id": "row1",
            "type": 2,
            "content": "没说几点",
            "inaccurate_reason_list": [2, 9],
        }
        await rig.fake.push(rig.fake.event("li", "feedback_event", feedback_event=feedback))
        await until(lambda: bool(rig.received))
    heard = rig.received[0]
    assert (heard.kind, heard.quote) == ("event:feedback", "row1")
    assert heard.text == "没用（不完整）：没说几点"


async def test_pictures_quotes_and_voices_are_heard() -> None:
    picture = b"\x89PNG of a broken lamp"
    async with connected() as rig:
        await rig.live()
        items = [
            {"msgtype": "text", "text": {"content": "@海棠管家 灯坏了"}},
            {"msgtype": "image", "image": rig.fake.picture(picture, "灯 1.png")},
        ]
        quote = {"msgtype": "text", "text": {"content": "3幢楼道"}}
        await rig.fake.push(
            rig.fake.message("li", chat="G1", kind="mixed", mixed={"msg_item": items}, quote=quote)
        )
        await rig.fake.push(rig.fake.message("li", "路灯不亮", kind="voice"))
        await rig.fake.push(rig.fake.message("li", kind="file", file=rig.fake.picture(b"x" * 99)))
        await until(lambda: len(rig.received) == 3)
        mixed, voice, file = rig.received
        assert (mixed.text, mixed.quote, mixed.kind) == ("灯坏了", "3幢楼道", "mixed")
        assert (voice.text, file.text) == ("路灯不亮", "[文件]")
        fetched = await rig.channel.fetch(mixed.attachments[0], 1000)
        assert (fetched.data, fetched.name) == (picture, "灯 1.png")
        with pytest.raises(SendRefused, match="太大"):
            await rig.channel.fetch(file.attachments[0], 50)
    assert [one.kind for one in file.attachments] == [MediaKind.FILE]
    assert "http" not in repr(mixed.attachments)


async def test_a_file_goes_up_in_chunks_and_a_lost_acknowledgement_does_no_harm() -> None:
    data = bytes(range(256)) * 5000
    async with connected(replace(QUICK, acknowledge=0.4)) as rig:
        await rig.live()
        rig.fake.lose_next("aibot_upload_media_chunk")
        media_id = await rig.channel.upload(MediaKind.FILE, "月报.pdf", data)
        await rig.hears("li", "在吗")
        await rig.channel.push("G1", "", {"msgtype": "file", "file": {"media_id": media_id}})
        rig.fake.ignore_next("aibot_upload_media_finish", 3)
        with pytest.raises(SendDeferred):
            await rig.channel.upload(MediaKind.IMAGE, "1.png", b"x")
        for wrong in (b"", bytes(101 * 512 * 1024)):
            with pytest.raises(SendRefused):
                await rig.channel.upload(MediaKind.FILE, "x", wrong)
    uploaded = rig.fake.media.uploaded[media_id]
    assert (uploaded.name, uploaded.data == data) == ("月报.pdf", True)
    chunks = [r["body"] for r in rig.fake.requests if r["cmd"] == "aibot_upload_media_chunk"]
    assert [chunk["chunk_index"] for chunk in chunks][:4] == [0, 0, 1, 2]


async def test_what_cannot_be_stored_yet_is_stored_later_and_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The platform repeats nothing: a full disk must not lose a message."""
    monkeypatch.setattr("bot.channels.wecom_aibot.long_connection.STORE_PAUSE", 0.01)
    async with connected() as rig:
        rig.failing = 3
        await rig.live()
        for text in ("第一句", "第二句"):
            await rig.fake.push(rig.fake.message("li", text))
        await until(lambda: len(rig.received) == 2)
    assert [one.text for one in rig.received] == ["第一句", "第二句"]


@pytest.mark.parametrize(
    "frame",
    [
        "不是 JSON",
        "[]",
        '{"cmd":5}',
        '{"cmd":"aibot_msg_callback","headers":{"req_id":"a"},"body":{}}',
        '{"cmd":"aibot_msg_callback","headers":{"req_id":"a"},"body":[]}',
        '{"cmd":"aibot_msg_callback","headers":{"req_id":"a"},"body":{"msgtype":"text"}}',
        '{"cmd":"aibot_msg_callback","headers":{"req_id":"a"},"body":'
        '{"msgtype":"text","msgid":"1","aibotid":"other","from":{"userid":"x"}}}',
        '{"cmd":"aibot_msg_callback","headers":{"req_id":"a"},"body":'
        '{"msgtype":"text","msgid":"1","chattype":"group","from":{"userid":"x"}}}',
        '{"headers":{"req_id":"' + "x" * 300 + '"}}',
        '{"a":' * 20000 + "1" + "}" * 20000,
    ],
)
async def test_broken_frames_are_refused_and_the_connection_lives_on(frame: str) -> None:
    async with connected() as rig:
        await rig.live()
        assert rig.fake.live is not None
        await rig.fake.live.write(frame)
        await until(lambda: rig.refused == 1)
        await rig.hears("li", "在吗")
    assert [one.text for one in rig.received] == ["在吗"]


async def test_the_platforms_own_words_and_unknown_things_are_passed_over() -> None:
    async with connected() as rig:
        await rig.live()
        for body in (
            rig.fake.message("sys", "系统"),
            rig.fake.message("", "谁"),
            rig.fake.message("li", kind="location"),
            rig.fake.event("li", "something_new"),
            rig.fake.message("li", kind="event"),
        ):
            await rig.fake.push(body)
        await rig.hears("li", "在吗")
    assert [one.text for one in rig.received] == ["在吗"]
    assert rig.refused == 0


async def test_a_message_without_a_time_is_of_now_and_with_one_of_then() -> None:
    clock = Hands()
    async with connected(fake=FakeAibot(clock=clock)) as rig:
        await rig.live()
        assert (await rig.hears("li", "无时间")).sent_at == clock.now()
        then = int((clock.now() - timedelta(hours=1)).timestamp())
        await rig.fake.push(rig.fake.message("li", "有时间", create_time=then))
        await until(lambda: rig.is_last("有时间"))
    assert rig.received[-1].sent_at.timestamp() == then


async def test_who_finds_no_connection_comes_back_later_and_later() -> None:
    fake = FakeAibot()
    fake.refuse_next("aibot_subscribe", 45009, 1000)
    async with connected(HASTY, fake=fake) as rig:
        for attempts, after in ((0, 5.0), (3, 40.0), (9, 300.0)):
            with pytest.raises(SendDeferred, match="还没有连上") as caught:
                await rig.channel.send(replace(notice("好"), attempts=attempts))
            assert caught.value.after == after


async def test_who_finds_a_refused_connection_waits_for_somebody_to_look() -> None:
    async with connected(secret="wrong") as rig:
        await until(lambda: rig.troubles == [Trouble.REFUSED])
        with pytest.raises(SendDeferred, match="Secret 不对") as caught:
            await rig.channel.send(notice("好"))
    assert caught.value.after == 300.0


class Folder:
    """Files to send."""

    async def read(self, ref: str) -> bytes:
        return ref.encode()


@pytest.mark.parametrize(
    ("rich", "kind", "name"),
    [
        (File(name="月报.pdf", ref="r1"), "file", "月报.pdf"),
        (Image(ref="r1.png"), "image", "r1.png"),
        (Voice(ref="r1.amr"), "voice", "r1.amr"),
    ],
)
async def test_files_go_up_and_are_pushed(rich: File | Image | Voice, kind: str, name: str) -> None:
    async with connected() as rig:
        rig.channel.files = Folder()
        await rig.live()
        await rig.hears("li", "在吗")
        await rig.channel.send(replace(notice("见附件"), rich=rich))
    (said,) = rig.fake.said
    uploaded = rig.fake.media.uploaded[said.text]
    assert (said.body["msgtype"], uploaded.kind, uploaded.name) == (kind, kind, name)
    assert uploaded.data == rich.ref.encode()


async def test_markdown_of_our_own_making_stays_markdown() -> None:
    async with connected() as rig:
        await rig.live()
        await rig.hears("li", "在吗")
        rich = Markdown(text="**停水** <@all> 8:00")
        await rig.channel.send(replace(notice("停水 8:00"), rich=rich, mentions=("li",)))
    assert rig.fake.heard("G1") == ["<@li>\n**停水** ＜@all> 8:00"]
