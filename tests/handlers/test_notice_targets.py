"""Whom an order names: areas, tags, buildings, and everyone but some."""

from __future__ import annotations

import pytest

from bot import Scene
from bot.models import Person, Role
from bot.testing.conversation import Group, World

COMMUNITY = "海棠街道/春晓社区"


@pytest.fixture
def street(world: World) -> Group:
    """Somebody of the street office, in private, with groups of two communities below."""
    world.group("玉景一群", f"{COMMUNITY}/第1微网格", tags=("老小区",), buildings=("1-20幢",))
    world.group("玉景二群", f"{COMMUNITY}/第2微网格", tags=("新小区",), buildings=("21-25幢",))
    world.group("三群", f"{COMMUNITY}/第3微网格", tags=("老小区",), buildings=("26-30幢",))
    world.group("秋实一群", "海棠街道/秋实社区/第1微网格")
    return world.person("街道", Role.STREET, "海棠街道")


REACHED: dict[str, set[str]] = {
    "春晓社区": {"玉景一群", "玉景二群", "三群"},
    "到 春晓社区全部群": {"玉景一群", "玉景二群", "三群"},
    "海棠街道": {"玉景一群", "玉景二群", "三群", "秋实一群"},
    "第2微网格": {"玉景二群"},
    "秋实社区/第1微网格、三群": {"秋实一群", "三群"},
    "到 春晓社区3-22号楼": {"玉景一群", "玉景二群"},
    "标签老小区、二群": {"玉景一群", "三群", "玉景二群"},
    "到 3号楼、22幢": {"玉景一群", "玉景二群"},
    "全部群 除了二群": {"玉景一群", "三群", "秋实一群"},
    "除二群外的全部群": {"玉景一群", "三群", "秋实一群"},
    "除了二群、三群，": {"玉景一群", "秋实一群"},
    "全部群 不含标签老小区": {"玉景二群", "秋实一群"},
    "全部群 除21-25幢外": {"玉景一群", "三群", "秋实一群"},
    "到 春晓社区 除三群": {"玉景一群", "玉景二群"},
    "全部群 除秋实社区": {"玉景一群", "玉景二群", "三群"},
}
"""What an author types, and whom it reaches."""


def reached_by(world: World, number: int) -> set[str]:
    """The groups that a draft of 街道 would reach."""

    def look(scene: Scene, _: Person) -> set[str]:
        notice = scene.notices.get(f"n{number}")
        return {g.name for g in scene.notices.reach(notice.targets).groups} if notice else set()

    return world.act("街道", look)


def test_who_is_meant(street: Group, world: World) -> None:
    for number, (said, reached) in enumerate(REACHED.items(), 1):
        street.says("街道", f"发布 {said} 明天8:00 停水")
        assert reached_by(world, number) == reached, said


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            "第1微网格",
            "「第1微网格」对不上一个网格，请写其中一个：春晓社区/第1微网格、秋实社区/第1微网格",
        ),
        ("一群", "叫「一群」的不止一个：玉景一群、秋实一群，请写全名。"),
        ("到 冬青社区", "「冬青社区」对不上一个网格，请写其中一个："),
        ("除了五群", "没有叫「五群」的群。"),
        ("全部群 除 标签花园", "没有哪个群的标签是「花园」。"),
        ("全部群 除三楼", "没看出「三楼」是发给谁。"),
        ("春晓社区 除春晓社区", "这样写没有人收得到。"),
    ],
)
def test_who_is_not_known(street: Group, said: str, answer: str) -> None:
    (told,) = street.says("街道", f"发布 {said} 明天8:00 停水")
    assert told.startswith(answer)


def test_new_years_eve_is_a_day_and_leaves_nobody_out(street: Group) -> None:
    assert "2月5日（周五）20:00" in street.says("街道", "发布 除夕20:00 新年好")[0]


def test_the_area_of_another_is_not_ones_own(street: Group, world: World) -> None:
    office = world.person("社区小李", Role.COMMUNITY, COMMUNITY)
    assert "对不上一个网格" in office.says("社区小李", "发布 秋实社区 明天8:00 停水")[0]
