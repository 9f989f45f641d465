"""What a wheel holds, and that it works where nothing but the wheel is."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "storage")


def test_the_command_is_registered() -> None:
    (script,) = distribution("haitang").entry_points.select(group="console_scripts")
    assert (script.name, script.value) == ("haitang", "bot.__main__:main")


def test_the_distribution_names_its_licence_and_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (project["license"], project["requires-python"]) == ("Apache-2.0", ">=3.11")
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")[:200]


def wanted() -> set[str]:
    """Every file of the packages that the program needs."""
    return {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    } | {"bot/data/config.example.toml"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT],
        check=True,
        cwd=folder,
    )
    (made,) = folder.glob("haitang-*.whl")
    return made


@pytest.mark.slow
def test_the_wheel_holds_everything_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        names = {name for name in opened.namelist() if ".dist-info/" not in name}
        info = {name.partition("/")[2] for name in opened.namelist() if ".dist-info/" in name}
    assert names == wanted()
    assert "licenses/LICENSE" in info
    assert "entry_points.txt" in info
    assert not [name for name in names if name.startswith(("tests", "var", "benchmarks"))]


@pytest.mark.slow
def test_the_wheel_runs_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    """The libraries come from here, the program only from the wheel."""
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(unpacked)
    transcript = tmp_path / "a.jsonl"
    transcript.write_text('{"say":"帮助","who":"甲"}\n', "utf-8")
    script = (
        f"import sys; sys.path.insert(0, {str(unpacked)!r})\n"
        "import bot\n"
        f"assert bot.__file__.startswith({str(unpacked)!r})\n"
        "from bot.__main__ import main\n"
        "main()\n"
    )
    for verb in (["init"], ["check-config"], ["version"], ["replay", str(transcript)]):
        ran = subprocess.run(
            [sys.executable, "-c", script, *verb],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
    assert "海棠管家的设置" in (tmp_path / "config.toml").read_text("utf-8")
