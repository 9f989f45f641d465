"""Transcripts: every line is read and checked before anything is played."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import TranscriptError
from bot.models import Listen, Role
from bot.transcript import (
    FaqLine,
    GroupLine,
    PersonLine,
    SayLine,
    Step,
    UntilLine,
    WaitLine,
    read,
)

START = datetime.fromisoformat("2026-11-21T09:00:00+08:00")
LATER = datetime.fromisoformat("2026-11-23T09:00:00+08:00")


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ('{"group":"一群","area":"a/b"}', GroupLine(group="一群", area="a/b")),
        (
            '{"group":"一群","area":"a","listen":"mention"}',
            GroupLine(group="一群", area="a", listen=Listen.MENTION),
        ),
        ('{"person":"管家"}', PersonLine(person="管家")),
        (
            '{"person":"管家","role":"steward","area":"a"}',
            PersonLine(person="管家", role=Role.STEWARD, area="a"),
        ),
        ('{"say":"在吗","who":"甲"}', SayLine(say="在吗", who="甲")),
        (
            '{"say":"在吗","who":"甲","in":"老群","mention":true}',
            SayLine(say="在吗", who="甲", group="老群", mention=True),
        ),
        ('{"say":"","who":"甲"}', SayLine(say="", who="甲")),
        ('{"wait":"90m"}', WaitLine(wait="90m")),
        ('{"until":"2026-11-23T09:00:00+08:00"}', UntilLine(until=LATER)),
        ('{"until":"2026-11-23T01:00:00Z"}', UntilLine(until=LATER)),
        ('{"faq":"问","answer":"答"}', FaqLine(faq="问", answer="答")),
        (
            '  {"faq":"问","answer":"答","source":"社区"}\r',
            FaqLine(faq="问", answer="答", source="社区"),
        ),
    ],
)
def test_a_line_is_a_step(line: str, step: Step) -> None:
    assert read(line, START, {"老群"}) == [(1, step)]


def test_blank_lines_count_but_do_nothing() -> None:
    assert [number for number, _ in read('\n{"wait":"1s"}\n\n{"wait":"1s"}\n', START, set())] == [
        2,
        4,
    ]


def test_separators_inside_a_text_do_not_end_a_line() -> None:
    steps = read('{"say":"一\u2028二\x85三","who":"甲"}', START, set())
    assert len(steps) == 1


@pytest.mark.parametrize(
    ("wait", "span"),
    [
        ("30s", timedelta(seconds=30)),
        ("90m", timedelta(minutes=90)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        ("0s", timedelta()),
    ],
)
def test_waits(wait: str, span: timedelta) -> None:
    assert WaitLine(wait=wait).span() == span


GOOD = '{"group":"一群","area":"a"}\n'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("not json", "不是 JSON"),
        ("{", "不是 JSON"),
        ("[" * 100_000, "不是 JSON"),
        ('{"say":"\ud800","who":"甲"}', "不是 JSON"),
        ("[]", "应是一个 JSON 对象"),
        ("5", "应是一个 JSON 对象"),
        ("null", "应是一个 JSON 对象"),
        ("{}", "要有且只有一个动作"),
        ('{"hello":1}', "要有且只有一个动作"),
        ('{"group":"a","person":"b"}', "要有且只有一个动作"),
        ('{"wait":"1s","until":"2026-11-23T09:00:00+08:00"}', "要有且只有一个动作"),
        ('{"group":"二群"}', "群要有名字（group）和网格（area）"),
        ('{"group":"","area":"a"}', "群要有名字"),
        ('{"group":"二群","area":"a","listen":"some"}', "应为 all、commands、mention、none 之一"),
        ('{"group":"二群","aera":"a"}', "不认识「aera」"),
        ('{"person":""}', "人要有名字"),
        ('{"person":"管家","role":"boss"}', "「role」的值是「boss」，应为 resident"),
        ('{"say":"在吗"}', "缺少「who」"),
        ('{"say":"在吗","who":""}', "谁说的"),
        ('{"say":5,"who":"甲"}', "「say」的值是「5」，应为文字"),
        ('{"say":"在吗","who":"甲","in":"无此群"}', "没有登记过「无此群」"),
        ('{"say":"在吗","who":"甲","mention":"yes"}', "「mention」的值是「yes」，应为 true"),
        ('{"say":"在吗","who":"甲","wait":"1s"}', "不认识「wait」"),
        ('{"wait":"90"}', "应写成 90m"),
        ('{"wait":"-1m"}', "应写成 90m"),
        ('{"wait":"1w"}', "应写成 90m"),
        ('{"wait":90}', "「wait」的值是「90」"),
        ('{"wait":"999999d"}', "2100年以前"),
        ('{"until":"2026-11-23T09:00:00"}', "要带时区"),
        ('{"until":"tomorrow"}', "应写成 2026-11-23T09:00:00+08:00"),
        ('{"until":"2020-01-01T00:00:00+08:00"}', "时间不能倒流"),
        ('{"until":"0001-01-01T00:00:00+23:00"}', "时间不能倒流"),
        ('{"until":"9999-12-31T23:59:59+00:00"}', "2100年以前"),
        ('{"faq":"","answer":"答"}', "问题（faq）和答案（answer）"),
        ('{"faq":"问","answer":""}', "问题（faq）和答案（answer）"),
        ('{"faq":"问"}', "缺少「answer」"),
    ],
)
def test_a_bad_line_is_named(line: str, reason: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        read(GOOD + "\n" + line + '\n{"wait":"1s"}', START, set())
    assert caught.value.line == 3
    assert reason in str(caught.value)
    assert str(caught.value).startswith("第3行：")


def test_time_runs_on_through_the_lines() -> None:
    day = '{"wait":"1d"}\n' * 3
    with pytest.raises(TranscriptError) as caught:
        read(day + '{"until":"2026-11-24T08:59:59+08:00"}', START, set())
    assert caught.value.line == 4
    assert "2026-11-24T09:00:00+08:00" in str(caught.value)
    read(day + '{"until":"2026-11-24T09:00:00+08:00"}', START, set())


def test_a_group_is_known_after_its_line_only() -> None:
    say = '{"say":"在吗","who":"甲","in":"一群"}\n'
    assert len(read(GOOD + say, START, set())) == 2
    with pytest.raises(TranscriptError):
        read(say + GOOD, START, set())


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(TranscriptError):
        read(text, START, set())
