"""The nine sheets: what is counted, what is left out, who may have which copy."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import NotAllowed, NotPossible
from bot.models import Audience, Event, Kind, Place, Rating, State
from bot.ports import Store
from bot.services.ledger.book import Ask, LedgerService
from tests.services.conftest import Room
from tests.services.ledger.conftest import (
    COMMUNITY,
    LEAD,
    NOW,
    STEWARD,
    WANG,
    Books,
    at,
    rows,
)


def test_the_sheets_are_the_nine_of_the_office(january: Books) -> None:
    paper = january.ledger()
    assert [section.name for section in paper.sections] == [
        "汇总", "诉求台账", "意见建议", "超期与挂账", "三率与口径", "类别×楼幢热度", "通知发布",
        "志愿服务", "本月联系计划",
    ]  # fmt: skip
    assert paper.title == "春晓社区微网格民情台账（2023年1月）"


def test_the_golden_figures_of_the_newspaper(books: Books) -> None:
    for number in range(379):
        if number < 296:
            books.closed()
        else:
            books.put()
    for _ in range(145):
        books.put(kind=Kind.SUGGESTION)
    summary = {row["项目"]: row["说明"] for row in rows(books.ledger(), "summary")}
    assert summary["报道用语"] == (
        "收集居民诉求379个，提出145条意见建议，推动解决大小诉求296个（办结率78.1%，296/379）。"
    )


def test_every_rate_with_what_it_is_made_of(january: Books) -> None:
    told = {row["指标"]: (row["分子"], row["分母"]) for row in rows(january.ledger(), "rates")}
    assert told["响应率"] == (8, 10)  # one was never answered, one after its time
    assert told["办结率"] == (7, 10)
    assert told["满意率"] == (3.9, 5)
    assert told["解决率"] == (4, 5)
    assert told["按期率"] == (6, 8)  # one closed late, one open and late
    assert told["重复率"] == (1, 11)
    assert told["不计入：已合并"] == (1, None)
    assert told["不计入：已撤回"] == (1, None)
    assert told["不计入：不受理"] == (1, None)
    assert told["办结后未评价"] == (2, None)


def test_the_line_under_the_title(january: Books) -> None:
    assert january.ledger().caliber == (
        "口径：按登记时间2023年1月统计，截至2月1日09:00；"
        "已合并1、已撤回1、不受理1件不计入；含不公开1件；无人评价算未评价，不算满意。"
    )


def test_private_matters_are_absent_from_the_shared_copy(january: Books) -> None:
    paper = january.ledger()
    everything = str([section.rows for section in paper.sections])
    assert "家庭纠纷" not in everything
    assert "楼上打孩子" not in everything
    assert len(rows(paper, "appeals")) == 12
    assert {row["是否涉密"] for row in rows(paper, "appeals")} == {"否"}


@pytest.mark.parametrize("audience", [Audience.PRIVATE, Audience.STAFF])
def test_no_section_of_the_shared_copy_shows_what_is_not_public(
    books: Books, audience: Audience
) -> None:
    for state in (State.WORKING, State.PARKED, State.STRUCK):
        books.put(
            audience=audience, summary="某某的私事", text="某某的私事", state=state,
            claimant="某单位", claimed_at=at(11), venue="大工委", escalated_at=at(11),
            recheck_at=at(40), parked_until=at(40), closed_at=at(12),
        )  # fmt: skip
    assert "某某的私事" not in str([section.rows for section in books.ledger().sections])
    assert "某某的私事" in str([section.rows for section in books.ledger(full=True).sections])


def test_the_shared_copy_is_masked_and_the_full_copy_is_not(books: Books) -> None:
    books.put(
        text="3幢2单元502室王姐，电话138 0000 0000或0512-66668888，灯不亮",
        summary="3幢灯不亮，电话13800000000",
        place=Place(building="3幢", unit="2单元", room="502室"),
    )  # fmt: skip
    (shared,) = rows(books.ledger(), "appeals")
    assert shared["内容摘要"] == "3幢灯不亮，电话138****0000"
    assert (shared["地点（幢）"], shared["反映人"]) == ("3幢", "王*")
    assert shared["联系方式"] == "138****0000、0512-****8888"
    (full,) = rows(books.ledger(full=True), "appeals")
    assert full["内容摘要"].startswith("3幢2单元502室王姐，电话138 0000 0000")
    assert (full["地点（幢）"], full["反映人"]) == ("3幢2单元502室", "3-502王姐")
    assert full["联系方式"] == "13800000000、051266668888"


def test_a_line_tells_how_the_matter_went(books: Books) -> None:
    made = books.closed(rating=Rating.FAIR, rated_at=at(13), reopened=1, recheck_at=at(30))

    def more(store: Store) -> None:
        for hour, action, after, reason in (
            (10, "转办", {"unit": "物业"}, ""),
            (11, "备注", {}, "业主脾气不好"),
            (12, "办结", {}, "已换灯泡，电话13800000000"),
            (13, "重开", {}, "王阿姨说还是不亮"),
        ):
            store.events.add(
                Event(
                    id="", at=at(11, hour), actor="", subject=f"appeal:{made.id}", action=action,
                    after=after, reason=reason,
                )
            )  # fmt: skip

    books.within(more)
    (row,) = rows(books.ledger(), "appeals")
    assert row["办理过程"] == (
        "01-10 登记；01-11 转办物业；01-11 办结：已换灯泡，电话138****0000；01-11 重开"
    )
    assert (row["是否解决"], row["满意度"], row["备注"]) == ("是", "基本满意", "重开1次")
    assert row["回头看日期"] == date(2023, 1, 30)


def test_what_is_late_and_what_stands_still(january: Books) -> None:
    stuck = {row["情形"]: row for row in rows(january.ledger(), "stuck")}
    assert stuck["超期"]["超期天数"] == 15
    assert stuck["超期"]["下一步"].startswith("催物业给出办结日期")
    assert stuck["挂账"]["下一步"].startswith("2月9日再看")
    assert len(stuck) == 2


def test_whom_to_see_in_the_coming_month(january: Books) -> None:
    plan = rows(january.ledger(), "contacts")
    assert [row["联系事由"] for row in plan].count("回访办得怎么样") == 2
    assert {row["计划日期"].month for row in plan} == {2}
    assert all(row["反映人"] == "王*" for row in plan)


def test_a_copy_is_for_those_in_charge(january: Books) -> None:
    with pytest.raises(NotAllowed):
        january.ledger(full=True, actor=STEWARD)
    with pytest.raises(NotAllowed):
        january.ledger(actor=LEAD)  # of one grid, and this is the whole community's
    with pytest.raises(NotAllowed):
        january.ledger(actor=WANG)
    assert january.ledger(full=True).title


@pytest.mark.parametrize(
    ("first", "last"), [(date(2023, 2, 1), date(2023, 1, 1)), (date(2001, 1, 1), date(2023, 1, 1))]
)
def test_days_that_cannot_be(room: Room, first: date, last: date) -> None:
    ask = Ask(area=COMMUNITY, first=first, last=last)
    with pytest.raises(NotPossible):
        room.within(lambda store: LedgerService(store, room.knowledge, NOW).paper(ask, None))


def test_small_cells_are_hidden_and_private_ones_not_counted(january: Books) -> None:
    heat = rows(january.ledger(), "heat")
    # Nine public appeals of 公共设施: eight at 3幢, one at 7幢.
    assert [row["楼幢"] for row in heat] == ["3幢", "合计"]
    assert heat[0]["列出合计"] == 8
    assert list(heat[1].values())[1] == "8+"
    assert len(heat[0]) == 3


def test_an_empty_month_says_so(books: Books) -> None:
    paper = books.ledger()
    assert rows(paper, "appeals") == []
    assert paper.section("appeals").empty == "这段时间没有登记诉求。"
    summary = rows(paper, "summary")
    assert (summary[0]["数值"], summary[3]["数值"]) == (0, "不列")
