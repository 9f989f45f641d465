"""What is closed opens with its own key, in its own place, and nowhere else."""

from __future__ import annotations

from base64 import b85encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import StorageError
from bot.models import Incoming
from bot.ports import Store
from storage.database import Database
from storage.keys import NONCE, Keyring, derived
from tests.storage.samples import NOW, incoming

KEYS = Keyring(b"k" * 32)


@pytest.mark.parametrize("text", ["3幢楼道灯不亮", "a" * 5000, "\x02不是我们的", "😀", "\udc80"])
def test_what_is_closed_comes_back(text: str) -> None:
    kept = KEYS.close(text, "inbox.text 1")
    assert text not in kept
    assert KEYS.open(kept, "inbox.text 1") == text
    assert kept == KEYS.close(text, "inbox.text 1")  # what did not change looks as it did
    assert kept != KEYS.close(text, "inbox.text 2")  # the same words elsewhere look different
    assert kept != Keyring(b"x" * 32).close(text, "inbox.text 1")


def test_nothing_stays_nothing_and_older_rows_are_read_as_they_are() -> None:
    assert KEYS.close("", "inbox.text 1") == ""
    assert KEYS.open("楼道灯不亮", "inbox.text 1") == "楼道灯不亮"


def test_what_an_older_version_closed_is_opened() -> None:
    nonce = b"n" * NONCE
    cipher = AESGCM(derived(b"k" * 32, b"haitang columns"))
    sealed = nonce + cipher.encrypt(nonce, "楼道灯不亮".encode(), b"inbox.text 1")
    assert KEYS.open("\x02" + b85encode(sealed).decode(), "inbox.text 1") == "楼道灯不亮"


@pytest.mark.parametrize("spoilt", ["\x03", "\x03不", "\x03QQ==", "\x02", "\x02~~~~~~"])
def test_what_is_no_closed_text_is_refused(spoilt: str) -> None:
    with pytest.raises(StorageError, match="解不开"):
        KEYS.open(spoilt, "inbox.text 1")


@pytest.mark.parametrize(
    ("keys", "place", "spoil"),
    [(Keyring(b"x" * 32), "inbox.text 1", 0), (KEYS, "inbox.text 2", 0), (KEYS, "inbox.text 1", 1)],
)
def test_another_key_another_place_or_another_bit_opens_nothing(
    keys: Keyring, place: str, spoil: int
) -> None:
    kept = KEYS.close("3幢楼道灯不亮", "inbox.text 1")
    kept = kept[:-spoil] + ("0" if kept[-1] != "0" else "1") if spoil else kept
    with pytest.raises(StorageError, match="解不开"):
        keys.open(kept, place)


def accept(store: Store, said: Incoming) -> str:
    return store.inbox.accept(said, NOW, "done") or ""


async def test_words_are_not_in_the_file(path: Path) -> None:
    database = Database.open(path)
    said = incoming(text="我家孩子抑郁", quote="引用的话")
    row = await database.write(accept, said)
    found = await database.read(lambda store: store.inbox.get(row))
    assert found == said
    await database.close()
    for part in path.parent.glob("haitang.db*"):
        assert "抑郁".encode() not in part.read_bytes()


async def test_data_without_its_key_is_refused(path: Path) -> None:
    await Database.open(path).close()
    key = path.with_suffix(".key")
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(StorageError, match="找不到密钥文件"):
        Database.open(path)
    assert not key.exists()
    await Database.open(path.with_name("other.db"), key).close()
    with pytest.raises(StorageError, match="不是这份数据的"):
        Database.open(path)
    key.write_bytes(kept)
    await Database.open(path).close()


async def test_a_key_may_lie_elsewhere(path: Path, tmp_path: Path) -> None:
    key = tmp_path / "safe" / "the.key"
    await Database.open(path, key).close()
    assert key.exists()
    assert not path.with_suffix(".key").exists()
