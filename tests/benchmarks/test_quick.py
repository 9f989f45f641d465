"""The benchmark runs, counts right and says what it must; how fast it was is not judged here."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import islice

import pytest

from benchmarks.talk import GROUPS, LINES, talk

NUMBER = r"[\d,.]+"


@pytest.fixture(scope="module")
def printed() -> str:
    """What `python -m benchmarks --quick` prints."""
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        rf"Python 3\.\d+\.\d+, SQLite {NUMBER}, aiohttp {NUMBER}, \d+ cores",
        rf"bare aiohttp echo +10(?: +{NUMBER}){{6}}",
        rf"haitang, group talk +10(?: +{NUMBER}){{6}}",
        rf"haitang, private talk +10(?: +{NUMBER}){{6}}",
        rf"Flask \+ wechatpy \+ sqlite3 +10(?: +{NUMBER}){{6}}",
        rf"{NUMBER} of the bare echo at 10 connections \(bar 0\.10\)",
        rf"{NUMBER} times the Flask bot at 10 connections \(bar 4\)",
        rf"ready after {NUMBER} s, first callback answered {NUMBER} s after the start \(bar 2 s\)",
        rf"resident memory {NUMBER} MiB when ready, {NUMBER} at the end \(bar 200\)",
        r"ok +haitang, group talk: \d+ traces, 0 not handled",
        rf"ok +one notice to 200 groups queued in {NUMBER} s \(bar 1 s\)",
        rf"ok +sent at {NUMBER} a second, {NUMBER} us of processor time each, each group once",
        rf"ok +with 100 ms to the platform at {NUMBER} a second to 200 groups \(bar 600\)",
        r"ok +135 messages over 3 keys in [\d.]+ minutes .*: at most 18 a minute a key, 0 refused",
        rf"ok +with 1,000 schedules and 10,000 pending rows .* an idle tick takes {NUMBER} ms",
        rf"ok +with 1,000 schedules and 10,000 pending rows .* ready {NUMBER} s after the start",
        rf"the load itself took at most {NUMBER}% of a core",
    ],
)
def test_every_row_is_printed(printed: str, line: str) -> None:
    assert re.search(line, printed)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["haitang, group talk", "haitang, private talk", "Flask"])
def test_every_200_has_its_row(printed: str, name: str) -> None:
    found = re.search(
        rf"ok +{re.escape(name)}.*: (\d+) answered 200, 0 errors, (\d+) rows", printed
    )

    assert found is not None
    assert int(found[1]) == int(found[2]) > 0


def test_the_talk_is_mixed_and_the_same_each_time() -> None:
    said = list(islice(talk(1), 5000))

    assert said == list(islice(talk(1), 5000))
    assert LINES >= 120
    assert len({line.chat for line in said}) == GROUPS
    assert 0.05 < sum("幢" in line.text or "号楼" in line.text for line in said) / 5000 < 0.12
    assert 0.09 < sum(line.text.endswith(("？", "吗", "了？")) for line in said) / 5000 < 0.18
