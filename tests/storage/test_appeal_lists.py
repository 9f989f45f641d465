"""Lists of appeals, and finding them by what was said."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlite_utils import Database as UtilsDatabase

from bot.models import Appeal, Kind, Order, Place, Shelf, State, Wish
from storage.appeal_words import row_of
from storage.closing import close_old
from storage.connection import connect_writer
from storage.database import prepare
from storage.keys import Keyring
from storage.migrations import migrations
from storage.store import SqliteStore
from tests.storage.samples import AREA, NOW, after, appeal

DAYS = (NOW, after(-3600), after(100_000))
STREET = "海棠街道"
KEYS = Keyring(b"k" * 32)


def shorts(store: SqliteStore, **wish: Any) -> list[int]:
    start = Wish(area=STREET, shelf=Shelf.ALL, order=Order.OLDEST)
    asked = msgspec.structs.replace(start, **wish)
    return [a.short for a in store.lists.found(asked, DAYS, offset=0, limit=50)]


@pytest.fixture
def filled(store: SqliteStore) -> SqliteStore:
    for made in (
        appeal(1, due_at=after(-60)),
        appeal(2, due_at=after(-60), stopped_at=NOW, state=State.PARKED),
        appeal(3, state=State.WORKING, due_at=after(60), handler="c:管家", unit="城管"),
        appeal(4, state=State.NEEDS_INFO, stopped_at=NOW),
        appeal(5, state=State.STRUCK, due_at=after(-60), created_at=after(-7200)),
        appeal(6, state=State.STRUCK, kind=Kind.PRAISE, place=Place()),
        appeal(7, area=STREET + "/邻里社区"),
    ):
        store.appeals.add(made)
    return store


@pytest.mark.parametrize(
    ("shelf", "found"),
    [
        (Shelf.OPEN, [1, 2, 3, 4, 7]),
        (Shelf.WAITING, [1, 7]),
        (Shelf.WORKING, [3]),
        (Shelf.ASKED, [4]),
        (Shelf.DUE, [3, 7]),
        (Shelf.OVERDUE, [1]),
        (Shelf.PARKED, [2]),
        (Shelf.FRESH, [1, 2, 3, 4, 7]),
        (Shelf.CLOSED, [5, 6]),
        (Shelf.ALL, [5, 1, 2, 3, 4, 6, 7]),
    ],
)
def test_shelves(filled: SqliteStore, shelf: Shelf, found: list[int]) -> None:
    assert shorts(filled, shelf=shelf) == found


def test_a_list_stays_below_its_area(filled: SqliteStore) -> None:
    assert shorts(filled, area=STREET + "/邻里社区") == [7]
    assert shorts(filled, area=AREA + "/没有") == []
    assert shorts(filled, area="海棠") == []
    assert shorts(filled, area=STREET + "/邻里社区", words="楼道") == [7]


def test_every_field_narrows(filled: SqliteStore) -> None:
    assert shorts(filled, unit="城管") == [3]
    assert shorts(filled, mine="c:管家") == [3]
    assert shorts(filled, kind="表扬") == [6]
    assert shorts(filled, building="3幢", shelf=Shelf.CLOSED) == [5]
    assert shorts(filled, category="没有") == []


def test_orders_and_pages(filled: SqliteStore) -> None:
    assert shorts(filled, shelf=Shelf.OPEN, order=Order.DUE) == [1, 2, 3, 4, 7]
    assert shorts(filled, shelf=Shelf.OPEN, order=Order.NEWEST)[0] == 7
    wish = Wish(area=STREET, shelf=Shelf.OPEN)
    assert [a.short for a in filled.lists.found(wish, DAYS, offset=3, limit=1)] == [4]


def test_buildings_and_units_of_what_is_open(filled: SqliteStore) -> None:
    assert filled.lists.buildings(STREET, 9) == ["3幢"]
    assert filled.lists.units(STREET, 9) == ["物业", "城管"]


SAID = "12幢1单元的楼道灯不亮，王阿姨说Wi-Fi也断了"


@pytest.mark.parametrize(
    ("words", "hit"),
    [
        ("灯", True),
        ("楼道", True),
        ("道灯", True),
        ("楼道灯不亮", True),
        ("不亮 楼道", True),
        ("亮王", False),  # the comma stands between them
        ("楼灯", False),
        ("12幢", True),
        ("2幢", False),
        ("12幢1单元", True),
        ("１２幢", True),
        ("幢1单元的楼道", True),
        ("wi-fi", True),
        ("断了", True),
        ("换了灯泡", True),
        ("sq20261121-0015", True),
        ("SQ202611210015", True),
        ("SQ20261121", True),
        ("SQ20261120", False),
        ("15", True),
        ("15号", True),
        ("1", True),  # 1单元
        ("16", False),
        ('"楼道" OR NEAR(', False),
        ("，", False),
        ("*", False),
        ("楼道 没有的", False),
    ],
)
def test_what_is_found(store: SqliteStore, words: str, hit: bool) -> None:
    store.appeals.add(
        appeal(15, text=SAID, summary="楼道灯", place=Place(building="12幢"), result="换了灯泡。")
    )
    assert shorts(store, words=words) == ([15] if hit else [])


def changed(store: SqliteStore, made: Appeal, **fields: Any) -> Appeal:
    after_it = msgspec.structs.replace(made, **fields)
    store.appeals.save(after_it)
    return after_it


def test_the_index_follows_every_change(store: SqliteStore) -> None:
    made = appeal(1)
    store.appeals.add(made)
    made = changed(store, made, result="已换灯泡")
    assert shorts(store, words="灯泡") == [1]
    made = changed(store, made, state=State.WITHDRAWN)
    assert (shorts(store, words="灯泡"), shorts(store, words="SQ20261121-0001")) == ([], [1])
    changed(store, made, state=State.PENDING)
    assert shorts(store, words="灯泡") == [1]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE appeals SET text = '', summary = '已删除', room = ''", "DELETE FROM appeals"],
)
def test_what_is_taken_away_by_any_statement_is_not_found(
    store: SqliteStore, statement: str
) -> None:
    store.appeals.add(appeal(1, result="已换灯泡"))
    store.connection.execute(statement)
    assert shorts(store, words="不亮") == []
    store.appeals.add(appeal(2, text="别的事", summary="别的事"))
    held = store.connection.execute("SELECT words FROM appeal_words ORDER BY rowid").fetchall()
    assert "不亮" not in str(held)
    assert len(held) == (1 if "DELETE" in statement else 2)


@pytest.mark.parametrize(
    ("words", "shown"),
    [("", 5), ("楼道", 5), ("楼道灯不亮", 5), ("楼亮", 0)],
)
def test_no_more_is_opened_than_is_shown(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, words: str, shown: int
) -> None:
    for short in range(1, 31):
        store.appeals.add(appeal(short))
    opened: list[str] = []
    whole = Keyring.open

    def counting(self: Keyring, kept: str, place: str) -> str:
        opened.append(place)
        return whole(self, kept, place)

    monkeypatch.setattr(Keyring, "open", counting)
    asked = Wish(area=STREET, shelf=Shelf.ALL, words=words)
    assert len(store.lists.found(asked, DAYS, offset=0, limit=5)) == shown
    assert sum(place.startswith("appeals.text") for place in opened) == shown


def test_pieces_without_the_phrase_are_passed_over_on_every_page(store: SqliteStore) -> None:
    for short in range(1, 41):
        text = "楼道灯不亮" if short % 4 == 0 else "道灯；楼道；灯不亮"
        store.appeals.add(appeal(short, text=text, summary=""))
    wish = Wish(area=STREET, shelf=Shelf.ALL, order=Order.OLDEST, words="楼道灯不亮")
    found = [
        a.short
        for page in range(4)
        for a in store.lists.found(wish, DAYS, offset=3 * page, limit=3)
    ]
    assert found == list(range(4, 41, 4))


def test_a_name_leaves_every_result(store: SqliteStore) -> None:
    long = "已办。" * 900 + "已回欧阳翠花"
    for short, result in enumerate(["已回欧阳翠花", "已换灯泡", "王翠花没来", long], start=1):
        store.appeals.add(appeal(short, result=result))
    store.appeals.add(appeal(5, result="欧阳翠花说不用了", state=State.WITHDRAWN))
    store.erasure.mentions("欧阳翠花", [], "", 100)
    results = [made.result for n in range(1, 6) for made in store.appeals.by_short(n, None)]
    assert results[:3] == ["已回某某", "已换灯泡", "王翠花没来"]
    assert results[3].endswith("已回某某")
    assert results[4] == "某某说不用了"
    assert shorts(store, words="欧阳翠花") == []
    store.erasure.forget_words()
    assert shorts(store, words="已回某某") == [1]


def test_an_undone_step_leaves_the_index_as_it_was(store: SqliteStore) -> None:
    store.connection.execute("BEGIN IMMEDIATE")
    store.appeals.add(appeal(1))
    with suppress(RuntimeError), store.savepoint():
        store.appeals.add(appeal(2, text="电梯坏了"))
        raise RuntimeError
    store.connection.execute("COMMIT")
    assert (shorts(store, words="电梯"), shorts(store, words="楼道")) == ([], [1])


def test_an_older_file_is_laid_out_with_what_is_there(path: Path) -> None:
    steps = [step.name for step in migrations._migrations]
    desk = next(name for name in steps if name.endswith("_desk"))
    with closing(connect_writer(path)) as connection:
        migrations.apply(UtilsDatabase(connection), stop_before=desk)
        connection.execute(
            "INSERT INTO appeals (id, number, short, group_id, area, reporter, source, text,"
            " summary, category, building, unit_no, room, spot, urgency, audience, unit, state,"
            " created_at, due_at, handler, result) VALUES ('a1', 'SQ20261121-0001', 1, 'g', ?,"
            " 'r', '群', '路灯不亮', '', 'GGSS', '3幢', '', '', '', 'P2', 'public', '物业',"
            " '待受理', 0, 0, '', '')",
            (AREA,),
        )
        connection.commit()
        prepare(path, connection)
        close_old(connection, KEYS)  # the index is laid down with the key, behind the steps
        assert shorts(SqliteStore(connection, KEYS), words="路灯") == [1]


def test_rows_are_numbered_by_day_and_number() -> None:
    assert row_of("SQ20261121-0002") < row_of("SQ20261121-10001") < row_of("SQ20261122-0001")
    with pytest.raises(ValueError, match="not the number"):
        row_of("12")
