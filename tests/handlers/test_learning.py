"""Learning: what was not answered, a steward's answer as a draft, and a person who adopts it."""

from __future__ import annotations

import pytest

from bot.language.faq import CUTS
from bot.models import Outcome
from bot.services.faq_cuts import HIGHEST, cuts_for, marks_of
from bot.testing.conversation import Group, World

BEES = "小区能养蜜蜂吗？"
ANSWER = "不能养，蜂箱要离住房两百米。"
KEPT = "记下了（1号）：小区能养蜜蜂吗？\n等网格长或社区收录后就会这样答。说错了回「撤销」。"
ENTRY = "【小区能养蜜蜂吗】不能养，蜂箱要离住房两百米。\n来源：微网管家答复，11月21日更新。"


def teach(group: Group) -> list[str]:
    group.says("居民甲", BEES, mention=True)
    group.says("管家", ANSWER)
    return group.says("管家", "学习")


def test_an_answer_becomes_an_entry_once_somebody_adopts_it(
    group: Group, world: World, lead: Group
) -> None:
    assert teach(group) == [KEPT]
    assert lead.said[-1] == (
        "管家 的答复想收进问答，1号：\n问：小区能养蜜蜂吗？\n答：不能养，蜂箱要离住房两百米。\n"
        "可以就回「收录 1」，不行回「不收录 1」。"
    )
    assert "草稿" in world.trace.steps[-1]
    assert group.says("居民乙", BEES, mention=True) == ["没有找到，已转管家，请稍等。"]

    assert lead.says("网格长", "收录 1") == ["1号已收录，马上生效。\n5分钟内可以「撤销」。"]
    assert "XX1" in world.trace.steps[-1]
    assert group.says("居民乙", BEES) == [ENTRY]


def test_adopting_can_be_taken_back(group: Group, world: World, lead: Group) -> None:
    teach(group)
    lead.says("网格长", "收录 1")
    assert lead.says("网格长", "撤销") == ["已撤销：1号恢复为「待收录」。"]
    assert group.says("居民乙", BEES) == []
    assert lead.says("网格长", "收录 1") != []
    world.wait("6m")
    assert lead.says("网格长", "撤销") == ["5分钟内没有可以撤销的操作。"]
    assert group.says("居民乙", BEES) == [ENTRY]


def test_learning_can_be_taken_back(group: Group, lead: Group) -> None:
    teach(group)
    assert group.says("管家", "撤销") == ["已撤销：1号恢复为「待答」。"]
    assert lead.says("网格长", "收录 1") == ["1号现在是「待答」，不能这样办。发「没答上的」看看。"]


def test_nobody_takes_back_what_another_went_on_with(group: Group, lead: Group) -> None:
    teach(group)
    lead.says("网格长", "收录 1")
    assert "已撤销" not in "".join(group.says("管家", "撤销"))
    assert group.says("居民乙", BEES) == [ENTRY]


def test_a_declined_draft_never_answers(group: Group, lead: Group) -> None:
    teach(group)
    assert lead.says("网格长", "不收录 1") == ["1号不收录，问题还留在没答上的里。"]
    assert group.says("居民乙", BEES) == []
    assert "1号 没答上：小区能养蜜蜂吗？" in lead.says("网格长", "没答上的")[0]


def test_alike_questions_are_one_line_and_one_answer(group: Group, lead: Group) -> None:
    group.says("居民甲", BEES, mention=True)
    group.says("居民乙", "我们小区可以养蜜蜂吗", mention=True)
    group.says("居民丙", "楼下的秋千哪天装？", mention=True)
    assert lead.says("网格长", "未答清单")[-1] == (
        "2号 没答上（2次）：我们小区可以养蜜蜂吗\n3号 没答上：楼下的秋千哪天装？\n"
        "在群里答过后回「学习」就能收下；不用答的回「不用答 号」。"
    )
    assert lead.says("网格长", "不用答 3") == ["3号不用答，已从清单拿掉。"]
    group.says("管家", ANSWER)
    assert "2号" in group.says("管家", "学习")[0]
    assert "相近的 1 句也照这样答" in lead.says("网格长", "收录 2")[0]
    assert lead.says("网格长", "没答上的") == ["没答上的问题都处理完了。"]
    assert lead.says("网格长", "撤销") == ["已撤销：2号恢复为「待收录」。"]
    assert "1号 没答上" in lead.says("网格长", "没答上的")[0]


def test_the_answer_may_be_quoted_and_may_quote_its_question(group: Group, lead: Group) -> None:
    group.says("居民甲", "麻将室几点关门？")
    group.says("管家", "@居民甲 晚上九点关。", quote="麻将室几点关门？")
    group.says("居民乙", "好的")
    group.says("管家", "明天见")
    told = group.says("管家", "学习", quote="@居民甲 晚上九点关。")
    assert told[0].startswith("记下了（1号）：麻将室几点关门？")
    assert "答：晚上九点关。" in lead.said[-1]


def test_what_nobody_noted_is_found_in_the_talk(group: Group, lead: Group) -> None:
    group.says("居民甲", "麻将室几点关门？")
    group.says("管家", "晚上九点关。")
    assert group.says("管家", "学习")[0].startswith("记下了（1号）：麻将室几点关门？")


@pytest.mark.parametrize(
    ("who", "said", "told"),
    [
        ("管家", ["学习"], "没找到您刚才的答复"),
        ("管家", ["大家早", "学习"], "没找到您刚才的答复"),
        ("居民甲", ["#学习"], "学习要由管家来点"),
        ("居民甲", ["学习"], ""),
        ("管家", ["收录 9"], "没有 9号"),
        ("管家", ["#收录"], "写上编号"),
        ("居民甲", ["#没答上的"], "学习要由管家来点"),
        ("管家", ["没答上的"], "这个在私聊里看"),
        ("管家", ["试问 居住证"], "试问请在私聊里发"),
    ],
)
def test_what_cannot_be_done(group: Group, who: str, said: list[str], told: str) -> None:
    heard = [group.says(who, text) for text in said][-1]
    assert (told in heard[0]) if told else heard == []


def test_stewards_teach_and_others_adopt(group: Group, world: World, next_door: Group) -> None:
    teach(group)
    assert world.private("管家").says("管家", "收录 1") == [
        "收录要由网格长或社区来点，已经在他们的清单里了。"
    ]
    assert world.private("二管家").says("二管家", "没答上的") == ["没答上的问题都处理完了。"]
    assert "不能" not in "".join(world.private("二管家").says("二管家", "不用答 1"))


def test_a_doubtful_question_in_the_group_is_noted_in_silence(
    group: Group, world: World, lead: Group
) -> None:
    world.faq("居住证新办", "带合同到派出所。")
    world.faq("居住证续签", "带居住证到派出所。")
    assert group.says("居民甲", "居住证怎么办？") == []
    assert world.trace.outcome is Outcome.ACTED
    assert "1号 拿不准：居住证怎么办？" in lead.says("网格长", "没答上的")[0]


def test_a_choice_that_was_right_leaves_the_list(group: Group, world: World, lead: Group) -> None:
    world.faq("居住证新办", "带合同到派出所。")
    world.faq("居住证续签", "带居住证到派出所。")
    group.says("居民甲", "居住证怎么办", mention=True)
    group.says("居民甲", "1")
    assert lead.says("网格长", "没答上的") == ["没答上的问题都处理完了。"]


def test_the_test_box(world: World, lead: Group) -> None:
    world.faq("居住证续签", "带居住证到派出所。")
    world.faq("大件垃圾放在哪里", "东门堆放点。")
    lines = lead.says("网格长", "试问 请问居住证续签")[0].splitlines()
    assert lines[0] == "1 1.000 居住证续签（对上「居住证续签」）"
    assert lines[-3:] == [
        f"群里没叫我：答「居住证续签」（要 {CUTS.group:.3f}）",
        f"叫了我：答「居住证续签」（要 {CUTS.direct:.3f}）",
        "近半年本社区：有用 0，没用 0。没用多了，门槛会高一点。",
    ]
    assert "答不上，转管家" in lead.says("网格长", "试问 明天会下雨吗")[0]
    assert lead.says("网格长", "试问") == ["试问后面写一句居民会问的话，例：试问 居住证怎么续签"]


def test_marks_move_the_cut_off(group: Group, world: World, steward: Group, lead: Group) -> None:
    world.faq("居住证续签", "带居住证到派出所。")
    assert group.says("居民甲", "没用") == []
    group.says("居民甲", "居住证续签？", mention=True)
    assert group.says("居民乙", "没用") == []
    assert group.says("居民甲", "没用。") == ["记下了，已转管家，请稍等。"]
    assert steward.heard("居民甲 说答得没用。问：「居住证续签？」")
    assert group.says("居民甲", "没用") == []
    group.says("居民丙", "居住证续签？", mention=True)
    assert group.says("居民丙", "有用") == ["好的，记下了。"]
    area = "海棠街道/春晓社区/第1微网格"
    marks = world.read(lambda store: marks_of(store, area, world.now))
    assert (marks.useful, marks.useless) == (1, 1)
    assert CUTS.group < cuts_for(marks).group < HIGHEST
    assert "1号 说没用" in lead.says("网格长", "没答上的")[0]
    assert "有用 1，没用 1" in lead.says("网格长", "试问 居住证续签")[0]


def test_a_mark_long_after_is_talk(group: Group, world: World) -> None:
    world.faq("居住证续签", "带居住证到派出所。")
    group.says("居民甲", "居住证续签？", mention=True)
    world.wait("11m")
    assert group.says("居民甲", "有用") == []
