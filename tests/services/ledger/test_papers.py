"""One paper in one form: who may have it, what stands in it, and the line that it leaves."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from bot.errors import NotAllowed, NotPossible
from bot.models import QuestionState
from bot.models.questions import Doubt, OpenQuestion
from bot.services import papers
from bot.services.audit import AuditService
from bot.services.papers import FORMS, Form, Kind, Wanted, file_name, write
from tests.services.conftest import Room
from tests.services.ledger.conftest import (
    COMMUNITY,
    GRID,
    LEAD,
    NOW,
    OFFICE,
    STEWARD,
    WANG,
    Books,
    at,
    rows,
)

DAY = date(2023, 1, 10)


def wanted(kind: Kind, form: Form = Form.EXCEL, *, full: bool = False) -> Wanted:
    return Wanted(
        kind=kind, form=form, area=COMMUNITY, first=DAY.replace(day=1), last=date(2023, 1, 31),
        full=full,
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "form"), [(kind, form) for kind in Kind for form in FORMS[kind]])
def test_every_paper_is_written_in_each_of_its_forms(
    room: Room, january: Books, kind: Kind, form: Form
) -> None:
    ask = wanted(kind, form)
    paper = room.within(lambda s: papers.make(s, room.knowledge, NOW, ask, OFFICE))
    assert len(write(paper, form)) > 200
    assert file_name(paper, ask).endswith(f".{form}")


def test_a_form_that_a_paper_does_not_have(room: Room) -> None:
    ask = wanted(Kind.LEDGER, Form.WORD)
    with pytest.raises(NotPossible, match=r"没有 .docx 格式，可以是 .xlsx、.csv"):
        room.within(lambda s: papers.make(s, room.knowledge, NOW, ask, None))


@pytest.mark.parametrize("kind", list(Kind))
def test_nobody_reads_of_another_area(room: Room, kind: Kind) -> None:
    for who in (WANG, STEWARD, LEAD):
        with pytest.raises(NotAllowed):
            room.within(
                lambda s, w=who: papers.make(s, room.knowledge, NOW, wanted(kind), w)  # type: ignore[misc]
            )


def test_that_a_file_leaves_is_written_down(room: Room) -> None:
    for full in (False, True):
        ask = wanted(Kind.LEDGER, full=full)
        room.within(lambda s, a=ask: papers.note(AuditService(s, NOW), a, OFFICE))  # type: ignore[misc]
    lines = room.within(lambda s: s.audit.lines(subject="table:ledger"))
    assert [line.actor for line in lines] == [OFFICE.id, OFFICE.id]
    assert [line.action for line in lines] == ["导出台账全本", "导出"]


def test_the_day_at_six(january: Books) -> None:
    for day in (10, 11):
        january.put(created_at=at(day), due_at=at(33, 12))
    paper = january.report(lambda r: r.daily(COMMUNITY, at(32).date(), OFFICE))
    assert paper.lines == ("今日新增1件，办结1件；待补充0件，明日到期2件，超期1件。",)
    assert len(rows(paper, "due")) == 2
    assert [row["情形"] for row in rows(paper, "stuck")] == ["超期", "挂账"]


def test_the_week(room: Room, january: Books) -> None:
    january.put(
        created_at=at(11), summary="电话13800000000", category="DTGZ", contact_due_at=at(40)
    )
    question = OpenQuestion(
        number=1, text="怎么办居住证，电话13800000000", area=GRID, group="", person="",
        message="m", doubt=Doubt.UNANSWERED,
        at=at(12), state=QuestionState.OPEN,
    )  # fmt: skip
    room.within(lambda store: store.questions.save(question))
    paper = january.report(lambda r: r.weekly(COMMUNITY, DAY, OFFICE))
    assert paper.title == "春晓社区周报（2023年1月9日至15日）"
    assert rows(paper, "repeats") == [{"类别": "公共设施维修", "楼幢": "3幢", "件数": 8}]
    (asked,) = rows(paper, "questions")
    assert asked["问题"] == "怎么办居住证，电话138****0000"
    assert "电话138****0000" in {row["内容摘要"] for row in rows(paper, "check")}


def test_the_month_for_the_meeting(january: Books) -> None:
    paper = january.report(lambda r: r.monthly(COMMUNITY, DAY, OFFICE))
    assert paper.title == "春晓社区月度民情分析（2023年1月）"
    assert paper.lines[0].startswith(
        "2023年1月，春晓社区通过微网格群收集居民诉求10个，提出2条意见建议，推动解决大小诉求7个"
    )
    assert [section.key for section in paper.sections] == [
        "summary", "rates", "months", "details", "heat", "stuck", "claims", "notices", "services",
        "contacts", "loads",
    ]  # fmt: skip
    assert [tuple(row.values()) for row in rows(paper, "months")][-2:] == [
        ("2022年12月", 0, 0),
        ("2023年1月", 10, 7),
    ]


def test_what_is_in_hand_is_for_the_lead_alone_and_no_rank(january: Books) -> None:
    january.put(handler=STEWARD.id, due_at=at(40))
    january.put(handler=STEWARD.id, due_at=at(40))
    mine = january.report(lambda r: r.monthly(GRID, DAY, STEWARD))
    assert "loads" not in {section.key for section in mine.sections}
    lead = january.report(lambda r: r.monthly(GRID, DAY, LEAD))
    assert [tuple(row.values()) for row in rows(lead, "loads")] == [
        ("管家", 2, 0),
        ("网格长", 1, 1),
    ]


def test_word_holds_the_words_and_no_fields_of_theirs(january: Books) -> None:
    january.put(summary="=HYPERLINK(1)\x07 {MERGEFIELD x}")
    paper = january.report(lambda r: r.monthly(COMMUNITY, DAY, OFFICE))
    document = docx.Document(io.BytesIO(write(paper, Form.WORD)))
    assert document.paragraphs[0].text == paper.title
    assert document.paragraphs[1].text == paper.caliber
    tables = {table.rows[0].cells[1].text: table for table in document.tables}
    assert "=HYPERLINK(1) {MERGEFIELD x}" in {row.cells[4].text for row in tables["登记日期"].rows}
    section = document.sections[0]
    assert (section.page_width or 0) > (section.page_height or 0)


def test_text_for_a_message(january: Books) -> None:
    paper = january.report(lambda r: r.daily(COMMUNITY, DAY, None))
    text = write(paper, Form.TEXT).decode()
    assert text.startswith("春晓社区日报（2023年1月10日）\n口径：")
    assert "【当日数字】" in text
