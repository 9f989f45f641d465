"""Statements, tables, bombs and settings: nothing is computed, unpacked or half read."""

from __future__ import annotations

import ast
import csv
import io
import random
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from bot.config import load
from bot.errors import ConfigError, HaitangError
from bot.models import FaqEntry
from bot.services.faq_files import read_bank_file, write_bank_file
from bot.testing.conversation import World
from tests.test_config import WRONG
from tests.trust.figures import SEED, Ledger, times

pytestmark = [pytest.mark.trust, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


def _built(node: ast.expr) -> bool:
    """Whether a string is put together from what is not written out in the source."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return True
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format"


# Put together from question marks, and from one of two names written out beside it.
REVIEWED = {
    ("storage/questions.py", "_ANSWERED"),
    ("storage/outbox.py", "_TROUBLES"),
    ("storage/faq.py", "_DISTINCT"),
}


def test_no_sql_from_values(figure: Ledger) -> None:
    """C-20: every statement in the source takes its values as parameters; templates escape."""
    statements = findings = templates = 0
    for file in [
        *ROOT.glob("storage/**/*.py"),
        *ROOT.glob("bot/**/*.py"),
        *ROOT.glob("handlers/**/*.py"),
    ]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", "")
            if not isinstance(node, ast.Call) or not node.args:
                continue
            if name in {"execute", "executemany", "executescript", "_execute", "_count", "_one"}:
                statements += 1
                where = (str(file.relative_to(ROOT)), ast.unparse(node.args[0]).partition(".")[0])
                findings += _built(node.args[0]) and where not in REVIEWED
    for page in [*ROOT.glob("bot/**/*.html"), *ROOT.glob("bot/**/*.j2")]:
        templates += 1
        text = page.read_text("utf-8")
        findings += len(
            re.findall(r"\|\s*safe\b|autoescape false|\{%-?\s*autoescape\s+false", text)
        )
    figure(
        "C-20",
        "statements in the source, and pages, searched for values put into their text unescaped",
        statements + templates,
        f"{findings} findings ({len(REVIEWED)} statements looked at by hand)",
        findings,
    )
    assert statements > 100
    assert findings == 0


FORMULAS = [
    "=1+1", "=cmd|'/c calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "=HYPERLINK(\"http://x\")",
    "＝1+1", "＋1", "－1", "＠SUM(1)", "=1+1\n=2", '"=1+1', "'=1+1", " =1+1", "%0A=1",
]  # fmt: skip


def test_formulas(world: World, figure: Ledger) -> None:
    """C-26: words that a spreadsheet would compute, through every kind of export."""
    from bot.services.transfers import TRANSFERS

    entries = [
        FaqEntry(id=f"F{n}", question=words, answer=words, source=words, tag=words)
        for n, words in enumerate(FORMULAS)
    ]
    alive = cells = 0
    for data in [write_bank_file("a.csv", entries)]:
        found = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
        cells += len(found)
        alive += sum(cell[:1] in set("=+-@\t\r") and cell != "" for cell in found)
    book = zipfile.ZipFile(io.BytesIO(write_bank_file("a.xlsx", entries)))
    for name in book.namelist():
        if name.startswith("xl/worksheets/"):
            sheet = book.read(name)
            cells += sheet.count(b"<c ")
            alive += sheet.count(b"<f>") + sheet.count(b"<f ")
            alive += sheet.count(b"<hyperlink ")
    chat = world.group("一群")
    for words in FORMULAS:
        chat.says(words[:20], f"3幢楼道灯不亮了 {words}")
    for kind, transfer in TRANSFERS.items():
        if transfer.mime == "text/csv":
            text = world.read(transfer.export).decode("utf-8-sig")
            for row in text.split("\r\n"):
                cells += 1
                alive += row[:1] in set("=+-@\t")
            assert kind
    figure(
        "C-26",
        f"{len(FORMULAS)} formulas through the exports (answers as CSV and Excel, other tables)",
        cells,
        f"{alive} cells that a spreadsheet would compute",
        alive,
    )
    assert alive == 0


BOMB = """
import io, resource, sys, zipfile, zlib, struct
from bot.models import MediaKind
from bot.services.pictures import Bounds, clean
from bot.services.faq_files import read_bank_file
from bot.errors import HaitangError
def png(side):
    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + \\
            struct.pack('>I', zlib.crc32(kind + data))
    packer = zlib.compressobj(9)
    row = b'\\0' * (side // 8 + 1)
    data = b''.join([packer.compress(row) for _ in range(side)] + [packer.flush()])
    head = struct.pack('>IIBBBBB', side, side, 1, 0, 0, 0, 0)
    return b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', head) + chunk(b'IDAT', data) + \\
        chunk(b'IEND', b'')
def book(size):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        z.writestr('[Content_Types].xml', '<Types/>')
        with z.open('xl/worksheets/sheet1.xml', 'w', force_zip64=True) as f:
            for _ in range(size):
                f.write(b'0' * 2**20)
    return out.getvalue()
bombs = [('png', png(50000)), ('png', png(20000)), ('xlsx', book(300))]
clean(png(64), MediaKind.IMAGE, 'a.png', Bounds())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for kind, data in bombs:
    try:
        if kind == 'png':
            clean(data, MediaKind.IMAGE, 'a.png', Bounds())
        else:
            read_bank_file('a.xlsx', data)
        print('taken', kind)
    except HaitangError:
        print('refused', kind)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_decompression_bombs(figure: Ledger) -> None:
    """C-27: pictures and workbooks that unpack to far more than they are."""
    done = subprocess.run(
        [sys.executable, "-c", BOMB], capture_output=True, text=True, timeout=300, check=True
    )
    *verdicts, grown = done.stdout.split("\n")[:-1]
    through = sum(line.startswith("taken") for line in verdicts)
    figure(
        "C-27",
        "a picture of 50 000 × 50 000, one of 20 000 × 20 000, a workbook that unpacks to 300 MB",
        len(verdicts),
        f"{through} taken; {grown} MiB of memory beyond the start at most",
        through,
    )
    assert through == 0
    assert int(grown) < 200


def test_wrong_settings(tmp_path: Path, figure: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """C-37: each setting wrong in each way: told with its key and what to do; never a traceback."""
    monkeypatch.chdir(tmp_path)
    example = (ROOT / "config.example.toml").read_text("utf-8")
    lines = [line for line in example.split("\n") if re.match(r"[a-z_]+ = ", line)]
    explained = silent = 0
    cases = [f"[{key.split('.')[0]}]\n{key.split('.')[1]} = {value}\n" for key, value, _ in WRONG]
    for at, line in enumerate(example.split("\n")):
        if line in lines:
            cut = example.split("\n")
            cut[at] = line.replace(" = ", "_x = ", 1)  # a typing error in the key
            cases.append("\n".join(cut))
    path = tmp_path / "config.toml"
    for text in cases:
        path.write_text(text, "utf-8")
        try:
            load(path, {})
            silent += 1
        except ConfigError as error:
            explained += all("「" in fault and fault.endswith("。") for fault in error.faults)
    figure(
        "C-37",
        "settings: wrong in kind, out of range, mistyped keys",
        len(cases),
        f"{explained} explained in one sentence with the key, {silent} accepted",
        len(cases) - explained,
    )
    assert explained == len(cases)


def test_damaged_workbooks(figure: Ledger, tmp_path: Path) -> None:
    """C-27 as well: any damaged workbook is told, never a crash."""
    rng = random.Random(SEED)
    good = write_bank_file(
        "a.xlsx", [FaqEntry(id="F1", question="怎么办", answer="到窗口", source="社区")]
    )
    whole = times(300, 50)
    crashed = Counter[str]()
    for _ in range(whole):
        data = bytearray(good)
        for _ in range(rng.randint(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            read_bank_file(
                "a.xlsx", bytes(data[: rng.randrange(len(data)) if rng.random() < 0.3 else None])
            )
        except HaitangError:
            continue
        except Exception as error:
            crashed[type(error).__name__] += 1
    figure(
        "C-27",
        "damaged workbooks",
        whole,
        f"{sum(crashed.values())} crashes",
        sum(crashed.values()),
    )
    assert crashed == Counter()
