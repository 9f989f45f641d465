"""Words as residents write them stay whole, and jieba costs nothing until it is asked."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest

from bot.language import segment


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("找一下网格员", "网格员"),
        ("我们微网格有多少户", "微网格"),
        ("海棠先锋今天入户", "海棠先锋"),
        ("居住证续签要带什么", "居住证"),
        ("居住证续签要带什么", "续签"),
        ("医保报销比例", "医保"),
        ("住在3幢", "幢"),
        ("飞线充电太危险", "飞线充电"),
    ],
)
def test_words_of_the_neighbourhood_stay_whole(text: str, whole: str) -> None:
    assert whole in segment.words(text)


def test_long_words_come_with_their_parts() -> None:
    assert {"网格", "网格员"} <= set(segment.words("网格员"))


def test_unknown_names_are_not_guessed_at() -> None:
    assert segment.words("沐桉") == ["沐", "桉"]


@pytest.mark.parametrize("text", ["", "   ", "\x00\ud800", "🙂" * 300, "a" * 3000, "。，！"])
def test_hostile_text_is_cut_without_loss(text: str) -> None:
    assert "".join(segment.words(text)) == text or segment.words(text) == []


def test_share_falls_from_everyday_words_to_rare_ones() -> None:
    assert segment.share("的") > segment.share("怎么") > segment.share("核酸") > 0
    assert segment.share("区报") == 0


def test_user_words_may_come_later() -> None:
    segment.load("", ["", "听雨轩凉亭"])

    assert "听雨轩凉亭" in segment.words("听雨轩凉亭的灯坏了")


def test_many_threads_cut_alike() -> None:
    text = "海棠先锋和网格员一起入户"
    with ThreadPoolExecutor(8) as pool:
        cuts = list(pool.map(lambda _: tuple(segment.words(text)), range(64)))

    assert len(set(cuts)) == 1


FRESH = """
import sys, warnings
from bot.language import segment
warnings.simplefilter("error")
assert "jieba" not in sys.modules and not segment.ready()
segment.load(sys.argv[1])
assert segment.ready() and "网格员" in segment.words("网格员")
"""


@pytest.mark.parametrize("cached", [False, True])
def test_a_fresh_process_loads_late_quietly_and_leaves_the_shared_temp_folder_alone(
    tmp_path: Path, cached: bool
) -> None:
    shared, own = tmp_path / "shared", tmp_path / "own"
    shared.mkdir()
    own.mkdir()
    (shared / "jieba.cache").write_bytes(b"planted")
    done = subprocess.run(
        [sys.executable, "-c", FRESH, str(own) if cached else ""],
        env={"TMPDIR": str(shared), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=Path(segment.__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (shared / "jieba.cache").read_bytes() == b"planted"
    assert (own / "jieba.cache").exists() is cached


DICTIONARY = """
网格 5 n
网格员 3 n
网格员 4 n
社区服务中心 12 n
服务 900 v
服 7 v
""".lstrip()


def test_the_dictionary_is_read_as_jieba_reads_it() -> None:
    segment.words("")
    tokenizer = sys.modules["jieba"].Tokenizer()

    expected = tokenizer.gen_pfdict(BytesIO(DICTIONARY.encode()))

    assert segment.read_dictionary(BytesIO(DICTIONARY.encode())) == expected
    assert expected[0]["社区"] == 0
