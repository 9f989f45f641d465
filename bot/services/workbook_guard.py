"""Whether a workbook can be opened: before anything is unpacked into memory.

A workbook is a zip. A few thousand bytes can unpack to gigabytes, and two cells far apart make the
reader ask for half a terabyte and end the process. So every part is unpacked piece by piece and
counted, and every cell's address is looked at, before the reader sees the file.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath
from xml.parsers import expat

from bot.errors import ImportFault
from bot.services.sheet import MAX_BYTES

MAX_UNPACKED = 128 * 1024 * 1024
MAX_PARTS = 1000
MAX_CELLS = 6_000_000
"""The area between the first and the last cell of a sheet: what the reader asks memory for."""
_PIECE = 1 << 20
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})\Z")
_RELATIONS = "xl/_rels/workbook.xml.rels"
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError),
    *(RuntimeError, EOFError, OSError),
)
NO_WORKBOOK = "这不是 .xlsx 工作簿，请在 Excel 里另存为「Excel 工作簿」。"
TOO_LARGE = "这个 Excel 文件解开后太大，不导入，请只留下要导入的那张表。"
TOO_WIDE = "这个 Excel 文件里有很远的格子，不导入，请删掉表格外面多余的行和列再存一次。"


def check_workbook(data: bytes) -> None:
    """Raises `ImportFault` for what is no workbook, or one that must not be opened."""
    if len(data) > MAX_BYTES:
        raise ImportFault([f"文件超过 {MAX_BYTES // 1024 // 1024} MiB，请分几个文件导入。"])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
    except _BROKEN:
        raise ImportFault([NO_WORKBOOK]) from None


def _check(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise ImportFault([TOO_LARGE])
    names = [part.filename.lower() for part in parts]
    if len(set(names)) < len(names) or "xl/workbook.xml" not in names:
        raise ImportFault([NO_WORKBOOK])
    if {"xl/workbook.bin", "content.xml"} & set(names):  # other kinds of workbooks
        raise ImportFault([NO_WORKBOOK])
    scans = {part.filename.lower(): _scan(archive, part) for part in parts}
    relations = scans.get(_RELATIONS)
    sheets = set() if relations is None else relations.targets
    if any(not scans[name].is_xml for name in sheets & set(names)):
        raise ImportFault([NO_WORKBOOK])


def _scan(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Scan:
    """Unpack one part in pieces; the archive refuses one that is larger than it says."""
    scan = _Scan()
    with archive.open(part) as source:
        while piece := source.read(_PIECE):
            scan.feed(piece)
    return scan


class _Scan:
    """Reads one part, if it is XML: how far its cells lie apart, and what it refers to."""

    def __init__(self) -> None:
        self.is_xml = True
        self.targets: set[str] = set()
        self._rows: tuple[int, int] | None = None
        self._columns: tuple[int, int] = (0, 0)
        self._row = self._column = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes) -> None:
        """The next piece."""
        if not self.is_xml:
            return
        try:
            self._parser.Parse(piece)
        except expat.ExpatError:
            self.is_xml = False

    def _doctype(self, *_: object) -> None:
        raise ImportFault([NO_WORKBOOK])

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self._cell(attributes.get("r", ""))
        elif tag == "row":
            given = attributes.get("r", "")
            self._row = int(given) if given.isascii() and given.isdigit() else self._row + 1
            self._column = 0
        elif tag == "Relationship":
            target = attributes.get("Target", "").lower()
            path = PurePosixPath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
            self.targets.add(str(path))

    def _cell(self, address: str) -> None:
        if address:
            found = _ADDRESS.match(address)
            if found is None:
                raise ImportFault([TOO_WIDE])
            self._column, row = _number(found[1]), int(found[2])
        else:
            self._column, row = self._column + 1, self._row
        top, bottom = self._rows or (row, row)
        left, right = self._columns if self._rows else (self._column, self._column)
        self._rows = min(top, row), max(bottom, row)
        self._columns = min(left, self._column), max(right, self._column)
        height = self._rows[1] - self._rows[0] + 1
        if height * (self._columns[1] - self._columns[0] + 1) > MAX_CELLS:
            raise ImportFault([TOO_WIDE])


def _number(letters: str) -> int:
    """`A` 1, `AB` 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
