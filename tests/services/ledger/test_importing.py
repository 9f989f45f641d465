"""Older ledgers in many shapes: taken over whole or not at all, never twice, and back again."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Sequence
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from bot.errors import ImportFault, NotAllowed, NotFound, NotPossible
from bot.models import SHANGHAI, Appeal, Audience, Kind, Rating, State
from bot.ports import Store
from bot.services.audit import AuditService
from bot.services.ledger.importing import LedgerImport, Plan, Taken
from bot.services.ledger.reading import Old, read_ledger
from bot.services.workbook import write_workbook
from tests.services.conftest import Room
from tests.services.ledger.conftest import COMMUNITY, LEAD, NOW, OFFICE, Books, rows

HEADER = "编号,登记时间,诉求内容,办理状态,办结时间"


def table(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines]).encode("utf-8-sig")


def read(data: bytes, name: str = "台账.csv") -> list[str]:
    return [old.content for old in read_ledger(name, data, NOW).matters]


def faults(data: bytes, name: str = "台账.csv") -> tuple[str, ...]:
    with pytest.raises(ImportFault) as caught:
        read_ledger(name, data, NOW)
    return caught.value.faults


def take(room: Room, data: bytes, name: str = "台账.csv") -> Taken:
    reading = read_ledger(name, data, NOW)
    return room.within(lambda store: importer(room, store).take(reading, COMMUNITY, OFFICE))


def importer(room: Room, store: Store) -> LedgerImport:
    return LedgerImport(store, room.knowledge, NOW, AuditService(store, NOW))


def appeals(room: Room) -> Sequence[Appeal]:
    def listed(store: Store) -> list[Appeal]:
        found = [store.appeals.by_number(f"SQ20230105-{n:04d}") for n in range(1, 9)]
        return [appeal for appeal in found if appeal is not None]

    return room.within(listed)


@pytest.mark.parametrize(
    "header",
    [
        "编号,登记时间,诉求内容,办理状态,办结时间",
        "工单号,受理日期,问题描述,状态,完成日期",
        "台账编号,反映时间,主要诉求,是否办结,解决时间",
        " 编号 ,登记日期*,内容摘要（脱敏）,办结情况,办结日期",
    ],
)
def test_columns_are_known_by_many_names(header: str) -> None:
    (old,) = read_ledger(
        "a.csv", table("K-1,2023-01-05,3幢灯不亮,已办结,2023-01-06", header=header), NOW
    ).matters
    assert (old.number, old.content, old.state) == ("K-1", "3幢灯不亮", State.STRUCK)
    assert old.at == datetime(2023, 1, 5, 9, tzinfo=SHANGHAI)
    assert old.closed == datetime(2023, 1, 6, 9, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2023-01-05", 9), ("2023/1/5", 9), ("2023.1.5", 9), ("2023年1月5日", 9),
        ("2023-01-05 14:30", 14), ("2023年1月5日下午3点20分", 15), ("2023/01/05 08:00:59", 8),
        ("44931", 9), ("44931.5", 12), ("2023-01-05T16:00:00", 16), ("'2023-01-05", 9),
    ],
)  # fmt: skip
def test_days_are_read_in_many_forms(written: str, hour: int) -> None:
    (old,) = read_ledger("a.csv", table(f"K-1,{written},灯不亮,在办,"), NOW).matters
    assert (old.at.date(), old.at.hour) == (date(2023, 1, 5), hour)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("K-1,,灯不亮,在办,", "第2行：登记时间没有填。"),
        ("K-1,1月5日,灯不亮,在办,", "第2行：登记时间「1月5日」看不懂，请写成 2023-01-05 这样。"),
        ("K-1,2023-02-30,灯不亮,在办,", "第2行：登记时间「2023-02-30」看不懂"),
        ("K-1,2031-01-05,灯不亮,在办,", "第2行：登记时间「2031-01-05」还没到。"),
        ("K-1,2023-01-05,,在办,", "第2行：诉求内容没有填。"),
        ("K-1,2023-01-05,灯不亮,天知道,", "第2行：办理状态「天知道」不认识，可以写已办结"),
        ("K-1,2023-01-05,灯不亮,已办结,", "第2行：办结时间没有填，可状态是办结了。"),
        ("K-1,2023-01-05,灯不亮,已办结,2023-01-04", "第2行：办结时间比登记时间早。"),
        (f"K-1,2023-01-05,{'长' * 4001},在办,", "第2行：诉求内容太长"),
    ],
)
def test_a_fault_names_the_row_the_column_and_the_mend(line: str, fault: str) -> None:
    (told,) = faults(table(line))
    assert told.startswith(fault)


def test_every_faulty_row_is_listed_and_nothing_is_brought_in(room: Room, books: Books) -> None:
    good = [f"K-{n},2023-01-05,第{n}盏灯不亮,在办," for n in range(60)]
    good[10] = "K-10,昨天,灯不亮,在办,"
    good[50] = "K-50,2023-01-05,,在办,"
    good[59] = "K-1,2023-01-05,又一盏,在办,"
    told = faults(table(*good))
    assert [fault.split("：")[0] for fault in told] == ["第12行", "第52行", "第3行", "第61行"]
    assert appeals(room) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "没有找到台账"),
        (table(header="姓名,电话"), "至少要有「登记时间」和「诉求内容」"),
        (table(), "一行内容也没有"),
        (b"\xff\xfe\x00\xd8", "编码"),
    ],
)
def test_what_is_no_ledger(data: bytes, words: str) -> None:
    assert words in faults(data)[0]


def test_a_table_below_a_title_and_with_a_sum_is_found() -> None:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("说明").write_string(0, 0, "请看第二张表")
        sheet = book.add_worksheet("诉求")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, 3, "春晓社区台账")
        for column, name in enumerate(("序号", "登记时间", "诉求内容", "满意度")):
            sheet.write_string(2, column, name)
        for row, words in enumerate(("灯不亮", "水管漏水"), 3):
            sheet.write_number(row, 0, row - 2)
            sheet.write_datetime(row, 1, datetime(2023, 1, 5), day)  # noqa: DTZ001
            sheet.write_string(row, 2, words)
            sheet.write_string(row, 3, "满意")
        sheet.write_string(5, 0, "合计")
        sheet.write_number(5, 2, 2)
    assert read(out.getvalue(), "a.xlsx") == ["灯不亮", "水管漏水"]


def test_a_whole_line_becomes_a_matter(room: Room, books: Books) -> None:
    header = (
        "编号,登记时间,来源,微网格,类别,诉求内容,地点,反映人,联系电话,责任单位,承办人,办理期限,"
        "办理结果,状态,办结时间,满意度,首次响应时间,备用"
    )
    line = (
        "K-1,2023-01-05 08:00,12345,第1微网格,公共设施维修,王芳说楼道灯不亮,3幢2单元502室,王芳,"
        "13800000000,物业,网格长,2023-01-12,已换灯泡,已办结,2023-01-06 10:00,基本满意,"
        "2023-01-05 09:00,x"
    )
    room.within(lambda store: store.people.save(LEAD))
    reading = read_ledger("a.csv", table(line, header=header), NOW)
    assert reading.remarks == ("这几列不导入：备用。",)
    taken = room.within(lambda store: importer(room, store).take(reading, COMMUNITY, OFFICE))
    assert (taken.fresh, taken.known) == (1, 0)
    (made,) = appeals(room)
    assert (made.area, made.group, made.short) == (COMMUNITY + "/第1微网格", "", 0)
    assert (made.category, made.place.full, made.source) == ("GGSS", "3幢2单元502室", "12345")
    assert (made.summary, made.unit, made.handler) == ("王*说楼道灯不亮", "物业", LEAD.id)
    assert (made.state, made.rating, made.result) == (State.STRUCK, Rating.FAIR, "已换灯泡")
    assert made.rated_at == made.closed_at == datetime(2023, 1, 6, 10, tzinfo=SHANGHAI)
    (row,) = rows(books.ledger(), "appeals")
    assert (row["反映人"], row["联系方式"], row["地点（幢）"]) == ("王*", "138****0000", "3幢")
    (full,) = rows(books.ledger(full=True), "appeals")
    assert (full["反映人"], full["联系方式"]) == ("王芳", "13800000000")


def test_what_is_private_stays_private(room: Room) -> None:
    take(
        room,
        table(
            "K-1,2023-01-05,夫妻吵架请调解,邻里与家庭纠纷,否", "K-2,2023-01-05,灯不亮,,是",
            "K-3,2023-01-05,路灯不亮,,否",
            header="编号,登记时间,诉求内容,类别,是否涉密",
        ),
    )  # fmt: skip
    assert [each.audience for each in appeals(room)] == [
        Audience.PRIVATE,
        Audience.PRIVATE,
        Audience.PUBLIC,
    ]


def test_the_same_file_again_changes_nothing(room: Room, books: Books) -> None:
    data = table("K-1,2023-01-05,灯不亮,在办,", "K-2,2023-01-05,水管漏,已办结,2023-01-06")
    assert take(room, data).fresh == 2
    assert take(room, data) == Taken("", 0, 2)
    more = table("K-1,2023-01-05,灯不亮,在办,", "K-3,2023-01-05,车棚漏雨,在办,")
    assert (take(room, more).fresh, take(room, more).known) == (1, 2)
    assert len(rows(books.ledger(), "appeals")) == 3


def test_our_own_ledger_comes_back_without_doubles(room: Room, january: Books) -> None:
    own = write_workbook(january.ledger())
    assert take(room, own, "台账.xlsx") == Taken("", 0, 14)


def test_our_own_ledger_can_move_to_another_house(room: Room, january: Books) -> None:
    own = write_workbook(january.ledger(full=True))
    matters = read_ledger("台账.xlsx", own, NOW).matters
    assert [old.kind for old in matters].count(Kind.SUGGESTION) == 2
    assert {old.state for old in matters} >= {State.STRUCK, State.PARKED, State.WITHDRAWN}
    assert "王姐" in {old.reporter.removeprefix("3-502") for old in matters}


def test_what_is_open_is_listed_and_not_chased(room: Room) -> None:
    take(room, table("K-1,2023-01-05,灯不亮,在办,"))
    (made,) = appeals(room)
    assert (made.state, made.short) == (State.WORKING, 1)
    assert room.within(lambda store: store.reminders.to_look_at(NOW, 9)) == []


def test_an_import_is_taken_back(room: Room, books: Books) -> None:
    data = table("K-1,2023-01-05,灯不亮,在办,", "K-2,2023-01-05,水管漏,已办结,2023-01-06")
    batch = take(room, data).batch
    assert room.within(lambda s: importer(room, s).undo(batch, OFFICE)) == 2
    assert rows(books.ledger(), "summary")[0]["数值"] == 0
    assert take(room, data).fresh == 2  # and may come in again
    with pytest.raises(NotFound):
        room.within(lambda s: importer(room, s).undo(batch, OFFICE))


def test_what_somebody_worked_on_is_not_taken_back(room: Room) -> None:
    batch = take(room, table("K-1,2023-01-05,灯不亮,在办,")).batch
    (made,) = appeals(room)
    room.within(lambda store: room.desk(store).close(made, "换了", OFFICE, ""))
    with pytest.raises(NotPossible, match="已经有人办过"):
        room.within(lambda store: importer(room, store).undo(batch, OFFICE))


def test_who_may(room: Room, books: Books) -> None:
    reading = read_ledger("a.csv", table("K-1,2023-01-05,灯不亮,在办,"), NOW)

    def plan(area: str, who: object) -> Plan:
        return room.within(lambda s: importer(room, s).plan(reading, area, who))  # type: ignore[arg-type]

    assert len(plan(COMMUNITY, OFFICE).fresh) == 1
    for area, who in ((COMMUNITY, LEAD), ("海棠街道/秋实社区", OFFICE)):
        with pytest.raises(NotAllowed):
            plan(area, who)
    with pytest.raises(NotPossible):
        plan("", None)


def test_it_leaves_a_line_in_the_audit(room: Room) -> None:
    take(room, table("K-1,2023-01-05,灯不亮,在办,"))
    lines = room.within(lambda store: store.audit.lines(subject="table:ledger"))
    assert [(line.action, line.actor) for line in lines] == [("导入", OFFICE.id)]


@pytest.mark.slow
def test_fifty_thousand_rows_with_faults_in_the_middle(room: Room) -> None:
    lines = [f"K-{n},2023-01-05,第{n}盏灯不亮,已办结,2023-01-06" for n in range(50_000)]
    lines[25_000], lines[25_001] = "K-x,,,", "K-y,2023-01-05,灯不亮,？,"
    began = time.perf_counter()
    assert len(faults(table(*lines))) == 3
    assert time.perf_counter() - began < 20
    lines[25_000:25_002] = []
    assert take(room, table(*lines)).fresh == 49_998
    assert time.perf_counter() - began < 90


# How long things are kept


def test_who_stands_in_what_is_over_is_not_taken_over(room: Room, books: Books) -> None:
    line = "K-1,2021-01-05,王芳13800000000说灯不亮,已办结,2021-01-06,王芳,13800000000"
    data = table(line, header=HEADER + ",反映人,联系电话")
    reading = read_ledger("a.csv", data, NOW)
    plan = room.within(lambda s: importer(room, s).plan(reading, COMMUNITY, OFFICE))
    assert "有1件办结超过365天" in plan.remarks[-1]
    take(room, data)
    made = room.within(lambda store: store.appeals.by_number("SQ20210105-0001"))
    assert made is not None
    assert (made.reporter, made.text) == ("", "")
    assert made.summary == "王*138****0000说灯不亮"


def test_a_name_goes_with_the_last_matter_of_its_owner(room: Room) -> None:
    lines = [f"K-{n},2023-01-05,第{n}盏灯不亮,已办结,2023-01-06,王芳" for n in (1, 2)]
    take(room, table(*lines, header=HEADER + ",反映人"))
    one, two = appeals(room)
    assert one.reporter == two.reporter

    def name(store: Store) -> str:
        found = store.people.by_id(one.reporter)
        return "" if found is None else found.name

    room.within(lambda store: store.erasure.appeal(one.id, ""))
    assert room.within(name) == "王芳"
    room.within(lambda store: store.erasure.appeal(two.id, ""))
    assert room.within(name) == ""
    assert "王芳" not in str(room.within(lambda s: s.events.of(f"appeal:{two.id}")))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.text(max_size=12), min_size=5, max_size=6), max_size=6))
def test_whatever_stands_in_the_cells_is_read_or_refused(lines: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER.split(","), *lines])
    told: tuple[str, ...] = ()
    matters: tuple[Old, ...] = ()
    try:
        matters = read_ledger("a.csv", out.getvalue().encode("utf-8", "surrogatepass"), NOW).matters
    except ImportFault as fault:
        told = fault.faults
    assert told or matters
    assert all(each.endswith("。") for each in told)
    assert all(old.at.tzinfo is not None and old.content for old in matters)
