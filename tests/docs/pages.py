"""Reading our own Markdown: tables, code blocks, links, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = tuple(sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")]))
BARE = {"Makefile", "NOTICE", "LICENSE", ".gitignore"}
SOURCES = ("bot", "handlers", "storage", "tests", "docs", "deploy", "examples", "benchmarks", ".ci")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CELL = re.compile(r"(?<!\\)\|")


def read(path: str) -> str:
    """A file of the repository."""
    return (ROOT / path).read_text("utf-8")


def blocks(path: str, language: str) -> list[str]:
    """The fenced code blocks of a page in one language."""
    return [code for kind, code in _FENCE.findall(read(path)) if kind == language]


def prose(text: str) -> str:
    """A page without its code blocks."""
    return _FENCE.sub("", text)


def links(page: Path) -> Iterator[str]:
    """Where a page leads, addresses of other sites left out."""
    for markdown, image in _LINK.findall(prose(page.read_text("utf-8"))):
        target = markdown or image
        if "://" not in target and not target.startswith("mailto:"):
            yield target


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get."""
    headings = _HEADING.findall(prose(page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rows(text: str) -> list[list[str]]:
    """All rows of all tables, without heads and rules."""
    found: list[list[str]] = []
    lines = prose(text).splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        is_head = following.startswith("|--")
        if line.startswith("|") and not line.startswith("|--") and not is_head:
            found.append([cell.strip() for cell in _CELL.split(line)[1:-1]])
    return found


def code(cell: str) -> list[str]:
    """The words of a cell that are set as code."""
    return re.findall(r"`([^`]+)`", cell)


def sections(path: str, head: str) -> dict[str, str]:
    """The text below each heading of the form "## `…`", by what stands in the backticks."""
    parts = re.split(rf"^{head} `([^`]+)`\n", read(path), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def text_files() -> Iterator[Path]:
    """Every text file of ours."""
    tops = [path for path in ROOT.iterdir() if path.suffix in {".md", ".toml"} or path.name in BARE]
    below = [path for top in SOURCES for path in (ROOT / top).rglob("*") if path.is_file()]
    for path in [*tops, *below]:
        binary = {".png", ".jpg", ".pyc", ".ico", ".bin"}
        if path.suffix not in binary and path.name != "config.toml":
            yield path
