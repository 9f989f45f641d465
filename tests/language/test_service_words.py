"""What volunteers did, as people write it."""

from __future__ import annotations

import pytest

from bot.language.service_words import Work, find_work
from bot.language.text import normalise


@pytest.mark.parametrize(
    ("said", "work"),
    [
        ("6人 2小时 清理楼道", Work(6, 120, "清理楼道")),
        ("清理楼道，6人，每人2小时", Work(6, 120, "清理楼道")),
        ("2小时 6个人 给独居老人送菜", Work(6, 120, "给独居老人送菜")),
        ("六人两小时巡逻", Work(6, 120, "巡逻")),
        ("3名志愿者 1.5小时 义务理发", Work(3, 90, "义务理发")),
        ("10人半小时捡垃圾", Work(10, 30, "捡垃圾")),
        ("2人一个半小时陪老人看病", Work(2, 90, "陪老人看病")),
        ("4位 40分钟 搬东西", Work(4, 40, "搬东西")),
        ("６人２小时清理３幢楼道", Work(6, 120, "清理3幢楼道")),
        ("态度不好", None),
        ("6人清理楼道", None),
        ("2小时清理楼道", None),
        ("6人 2小时", None),
        ("", None),
        ("0人 2小时 清理", None),
        ("6人 0小时 清理", None),
    ],
)
def test_work(said: str, work: Work | None) -> None:
    assert find_work(normalise(said)) == work
