"""An older ledger as matters to be taken over, or the list of everything that is wrong with it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from bot.errors import ImportFault
from bot.language.text import MAX_LENGTH, clean
from bot.models import Kind, Rating, State, Urgency
from bot.services.ledger import cells
from bot.services.ledger.headings import NAMES, Found, matters_in
from bot.services.workbook_in import MAX_ROWS, Cell, read_tables

_KINDS = {"建议": Kind.SUGGESTION, "意见建议": Kind.SUGGESTION, "表扬": Kind.PRAISE}
_SHORT = 60
_ENDED = frozenset({State.STRUCK, State.DECLINED, State.MERGED, State.WITHDRAWN})


class Old(Struct, frozen=True, kw_only=True):
    """One line of an older ledger as it was told. `key` is the same whenever it is read again."""

    line: int
    key: str
    number: str
    at: datetime
    content: str
    kind: Kind
    state: State
    source: str = "历史台账"
    category: str = ""
    place: str = ""
    grid: str = ""
    reporter: str = ""
    contact: str = ""
    urgency: Urgency | None = None
    private: bool = False
    contacted: datetime | None = None
    unit: str = ""
    handler: str = ""
    due: datetime | None = None
    result: str = ""
    closed: datetime | None = None
    rating: Rating | None = None
    rated: datetime | None = None


class Reading(Struct, frozen=True):
    """Everything in the file, and what one should know before bringing it in."""

    matters: tuple[Old, ...]
    remarks: tuple[str, ...]


def read_ledger(name: str, data: bytes, now: datetime) -> Reading:
    """Raises `ImportFault` with one Chinese sentence for every faulty row."""
    found = matters_in(read_tables(name, data))
    if not found:
        raise ImportFault(
            ["没有找到台账：表头里至少要有「登记时间」和「诉求内容」两列（在前12行里）。"]
        )
    rows = sum(len(each.table.rows) - each.header.row - 1 for each in found)
    if rows > MAX_ROWS:
        raise ImportFault([f"一次最多导入 {MAX_ROWS} 行，请分几个文件。"])
    faults: list[str] = []
    matters = [old for each in found for old in _Rows(each, now, faults).all()]
    keys = Counter(old.key for old in matters)
    faults += [
        f"第{old.line}行：编号「{old.number}」重复了，请改成不同的编号。"
        for old in matters
        if _names(old.number) and keys[old.key] > 1
    ]
    if faults:
        raise ImportFault(faults)
    if not matters:
        raise ImportFault(["表里一行内容也没有，请检查是不是选错了文件。"])
    return Reading(tuple(_once(matters)), tuple(_remarks(found, len(matters) - len(keys))))


class _Rows:
    """One table, row by row; what is wrong goes to `faults`."""

    def __init__(self, found: Found, now: datetime, faults: list[str]) -> None:
        self._found = found
        self._columns = found.header.columns
        self._latest = now + timedelta(days=1)
        self._faults = faults
        self._row: Sequence[Cell] = ()
        self._line = 0

    def all(self) -> list[Old]:
        """Every row that holds anything."""
        read = []
        first = self._found.header.row + 1
        for line, row in enumerate(self._found.table.rows[first:], first + 1):
            self._line, self._row = line, row
            if any(cells.text_of(cell) for cell in row) and not self._is_sum():
                old = self._read()
                if old is not None:
                    read.append(old)
        return read

    def _read(self) -> Old | None:
        before = len(self._faults)
        at = self._moment("at", needed=True)
        content = self._text("content", MAX_LENGTH)
        if not content:
            self._fault("content", "没有填")
        closed, state = self._moment("closed"), self._state()
        if state is State.STRUCK and closed is None and "closed" in self._columns:
            self._fault("closed", "没有填，可状态是办结了")
        if at is not None and closed is not None and closed.date() < at.date():
            self._fault("closed", "比登记时间早")
        told = {
            "rating": self._rating(),
            "contacted": self._moment("contacted"),
            "due": self._moment("due"),
            "rated": self._moment("rated"),
            "urgency": self._urgency(),
        }
        if len(self._faults) > before or at is None:
            return None
        number = self._text("number", _SHORT)
        return Old(
            line=self._line,
            key=self._key(number, at, content),
            number=number,
            at=at,
            content=content,
            kind=self._kind(),
            state=state,
            closed=(closed or at) if state in _ENDED else None,
            source=self._text("source", _SHORT) or "历史台账",
            category=self._text("category", _SHORT),
            place=self._text("place", 200),
            grid=self._text("grid", _SHORT),
            reporter=self._text("reporter", _SHORT),
            contact=self._text("contact", _SHORT),
            private=self._private(),
            unit=self._text("unit", _SHORT),
            handler=self._text("handler", _SHORT),
            result=self._text("result", MAX_LENGTH),
            **told,  # type: ignore[arg-type]
        )

    def _is_sum(self) -> bool:
        """合计 below a table is no matter."""
        return cells.text_of(self._row[0]) in {"合计", "总计", "小计"}

    def _cell(self, field: str) -> Cell:
        place = self._columns.get(field)
        return "" if place is None or place >= len(self._row) else self._row[place]

    def _text(self, field: str, most: int) -> str:
        words = clean(cells.text_of(self._cell(field)), most + 1).strip()
        if len(words) > most:
            self._fault(field, f"太长，请控制在 {most} 字以内")
        return words

    def _moment(self, field: str, *, needed: bool = False) -> datetime | None:
        cell = self._cell(field)
        if cells.text_of(cell) in {"", "/", "-", "—", "无"}:
            if needed:
                self._fault(field, "没有填")
            return None
        found = cells.moment_of(cell)
        if found is None:
            self._fault(field, f"「{cells.text_of(cell)[:20]}」看不懂，请写成 2023-01-05 这样")
        elif found > self._latest and field not in {"due"}:
            self._fault(field, f"「{cells.text_of(cell)[:20]}」还没到")
        return found

    def _state(self) -> State:
        words = self._text("state", _SHORT)
        if not words:
            return State.STRUCK if cells.text_of(self._cell("closed")) else State.WORKING
        found = cells.state_of(words)
        if found is None:
            known = "、".join(each[0] for each in cells.STATES.values())
            self._fault("state", f"「{words[:20]}」不认识，可以写{known}")
        return found or State.WORKING

    def _rating(self) -> Rating | None:
        words = self._text("rating", _SHORT)
        found = cells.rating_of(words)
        if found is None and words not in cells.UNRATED:
            self._fault("rating", f"「{words[:20]}」不认识，可以写满意、基本满意、不满意、未评价")
        return found

    def _urgency(self) -> Urgency | None:
        words = self._text("urgency", _SHORT)
        found = cells.URGENCIES.get(words)
        if words and found is None:
            self._fault("urgency", f"「{words[:20]}」不认识，可以写特急、紧急、一般、不急")
        return found

    def _private(self) -> bool:
        """涉密 says yes, 公开 says no."""
        words = self._text("private", _SHORT)
        place = self._columns.get("private")
        name = "" if place is None else self._heading(place)
        return words in ({"否", "不公开"} if "公开" in name else {"是", "涉密", "不公开"})

    def _kind(self) -> Kind:
        if self._found.ideas:
            return Kind.SUGGESTION
        return _KINDS.get(self._text("kind", _SHORT), Kind.APPEAL)

    def _key(self, number: str, at: datetime, content: str) -> str:
        """The same line again has the same: by its number of that year, else by what it says."""
        told = f"{at.year}/{number}" if _names(number) else f"{number}/{at.date()}/{content}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def _fault(self, field: str, words: str) -> None:
        place = self._columns.get(field)
        name = NAMES[field][0] if place is None else self._heading(place)
        sheet = f"「{self._found.table.name}」" if self._found.table.name else ""
        self._faults.append(f"{sheet}第{self._line}行：{name}{words}。")

    def _heading(self, place: int) -> str:
        return cells.text_of(self._found.table.rows[self._found.header.row][place])


def _names(number: str) -> bool:
    """Whether a number names one matter: a running number of a sheet (序号 12) does not."""
    return number != "" and not (number.isdigit() and len(number) < 7)


def _once(matters: Sequence[Old]) -> list[Old]:
    """Lines that say the same thing on the same day, once."""
    return list({old.key: old for old in matters}.values())


def _remarks(found: Sequence[Found], doubled: int) -> list[str]:
    remarks = []
    unknown = list(dict.fromkeys(name for each in found for name in each.header.unknown))
    if unknown:
        remarks.append(f"这几列不导入：{'、'.join(unknown)}。")
    columns = {field for each in found for field in each.header.columns}
    if "closed" not in columns:
        remarks.append("没有「办结时间」这一列，办结了的按登记当天算。")
    if "contacted" not in columns:
        remarks.append("没有「首次响应时间」这一列，这些不算进响应率。")
    if doubled:
        remarks.append(f"有{doubled}行和别的行一模一样，只导入一次。")
    return remarks
