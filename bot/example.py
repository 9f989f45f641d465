"""Where the commented example of the settings lies: beside the code, or inside the wheel."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

_INSIDE = Path(str(files("bot").joinpath("data", "config.example.toml")))
_BESIDE = _INSIDE.parents[2] / "config.example.toml"
EXAMPLE = _INSIDE if _INSIDE.exists() else _BESIDE
