"""Pictures, files and forwarded words in notices."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from random import Random

import msgspec
import pytest

from bot.models import Carries, MediaKind, MediaState, Origin, Role
from bot.models import Group as GroupRow
from bot.models.rich import IMAGE_BYTES
from bot.services.pictures import Bounds, clean, fitting
from bot.testing.conversation import AREA, Group, World


@pytest.fixture
def poster(tmp_path: Path) -> Path:
    """A picture."""
    from PIL import Image

    path = tmp_path / "poster.png"
    Image.new("RGB", (40, 30), "red").save(path)
    return path


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A file."""
    path = tmp_path / "报名表.pdf"
    path.write_bytes(b"%PDF-1.4 form")
    return path


def sent(world: World) -> list[tuple[str, str]]:
    """(receiver, kind of what stands beside the text) of every row of notices, oldest first."""
    rows = world.read(lambda store: store.outbox.recent("replay", "一群", "", 50))
    return [
        (row.chat, type(row.rich).__name__ if row.rich else row.text)
        for row in rows
        if row.kind == "notice"
    ]


def test_a_picture_that_comes_with_the_order(group: Group, world: World, poster: Path) -> None:
    (asked,) = group.says("管家", "发布 明天8:00 体检安排见图", files=[poster])
    assert asked.startswith("体检安排见图\n——\n附1张图片。\n发往：一群")
    group.says("管家", "确认")
    world.wait("1d")
    assert group.said[-2:] == ["体检安排见图", "（图片）"]
    assert sent(world) == [("一群", "体检安排见图"), ("一群", "Image")]


def test_pictures_and_a_file_that_were_sent_just_before(
    group: Group, world: World, poster: Path, form: Path
) -> None:
    group.says("管家", "", files=[poster])
    group.says("管家", "", files=[form])
    world.wait("2m")
    assert "附1张图片、1个文件。" in group.says("管家", "发布 立即 报名看附件")[0]
    group.says("管家", "确认")
    assert [kind for _, kind in sent(world)] == ["报名看附件", "Image", "File"]


def test_what_was_sent_long_before_stays_out(group: Group, world: World, poster: Path) -> None:
    group.says("管家", "", files=[poster])
    world.wait("6m")
    assert "附" not in group.says("管家", "发布 立即 明天停水")[0]


def test_somebody_elses_picture_stays_out(group: Group, poster: Path) -> None:
    group.says("居民甲", "", files=[poster])
    assert "附" not in group.says("管家", "发布 立即 明天停水")[0]


def test_a_picture_for_the_preview_and_back(group: Group, world: World, poster: Path) -> None:
    group.says("管家", "发布 立即 报名看图")
    assert "附1张图片。" in group.says("管家", "", files=[poster])[0]
    assert "附" not in group.says("管家", "不带图")[0]
    group.says("管家", "确认")
    assert [kind for _, kind in sent(world)] == ["报名看图"]


def test_a_picture_that_cannot_be_had(group: Group, world: World, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    group.says("管家", "发布 立即 报名看图", files=[broken])
    (asked,) = group.says("管家", "确认")
    assert "有图片没收下来，只发剩下的。" in asked
    assert "马上发到一群" in group.says("管家", "确认")[0]
    assert [kind for _, kind in sent(world)] == ["报名看图"]


def test_nothing_is_planned_while_a_picture_is_on_its_way(
    group: Group, world: World, poster: Path
) -> None:
    group.says("管家", "发布 立即 报名看图", files=[poster])

    def unfetched(state: MediaState) -> None:
        media = world.read(lambda store: store.media.of("notice:n1", tuple(MediaState)))[0]
        changed = msgspec.structs.replace(media, state=state)
        world.write(lambda store: store.media.save(changed))

    unfetched(MediaState.WANTED)
    assert group.says("管家", "确认") == ["图片还在收，过一小会儿再回复「确认」。"]
    unfetched(MediaState.STORED)
    assert "马上发到一群" in group.says("管家", "确认")[0]


def test_who_cannot_be_sent_pictures_gets_the_words(world: World, poster: Path) -> None:
    area = AREA.rpartition("/")[0]
    world.group("一群")
    row = GroupRow(id="wx", channel="wcferry/w", chat="二群", name="二群", area=f"{area}/第2微网格")
    world.write(lambda store: store.people.save_group(row))
    knowledge = world.player.engine.knowledge
    carries = {**knowledge.carries, "wcferry/w": Carries(text_bytes=40)}
    world.player.engine.knowledge = msgspec.structs.replace(knowledge, carries=carries)
    office = world.person("社区小李", Role.COMMUNITY, area)
    (asked,) = office.says(
        "社区小李", "发布 全部群 立即 体检安排见图，请带身份证，空腹来", files=[poster]
    )
    assert "附1张图片。\n二群的通道发不了图片文件，只收到文字。\n" in asked
    assert "字数超过平台一条的上限，二群会分" in asked
    office.says("社区小李", "确认")
    world.wait("10s")
    rows = world.read(lambda store: store.outbox.recent("wcferry/w", "二群", "", 9))
    assert [each.rich for each in rows] == [None]
    assert world.read(lambda store: store.outbox.recent("replay", "一群", "", 9))[-1].rich
    assert office.said[-1].startswith("1号通知发完了：已送达 1/2，失败 1。")


def test_words_that_were_forwarded(group: Group, world: World) -> None:
    chat = world.private("管家")
    words = "【停水通知】11月23日9点到11点，1-20幢停水，请提前存水。来源：自来水公司"
    assert chat.says("管家", words) == [
        "要转到群里吗？定时发回复「发布 明天8:00」，马上发回复「发布 立即」。"
    ]
    (asked,) = chat.says("管家", "发布 一群 明天8:00")
    assert asked.startswith(f"{words}\n——\n发往：一群，11月22日（周日）8:00。")


def test_words_that_are_quoted_and_their_source(group: Group, world: World) -> None:
    (asked,) = group.says("管家", "发布 立即", quote="流感高发，老人孩子请尽早接种疫苗")
    assert "没写来源，转发上面的话请补上，例：来源：区卫健委" in asked
    (asked,) = group.says("管家", "来源：区卫健委 https://www.example.gov.cn/1")
    assert "没写来源" not in asked
    group.says("管家", "确认")
    assert group.said[-1] == (
        "流感高发，老人孩子请尽早接种疫苗\n来源：区卫健委 https://www.example.gov.cn/1"
    )
    notice = world.read(lambda store: store.notices.get("n1"))
    assert notice is not None
    assert notice.origin == Origin(source="区卫健委", link="https://www.example.gov.cn/1")


def test_without_words_it_is_still_asked(group: Group) -> None:
    group.says("管家", "好的")
    assert group.says("管家", "发布 明天8:00") == [
        "要发什么？时间后面写内容，例：发布 明天8:00 停水通知：…"
    ]


def test_a_correction_keeps_the_picture_of_what_was_not_sent(
    group: Group, world: World, poster: Path
) -> None:
    group.says("管家", "发布 明天8:00 报名看图", files=[poster])
    group.says("管家", "确认")
    assert "附1张图片。" in group.says("管家", "更正 1 周三报名，看图")[0]
    group.says("管家", "确认")
    world.wait("1d")
    assert [kind for _, kind in sent(world)] == ["周三报名，看图", "Image"]


def test_a_large_picture_is_made_to_fit() -> None:
    from PIL import Image

    noise = Image.frombytes("RGB", (1000, 1000), Random(1).randbytes(1000 * 1000 * 3))
    out = BytesIO()
    noise.save(out, "PNG")
    found = clean(out.getvalue(), MediaKind.IMAGE, "a.png", Bounds())
    assert len(found.data) > IMAGE_BYTES
    small = fitting(found, IMAGE_BYTES)
    assert len(small.data) <= IMAGE_BYTES
    assert (small.mime, small.width >= 800) == ("image/jpeg", True)
    assert fitting(small, IMAGE_BYTES) is small


def test_who_approves_sees_all_of_it(world: World, poster: Path) -> None:
    area = AREA.rpartition("/")[0]
    for name in ("一群", "二群"):
        world.group(name, f"{area}/第{'一二'.index(name[0]) + 1}微网格")
    office = world.person("社区小李", Role.COMMUNITY, area)
    second = world.person("社区老王", Role.COMMUNITY, area)
    office.says(
        "社区小李",
        "发布 全部群 明天8:00 【政策解读】见图\n一群：周一办\n二群：周二办",
        files=[poster],
    )
    office.says("社区小李", "确认")
    assert second.said[0].startswith(
        "一群：\n【政策解读】见图\n周一办\n——\n二群：\n【政策解读】见图\n周二办\n附1张图片。\n——\n社区小李写的"
    )
    assert second.said[1] == "（图片）"


@pytest.mark.parametrize(
    ("typed", "shown", "told"),
    [
        ("@所有人 停水", "＠所有人 停水", "提醒全体的写法改成了普通字，请看一眼。"),
        ("看[这里](http://a.cn/b)", "看这里（http://a.cn/b）", "藏起来的链接摊开了，请看一眼。"),
        ("停水", "停水", ""),
    ],
)
def test_what_was_made_harmless_is_said(group: Group, typed: str, shown: str, told: str) -> None:
    (asked,) = group.says("管家", f"发布 明天8:00 {typed}")
    assert asked.startswith("\n".join(filter(None, [shown, "——", told, "发往："])))
    group.says("管家", "确认")
    (asked,) = group.says("管家", f"更正 1 {typed}。")
    assert (told in asked) is True


def test_what_is_not_confirmed_is_taken_back(group: Group, poster: Path) -> None:
    group.says("管家", "发布 明晚23:00 看图", files=[poster])
    group.says("管家", "紧急")
    assert group.says("管家", "撤销") == ["好，这条通知不发了。"]
    assert "还没有排好的通知" in group.says("管家", "通知清单")[0]
