"""The made-up community that everybody meets first must be whole, and its answers well kept."""

from __future__ import annotations

import csv
import io
import tomllib
import unicodedata
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.models import Listen, Role

DATA = files("bot").joinpath("data")
DEMO = DATA.joinpath("demo")
BOM = b"\xef\xbb\xbf"
HEADER = [
    "编号",
    "问题",
    "别的问法",
    "答案",
    "来源",
    "更新日期",
    "有效开始",
    "有效截止",
    "分类",
    "区域",
]
TAGS = {"健康", "政策办事", "物业与环境", "便民服务", "关于海棠"}
Row = dict[str, str]


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """One line of the morning's talk."""

    who: str
    chat: str = msgspec.field(name="in")
    text: str
    mention: bool


def read(name: str) -> str:
    return DEMO.joinpath(name).read_text(encoding="utf-8-sig")


@pytest.fixture(scope="module")
def faq() -> list[Row]:
    return list(csv.DictReader(io.StringIO(read("faq.csv"))))


@pytest.fixture(scope="module")
def community() -> dict[str, Any]:
    return tomllib.loads(read("community.toml"))


@pytest.fixture(scope="module")
def talk() -> list[Line]:
    return [msgspec.json.decode(line, type=Line) for line in read("talk.jsonl").splitlines()]


def phrasings(row: Row) -> list[str]:
    return row["别的问法"].split("|")


def bare(text: str) -> str:
    """Without punctuation, blanks, case and width: what the matcher cannot tell apart."""
    normal = unicodedata.normalize("NFKC", text).lower()
    return "".join(sign for sign in normal if sign.isalnum())


def doubles(things: Sequence[str]) -> set[str]:
    return {thing for thing in things if things.count(thing) > 1}


# The bank of answers


def test_excel_opens_the_bank_as_utf8() -> None:
    raw = DEMO.joinpath("faq.csv").read_bytes()
    assert raw.startswith(BOM)
    assert raw.count(BOM) == 1


def test_the_bank_has_the_agreed_columns(faq: list[Row]) -> None:
    assert all(list(row) == HEADER for row in faq)
    assert all(isinstance(value, str) for row in faq for value in row.values())


def test_the_bank_is_large_enough(faq: list[Row]) -> None:
    assert len(faq) >= 60


def test_numbers_are_unique(faq: list[Row]) -> None:
    assert doubles([row["编号"] for row in faq]) == set()


def test_no_two_questions_are_the_same(faq: list[Row]) -> None:
    asked = [bare(text) for row in faq for text in (row["问题"], *phrasings(row))]
    assert doubles(asked) == set()


def test_answers_differ(faq: list[Row]) -> None:
    assert doubles([bare(row["答案"]) for row in faq]) == set()


def test_every_entry_has_two_or_three_other_phrasings(faq: list[Row]) -> None:
    odd = {row["编号"]: phrasings(row) for row in faq if len(phrasings(row)) not in (2, 3)}
    assert odd == {}


@pytest.mark.parametrize(
    ("column", "shortest", "longest"),
    [("编号", 4, 4), ("问题", 2, 14), ("答案", 20, 90), ("来源", 4, 12)],
)
def test_lengths(faq: list[Row], column: str, shortest: int, longest: int) -> None:
    odd = {row["编号"]: row[column] for row in faq if not shortest <= len(row[column]) <= longest}
    assert odd == {}


def test_phrasings_are_short_questions(faq: list[Row]) -> None:
    odd = [text for row in faq for text in phrasings(row) if not 4 <= len(text) <= 20]
    assert odd == []


def test_dates(faq: list[Row]) -> None:
    for row in faq:
        dated = date.fromisoformat(row["更新日期"])
        assert date(2026, 10, 1) <= dated <= date(2026, 11, 30), row["编号"]
        start, end = row["有效开始"], row["有效截止"]
        if end:
            assert date.fromisoformat(start or "2026-01-01") <= date.fromisoformat(end)


def test_a_few_entries_have_expired_and_most_have_not(faq: list[Row]) -> None:
    expired = [row["编号"] for row in faq if "" < row["有效截止"] < "2026-11-01"]
    assert 2 <= len(expired) <= 5


def test_tags_and_areas_are_known(faq: list[Row], community: dict[str, Any]) -> None:
    assert {row["分类"] for row in faq} == TAGS
    assert {row["区域"] for row in faq} <= known_areas(community)


@pytest.mark.parametrize("sign", ["！", "!", "**", "#", "`", "](", "http", "亲，", "  "])
def test_nothing_loud_or_marked_up(faq: list[Row], sign: str) -> None:
    assert [row["编号"] for row in faq if any(sign in value for value in row.values())] == []


def test_no_value_is_a_formula_or_has_loose_blanks(faq: list[Row]) -> None:
    for row in faq:
        for value in row.values():
            assert value == value.strip()
            assert not value.startswith(("=", "+", "-", "@", "\t"))


# The community


def bound(community: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups that have an area; the others show how a new one is bound."""
    return [group for group in community["groups"] if not group.get("pending")]


def known_areas(community: dict[str, Any]) -> set[str]:
    top = "{street}/{name}".format(**community["community"])
    return {"", top} | {group["area"] for group in bound(community)}


def chats(community: dict[str, Any]) -> list[str]:
    return [group["chat"] for group in community["groups"]]


def users(community: dict[str, Any]) -> list[str]:
    return [person["user"] for person in community["people"]]


def test_people_and_groups_are_unique(community: dict[str, Any]) -> None:
    assert doubles(users(community)) == set()
    assert doubles([person["name"] for person in community["people"]]) == set()
    assert doubles(chats(community)) == set()
    assert all(user.isascii() for user in users(community))


def test_groups_are_whole(community: dict[str, Any]) -> None:
    top = "{street}/{name}/".format(**community["community"])
    assert len(bound(community)) == len(community["groups"]) - 1
    for group in bound(community):
        assert set(group) == {"chat", "name", "area", "listen", "members"}
        assert group["area"].startswith(top)
        assert group["listen"] in set(Listen)
        assert group["members"] > 0


def test_people_are_whole(community: dict[str, Any]) -> None:
    for person in community["people"]:
        assert set(person) == {"user", "name", "role", "area", "groups"}
        assert person["role"] in set(Role)
        assert person["area"] in known_areas(community)
        assert person["groups"]
        assert set(person["groups"]) <= set(chats(community))


def test_everyone_sits_in_groups_of_their_area(community: dict[str, Any]) -> None:
    areas = {group["chat"]: group["area"] for group in bound(community)}
    for person in community["people"]:
        assert all(
            areas[chat].startswith(person["area"]) for chat in person["groups"] if chat in areas
        )


def test_every_group_has_one_steward_and_some_residents(community: dict[str, Any]) -> None:
    for chat in chats(community):
        roles = [person["role"] for person in community["people"] if chat in person["groups"]]
        assert roles.count("steward") == 1
        assert roles.count("resident") >= 2


def test_notices_come_from_someone_and_reach_their_groups(community: dict[str, Any]) -> None:
    people = {person["user"]: person for person in community["people"]}
    assert community["notices"]
    for notice in community["notices"]:
        assert set(notice) == {"by", "groups", "after", "text"}
        assert people[notice["by"]]["role"] != "resident"
        assert set(notice["groups"]) <= set(people[notice["by"]]["groups"])
        assert notice["after"].removesuffix("s").isdigit()
        assert 10 <= len(notice["text"]) <= 300
        assert "！" not in notice["text"]


# The morning's talk


def test_the_talk_is_short_and_reaches_every_group(
    talk: list[Line], community: dict[str, Any]
) -> None:
    assert 12 <= len(talk) <= 18
    assert {line.chat for line in talk} == {group["chat"] for group in bound(community)}


def test_speakers_are_members_of_the_group(talk: list[Line], community: dict[str, Any]) -> None:
    groups = {person["user"]: person["groups"] for person in community["people"]}
    assert [line for line in talk if line.chat not in groups.get(line.who, [])] == []


def test_a_mention_is_typed_and_marked(talk: list[Line]) -> None:
    assert [line for line in talk if line.mention != line.text.startswith("@海棠管家 ")] == []
    assert any(line.mention for line in talk)


def test_a_steward_asks_for_the_list(talk: list[Line], community: dict[str, Any]) -> None:
    stewards = {p["user"] for p in community["people"] if p["role"] == "steward"}
    assert [line.text for line in talk if line.who in stewards].count("清单") == 1


def test_the_talk_asks_what_the_bank_answers(talk: list[Line], faq: list[Row]) -> None:
    asked = [bare(text) for row in faq for text in phrasings(row)]
    answered = [line for line in talk if any(text in bare(line.text) for text in asked)]
    assert len(answered) >= 3


# The dictionary


def test_dictionary_lines_are_word_count_and_part_of_speech() -> None:
    lines = [
        line.split(" ") for line in DATA.joinpath("userdict.txt").read_text("utf-8").split("\n")
    ]
    assert lines.pop() == [""]
    assert all(len(line) == 3 and line[1].isdigit() and line[2].isalpha() for line in lines)
    assert doubles([line[0] for line in lines]) == set()
    assert len(lines) >= 60


def test_jieba_keeps_every_word_of_the_dictionary_whole(tmp_path: Path) -> None:
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path)
    text = DATA.joinpath("userdict.txt").read_text("utf-8")
    tokenizer.load_userdict(io.StringIO(text))
    words = [line.split(" ")[0] for line in text.splitlines()]
    torn = {word: cut for word in words if (cut := tokenizer.lcut(word, HMM=False)) != [word]}
    assert torn == {}
