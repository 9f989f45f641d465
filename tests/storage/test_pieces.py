"""What goes into the index; it finds neither more nor less than the words themselves say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import Place
from storage.keys import Keyring
from storage.pieces import asked_by, in_order, parts_of, pieces, runs_of
from storage.store import SqliteStore
from tests.storage.samples import appeal

KEYS = Keyring(b"k" * 32)
SIGNS = "楼道灯不亮3幢12 1号sSqQ，-。wiFi２é"
WORDS = ["SQ20261121-0012", "sq2026", "12幢", "楼道", "wifi", "13900001111"]
TEXTS = st.lists(st.one_of(st.sampled_from(SIGNS), st.sampled_from(WORDS)), max_size=14).map(
    "".join
)


def found(text: str) -> set[str]:
    return set(pieces([runs_of(text)]))


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("灯亮", {"灯", "亮", "灯亮"}),
        ("12幢", {"=12", "幢", "12|幢"}),
        ("灯，王", {"灯", "王", "灯|王"}),
        ("wifi2", {"=wifi2", "^w", "^wi", "^wif", "^wifi"}),
        ("13900001111", {"=13900001111"}),  # no beginnings of numbers: they could be counted out
    ],
)
def test_pieces_of_a_text(text: str, held: set[str]) -> None:
    assert found(text) == held


@pytest.mark.parametrize(
    ("part", "wanted", "exact"),
    [
        ("灯", {"灯"}, True),
        ("楼道", {"楼道"}, True),
        ("楼道灯", {"楼道", "道灯"}, False),
        ("12幢", {"12|幢"}, True),
        ("3幢楼道", {"3|幢", "幢楼", "楼道"}, False),
        ("wif", {"^wif"}, True),
        ("wi-f", {"=wi", "^f"}, False),
        ("13900001111", {"=13900001111"}, True),
    ],
)
def test_what_is_looked_for(part: str, wanted: set[str], exact: bool) -> None:
    asked = asked_by(part)
    assert (set(asked.pieces), asked.is_exact) == (wanted, exact)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, words=TEXTS)
def test_the_index_says_what_the_words_say(text: str, words: str) -> None:
    """Every row that holds the phrase has all pieces; an exact part has them only then."""
    runs = [runs_of(text)]
    for part in parts_of(words):
        asked = asked_by(part)
        holds = asked.phrase.is_in(in_order(runs))
        has_all = set(asked.pieces) <= set(pieces(runs))
        assert has_all or not holds, part
        assert holds or not (asked.is_exact and has_all), part


def test_a_row_of_the_index_tells_neither_words_nor_order(store: SqliteStore) -> None:
    told = "我叫欧阳翠花，电话13900001111，路灯不亮"
    store.appeals.add(appeal(7, text=told, place=Place(building="3幢"), area="海棠街道"))
    (row,) = store.connection.execute("SELECT words FROM appeal_words").fetchone()
    words = row.split()
    assert words == sorted(set(words))
    clear = {word for word in words if not re.fullmatch(r"[0-9a-f]{10}", word)}
    assert {word[:4] for word in clear} == {"sq20", "zzar", "zznr"}
    assert len(clear) == 3
    # The same piece has the same hash in every row, and another with every other key.
    assert KEYS.piece("=13900001111") in words
    assert Keyring(b"x" * 32).piece("=13900001111") not in words
