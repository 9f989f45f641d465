"""Bytes on disk: whole, for nobody else, and only under names of ours."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from storage.vault import FolderVault


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path / "media")


def test_bytes_are_found_by_their_name(vault: FolderVault, tmp_path: Path) -> None:
    name = vault.put(b"photo", b"small")
    assert name == hashlib.sha256(b"photo").hexdigest()
    assert vault.put(b"photo", b"small") == name
    assert (vault.read(name), vault.read(name, thumbnail=True)) == (b"photo", b"small")
    files = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert {path.name for path in files} == {name, f"{name}.small"}
    assert {path.parent.name for path in files} == {name[:2]}
    modes = {stat.S_IMODE(path.stat().st_mode) for path in files}
    assert modes == {0o600}
    assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700


def test_what_is_removed_is_gone_and_may_be_removed_again(vault: FolderVault) -> None:
    name = vault.put(b"photo", b"")
    vault.remove(name)
    vault.remove(name)
    assert vault.read(name) is None
    assert vault.read(name, thumbnail=True) is None


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_no_path_is_built_from_what_is_no_name(vault: FolderVault, name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        vault.read(name)


def test_a_write_that_fails_leaves_nothing(
    vault: FolderVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("storage.vault.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        vault.put(b"photo", b"small")
    assert [path for path in (tmp_path / "media").rglob("*") if path.is_file()] == []
