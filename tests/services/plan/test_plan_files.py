"""Plans in and out: what goes out comes in again; what is hostile is told in a sentence."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.app import DATA
from bot.errors import ImportFault
from bot.language.text import clean
from bot.models import SHANGHAI, Beat, Recurrence
from bot.rules.recurrence import upcoming
from bot.rules.workdays import WorkCalendar
from bot.services.plan.files import read_plan, write_plan
from bot.services.plan.rows import MOST, Planned, PlanRow

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
CALENDAR = WorkCalendar.parse((DATA / "workdays.json").read_bytes())
EIGHT = time(8, 30)


def planned(
    text: str, at: datetime | None = None, again: Recurrence | None = None, to: str = "一群"
) -> Planned:
    times: tuple[datetime, ...] = (at,) if at is not None else ()
    if again is not None:
        times = upcoming(again, NOW, CALENDAR, 40)
    row = PlanRow(
        where="n1", text=text, at=times[0], recurrence=again, to=to, source="社区", link=""
    )
    return Planned(uid="n1-1@haitang", row=row, times=times, created_at=NOW)


def read(name: str, data: bytes) -> list[PlanRow]:
    return list(read_plan(name, data, NOW, CALENDAR))


def faults(name: str, data: bytes) -> list[str]:
    with pytest.raises(ImportFault) as caught:
        read(name, data)
    return list(caught.value.faults)


def calendar(*events: str, before: str = "") -> bytes:
    made = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}END:VEVENT\r\n" for n, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{before}{made}END:VCALENDAR\r\n".encode()


def event(when: str = "DTSTART:20261201T080000", *more: str, title: str = "停水") -> str:
    return "".join(f"{line}\r\n" for line in (f"SUMMARY:{title}", when, *more))


RECURRENCES = (
    Recurrence(beat=Beat.DAILY, at=EIGHT),
    Recurrence(beat=Beat.WEEKLY, at=EIGHT, weekdays=(0, 4)),
    Recurrence(beat=Beat.MONTHLY, at=EIGHT, days=(1, 15)),
    Recurrence(beat=Beat.MONTHLY, at=EIGHT, days=(-1,)),
    Recurrence(beat=Beat.MONTHLY, at=EIGHT, days=(31,)),
    Recurrence(beat=Beat.WORKDAYS, at=EIGHT),
    Recurrence(beat=Beat.BEFORE_HOLIDAY, at=EIGHT),
    Recurrence(beat=Beat.WEEKLY, at=EIGHT, weekdays=(2,), until=date(2026, 12, 31)),
)


@pytest.mark.parametrize("again", RECURRENCES, ids=lambda one: f"{one.beat}{one.days}")
@pytest.mark.parametrize("name", ["plan.ics", "plan.xlsx", "plan.csv"])
def test_a_recurrence_comes_back_the_same(name: str, again: Recurrence) -> None:
    (row,) = read(name, write_plan(name, [planned("垃圾分类", again=again)], NOW))
    assert row.recurrence == again
    assert (row.text, row.to, row.source) == ("垃圾分类", "一群", "社区")


@settings(max_examples=25, deadline=None)
@given(
    # What a cell and a calendar cannot hold anyway: other controls than the end of a line.
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=120),
    st.sampled_from(["plan.ics", "plan.xlsx", "plan.csv"]),
)
def test_any_words_come_back_the_same(words: str, name: str) -> None:
    text = f"停水：{words}。\n第二行；a,b\\n「=1+1」"
    at = datetime(2026, 12, 1, 8, 0, tzinfo=SHANGHAI)
    (row,) = read(name, write_plan(name, [planned(text, at)], NOW))
    assert row.at == at
    assert row.text == clean(text)


def test_a_calendar_is_as_the_standard_wants_it() -> None:
    text = "停水通知：" + "明早八点到十点停水，请存水；" * 20
    plan = [planned(text, datetime(2026, 12, 1, 8, 0, tzinfo=SHANGHAI))]
    data = write_plan("plan.ics", plan, NOW)
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"BEGIN:VTIMEZONE" in data
    assert b"TZOFFSETTO:+0800" in data
    assert b"DTSTART;TZID=Asia/Shanghai:20261201T080000" in lines
    assert b"UID:n1-1@haitang" in lines
    assert b"\xef\xbc\x9b" in data  # the wide semicolon needs no escape
    (found,) = Calendar.from_ical(data).walk("VEVENT")
    assert str(found["DESCRIPTION"]) == text


@pytest.mark.parametrize(
    ("again", "rule"),
    [
        (RECURRENCES[0], b"RRULE:FREQ=DAILY"),
        (RECURRENCES[1], b"RRULE:FREQ=WEEKLY;BYDAY=MO,FR"),
        (RECURRENCES[2], b"RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15"),
        (RECURRENCES[3], b"RRULE:FREQ=MONTHLY;BYMONTHDAY=-1"),
        (RECURRENCES[7], b"RRULE:FREQ=WEEKLY;UNTIL=20261231T003000Z;BYDAY=WE"),
    ],
)
def test_a_rule_stands_where_there_is_one(again: Recurrence, rule: bytes) -> None:
    data = write_plan("plan.ics", [planned("x", again=again)], NOW)
    assert rule in data.split(b"\r\n")


@pytest.mark.parametrize("again", [RECURRENCES[4], RECURRENCES[5], RECURRENCES[6]])
def test_without_a_rule_the_next_times_stand_by_name(again: Recurrence) -> None:
    data = write_plan("plan.ics", [planned("x", again=again)], NOW)
    (found,) = Calendar.from_ical(data).walk("VEVENT")
    assert "RRULE" not in found
    started: Any = found["DTSTART"]
    named: Any = found["RDATE"]
    told = {started.dt, *(each.dt for each in named.dts)}
    assert told == set(upcoming(again, NOW, CALENDAR, 40))


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("DTSTART:20261201T000000Z", _at(2026, 12, 1, 8, 0)),
        ("DTSTART:20261201T080000", _at(2026, 12, 1, 8, 0)),
        ("DTSTART;TZID=Asia/Shanghai:20261201T080000", _at(2026, 12, 1, 8, 0)),
        ("DTSTART;TZID=China Standard Time:20261201T080000", _at(2026, 12, 1, 8, 0)),
        ("DTSTART;TZID=Asia/Tokyo:20261201T090000", _at(2026, 12, 1, 8, 0)),
        ("DTSTART;VALUE=DATE:20261201", _at(2026, 12, 1, 8, 0)),
    ],
)
def test_times_of_other_calendars(when: str, at: datetime) -> None:
    (row,) = read("a.ics", calendar(event(when)))
    assert row.at == at


@pytest.mark.parametrize(
    ("rule", "again"),
    [
        ("FREQ=DAILY", Recurrence(beat=Beat.DAILY, at=time(8))),
        ("FREQ=WEEKLY", Recurrence(beat=Beat.WEEKLY, at=time(8), weekdays=(1,))),
        ("FREQ=WEEKLY;BYDAY=MO,WE", Recurrence(beat=Beat.WEEKLY, at=time(8), weekdays=(0, 2))),
        (
            "FREQ=WEEKLY;COUNT=3",
            Recurrence(beat=Beat.WEEKLY, at=time(8), weekdays=(1,), until=date(2026, 12, 15)),
        ),
        (
            "FREQ=DAILY;UNTIL=20261205T160000Z",
            Recurrence(beat=Beat.DAILY, at=time(8), until=date(2026, 12, 6)),
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", Recurrence(beat=Beat.MONTHLY, at=time(8), days=(-1,))),
    ],
)
def test_rules_of_other_calendars(rule: str, again: Recurrence) -> None:
    (row,) = read("a.ics", calendar(event("DTSTART:20261201T080000", f"RRULE:{rule}")))
    assert row.recurrence == again


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY;COUNT=999999999",
        "FREQ=DAILY;COUNT=999999999",
        "FREQ=DAILY;INTERVAL=2",
        "FREQ=YEARLY",
        "FREQ=MONTHLY;BYDAY=1MO",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1",
        "FREQ=DAILY;BYSECOND=0,1,2",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=NONSENSE",
        "garbage",
    ],
)
def test_rules_that_are_none_of_ours_are_named(rule: str) -> None:
    (fault,) = faults("a.ics", calendar(event("DTSTART:20261201T080000", f"RRULE:{rule}")))
    assert fault.startswith("第1个日程「停水」：")
    assert fault.endswith("。")


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (event("DTSTART:20269999T080000"), "看不懂"),
        ("SUMMARY:停水\r\n", "没有（或不止一个）开始时间"),
        (event("DTSTART:20261201T080000", "DTSTART:20261202T080000"), "不止一个"),
        (event("DTSTART;TZID=Nowhere/X:20261201T080000"), "时区「Nowhere/X」不认识"),
        (event("DTSTART;TZID=../../etc/passwd:20261201T080000"), "不认识"),
        (event("DTSTART:20261201T080000", "EXDATE:20261202T080000"), "例外的日子"),
        (event("DTSTART:20261201T080000", 'X-HAITANG-RECURRENCE:{"beat":"x"}'), "重新导出"),
        (event("DTSTART:20261201T080000", "SUMMARY:又一个"), "不止一个「SUMMARY」"),
    ],
)
def test_every_broken_event_is_told(broken: str, words: str) -> None:
    told = faults("a.ics", calendar(event(), broken))
    assert len(told) == 1
    assert told[0].startswith("第2个日程")
    assert words in told[0]


BOMB_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:00010101T000000\r\n"
    "RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\n"
    "END:VTIMEZONE\r\n"
)


def test_zones_of_a_file_are_not_run() -> None:
    when = "DTSTART;TZID=Asia/Shanghai:20261201T080000"
    (row,) = read("a.ics", calendar(event(when), before=BOMB_ZONE))
    assert row.at == _at(2026, 12, 1, 8, 0)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.ics", lambda: b"", "这不是日历文件"),
        ("a.ics", lambda: b"\xff\xfe\x00", "不是 UTF-8"),
        ("a.ics", lambda: b"hello", "这不是日历文件"),
        ("a.ics", lambda: b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "没有日程"),
        ("a.ics", lambda: b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "没有日程"),
        ("a.ics", lambda: b"BEGIN:VCALENDAR\r\nnonsense\r\n", "读不出来"),
        ("a.ics", lambda: b"BEGIN:VCALENDAR\r\n" + b"x" * 200_000, "太大"),
        ("a.ics", lambda: b"BEGIN:VCALENDAR\r\n" + b"X:1\r\n" * 70_000, "太大"),
        ("a.ics", lambda: calendar(*[event()] * (MOST + 1)), f"最多导入 {MOST} 条"),
        ("a.ics", lambda: b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 5000, "最多导入"),
        ("a.ics", lambda: b"BEGIN:VCALENDAR\r\n" + b"y" * 5_000_000, "超过 4 MiB"),
        ("a.xlsx", lambda: b"PK\x03\x04", "这不是 .xlsx"),
        ("a.xlsx", lambda: zipped({"a.txt": b"x"}), "打不开"),
        ("a.xlsx", lambda: zipped({"xl/bomb.xml": b"\0" * 40_000_000}), "解开后太大"),
        ("a.xlsx", lambda: zipped({f"{n}.xml": b"" for n in range(600)}), "解开后太大"),
        ("a.csv", lambda: b"PK\x03\x04", "Excel 工作簿"),
        ("a.csv", lambda: b"", "表头缺少：时间、内容"),
        ("a.csv", "时间,内容,谁\n".encode, "表头里不认识：谁"),
        ("a.csv", "时间,内容\n".encode, "表里没有通知"),
        ("a.csv", ("时间,内容\n" + "明天8:00,x\n" * 501).encode, "最多导入 500"),
        ("a.doc", lambda: b"", ".ics（日历）、.xlsx 或 .csv"),
        ("", lambda: b"", ".ics（日历）"),
    ],
)
def test_hostile_files(name: str, data: Callable[[], bytes], words: str) -> None:
    (fault,) = faults(name, data())
    assert words in fault
    assert fault.endswith("。") or "表头" in fault


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.ics", "a.xlsx", "a.csv"]), st.booleans())
def test_rubbish_never_does_more_than_complain(data: bytes, name: str, begun: bool) -> None:
    head = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" if begun else b""
    with contextlib.suppress(ImportFault):
        read(name, head + data)


def test_every_faulty_row_of_a_table_is_told() -> None:
    table = (
        "日期,时间,内容,发往,截止\n"
        "2026-12-01,8:00,停水,一群,\n"
        ",没说,停水,,\n"
        ",,停水,,\n"
        "2026-02-30,8:00,停水,,\n"
        "2026-12-01,,停水,,\n"
        ",明天8:00,停水,,2026-12-31\n"
        ",每两周周一8:00,停水,,\n"
        ",12月1日8:00到12月2日8:00,停水,,\n"
        ",每周一8:30,垃圾分类,,明年\n"
        ",明天8:00,停水,,,多一格\n"
    )
    told = faults("a.csv", table.encode())
    assert [one.partition("：")[0] for one in told] == [f"第{n}行" for n in range(3, 12)]


def test_excels_own_days_and_hours() -> None:
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        hour = book.add_format({"num_format": "hh:mm"})
        both = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for column, name in enumerate(("日期", "时间", "内容")):
            sheet.write_string(0, column, name)
        sheet.write_datetime(1, 0, datetime(2026, 12, 1), day)  # noqa: DTZ001 - Excel has no zones
        sheet.write_datetime(1, 1, datetime(1899, 12, 31, 8, 30), hour)  # noqa: DTZ001
        sheet.write_string(1, 2, "停水")
        sheet.write_datetime(3, 1, datetime(2026, 12, 2, 9, 0), both)  # noqa: DTZ001
        sheet.write_string(3, 2, "来水")
    rows = read("a.xlsx", out.getvalue())
    assert [(row.where, row.at, row.text) for row in rows] == [
        ("第2行", _at(2026, 12, 1, 8, 30), "停水"),
        ("第4行", _at(2026, 12, 2, 9, 0), "来水"),
    ]


def test_no_cell_becomes_a_formula() -> None:
    plan = [planned('=HYPERLINK("http://x")', _at(2026, 12, 1, 8, 0))]
    book = zipfile.ZipFile(io.BytesIO(write_plan("a.xlsx", plan, NOW)))
    sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert msgspec.json.encode(read("a.xlsx", write_plan("a.xlsx", plan, NOW))[0].text)
    assert b"'=HYPERLINK" in write_plan("a.csv", plan, NOW)


def test_times_leave_in_shanghai() -> None:
    plan = [planned("x", datetime(2026, 12, 1, 0, 30, tzinfo=UTC))]
    assert "2026-12-01,08:30" in write_plan("a.csv", plan, NOW).decode("utf-8-sig")
