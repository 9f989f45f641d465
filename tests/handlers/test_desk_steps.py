"""The desk, step by step: what is typed, what the group reads, what stands then, and undoing it."""

from __future__ import annotations

import pytest

from bot.models import Appeal, Level, Role, State
from bot.testing.conversation import Group, World

LAMP = "3幢楼道灯不亮"
UNDONE = "已撤销：1号的「{}」不算了。"


@pytest.fixture
def lamp(group: Group, lead: Group) -> Group:
    """居民甲's lamp is 1号."""
    group.says("居民甲", LAMP)
    return group


def actions(world: World, short: int = 1) -> list[str]:
    subject = f"appeal:{world.appeal(short).id}"
    return [event.action for event in world.read(lambda store: store.events.of(subject))]


# Each step: who, what is typed after which others, what the group reads, what stands then.
STEPS = [
    (
        "管家", [], "要求补充 1 是几楼的灯",
        "1号还差一点情况：是几楼的灯？\n反映的邻居请回复「补充 1 …」，说清楚就接着办。",
        {"state": State.NEEDS_INFO}, "待受理",
    ),
    (
        "管家", [], "挂账 1 到12月10日 等材料",
        "1号一时办不了，先挂账：3幢楼道灯不亮。\n原因：等材料。12月10日再看。",
        {"state": State.PARKED}, "待受理",
    ),
    (
        "管家", ["挂账 1 12月10日 等材料"], "恢复 1",
        "1号接着办：3幢楼道灯不亮。\n最迟11月27日前办好。",
        {"state": State.WORKING, "parked_until": None, "stopped_at": None}, "挂账",
    ),
    (
        "管家", [], "延期 1 12月2日 等业主回来",
        "1号延到12月2日：3幢楼道灯不亮。\n原因：等业主回来。",
        {"state": State.PENDING}, "的「延期」不算了",
    ),
    (
        "管家", [], "上报 1 要动维修资金",
        "1号已上报网格：3幢楼道灯不亮。\n原因：要动维修资金。",
        {"state": State.PENDING, "level": Level.GRID, "venue": ""}, "的「上报」不算了",
    ),
    (
        "管家", [], "上报 1 大工委 要动维修资金",
        "1号已上报大工委：3幢楼道灯不亮。\n原因：要动维修资金。",
        {"level": Level.STREET, "venue": "大工委"}, "的「上报」不算了",
    ),
    (
        "网格长", [], "不受理 1 是路灯",
        "1号不在社区办理的范围：是路灯。\n这类事由12345市民热线负责，可以直接联系。",
        {"state": State.DECLINED, "result": "是路灯"}, "待受理",
    ),
    (
        "管家", [], "分派 1 @网格长",
        "1号分派给网格长：3幢楼道灯不亮。\n最迟11月27日前办好。",
        {"state": State.WORKING}, "待受理",
    ),
    (
        "管家", [], "分派 1 电梯维保",
        "1号分派给电梯维保：3幢楼道灯不亮。\n最迟11月27日前办好。",
        {"state": State.WORKING, "unit": "电梯维保"}, "待受理",
    ),
    (
        "管家", [], "转办 1 物业工程部 12月1日前",
        "1号已转给物业工程部：3幢楼道灯不亮。\n最迟12月1日前办好。",
        {"state": State.WORKING, "unit": "物业工程部"}, "待受理",
    ),
    (
        "管家", ["办结 1 已换"], "销号 1", "1号已销号：3幢楼道灯不亮。",
        {"state": State.STRUCK}, "已办结",
    ),
    (
        "管家", ["办结 1 已换"], "重开 1 又不亮了",
        "1号重新办理：3幢楼道灯不亮。\n原因：又不亮了。最迟11月27日前办好。",
        {"state": State.WORKING, "reopened": 1, "closed_at": None}, "已办结",
    ),
    (
        "管家", ["办结 1 已换"], "回头看 1 30天",
        "1号12月21日回头看：3幢楼道灯不亮。\n"
        "看过回复「回头看 1 情况」；又犯了回复「重开 1 原因」。",
        {"state": State.DONE}, "的「回头看」不算了",
    ),
    (
        "管家", [], "催办 1", "已提醒网格长，1号最迟11月27日前办好。",
        {"state": State.PENDING}, "的「催办」不算了",
    ),
    (
        "管家", [], "备注 1 业主周末才在家", "1号的备注记下了，只有工作人员看得到。",
        {"state": State.PENDING}, "的「备注」不算了",
    ),
    (
        "管家", [], "拆分 1 3幢楼道灯不亮；3幢电梯有异响",
        "1号是几件事，分开办：\n1号 3幢楼道灯不亮\n2号 3幢电梯有异响",
        {"state": State.PENDING}, "的「拆分」不算了",
    ),
    (
        "管家", [], "同类排查 1 5幢、7幢",
        "和1号同样的问题，再查2处：5幢（2号）、7幢（3号）。",
        {"state": State.PENDING}, "的「同类排查」不算了",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "before", "typed", "said", "fields", "undone"), STEPS, ids=[s[2] for s in STEPS]
)
def test_a_step_and_its_undoing(
    lamp: Group,
    world: World,
    who: str,
    before: list[str],
    typed: str,
    said: str,
    fields: dict[str, object],
    undone: str,
) -> None:
    for earlier in before:
        lamp.says("管家", earlier)
        world.wait("6m")
    untouched = world.appeal(1)
    assert lamp.says(who, typed) == [said]
    assert len(said.split("\n")) <= 4
    after = world.appeal(1)
    assert {name: getattr(after, name) for name in fields} == fields
    assert world.trace.steps
    (answer,) = lamp.says(who, "撤销")
    assert undone in answer
    assert world.appeal(1) == untouched
    assert world.read(lambda store: list(store.notes.of(untouched.id))) == []
    for child in world.read(lambda store: store.appeals.below(untouched.id)):
        assert child.state is State.WITHDRAWN


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("挂账 1 等材料", "挂账到哪天？例：挂账 1 到12月10日 等材料"),
        ("挂账 1 12月10日", "请写上原因，例：挂账 1 到12月10日 等材料"),
        (
            "挂账 1 昨天 等材料",
            "「昨天 等材料」的日期已经过了，要写今天以后的，例：挂账 1 到12月10日 等材料",
        ),
        (
            "延期 1 2月30日 等业主",
            "「2月30日 等业主」里没有这一天，请改一下日期，例：延期 1 下周三 等业主回来",
        ),
        (
            "延期 1 明天 等业主",
            "延期要比原来的期限晚，看原来是哪天回复「详情 1」。例：延期 1 下周三 等业主回来",
        ),
        ("上报 1", "请写上原因，例：上报 1 社区 要动维修资金"),
        ("重开 1 坏了", "1号现在是「待受理」，可以：受理 1、办结 1、转办 1、上报 1"),
        ("恢复 1", "1号现在是「待受理」，可以：受理 1、办结 1、转办 1、上报 1"),
        ("不受理 1 不归我们", "不受理要由网格长或社区来定，您可以回复「上报 1 原因」。"),
        ("分派 1", "1号派给谁？例：分派 1 @陈管家，或 分派 1 物业"),
        ("分派 1 @没有的人", "这里没有叫「没有的人」的工作人员。派给单位不用 @，例：分派 1 物业"),
        ("转办 1 吴业", "没有这个单位，是「物业」吗？是就回复：转办 1 物业"),
        ("转办 1 123", "1号转给谁？例：转办 1 物业"),
        ("合并 1", "请写上另一条的编号，例：合并 1 15"),
        ("合并 1 1", "自己和自己不用合并，例：合并 1 15"),
        ("合并 1 9", "这个群没有9号，回复「清单」看有哪些。"),
        ("拆分 1 灯坏了", "请把几件事用分号隔开，每件都写上，例：拆分 1 楼道灯不亮；电梯有异响"),
        ("同类排查 1 到处", "请写上是哪几幢，例：同类排查 1 5幢、7幢、9幢"),
        ("要求补充 1", "请把内容写在后面，例：要求补充 1 是几楼"),
        ("回头看 1", "回头看到哪天？例：回头看 1 30天"),
        ("回头看 1 30天", "1号现在是「待受理」，可以：受理 1、办结 1、转办 1、上报 1"),
        ("确认认领 1", "确认认领要由网格长或社区来定，您可以回复「上报 1 原因」。"),
        ("备注 1", "请把内容写在后面，例：备注 1 业主周末才在家"),
        (
            "#清单 胡说",
            "没有「胡说」这种清单。可以：清单 超期、清单 今天、清单 7幢、清单 我的、清单 挂账",
        ),
        ("挂账", "哪一条挂到哪天？例：挂账 12 到12月10日 等材料"),
    ],
)  # fmt: skip
def test_wrong_input_changes_nothing(lamp: Group, world: World, typed: str, answer: str) -> None:
    before = world.appeal(1)
    assert lamp.says("管家", typed) == [answer]
    assert world.appeal(1) == before
    assert actions(world) == ["登记"]


@pytest.mark.parametrize(
    "typed",
    [
        "受理 1", "分派 1 物业", "转办 1 物业", "要求补充 1 几楼", "挂账 1 12月10日 等", "恢复 1",
        "延期 1 12月10日 等", "办结 1", "上报 1 大工委 难", "不受理 1 不归", "合并 1 1",
        "拆分 1 甲；乙", "同类排查 1 5幢", "回头看 1 30天", "销号 1", "备注 1 哈哈",
        "确认认领 1", "退回认领 1 不",
        "答复 1 好",
    ],
)  # fmt: skip
@pytest.mark.parametrize("who", ["居民甲", "居民乙", "二管家"])
def test_nobody_else_moves_it(
    lamp: Group, next_door: Group, world: World, who: str, typed: str
) -> None:
    before = world.appeal(1)
    assert len(lamp.says(who, typed)) <= 1
    assert world.appeal(1) == before


def test_the_asker_urges_once_a_day_and_tells_what_was_missing(
    lamp: Group, world: World, steward: Group
) -> None:
    lamp.says("管家", "受理 1")
    assert lamp.says("居民甲", "催办 1") == ["已提醒管家，1号最迟11月27日前办好。"]
    assert steward.heard("居民甲 催办 SQ20261121-0001（1号）：3幢楼道灯不亮。")
    assert lamp.says("居民甲", "催办 1") == ["1号今天已经催过了，最迟11月27日前办好。"]
    lamp.says("管家", "要求补充 1 几楼")
    world.wait("1d")
    assert lamp.says("居民甲", "补充 1 在3楼") == ["收到，补进1号了，最迟11月27日前办好。"]
    assert steward.heard("SQ20261121-0001（1号）补充了：「在3楼」")
    assert world.appeal(1).state is State.WORKING


def test_a_neighbour_joins(lamp: Group, world: World) -> None:
    assert lamp.says("居民乙", "附议 1") == ["记下了，1号已有2户反映，一起办。"]
    assert lamp.says("居民乙", "附议 1") == ["您已经在1号里了，有进展会说。"]
    assert lamp.says("居民甲", "附议 1") == ["您已经在1号里了，有进展会说。"]
    assert lamp.says("居民乙", "撤销") == ["已撤销：1号的「附议」不算了。"]
    lamp_id = world.appeal(1).id
    assert world.read(lambda store: list(store.supporters.of(lamp_id))) == []


def test_two_stewards_at_once(lamp: Group, world: World) -> None:
    lamp.says("管家", "受理 1")
    assert lamp.says("网格长", "受理 1") == [
        "1号已由管家9:00受理，现在是「办理中」，可以：办结 1、转办 1、上报 1、延期 1"
    ]
    world.wait("2m")
    assert lamp.says("网格长", "转办 1 城管") == [
        "1号已转给城管：3幢楼道灯不亮。\n最迟11月27日前办好。\n"
        "（管家 9:00刚受理过，现在以您这次为准）"
    ]


def test_merging_and_what_becomes_of_both(lamp: Group, world: World, lead: Group) -> None:
    lamp.says("居民乙", "登记 3幢楼道灯坏了三天")
    assert lamp.says("管家", "合并 1 2") == [
        "2号和1号是同一件事，合在1号一起办。\n1号：3幢楼道灯不亮。一共2户反映。"
    ]
    merged = world.appeal(2)
    assert (merged.state, merged.merged_into) == (State.MERGED, world.appeal(1).id)
    assert lamp.says("管家", "办结 2") == ["2号已并到1号一起办，请直接对1号操作。"]
    assert "并进来：2号" in world.private("管家").says("管家", "详情 1")[0]
    assert lamp.says("管家", "撤销") == ["已撤销：2号恢复为「待受理」。"]
    assert lamp.says("管家", "合并 2 1")
    assert lamp.says("管家", "合并 1 2") == ["1号已并到2号一起办，请直接对2号操作。"]


def test_the_asker_of_a_merged_private_report_hears_the_end(
    lamp: Group, world: World, steward: Group
) -> None:
    other = world.private("居民乙")
    other.says("居民乙", "登记 3幢楼道灯坏了")
    steward.says("管家", "合并 1 2")
    lamp.says("管家", "办结 1 已换")
    assert other.heard("您反映的事（1号）已办好：已换。")


def test_undoing_a_split_whose_parts_were_touched(lamp: Group, world: World, lead: Group) -> None:
    lamp.says("管家", "拆分 1 3幢楼道灯不亮；3幢电梯有异响")
    lamp.says("网格长", "受理 2")
    assert lamp.says("管家", "撤销") == ["分出来的2号已经有人处理过，撤不回来了。"]
    assert world.appeal(2).state is State.WORKING


def test_going_up_and_the_answer(lamp: Group, world: World, office: Group, lead: Group) -> None:
    street = world.person("街道老周", Role.STREET, "海棠街道")
    lamp.says("管家", "受理 1")
    assert lamp.says("管家", "上报 1 要动维修资金")[0].startswith("1号已上报网格")
    assert lead.heard("管家 上报网格 SQ20261121-0001（1号）：3幢楼道灯不亮。\n原因：要动维修资金。")
    assert lamp.says("管家", "上报 1 网格 再报一次") == [
        "1号已经报到这一级了，可以往上：上报 1 大工委 原因"
    ]
    lamp.says("网格长", "上报 1 社区 网格办不了")
    assert office.heard("网格长 上报社区")
    assert office.says("社区小李", "答复 1 好的") == ["1号还没有上报过，先回复：上报 1 大工委 原因"]
    office.says("社区小李", "上报 1 联系日 请代表看看")
    assert street.heard("社区小李 上报社情民意联系日")
    assert world.appeal(1).level is Level.STREET
    assert office.says("社区小李", "上报清单") == [
        "春晓社区 上报1件：\n1号 3幢楼道灯不亮（社情民意联系日，11月21日上报，等答复）"
    ]
    world.wait("3d")
    assert lamp.says("社区小李", "答复 1 下个月统一更换") == [
        "1号有答复了（社情民意联系日）：下个月统一更换。"
    ]
    assert "11月24日答复：下个月统一更换" in office.says("社区小李", "上报清单")[0]
    assert lamp.says("居民甲", "上报清单") == ["上报清单要由管家来点。有事您可以直接跟我说。"]


@pytest.mark.parametrize(
    ("wish", "shorts"),
    [
        ("", [1, 2, 3]),
        ("3幢", [1]),
        ("3", [1]),
        ("挂账", [3]),
        ("我的", [2, 3]),
        ("电梯", [2]),
        ("今天", []),
        ("超期", []),
        ("待受理", [1]),
    ],
)
def test_lists(lamp: Group, world: World, steward: Group, wish: str, shorts: list[int]) -> None:
    lamp.says("居民甲", "登记 5幢电梯异响")
    lamp.says("居民甲", "登记 6幢道板坏了")
    lamp.says("管家", "受理 2")
    lamp.says("管家", "挂账 3 12月10日 等材料")
    (answer,) = steward.says("管家", f"清单 {wish}")
    found = sorted(int(row.partition("号")[0]) for row in answer.split("\n")[1:])
    assert found == shorts
    if not shorts:
        assert answer == f"没有「{wish}」的诉求。"


def test_what_is_overdue_and_what_stands_still(lamp: Group, world: World, steward: Group) -> None:
    lamp.says("居民甲", "登记 5幢路灯坏了")
    lamp.says("管家", "挂账 2 12月20日 等材料")
    world.wait("8d")
    assert "1号" in steward.says("管家", "清单超期")[0]
    assert "2号" not in steward.says("管家", "清单 超期")[0]


@pytest.mark.parametrize("talk", ["清单 在哪里看", "清单发我一下", "历史 悠久", "上报了吗"])
def test_talk_is_no_list(lamp: Group, talk: str) -> None:
    assert lamp.says("管家", talk) == []


def test_history_for_staff_and_for_the_asker(lamp: Group, world: World, steward: Group) -> None:
    lamp.says("管家", "受理 1")
    lamp.says("管家", "备注 1 电话13800000000没人接")
    lamp.says("管家", "延期 1 12月2日 等业主回来")
    assert steward.says("管家", "历史 1")[0].split("\n") == [
        "1号（SQ20261121-0001）的经过：",
        "11月21日（周六）9:00 居民甲 登记",
        "11月21日（周六）9:00 管家 受理（待受理→办理中）",
        "11月21日（周六）9:00 管家 备注",
        "11月21日（周六）9:00 管家 延期：等业主回来（期限 11月27日→12月2日）",
    ]
    asker = world.private("居民甲").says("居民甲", "历史 1")[0]
    assert asker.split("\n")[1:] == [
        "11月21日（周六）9:00 居民甲 登记",
        "11月21日（周六）9:00 管家 受理",
        "11月21日（周六）9:00 管家 延期：等业主回来",
    ]
    assert len(lamp.says("管家", "历史 1")[0].split("\n")) <= 4
    assert lamp.says("居民乙", "历史 1") == ["历史要由管家来点。您可以回复「进度 1」看到哪一步了。"]


def test_a_remark_is_read_by_staff_in_private_alone(
    lamp: Group, world: World, steward: Group
) -> None:
    lamp.says("管家", "备注 1 业主周末才在家")
    assert "备注（管家）：业主周末才在家" in steward.says("管家", "详情 1")[0]
    asker = world.private("居民甲")
    heard = [
        *lamp.says("管家", "详情 1"), *lamp.says("居民甲", "详情 1"), *lamp.says("管家", "历史 1"),
        *asker.says("居民甲", "历史 1"), *asker.says("居民甲", "进度 1"),
    ]  # fmt: skip
    assert len(heard) == 5
    assert not [text for text in heard if "周末" in text or "备注" in text]


@pytest.mark.parametrize(
    ("said", "check"),
    [
        ("1号转给物业工程部", lambda a: a.unit == "物业工程部"),
        ("第1条结了", lambda a: a.state is State.DONE),
        ("第1条办好了，已换灯泡", lambda a: a.result == "已换灯泡"),
        ("把1号延期到12月2日，等业主回来", lambda a: a.due_at.day == 2),
        ("把楼道灯那条延期到12月2日，等业主回来", lambda a: a.due_at.day == 2),
        ("把3幢那条挂账到12月10日，等材料", lambda a: a.state is State.PARKED),
        ("1号我来办", lambda a: a.state is State.WORKING),
        ("1号上报社区，要动维修资金", lambda a: a.level is Level.COMMUNITY),
        ("＃办结１已换", lambda a: a.result == "已换"),
    ],
)
def test_a_steward_in_own_words(lamp: Group, world: World, said: str, check: object) -> None:
    assert len(lamp.says("管家", said)) == 1
    assert callable(check)
    assert check(world.appeal(1))


@pytest.mark.parametrize(
    "talk",
    [
        "1号我来办结婚证", "1号楼转给物业", "9号转给物业", "12号结了婚", "把垃圾那条清理一下",
        "把电梯那条延期到下周三", "1号下午开会", "第1条通知转给大家看看？算了",
    ],
)  # fmt: skip
def test_what_is_not_precise_is_talk(lamp: Group, world: World, talk: str) -> None:
    before = world.appeal(1)
    assert lamp.says("管家", talk) == []
    assert world.appeal(1) == before


def test_own_words_are_for_staff(lamp: Group, world: World) -> None:
    before = world.appeal(1)
    for who in ("居民甲", "居民乙"):
        assert lamp.says(who, "1号转给物业工程部") == []
    assert world.appeal(1) == before


def test_a_description_that_fits_two_is_asked_about(lamp: Group, world: World) -> None:
    lamp.says("居民乙", "登记 5幢楼道灯不亮")
    assert lamp.says("管家", "把楼道灯那条转给物业工程部") == [
        "有2件对得上，是哪一件？回复数字就好：\n1 一群 1号 3幢楼道灯不亮\n2 一群 2号 5幢楼道灯不亮"
    ]
    assert lamp.says("管家", "在吗") == []
    assert lamp.says("管家", "2")[0].startswith("2号已转给物业工程部")
    assert world.appeal(1).unit != "物业工程部"


def test_nobody_answers_another_s_question(lamp: Group, world: World) -> None:
    lamp.says("居民乙", "登记 5幢楼道灯不亮")
    lamp.says("管家", "把楼道灯那条转给物业工程部")
    assert lamp.says("网格长", "2") == []


def made(appeal: Appeal) -> tuple[State, str]:
    return appeal.state, appeal.claimant


@pytest.fixture
def partner(lamp: Group, world: World) -> Group:
    """A shop of lamps that helps with 公共设施."""
    return world.partner("灯具店小郑", "春晓灯具店", ["公共设施"], "海棠街道/春晓社区")


def test_a_partner_claims_and_the_community_confirms(
    lamp: Group, world: World, partner: Group, office: Group
) -> None:
    lamp.says("居民甲", "登记 7幢电梯坏了")
    assert partner.says("灯具店小郑", "清单") == [
        "春晓社区 未办结1件：\n1号 3幢楼道灯不亮（待受理，11月27日前）"
    ]
    assert partner.says("灯具店小郑", "认领 1") == ["1号记下了：春晓灯具店认领，等社区确认。"]
    assert office.heard("春晓灯具店 认领 SQ20261121-0001（1号）：3幢楼道灯不亮。")
    assert made(world.appeal(1)) == (State.PENDING, "春晓灯具店")
    assert "1号" in office.says("社区小李", "清单 认领")[0]
    assert lamp.says("社区小李", "确认认领 1") == ["1号由春晓灯具店认领办理：3幢楼道灯不亮。"]
    assert partner.heard("社区已确认由贵单位办理")
    assert made(world.appeal(1)) == (State.WORKING, "春晓灯具店")
    assert world.appeal(1).unit == "春晓灯具店"
    assert lamp.says("社区小李", "确认认领 1") == ["1号已确认由春晓灯具店认领。"]


def test_a_claim_is_sent_back_with_a_reason(
    lamp: Group, world: World, partner: Group, office: Group
) -> None:
    before = world.appeal(1)
    partner.says("灯具店小郑", "认领 1")
    assert office.says("社区小李", "退回认领 1") == ["请写上原因，例：退回认领 1 已有物业在办"]
    assert office.says("社区小李", "退回认领 1 已有物业在办") == [
        "1号的认领退回了，已告诉春晓灯具店。"
    ]
    assert partner.heard("SQ20261121-0001（1号）这次不麻烦贵单位了：已有物业在办。谢谢。")
    assert made(world.appeal(1)) == made(before)
    assert office.says("社区小李", "退回认领 1 再退") == ["1号还没有单位认领。"]


def test_a_claim_is_taken_back(lamp: Group, world: World, partner: Group, office: Group) -> None:
    before = world.appeal(1)
    partner.says("灯具店小郑", "认领 1")
    assert partner.says("灯具店小郑", "撤销") == ["已撤销：1号的「认领」不算了。"]
    assert world.appeal(1) == before
    assert office.heard("的「认领」撤销了，不用再看。")


def test_a_partner_sees_and_claims_nothing_else(lamp: Group, world: World, partner: Group) -> None:
    lamp.says("居民甲", "登记 7幢电梯坏了")
    assert partner.says("灯具店小郑", "认领 2") == ["您这里没有2号，回复「进度」看看您自己的。"]
    for typed in ("受理 1", "办结 1", "历史 1"):
        assert "要由管家来点" in partner.says("灯具店小郑", typed)[0]
    assert world.appeal(1).claimant == ""


def test_staff_who_claim_take_it_on(lamp: Group, world: World) -> None:
    assert lamp.says("管家", "认领 1")[0].startswith("1号已由管家接手")
