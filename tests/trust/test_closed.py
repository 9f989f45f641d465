"""Whoever has the data or a backup without the key reads nothing of what people said."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database as UtilsDatabase

from bot.models import Role, Shelf, Wish
from bot.testing.conversation import START, World
from storage.backup import backup
from storage.connection import connect_writer
from storage.database import Database, key_of
from storage.keys import Keyring, load
from storage.migrations import migrations
from tests.blank import lay_blank
from tests.opened import in_clear, opened
from tests.trust.figures import SEED, Ledger

pytestmark = [pytest.mark.trust, pytest.mark.slow]

CANARIES = {
    "phone": "13912340077",
    "spoken": "一三九一二三四零零七七",
    "identity": "320501199001017777",
    "name": "欧阳翠花",
    "illness": "抑郁",
    "room": "单元1702",
}
TOLD = "我叫{name}，电话{phone}，{identity}，孩子{illness}，住2{room}，{spoken}"


@pytest.fixture
def told() -> str:
    """All canaries in one breath."""
    return TOLD.format(**CANARIES)


def push(world: World, told: str) -> int:
    """Through every way by which words come in; how many there were."""
    chat = world.group("一群")
    steward, lead = world.person("管家", Role.STEWARD), world.person("网格长", Role.GRID_LEAD)
    own = world.private("居民甲")
    said = 0

    def say(who: str, text: str, *, there: str = "group") -> None:
        nonlocal said
        said += 1
        places = {"group": chat, "own": own, "steward": steward, "lead": lead}
        places[there].says(who, text)

    say("居民甲", f"3幢楼道灯不亮了，{told}")
    say("居民甲", f"{told}，邻居家暴吵架打架，3幢，麻烦调解一下", there="own")
    say("居民甲", f"更正 住处 3幢2{CANARIES['room']}", there="own")
    say("管家", f"备注 1 已联系 {told}", there="steward")
    say("管家", f"要求补充 1 {told}", there="steward")
    say("居民甲", f"补充 1 {told}")
    say("管家", f"详情 1 {told}", there="steward")
    say("管家", f"挂账 1 到12月10日 {told[:60]}", there="steward")
    say("管家", f"恢复 1 {told[:60]}", there="steward")
    say("管家", f"上报 1 社区 {told[:60]}", there="steward")
    say("网格长", f"答复 1 {told[:60]}", there="lead")
    say("管家", f"办结 1 已换灯泡，{told[:90]}", there="steward")
    say("居民甲", "3")
    say("居民甲", f"另一个还是坏的，{told}")
    say("管家", f"不受理 2 {told[:60]}", there="steward")
    say("网格长", f"登记建议 长廊加两张椅子 {told}", there="lead")
    say("管家", f"服务 6人 2小时 看望{told[:60]}", there="steward")
    say("居民乙", f"@海棠管家 居住证怎么办 {told}")
    chat.says("居民乙", f"暂住证在哪办，{told}", mention=True)
    said += 1
    say("管家", "发布 立即 周三免费体检，要来的回复人数", there="group")
    say("管家", "确认")
    world.wait("1m")
    chat.says("居民丙", f"2人，{told}", quote=f"周三免费体检，{told}")
    said += 1
    say("居民丁", f"登记 路灯坏了好几天了，{told}")  # asked where, not answered yet
    return said


def readable(folder: Path, name: str) -> list[str]:
    """Which files of a data file hold which canary, in the bytes."""
    found = []
    for part in sorted(folder.glob(f"{name}*")):
        octets = part.read_bytes()
        for what, canary in CANARIES.items():
            # Also as JSON would write it.
            forms = (canary.encode(), canary.encode("unicode_escape"), canary.encode("utf-16-le"))
            found += [f"{part.name}: {what}" for form in forms if form in octets]
    return found


def seen(path: Path) -> dict[str, int]:
    """In how many places each canary is really kept."""
    with closing(sqlite3.connect(path)) as connection:
        texts = [text for _, text in opened(connection, load(key_of(path)))]
    return {what: sum(canary in text for text in texts) for what, canary in CANARIES.items()}


@contextmanager
def in_the_clear(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything is written as an older version did."""

    def as_it_is(self: Keyring, text: str, place: str) -> str:
        return text

    with monkeypatch.context() as patch:
        patch.setattr(Keyring, "close", as_it_is)
        patch.setattr(Keyring, "_piece", lambda self, text: text)
        yield


def test_no_words_in_the_bytes(world: World, tmp_path: Path, told: str, figure: Ledger) -> None:
    """C-32: canaries through every way in; the bytes of the file, its log and a backup."""
    pushed = push(world, told)
    path = world.player.database.path
    backup(path, tmp_path / "copies" / "copy.db")
    hits = readable(tmp_path, "world.db") + readable(tmp_path / "copies", "copy.db")
    kept = seen(path)
    world.wait("1d")
    hits += readable(tmp_path, "world.db")
    figure(
        "C-32",
        f"{len(CANARIES)} canaries (phone, name, identity, illness, room) through"
        " appeals, remarks, results, answers, feedback, a notice, a half-way dialog",
        pushed,
        f"kept in {sum(kept.values())} places, {len(hits)} hits in the bytes of the data file,"
        " its log and a backup",
        len(hits),
    )
    assert hits == []
    # The words are there, for whoever has the key.
    assert min(kept.values()) >= 10, kept


def test_an_upgraded_file(
    tmp_path: Path, told: str, figure: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-32: the same words, written as an older version wrote them, then upgraded."""
    with in_the_clear(monkeypatch):
        lay_blank(tmp_path / "world.db")
        old = World(tmp_path)
        pushed = push(old, told)
        old.close()
    path = tmp_path / "world.db"
    assert len(readable(tmp_path, "world.db")) >= len(CANARIES)
    with closing(connect_writer(path)) as connection:
        connection.execute("DROP TABLE closing")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name >= 'm038_closed'")
        assert migrations.pending(UtilsDatabase(connection))
        clear = len(in_clear(connection))
    before = seen(path)
    found = asyncio.run(upgraded(path, tmp_path / "copies" / "copy.db"))
    hits = readable(tmp_path, "world.db") + readable(tmp_path / "copies", "copy.db")
    figure(
        "C-32",
        f"{clear} values that an older version left in the clear, upgraded",
        pushed,
        f"{len(hits)} hits in the bytes of the data file, its log and a new backup;"
        f" {found} matters found by a word, as before",
        len(hits),
        SEED,
    )
    assert hits == []
    assert seen(path) == before
    assert found >= 2
    with closing(sqlite3.connect(path)) as connection:
        assert in_clear(connection) == []


async def upgraded(path: Path, copy: Path) -> int:
    """Open as a start of the service does, copy, and ask for a canary."""
    database = Database.open(path)
    await database.backup(copy)
    wish = Wish(area="海棠街道", shelf=Shelf.ALL, words=CANARIES["illness"])
    found = await database.read(
        lambda store: store.lists.found(wish, (START,) * 3, offset=0, limit=9)
    )
    await database.close()
    return len(found)
