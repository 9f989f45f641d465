"""What a message means where the group's places and the speaker's home are known."""

from __future__ import annotations

from bot.engine.understanding import Understanding
from bot.language.classify import Classifier
from bot.testing.conversation import START


def heard(text: str, places: tuple[str, ...] = (), home: str = "") -> Understanding:
    return Understanding(text, (), Classifier({}), START, places=places, home=home)


def test_our_building_is_the_speakers() -> None:
    meaning = heard("我们楼道灯不亮", home="3幢2单元")
    assert meaning.place.building == "3幢"
    assert meaning.place.unit == ""
    assert meaning.at_home
    assert [matter.place.building for matter in meaning.matters] == ["3幢"]


def test_a_building_that_is_named_counts_more() -> None:
    meaning = heard("5幢楼道灯不亮", home="3幢2单元")
    assert meaning.place.building == "5幢"
    assert not meaning.at_home


def test_without_a_home_there_is_no_building() -> None:
    meaning = heard("我们楼道灯不亮")
    assert meaning.place.building == ""
    assert not meaning.at_home


def test_the_groups_own_names() -> None:
    assert heard("亭子里灯不亮", places=("春晓亭 亭子",)).place.spot == "春晓亭"
