"""照片：自己刚报的事、刚办结的事，十分钟内的照片跟着走；假照片说一声。"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.models import Image, Media, MediaRole, MediaState
from bot.testing.conversation import Group, World
from tests.pictures import SECRET, file, jpeg

REPORT = "3幢楼道灯坏了，晚上看不见"


def media(world: World, short: int = 1) -> list[Media]:
    """Everything that was ever asked for to go with an appeal."""
    subject = f"appeal:{world.appeal(short).id}"
    return list(world.read(lambda store: store.media.of(subject, list(MediaState))))


def kept(world: World, short: int = 1) -> list[tuple[MediaRole, MediaState]]:
    return [(found.role, found.state) for found in media(world, short)]


def stored(folder: Path) -> list[bytes]:
    """The bytes in the vault, thumbnails left out."""
    found = (path for path in (folder / "media").rglob("*") if path.suffix != ".small")
    return [path.read_bytes() for path in found if path.is_file()]


BEFORE = (MediaRole.BEFORE, MediaState.STORED)
AFTER = (MediaRole.AFTER, MediaState.STORED)


def test_photos_after_one_s_own_report_belong_to_it(
    group: Group, world: World, tmp_path: Path
) -> None:
    group.says("居民甲", REPORT)
    world.wait("5m")
    photo = file(tmp_path, "灯.jpg")
    said = group.says("居民甲", "[图片]", files=[photo])
    assert said == ["照片收到了，放在1号的办理前，只有工作人员能看。"]
    assert group.says("居民甲", "", files=[file(tmp_path, "远.jpg", jpeg(80, 60))]) == []
    assert kept(world) == [BEFORE, BEFORE]
    assert len(stored(tmp_path)) == 2
    assert not [data for data in stored(tmp_path) if SECRET in data]


def test_a_photo_a_moment_before_the_words_belongs_to_them(
    group: Group, world: World, tmp_path: Path
) -> None:
    assert group.says("居民甲", "[图片]", files=[file(tmp_path, "灯.jpg")]) == []
    assert stored(tmp_path) == []  # nobody's business yet: it is not even fetched
    world.wait("2m")
    group.says("居民甲", REPORT)
    assert kept(world) == [BEFORE]


def test_photos_in_the_report_itself(group: Group, world: World, tmp_path: Path) -> None:
    photos = [file(tmp_path, "近.jpg"), file(tmp_path, "远.jpg", jpeg(80, 60))]
    said = group.says("居民甲", REPORT, files=photos)
    assert len(said) == 1
    assert kept(world) == [BEFORE, BEFORE]


@pytest.mark.parametrize(
    ("who", "later"), [("居民乙", "1m"), ("居民甲", "11m")], ids=["somebody else", "too late"]
)
def test_other_photos_are_left_alone(
    who: str, later: str, group: Group, world: World, tmp_path: Path
) -> None:
    group.says("居民甲", REPORT)
    world.wait(later)
    assert group.says(who, "[图片]", files=[file(tmp_path, "猫.jpg")]) == []
    assert (kept(world), stored(tmp_path)) == ([], [])


def test_a_photo_sent_elsewhere_is_left_alone(
    group: Group, world: World, tmp_path: Path, next_door: Group
) -> None:
    group.says("居民甲", REPORT)
    assert next_door.says("居民甲", "[图片]", files=[file(tmp_path, "猫.jpg")]) == []
    assert kept(world) == []


def test_a_photo_does_not_answer_where_it_is(group: Group, world: World, tmp_path: Path) -> None:
    """It is kept, and the question stays open."""
    assert "几幢" in group.says("居民甲", "楼道灯坏了")[0]
    said = group.says("居民甲", "[图片]", files=[file(tmp_path, "灯.jpg")])
    assert said == ["照片收到了，放在1号的办理前，只有工作人员能看。"]
    assert "已登记 1号" in group.says("居民甲", "3幢")[0]
    assert kept(world) == [BEFORE]


def test_photos_of_the_end(group: Group, world: World, tmp_path: Path) -> None:
    group.says("居民甲", REPORT)
    group.says("管家", "办结 1 已换灯泡", files=[file(tmp_path, "亮.jpg")])
    said = group.says("管家", "[图片]", files=[file(tmp_path, "远.jpg", jpeg(80, 60))])
    assert said == ["照片收到了，放在1号的办好后，只有工作人员能看。"]
    assert kept(world) == [AFTER, AFTER]


def test_pictures_are_added_later_by_number(group: Group, world: World, tmp_path: Path) -> None:
    group.says("居民甲", REPORT)
    assert group.says("居民甲", "加照片 1") == [
        "没有看到照片。请先把照片发来，10分钟内再说「加照片 1」。"
    ]
    world.wait("30m")
    assert group.says("居民甲", "[图片]", files=[file(tmp_path, "灯.jpg")]) == []
    said = group.says("居民甲", "加照片 1")
    assert said == ["照片收到了，放在1号的办理前，只有工作人员能看。"]
    said = group.says("管家", "加照片 1 办好后", files=[file(tmp_path, "亮.jpg", jpeg(80, 60))])
    assert said == ["照片收到了，放在1号的办好后，只有工作人员能看。"]
    assert kept(world) == [BEFORE, AFTER]


def test_others_add_no_pictures(group: Group, world: World, tmp_path: Path) -> None:
    group.says("居民甲", REPORT)
    said = group.says("居民乙", "#加照片 1", files=[file(tmp_path, "灯.jpg")])
    assert len(said) == 1
    assert "管家" in said[0]
    assert kept(world) == []


def test_of_a_private_matter_a_group_hears_no_number(
    group: Group, world: World, tmp_path: Path
) -> None:
    group.says("居民甲", "楼上漏水不肯赔，找他吵了几次了，4幢301的", mention=True)
    said = group.says("居民甲", "[图片]", files=[file(tmp_path, "门.jpg")])
    assert said == ["照片收到了，只有工作人员能看。"]
    assert kept(world) == [BEFORE]


@pytest.mark.parametrize(
    ("name", "data", "answer"),
    [
        ("灯.jpg", b"<html>", "刚才有一张照片打不开，请换成 JPG 或 PNG 再发一次。"),
        ("灯.jpg", b"\xff" * 11_000_000, "刚才有一张照片太大了，请压小一点再发一次。"),
        (
            "病毒.exe",
            b"MZ\x90\x00",
            "刚才的文件收不了，请发照片、PDF、Word（docx）或 Excel（xlsx）。",
        ),
    ],
    ids=["no photo", "too large", "a program"],
)
def test_a_photo_that_is_none_is_refused_with_one_sentence(
    name: str, data: bytes, answer: str, group: Group, world: World, tmp_path: Path
) -> None:
    group.says("居民甲", REPORT)
    fakes = [file(tmp_path, f"{n}{name}", data) for n in (1, 2)]
    said = group.says("居民甲", "[图片]", files=fakes)
    assert said[-1] == answer
    assert said.count(answer) == 1
    assert {state for _, state in kept(world)} == {MediaState.REFUSED}
    assert stored(tmp_path) == []


def test_a_photo_that_is_gone_is_asked_for_again(
    group: Group, world: World, tmp_path: Path
) -> None:
    private = world.private("居民甲")
    private.says("居民甲", REPORT)
    said = private.says("居民甲", "[图片]", files=[tmp_path / "没有.jpg"])
    assert said[-1] == "刚才有一张照片没能收下来，请再发一次。"


def test_no_more_than_twenty(group: Group, world: World, tmp_path: Path) -> None:
    group.says("居民甲", REPORT)
    photos = [file(tmp_path, f"{n}.jpg", jpeg(20 + n, 20)) for n in range(23)]
    said = group.says("居民甲", "[图片]", files=photos)
    assert said[-1] == "1号已有20张照片，多的没有收。要换请先回复「删除照片 1」。"
    assert len(kept(world)) == 20


def test_staff_ask_in_private_how_many_there_are(
    group: Group, world: World, tmp_path: Path, steward: Group
) -> None:
    group.says("居民甲", REPORT)
    assert steward.says("管家", "照片 1") == ["1号还没有照片。"]
    group.says("居民甲", "[图片]", files=[file(tmp_path, "近.jpg"), file(tmp_path, "远.jpg")])
    world.wait("1h")
    group.says("管家", "办结 1 已换灯泡", files=[file(tmp_path, "亮.jpg")])
    told, *shown = steward.says("管家", "照片 1")
    assert told == (
        "1号有3张照片：\n办理前2张，11月21日（周六）9:00起\n办好后1张，11月21日（周六）10:00起"
    )
    # This chat shows no pictures; one that does has each from the vault instead of these words.
    assert [words[4:7] for words in shown] == ["办理前", "办理前", "办好后"]
    sent = world.read(lambda store: store.outbox.recent("replay", "", "管家", 3))
    pictures = [row.rich.ref for row in sent if isinstance(row.rich, Image)]
    assert pictures == [found.sha256 for found in media(world)]
    assert steward.says("管家", "照片") == ["看哪一条的照片？例：照片 12"]
    assert group.says("管家", "照片 1") == ["照片不便在群里看，请私聊我发「照片 1」。"]
    assert "管家" in group.says("居民甲", "#照片 1")[0]


def test_one_s_own_photos_can_be_taken_away(group: Group, world: World, tmp_path: Path) -> None:
    group.says("居民甲", REPORT)
    group.says("居民甲", "[图片]", files=[file(tmp_path, "近.jpg")])
    group.says("管家", "办结 1 已换灯泡", files=[file(tmp_path, "亮.jpg", jpeg(80, 60))])
    assert group.says("居民乙", "删除照片 1") == ["1号没有您发的照片。"]
    assert group.says("居民甲", "删除照片 1") == ["1号的1张照片已删除，找不回来了。"]
    assert kept(world) == [(MediaRole.BEFORE, MediaState.ERASED), AFTER]
    assert len(stored(tmp_path)) == 1
    assert group.says("居民甲", "删除照片 1") == ["1号没有您发的照片。"]
    assert group.says("管家", "删照片 1") == ["1号的1张照片已删除，找不回来了。"]
    assert stored(tmp_path) == []
    assert group.says("管家", "#删照片") == ["删哪一条的照片？例：删除照片 12"]


def test_the_same_photo_of_two_neighbours_stays_until_both_have_taken_it_away(
    group: Group, world: World, tmp_path: Path
) -> None:
    photo = file(tmp_path, "近.jpg")
    for who, where in (("居民甲", "3幢"), ("居民乙", "5幢")):
        group.says(who, f"{where}楼道灯坏了，晚上看不见", files=[photo])
    group.says("居民甲", "删除照片 1")
    assert len(stored(tmp_path)) == 1
    group.says("居民乙", "删除照片 2")
    assert stored(tmp_path) == []


def test_a_photo_taken_back_before_it_was_fetched_is_not_kept(
    group: Group, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is stored, the power fails, and the resident thinks better of it."""
    group.says("居民甲", REPORT)

    async def later() -> None:
        """Nothing is done yet."""

    with monkeypatch.context() as patch:
        patch.setattr(world.player.jobs, "drain", later)
        group.says("居民甲", "[图片]", files=[file(tmp_path, "近.jpg")])
        assert kept(world) == [(MediaRole.BEFORE, MediaState.WANTED)]
        group.says("居民甲", "删除照片 1")
    world.wait("1m")
    assert (kept(world), stored(tmp_path)) == ([(MediaRole.BEFORE, MediaState.ERASED)], [])
