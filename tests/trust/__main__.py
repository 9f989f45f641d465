"""`make trust`: run every check, print the table, hold it against docs/trust.md.

`--write` puts the table into the page instead. Ends with 1 when a check fails, when a row of the
page is no longer checked, or when a row that is checked is not on the page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.trust.figures import Figure

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "docs" / "trust.md", ROOT / "docs" / "trust.zh-CN.md")
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
HEAD = "| row | what was tried | times | what was found | check |\n|---|---|---:|---|---|\n"


def run(arguments: Sequence[str]) -> tuple[int, list[Figure]]:
    """All checks in a process of their own; its exit status and the figures."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures"
        scale = os.environ.get("HAITANG_TRUST_SCALE", "1")
        kills = str(max(5, round(200 * float(scale))))
        environment = {
            "HAITANG_KILLS": kills, **os.environ,
            "HAITANG_TRUST_SCALE": scale, "HAITANG_TRUST_OUT": str(out),
        }  # fmt: skip
        status = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-m", "trust", "-p", "no:cacheprovider",
             "-W", "ignore::ResourceWarning", *arguments],
            cwd=ROOT, env=environment, check=False,
        ).returncode  # fmt: skip
        lines = out.read_bytes().splitlines() if out.exists() else []
    return status, [msgspec.json.decode(line, type=Figure) for line in lines]


def table(figures: Sequence[Figure]) -> str:
    """One line a figure, in the order of the rows."""
    ordered = sorted(figures, key=lambda each: (int(each.row.partition("-")[2]), each.test))
    return HEAD + "".join(
        f"| {each.row} | {each.tried} | {each.times:,} | {each.found}"
        f" | `{each.test.removeprefix('tests/')}` |\n".replace(",", " ", 0)
        for each in ordered
    )


def rows(text: str) -> set[str]:
    """The rows with a figure in a table."""
    return set(re.findall(r"^\| (C-\d+) \|", text, re.MULTILINE))


def place(text: str, figures: str) -> str:
    """The page with these figures in it."""
    head, _, rest = text.partition(BEGIN)
    return f"{head}{BEGIN}\n{figures}{END}{rest.partition(END)[2]}"


def main(arguments: Sequence[str]) -> int:
    """Run, print, compare or write."""
    started = time.monotonic()
    write = "--write" in arguments
    status, figures = run([each for each in arguments if each != "--write"])
    found = table(figures)
    faults = [each for each in figures if each.faults]
    sys.stdout.write(f"\n{found}\n")
    for each in faults:
        sys.stdout.write(f"MISSED {each.row}: {each.found} ({each.test})\n")
    slowest = sorted(figures, key=lambda each: -each.seconds)[:5]
    told = ", ".join(f"{each.row} {each.seconds:.0f} s" for each in slowest)
    sys.stdout.write(f"longest: {told}\n")
    seeds = ", ".join(sorted({str(each.seed) for each in figures}))
    sys.stdout.write(f"{len(figures)} figures, seed {seeds}, {time.monotonic() - started:.0f} s\n")
    if write and status == 0:
        for page in PAGES:
            page.write_text(place(page.read_text("utf-8"), found), "utf-8")
        return 0
    for page in PAGES:
        shown = rows(page.read_text("utf-8").partition(BEGIN)[2].partition(END)[0])
        if shown != rows(found):
            odd = ", ".join(sorted(shown ^ rows(found)))
            sys.stdout.write(f"{page.name} and the checks differ in {odd}: make trust WRITE=1\n")
            status = status or 1
    return status or int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
