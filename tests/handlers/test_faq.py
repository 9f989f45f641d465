"""Questions: an approved answer with its source and date, or silence, or a steward."""

from __future__ import annotations

import msgspec
import pytest

from bot.models import FaqEntry, Listen, Outcome
from bot.testing.conversation import Group, World

CHOICES = "您想问的是：\n1 居住证新办\n2 居住证续签\n回复数字就好；都不是我请管家来答。"
NEW = "【居住证新办】住满半年，带合同到派出所。\n来源：派出所，11月21日更新。"
RENEWED = "【居住证续签】每年签注一次，带居住证到派出所。\n来源：派出所，11月21日更新。"
NOT_FOUND = "没有找到，已转管家，请稍等。"


@pytest.fixture
def bank(group: Group, world: World) -> Group:
    """一群, whose bank knows a few things."""
    world.faq("吸入式疫苗预约", "要先到卫生服务站登记，够一批后通知。", "社区卫生服务站")
    world.faq("阳性要不要报备", "不用向社区报备，在家休息，发热看医生。", "社区卫生服务站")
    world.faq("居住证续签", "每年签注一次，带居住证到派出所。", "派出所")
    world.faq("居住证新办", "住满半年，带合同到派出所。", "派出所")
    return group


@pytest.mark.parametrize("mention", [False, True])
def test_an_answer_has_its_source_and_date(bank: Group, world: World, mention: bool) -> None:
    assert bank.says("居民甲", "请问吸入式疫苗怎么预约？", mention=mention) == [
        "【吸入式疫苗预约】要先到卫生服务站登记，够一批后通知。\n"
        "来源：社区卫生服务站，11月21日更新。"
    ]
    assert world.trace.outcome is Outcome.ANSWERED
    assert "和问答「吸入式疫苗预约」对上了" in world.trace.steps[-1]


def entry(fields: dict[str, str]) -> FaqEntry:
    """义诊, with these dates or this area."""
    plain = FaqEntry(id="Y1", question="义诊是哪天", answer="每月第三个周六上午。", source="卫生站")
    return msgspec.structs.replace(plain, **fields)


@pytest.mark.parametrize(
    ("fields", "source"),
    [
        ({"valid_until": "2026-12-31"}, "来源：卫生站，有效至12月31日。"),
        ({"valid_until": "2027-06-30"}, "来源：卫生站，有效至2027年6月30日。"),
        ({"dated": "2025-11-02"}, "来源：卫生站，2025年11月2日更新。"),
        ({}, "来源：卫生站。"),
    ],
)
def test_until_when_it_holds(
    bank: Group, world: World, fields: dict[str, str], source: str
) -> None:
    world.keep(entry(fields))
    assert bank.says("居民甲", "义诊是哪天？")[0].split("\n")[1] == source


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_until": "2026-11-20"},
        {"valid_from": "2026-11-22"},
        {"area": "海棠街道/春晓社区/第2微网格"},
    ],
)
def test_expired_or_elsewhere_it_is_no_answer(
    bank: Group, world: World, fields: dict[str, str]
) -> None:
    world.keep(entry(fields))
    assert bank.says("居民甲", "义诊是哪天？") == []
    assert bank.says("居民甲", "义诊是哪天？", mention=True) == [NOT_FOUND]


def test_it_expires_overnight(bank: Group, world: World) -> None:
    world.keep(entry({"valid_until": "2026-11-21"}))
    assert bank.says("居民甲", "义诊是哪天？") != []
    world.wait("24h")
    assert bank.says("居民甲", "义诊是哪天？") == []


UNSURE = ["居住证怎么办", "小区能养蜜蜂吗？", "居住证", "明天会下雨吗"]


def test_unsure_in_a_group_it_is_silent(bank: Group, steward: Group) -> None:
    for said in UNSURE:
        assert bank.says("居民甲", said) == [], said
        assert steward.said == [], said


@pytest.mark.parametrize("digit", ["1", "１", "①", "1。", "选1", "第一个", "1号"])
def test_choices_and_a_digit(bank: Group, digit: str) -> None:
    assert bank.says("居民甲", "居住证怎么办", mention=True) == [CHOICES]
    assert bank.says("居民甲", digit) == [NEW]
    assert bank.says("居民甲", "2") == []


def test_the_second_choice_after_other_talk(bank: Group, world: World) -> None:
    bank.says("居民甲", "居住证怎么办", mention=True)
    assert bank.says("居民乙", "1") == []
    assert bank.says("居民甲", "我看看") == []
    assert bank.says("居民甲", "3") == []
    assert bank.says("居民甲", "2") == [RENEWED]


def test_no_choice_after_half_an_hour(bank: Group, world: World) -> None:
    bank.says("居民甲", "居住证怎么办", mention=True)
    world.wait("30m")
    assert bank.says("居民甲", "1") == []


@pytest.mark.parametrize("none", ["都不是", "不是", "0", "都不是。"])
def test_none_of_them(bank: Group, steward: Group, lead: Group, none: str) -> None:
    bank.says("居民甲", "@海棠管家 居住证怎么办？")
    assert bank.says("居民甲", none) == ["好的，已转管家，请稍等。"]
    told = "一群 居民甲 问：「居住证怎么办？」\n问答里没有，请您回复一下。"
    assert (steward.said, lead.said) == ([told], [told])


def test_a_single_choice_is_asked_plainly(bank: Group, world: World) -> None:
    chat = world.private("居民甲")
    assert chat.says("居民甲", "吸入") == [
        "您想问的是「吸入式疫苗预约」吗？\n是就回复 1，不是我请管家来答。"
    ]
    assert chat.says("居民甲", "是的")[0].startswith("【吸入式疫苗预约】")


def test_other_words_for_the_same_are_offered(bank: Group, world: World) -> None:
    world.faq("感染后咽喉疼痛应如何缓解", "多喝温水，含润喉片。", "社区卫生服务站")
    assert bank.says("居民甲", "阳了嗓子疼咋办") == []
    chat = world.private("居民甲")
    assert chat.says("居民甲", "阳了嗓子疼咋办")[0].startswith("您想问的是")


def test_not_in_the_bank(bank: Group, world: World, steward: Group, lead: Group) -> None:
    assert bank.says("居民甲", "@海棠管家 小区能养蜜蜂吗？") == [NOT_FOUND]
    told = "一群 居民甲 问：「小区能养蜜蜂吗？」\n问答里没有，请您回复一下。"
    assert (steward.said, lead.said) == ([told], [told])
    assert world.private("居民甲").says("居民甲", "小区能养蜜蜂吗？") == [NOT_FOUND]
    assert steward.heard("私聊 居民甲 问：")


def test_nothing_is_claimed_when_nobody_was_told(world: World) -> None:
    lonely = world.group("空群", "海棠街道/空社区/第9微网格")
    assert lonely.says("居民甲", "小区能养蜜蜂吗？", mention=True) == [
        "没有找到，请到社区居委会问一问。"
    ]


def test_staff_are_not_sent_to_themselves(bank: Group, steward: Group, lead: Group) -> None:
    assert bank.says("管家", "小区能养蜜蜂吗？", mention=True) == ["问答里还没有这一条。"]
    assert (steward.said, lead.said) == ([], [])


@pytest.mark.parametrize(
    ("listen", "mention", "answered"),
    [
        (Listen.ALL, False, True),
        (Listen.COMMANDS, False, False),
        (Listen.COMMANDS, True, True),
        (Listen.MENTION, False, False),
        (Listen.MENTION, True, True),
    ],
)
def test_listening_modes(
    bank: Group, world: World, listen: Listen, mention: bool, answered: bool
) -> None:
    group = world.group("三群", listen=listen)
    said = group.says("居民甲", "请问吸入式疫苗怎么预约？", mention=mention)
    assert bool(said) is answered


NO_QUESTIONS = ["吸入式疫苗打完没啥感觉，大家可以去打", "居住证真方便", "阳性的人好多"]


def test_talk_about_it_is_no_question(bank: Group) -> None:
    for chat in NO_QUESTIONS:
        assert bank.says("居民甲", chat) == [], chat
