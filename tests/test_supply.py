"""What is installed is what was looked at: locked by hash, named, under licences we may ship."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tests.trust.figures import Ledger

ROOT = Path(__file__).resolve().parents[1]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
FREE = re.compile(
    r"apache|mit|bsd|python software foundation|psf|mpl|mozilla|public.domain|isc|unlicense", re.I
)


@pytest.fixture(scope="module")
def supply() -> ModuleType:
    """`deploy/supply.py`."""
    spec = importlib.util.spec_from_file_location("supply", ROOT / "deploy" / "supply.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_dependency_is_locked_by_hash(supply: ModuleType) -> None:
    locked = {name: hashes for name, _, hashes in supply.pins(LOCK)}
    assert all(locked.values())
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    for requirement in wanted:
        name = re.split(r"[\[<>=~! ]", requirement)[0].lower().replace("_", "-")
        assert name in locked, name


def test_the_lock_names_no_address() -> None:
    assert not re.search(r"https?://|index-url|find-links", LOCK)


def test_everything_shipped_has_a_licence_that_lets_it_be(supply: ModuleType) -> None:
    odd = []
    for name, _, _ in supply.pins(LOCK):
        told = supply.licence(name)
        if told and (not FREE.search(told) or "GPL" in told):
            odd.append(f"{name}: {told}")
    assert odd == []


def test_the_sbom_names_all_of_it(supply: ModuleType) -> None:
    bom = supply.sbom(LOCK)
    names = {component["name"] for component in bom["components"]}
    assert {name for name, _, _ in supply.pins(LOCK)} <= names
    assert {"htmx", "echarts"} <= names
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.5")
    assert all(component["hashes"] for component in bom["components"])


def pip(python: Path | str, *arguments: str | Path) -> None:
    subprocess.run(
        [str(python), "-m", "pip", "--disable-pip-version-check", "-q", *map(str, arguments)],
        check=True, timeout=600,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.trust
def test_it_installs_from_a_folder_without_a_network(tmp_path: Path, figure: Ledger) -> None:
    """C-38: the locked packages from a folder, every hash checked, no index asked."""
    wheels, home = tmp_path / "wheels", tmp_path / "home"
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    python = home / "bin" / "python"
    lock = ROOT / "requirements.lock"
    pip(python, "download", "--require-hashes", "-r", lock, "-d", wheels)
    away = ("--no-index", "--find-links", wheels)
    # One package comes as source alone, and is built here by what lies in the folder too.
    pip(python, "download", "setuptools", "wheel", "-d", wheels)
    pip(python, "install", *away, "setuptools", "wheel")
    pip(python, "install", *away, "--require-hashes", "--no-build-isolation", "-r", lock)
    done = subprocess.run(
        [str(python), "-c", "import aiohttp, jieba, wechatpy, sqlite_utils; print('imported')"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    files = len(list(wheels.iterdir()))
    figure("C-38", "packages from a folder of files, each hash required, no index asked", files,
           f"installed and {done.stdout.strip()}")  # fmt: skip
    assert done.stdout == "imported\n"
