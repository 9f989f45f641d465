"""发布: what comes again, whom it is for, and what is stopped before it is planned."""

from __future__ import annotations

import pytest

from bot.models import Role
from bot.testing.conversation import AREA, Group, World

COMMUNITY = "海棠街道/春晓社区"


@pytest.fixture
def quarter(group: Group, next_door: Group, office: Group, world: World) -> Group:
    """Three groups with tags and buildings; the private chat of 社区小李, in charge of all."""
    world.group("一群", AREA, tags=("老小区",), buildings=("1-20幢",))
    world.group("二群", f"{COMMUNITY}/第2微网格", tags=("新小区",), buildings=("21-25幢",))
    world.group("三群", f"{COMMUNITY}/第3微网格", tags=("老小区",), buildings=("26-30幢",))
    return office


@pytest.mark.parametrize(
    ("typed", "often"),
    [
        (
            "每周一8:30",
            "每周一8:30\n接下来："
            "11月23日（周一）8:30、11月30日（周一）8:30、12月7日（周一）8:30",
        ),
        (
            "每天8点",
            "每天8:00\n接下来："
            "11月22日（周日）8:00、11月23日（周一）8:00、11月24日（周二）8:00",
        ),
        (
            "每月1号9点",
            "每月1日9:00\n接下来："
            "12月1日（周二）9:00、1月1日（周五）9:00、2月1日（周一）9:00",
        ),
        (
            "工作日17:30",
            "每个工作日17:30\n接下来：11月23日（周一）17:30、11月24日（周二）17:30、11月25日（周三）17:30",
        ),
        ("每月最后一天17:00", "每月最后一天17:00\n接下来：11月30日（周一）17:00、12月31日"),
    ],
)  # fmt: skip
def test_what_comes_again(group: Group, typed: str, often: str) -> None:
    (said,) = group.says("管家", f"发布 {typed} 请看公告栏")
    assert f"请看公告栏\n——\n发往：一群，{often}" in said


def test_it_comes_again_and_again(group: Group, world: World) -> None:
    group.says("管家", "发布 每周一8:30 请看公告栏")
    assert group.says("管家", "确认") == [
        "好，1号通知每周一8:30发到一群。\n接下来：11月23日（周一）8:30、11月30日（周一）8:30、"
        "12月7日（周一）8:30。\n改主意就回复「取消通知 1」。"
    ]
    world.wait("15d")
    assert group.said.count("请看公告栏") == 2
    assert "每周一8:30，下次12月7日（周一）8:30" in group.says("管家", "通知清单")[0]


def test_a_weekday_on_that_very_day_is_asked_about(group: Group, world: World) -> None:
    world.wait("4d")  # 11月25日, a Wednesday
    assert group.says("管家", "发布 周三 停水") == [
        "「周三」是哪一个？回复数字就好：\n1 12月2日（周三）8:00\n2 11月25日（周三）8:00"
    ]
    assert "发往：一群，12月2日（周三）8:00" in group.says("管家", "1")[0]
    assert group.says("管家", "确认")[0].startswith("好，1号通知12月2日")


@pytest.mark.parametrize(("answer", "said"), [
    ("2", ["11月25日（周三）8:00已经过去了，请换个时间，例：发布 明天8:00 停水"]),
    ("取消", ["好，这条通知不发了。"]),
    ("7", []),
])  # fmt: skip
def test_other_answers_to_that(group: Group, world: World, answer: str, said: list[str]) -> None:
    world.wait("4d")
    group.says("管家", "发布 周三 停水")
    assert group.says("管家", answer) == said


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ("到 21-25幢", "二群"),
        ("到21幢", "二群"),
        ("到 3-27号楼", "一群、二群等3个群"),
        ("到 标签老小区", "一群、三群"),
        ("到 全部群 除了二群", "一群、三群"),
        ("全部群除了一群、三群", "二群"),
        ("到 标签老小区 除了三群", "一群"),
        ("给 管家们", "私下发给2个人"),
        ("给 管家们、一群", "一群，私下发给2个人"),
        ("给 网格长", "私下发给1个人"),
    ],
)
def test_whom_it_is_for(quarter: Group, typed: str, where: str) -> None:
    (said,) = quarter.says("社区小李", f"发布 {typed} 明天8:00 停水")
    assert f"停水\n——\n发往：{where}，11月22日（周日）8:00。" in said


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("到 标签高楼", "没有哪个群的标签是「高楼」。现有的标签：新小区、老小区"),
        (
            "到 90幢",
            "这样写没有一个群收得到。写了楼幢的群：1-20幢（一群）、21-25幢（二群）、26-30幢（三群）",
        ),
        ("到 九群", "没有叫「九群」的群。您能发的有：一群、二群、三群"),
        ("到 全部群 除了九群", "没有叫「九群」的群。您能发的有：一群、二群、三群"),
        (
            "到 老地方",
            "没看出「老地方」是发给谁。可以写群名（一群、二群、三群）、全部群、21-25幢、标签老小区，或者给管家们。",
        ),
        ("给 街道", "这样写没有人收得到。您能发的群：一群、二群、三群"),
    ],
)
def test_nobody_of_that_kind(quarter: Group, typed: str, answer: str) -> None:
    assert quarter.says("社区小李", f"发布 {typed} 明天8:00 停水") == [answer]


def test_roles_hear_it_in_private(quarter: Group, world: World) -> None:
    quarter.says("社区小李", "发布 给 管家们 立即 下午3点开会")
    quarter.says("社区小李", "确认")
    assert [h.to for h in world.heard if h.text == "下午3点开会"] == ["二管家", "管家"]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("停水通知：[日期]停水", "[日期]"),
        ("停水通知：【停水】{时间}停水", "{时间}"),
        ("XX幢明天停水", "XX幢"),
        ("活动时间：……", "活动时间：……"),
        ("请带____来", "____"),
        ("……", "……"),
    ],
)
def test_a_field_left_empty(group: Group, text: str, field: str) -> None:
    assert group.says("管家", f"发布 明天8:00 {text}") == [
        f"「{field}」还空着，填好再发一遍。这条没有排。"
    ]
    assert group.says("管家", "确认") == []


@pytest.mark.parametrize(
    "text", ["[微笑]早上好[玫瑰]", "【停水】请存水……", "尺码XXL的马甲在物业领"]
)
def test_no_field(group: Group, text: str) -> None:
    assert "回复「确认」发出" in group.says("管家", f"发布 明天8:00 {text}")[0]


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("@所有人 停水", "＠所有人 停水"),
        ("@all 停水", "＠all 停水"),
        ("<@all>停水", "＜＠all>停水"),
        ("[CQ:at,qq=all]停水", "［CQ:at,qq=all]停水"),
        ("[详情](https://a.example/x)", "详情（https://a.example/x）"),
        ('<a href="https://a.example/x">详情</a>', "详情（https://a.example/x）"),
    ],
)
def test_nothing_calls_everyone_or_hides(
    group: Group, world: World, text: str, stands: str
) -> None:
    assert group.says("管家", f"发布 明天8:00 {text}")[0].startswith(f"{stands}\n——")
    group.says("管家", "确认")
    world.wait("24h")
    assert group.said[-1] == stands


def test_too_long(group: Group) -> None:
    assert group.says("管家", "发布 明天8:00 " + "长" * 2001) == [
        "这条有2001字，最多2000字，请分成两条发。"
    ]


def test_the_same_words_are_asked_about(group: Group, world: World) -> None:
    for _ in range(2):
        group.says("管家", "发布 立即 停水")
        said = group.says("管家", "确认")
    assert said == [
        "一群前后10分钟里有同样的话，发过了或者排着。\n要再发，回复「再发一遍」；不发回复「取消」。"
    ]
    assert group.says("管家", "再发一遍") == ["好，2号通知马上发到一群。", "停水"]
    world.wait("11m")
    group.says("管家", "发布 立即 停水")
    assert group.says("管家", "确认") == ["好，3号通知马上发到一群。", "停水"]
    assert world.person("街道小王", Role.STREET, "海棠街道").says("街道小王", "通知清单")
