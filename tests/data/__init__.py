"""Labelled texts; README.md says how they were written."""

from __future__ import annotations

from pathlib import Path


def lines(name: str) -> list[str]:
    """The lines of one of these files."""
    return (Path(__file__).parent / name).read_text("utf-8").splitlines()
