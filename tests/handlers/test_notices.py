"""发布: seen once, confirmed by its author, sent at its minute, sign for sign."""

from __future__ import annotations

import pytest

from bot.models import NoticeState, Role
from bot.testing.conversation import AREA, Group, World
from handlers.phrases import notices as say

PREVIEW = "{}\n——\n发往：{}，{}。\n回复「确认」发出，「取消」作废。"
TOMORROW = "11月22日（周日）8:00"
NOT_ALLOWED = "发通知要由这个群的管家或社区来发。有事您可以直接跟我说。"


def sent(group: Group, text: str) -> int:
    """How often a notice went out."""
    return group.said.count(text)


def test_preview_confirm_send(group: Group, world: World) -> None:
    assert group.says("管家", "发布 明天8:00 停水通知：明早停水，请存水") == [
        PREVIEW.format("停水通知：明早停水，请存水", "一群", TOMORROW)
    ]
    assert group.says("管家", "确认") == [
        f"好，1号通知{TOMORROW}发到一群。\n改主意就回复「取消通知 1」。"
    ]
    world.wait("22h")
    world.wait("59m")
    assert sent(group, "停水通知：明早停水，请存水") == 0
    world.wait("1m")
    assert group.heard("停水通知：明早停水，请存水")
    assert world.heard[-1].at == "2026-11-22T08:00:00+08:00"
    world.wait("48h")
    assert sent(group, "停水通知：明早停水，请存水") == 1


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ("发布 明天8：00 停水", TOMORROW),
        ("＃发布明天8点停水", TOMORROW),
        ("/发布 明早八点 停水", TOMORROW),
        ("@海棠管家 发布 明天早上8点：停水", TOMORROW),
        ("发布 11月22日8:00 停水", TOMORROW),
        ("发布 一群 明天8:00 停水", TOMORROW),
        ("发布 今晚7点半 停水", "11月21日（周六）19:30"),
        ("发布 半小时后 停水", "11月21日（周六）9:30"),
        ("发布 下周一上午9点 停水", "11月23日（周一）9:00"),
        ("发布 立即 停水", "确认后马上发出"),
    ],
)
def test_the_time_in_words(group: Group, typed: str, when: str) -> None:
    assert group.says("管家", typed) == [PREVIEW.format("停水", "一群", when)]


@pytest.mark.parametrize(
    "text",
    [
        "【温馨提示】天冷，注意防火！！（转发）",
        "第一行\n第二行：8:00—12:00\n\n第四行🙂👨‍👩‍👧",
        "ＡＢＣ　全角　１２３，half-width, too",
        "“引号”、《书名》……——~～%",
        "长" * 1500,
    ],
)
def test_sign_for_sign(group: Group, world: World, text: str) -> None:
    group.says("管家", f"发布 明天8:00 {text}")
    group.says("管家", "确认")
    world.wait("24h")
    assert group.said[-1] == text


@pytest.mark.parametrize("word", ["确认", "确认。", "确定", "确认发布", "@海棠管家 确认"])
def test_yes(group: Group, word: str) -> None:
    group.says("管家", "发布 明天8:00 停水")
    assert group.says("管家", word)[0].startswith("好，")


@pytest.mark.parametrize("word", ["取消", "不发了", "作废", "取消通知", "撤销", "算了。"])
def test_no(group: Group, world: World, word: str) -> None:
    group.says("管家", "发布 明天8:00 停水")
    assert group.says("管家", word) == ["好，这条通知不发了。"]
    assert group.says("管家", "确认") == []
    world.wait("24h")
    assert sent(group, "停水") == 0


@pytest.mark.parametrize("word", ["好的", "好", "可以", "是", "收到"])
def test_a_word_to_a_neighbour_sends_nothing(group: Group, world: World, word: str) -> None:
    group.says("管家", "发布 明天8:00 停水")
    assert group.says("管家", word) == []
    assert world.private("管家").says("管家", "发布 明天8:00 停水")
    assert bool(world.private("管家").says("管家", word)[0].startswith("好，")) is (word != "收到")


def test_only_the_author_and_only_there(group: Group, world: World, steward: Group) -> None:
    group.says("管家", "发布 明天8:00 停水")
    assert group.says("居民甲", "确认") == []
    assert group.says("网格长", "确认") == []
    assert steward.says("管家", "确认") == [
        "这条还没有发：预览已过时，或不在这里。请重发一遍：发布 明天8:00 停水"
    ]
    assert group.says("管家", "确认")[0].startswith("好，")


def test_too_late_to_confirm(group: Group, world: World) -> None:
    group.says("管家", "发布 明天8:00 停水")
    world.wait("31m")
    assert group.says("管家", "确认") == [
        "这条还没有发：预览已过时，或不在这里。请重发一遍：发布 明天8:00 停水"
    ]
    group.says("管家", "发布 9:40 停水")
    world.wait("10m")
    assert group.says("管家", "确认") == [
        "11月21日（周六）9:40已经过去了，请换个时间，例：发布 明天8:00 停水"
    ]
    world.wait("48h")
    assert sent(group, "停水") == 0


def test_nothing_to_confirm(group: Group, steward: Group) -> None:
    assert group.says("管家", "确认") == []
    assert steward.says("管家", "确认") == [
        "没有等您确认的通知。要发请写：发布 明天8:00 停水通知：…"
    ]


def test_also_after_a_restart(group: Group, world: World) -> None:
    group.says("管家", "发布 明天8:00 停水")
    world.restart()
    group.says("管家", "确认")
    world.restart()
    world.wait("24h")
    world.restart()
    world.wait("1h")
    assert sent(group, "停水") == 1


@pytest.mark.parametrize("missing", ["1h", "2h"])
def test_a_little_late_it_is_still_sent(group: Group, world: World, missing: str) -> None:
    group.says("管家", "发布 12:00 停电")
    group.says("管家", "确认")
    world.sleep("3h")
    world.sleep(missing)
    world.restart()
    assert sent(group, "停电") == 1


def test_long_overdue_the_author_is_asked(group: Group, world: World, steward: Group) -> None:
    group.says("管家", "发布 12:00 停电\n两小时")
    group.says("管家", "确认")
    world.sleep("5h")
    world.sleep("1s")
    world.restart()
    assert sent(group, "停电\n两小时") == 0
    assert steward.said == [
        "11月21日（周六）12:00的1号通知没有发出：当时程序没在运行，已过去太久。\n"
        "内容：停电 两小时\n要补发请回复：改期 1 立即"
    ]
    world.restart()
    assert len(steward.said) == 1
    assert steward.says("管家", steward.said[0].split("要补发请回复：")[1]) == [
        "好，1号通知改到11月21日（周六）14:00发。"
    ]
    assert sent(group, "停电\n两小时") == 1


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("发布 停水", "没看出什么时候发，时间写在最前面，例：发布 明天8:00 停水"),
        ("发布 停水 明天8:00", "没看出什么时候发，时间写在最前面，例：发布 明天8:00 停水 明天8:00"),
        (
            "发布 明天8:00-12:00停水",
            "没看出什么时候发，时间写在最前面，例：发布 明天8:00 明天8:00-12:00停水",
        ),
        ("发布 25:00 停水", "一天没有25点，请再看一下钟点，例：发布 明天8:00 停水"),
        ("发布 2月30日8:00 停水", "2月没有30日，请再看一下日期，例：发布 明天8:00 停水"),
        ("发布 改天 停水", "「改天」没说是哪天，请写明日期，例：发布 明天8:00 停水"),
        (
            "发布 每两周一次 停水",
            "「每两周一次」排不了。可以写：每天、每周一、每月1号、工作日、节前一天，"
            "例：发布 每周一8:30 …",
        ),
        ("发布 明天9:00", "要发什么？时间后面写内容，例：发布 明天9:00 停水通知：…"),
        (
            "发布 11月20日8:00 停水",
            "11月20日（周五）8:00已经过去了，请换个时间，例：发布 明天8:00 停水",
        ),
        (
            "发布 昨天8:00 停水",
            "11月20日（周五）8:00已经过去了，请换个时间，例：发布 明天8:00 停水",
        ),
        ("发布 三群 明天8:00 停水", "没有叫「三群」的群。您能发的有：一群"),
        ("发布 二群 明天8:00 停水", "「二群」不归您管，发不了。您能发的有：一群"),
        ("#发布", say.HOW),
    ],
)
def test_wrong_input_is_put_right(group: Group, next_door: Group, typed: str, answer: str) -> None:
    assert group.says("管家", typed) == [answer]


def test_to_several_groups(group: Group, next_door: Group, office: Group, world: World) -> None:
    third = world.group("三群", AREA)
    for typed, where in (
        ("发布 明天8:00 停水", "一群、三群等3个群"),
        ("发布 全部群 明天8:00 停水", "一群、三群等3个群"),
        ("发布 所有群，明天8:00 停水", "一群、三群等3个群"),
        ("发布 二群 明天8:00 停水", "二群"),
        ("发布 到一群、二群：明天8:00 停水", "一群、二群"),
    ):
        assert f"发往：{where}，{TOMORROW}。" in office.says("社区小李", typed)[0]
    assert office.says("社区小李", "确认") == [
        f"好，5号通知{TOMORROW}发到一群、二群。\n改主意就回复「取消通知 5」。"
    ]
    world.wait("24h")
    assert (sent(group, "停水"), sent(next_door, "停水"), sent(third, "停水")) == (1, 1, 0)


def test_from_a_group_into_that_group(group: Group, next_door: Group, office: Group) -> None:
    assert "发往：一群，" in group.says("社区小李", "发布 明天8:00 停水")[0]
    assert group.says("二管家", "发布 明天8:00 停水") == [
        "「一群」不归您管，发不了。您能发的有：二群"
    ]


@pytest.mark.parametrize(
    ("role", "marked", "plain"),
    [
        (Role.RESIDENT, [NOT_ALLOWED], []),
        (Role.VOLUNTEER, [NOT_ALLOWED], []),
        (Role.GRID_WORKER, [NOT_ALLOWED], [NOT_ALLOWED]),
    ],
)
@pytest.mark.parametrize("typed", ["发布 明天8:00 停水", "通知清单", "取消通知"])
def test_who_may_not(
    group: Group, world: World, role: Role, marked: list[str], plain: list[str], typed: str
) -> None:
    world.person("某人", role)
    assert group.says("某人", typed) == plain
    assert group.says("某人", f"#{typed}") == marked


def test_a_second_draft_takes_the_place_of_the_first(group: Group, world: World) -> None:
    group.says("管家", "发布 明天8:00 甲通知")
    assert group.says("管家", "发布 明天9:00 乙通知") == [
        "乙通知\n——\n前一条没确认的作废。\n"
        "发往：一群，11月22日（周日）9:00。\n回复「确认」发出，「取消」作废。"
    ]
    group.says("管家", "确认")
    world.wait("48h")
    assert (sent(group, "甲通知"), sent(group, "乙通知")) == (0, 1)


def test_taken_back_after_the_confirmation(group: Group, world: World) -> None:
    group.says("管家", "发布 明天8:00 停水")
    group.says("管家", "确认")
    assert group.says("管家", "撤销") == ["好，这条通知不发了。"]
    assert group.says("管家", "通知清单") == ["还没有排好的通知。例：发布 明天8:00 停水通知：…"]
    world.wait("48h")
    assert sent(group, "停水") == 0


def test_called_off_later(group: Group, world: World) -> None:
    group.says("管家", "发布 明天8:00 停水通知，请大家存好水并互相转告一下邻居们啊")
    group.says("管家", "确认")
    world.wait("3h")
    assert group.says("管家", "通知清单") == [
        f"已排好的通知：\n1号 {TOMORROW} 停水通知，请大家存好水并互相转告一下邻…"
    ]
    assert group.says("网格长", "取消通知") == ["没有等着发的通知。"]
    assert group.says("管家", "取消通知") == [
        f"已取消{TOMORROW}的1号通知：停水通知，请大家存好水并互相转告一下邻…"
    ]
    world.wait("48h")
    assert group.said[-1].startswith("已取消")


def test_what_is_out_is_out(group: Group, world: World) -> None:
    group.says("管家", "发布 立即 停水")
    assert group.says("管家", "确认") == ["好，1号通知马上发到一群。", "停水"]
    assert group.says("管家", "撤销") == ["通知已经发出，收不回来了。要更正请再发布一条。"]


TALK_OF_NOTICES = [
    "发布了新政策",
    "发布会几点",
    "群发消息真多",
    "明天8:00停水",
    "发通知了吗",
    "确认一下",
    "取消了",
]


def test_talk_is_no_notice(group: Group) -> None:
    for talk in TALK_OF_NOTICES:
        assert group.says("管家", talk) == [], talk
        assert group.says("居民甲", talk) == [], talk


def test_two_notices_of_one_minute(group: Group, world: World) -> None:
    for text in ("甲通知", "乙通知"):
        group.says("管家", f"发布 10:00 {text}")
        group.says("管家", "确认")
    world.wait("1h")
    assert group.said[-2:] == ["甲通知", "乙通知"]
    assert {heard.at for heard in world.heard[-2:]} == {"2026-11-21T10:00:00+08:00"}
    planned = world.read(lambda store: store.notices.by_state(NoticeState.SENT, 9))
    assert len(planned) == 2
