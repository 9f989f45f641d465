"""The examples are played and say what they are expected to say."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main

EXAMPLES = Path(__file__).parents[1] / "examples"
TRANSCRIPTS = sorted(path for path in EXAMPLES.rglob("*.jsonl") if "expected" not in path.parts)
START = "2026-11-21T09:00:00+08:00"
GROUP = '{"group":"一群","area":"海棠街道/春晓社区/第1微网格"}'
STEWARD = '{"person":"管家","role":"steward","area":"海棠街道/春晓社区/第1微网格"}'


def play(*args: str) -> Result:
    """`haitang replay …`."""
    return CliRunner().invoke(main, ["replay", *args, "--start", START])


@cache
def played(transcript: Path) -> Result:
    """A shipped transcript, played once for all that is asked of it."""
    return play(str(transcript))


def written(folder: Path, *lines: str) -> str:
    """A transcript of these lines."""
    file = folder / f"{len(list(folder.iterdir()))}.jsonl"
    file.write_text("\n".join(lines), "utf-8")
    return str(file)


def heard(result: Result) -> list[dict[str, Any]]:
    """What the bot said."""
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_an_example_says_what_is_expected(transcript: Path) -> None:
    expected = (
        (EXAMPLES / "expected" / transcript.relative_to(EXAMPLES)).read_text("utf-8").splitlines()
    )
    said = heard(played(transcript))
    assert said == [json.loads(line) for line in expected]
    assert said


def test_there_are_enough_examples_and_none_is_orphaned() -> None:
    answers = EXAMPLES / "expected"
    expected = sorted(path.relative_to(answers) for path in answers.rglob("*.jsonl"))
    assert expected == sorted(path.relative_to(EXAMPLES) for path in TRANSCRIPTS)
    assert len(TRANSCRIPTS) >= 6
    assert sum(path.parent.name == "appeals" for path in TRANSCRIPTS) >= 25
    assert sum(path.parent.name == "notices" for path in TRANSCRIPTS) >= 15


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_in_a_group_nothing_is_long_or_loud(transcript: Path) -> None:
    steps = [json.loads(line) for line in transcript.read_text("utf-8").splitlines()]
    notices = {step["say"] for step in steps if "发布" in step.get("say", "")}
    for said in heard(played(transcript)):
        own_words = said["in"] and not any(said["text"] in notice for notice in notices)
        if own_words and "——" not in said["text"]:
            assert said["text"].count("\n") <= 3, said
            assert "室" not in said["text"], said
            assert "！" not in said["text"], said


def test_every_line_has_its_time_place_and_cause() -> None:
    for said in heard(played(EXAMPLES / "morning-notice.jsonl")):
        assert list(said) == ["line", "at", "in", "to", "text"]
        assert said["at"].endswith("+08:00")
        assert (said["in"] is None) is not (said["to"] is None)
        assert said["line"] is None or said["line"] >= 6


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"say":"在吗","who":"甲","in":"二群"}', "没有登记过「二群」这个群"),
        ('{"until":"2026-11-20T09:00:00+08:00"}', "时间不能倒流"),
        ('{"until":"2026-11-23T09:00:00"}', "until 要带时区"),
        ('{"say":"在吗","who":"甲"', "不是 JSON"),
        ('{"say":"在吗","who":"甲","loud":true}', "loud"),
        ('{"shout":"在吗"}', "要有且只有一个动作"),
        ('{"wait":"很久"}', "看不懂"),
        ('{"person":"甲","role":"king"}', "king"),
        ("[1]", "应是一个 JSON 对象"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_said(tmp_path: Path, bad: str, reason: str) -> None:
    good = '{"say":"3幢楼道灯不亮","who":"居民甲","in":"一群"}'
    result = play(written(tmp_path, GROUP, good, bad, good), "--data", str(tmp_path / "data"))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "第3行" in result.stderr
    assert reason in result.stderr
    assert not (tmp_path / "data" / "replay.db").exists()


def test_a_bad_second_file_is_named_too(tmp_path: Path) -> None:
    result = play(written(tmp_path, GROUP), written(tmp_path, "{"))
    assert result.exit_code == 1
    assert "1.jsonl 第1行" in result.stderr


def test_a_folder_of_state_goes_on_where_it_stopped(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    complaint = '{"say":"楼道灯不亮","who":"居民甲","in":"一群"}'
    first = heard(play(written(tmp_path, GROUP, STEWARD, complaint), *data))
    assert [said["text"] for said in first] == ["收到，楼道灯不亮。是几幢附近？"]
    answer = '{"say":"16幢","who":"居民甲","in":"一群"}'
    again = heard(play(written(tmp_path, answer), *data))
    assert again[0]["text"].startswith("已登记 1号：16幢楼道灯不亮")
    once_more = heard(play(written(tmp_path, answer.replace("16幢", "3幢灯坏了")), *data))
    assert once_more[0]["text"].startswith("已登记 2号：3幢灯坏了")


def test_a_planned_notice_goes_out_in_the_next_run(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    order = '{"say":"发布 10:00 停水","who":"管家","in":"一群"}'
    yes = '{"say":"确认","who":"管家","in":"一群"}'
    assert len(heard(play(written(tmp_path, GROUP, STEWARD, order, yes), *data))) == 2
    sent = heard(play(written(tmp_path, '{"wait":"2h"}'), *data))
    assert sent == [
        {"line": None, "at": "2026-11-21T10:00:00+08:00", "in": "一群", "to": None, "text": "停水"}
    ]


def test_without_a_folder_every_file_is_a_world_of_its_own(tmp_path: Path) -> None:
    file = written(tmp_path, GROUP, '{"say":"3幢灯坏了","who":"甲","in":"一群"}')
    said = heard(play(file, file))
    assert [line["text"][:6] for line in said] == ["已登记 1号"] * 2
