"""Looking through what was done: by whom, about what, when; and taking it away as a file."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from bot.errors import NotPossible
from bot.models import SHANGHAI, AuditLine, AuditSearch, AuditVerdict, Door, Person
from bot.ports import Store
from bot.rules.permissions import covers
from bot.services import sheet

HEADER = ("序号", "时间", "谁", "做了什么", "对什么", "从哪里", "之前", "之后", "校验值")
WIDTHS = (8, 20, 30, 14, 34, 10, 40, 40, 66)
DOORS = {
    Door.CHAT: "聊天",
    Door.CONSOLE: "管理台",
    Door.COMMAND_LINE: "命令行",
    Door.CLOCK: "时钟",
}
KINDS = {"unit": "单位", "kind": "分类", "notice": "通知", "table": "表", "faq": "问答"}
PAGE = 2_000
MOST = 100_000
NOT_ALL = "留痕记的是整个安装的事，要管着全部网格的系统管理员来看。"


class Shown(Struct, frozen=True):
    """A line as one reads it: names beside ids, changes as words."""

    line: AuditLine
    who: str
    what: str
    changes: tuple[tuple[str, str, str], ...]


class AuditViews:
    """The lines within one snapshot."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def authorise(self, actor: Person) -> None:
        """Raises `NotPossible` unless somebody is in charge of every area there is."""
        people = self._store.people
        areas = [group.area for group in people.groups()] + [p.area for p in people.staff()]
        if not all(covers(actor.area, area) for area in areas if area):
            raise NotPossible(NOT_ALL)

    def search(
        self, who: str, what: str, action: str, since: datetime | None, until: datetime | None
    ) -> AuditSearch:
        """What was typed: a name or an account, a matter's number or an id, a deed, days."""
        return AuditSearch(
            actors=self._actors(who),
            subject=self._subject(what),
            action=action,
            since=since,
            until=until,
        )

    def found(self, wanted: AuditSearch, before: int | None, limit: int) -> Sequence[Shown]:
        """The newest first."""
        lines = self._store.audit.found(wanted, before=before, limit=limit)
        return [self._shown(line) for line in lines]

    def all(self, wanted: AuditSearch) -> list[AuditLine]:
        """Everything that fits, oldest first, at most `MOST`."""
        found: list[AuditLine] = []
        before: int | None = None
        while page := self._store.audit.found(wanted, before=before, limit=PAGE):
            found += page
            before = page[-1].number
            if len(found) >= MOST:
                break
        return found[MOST - 1 :: -1] if len(found) > MOST else found[::-1]

    def verdict(self) -> AuditVerdict:
        """Whether the chain stands as it was written."""
        return self._store.audit.verify()

    def actions(self) -> Sequence[str]:
        """Which deeds there are."""
        return self._store.audit.actions()

    def _actors(self, who: str) -> tuple[str, ...]:
        """Ids of staff of this name; else the word itself."""
        if not who:
            return ()
        named = [person.id for person in self._store.people.staff() if who in person.name]
        return (*named, who)

    def _subject(self, what: str) -> str:
        if not what or ":" in what:
            return what
        appeal = self._store.appeals.by_number(what.upper())
        return what if appeal is None else f"appeal:{appeal.id}"

    def _shown(self, line: AuditLine) -> Shown:
        before, after = json.loads(line.before), json.loads(line.after)
        names = sorted({**before, **after}, key=_importance)
        told = [(name, _said(before.get(name, "")), _said(after.get(name, ""))) for name in names]
        changes = tuple(change for change in told if change[1] != change[2] or _is_length(change))
        return Shown(line, self._name(line.actor), self._object(line.subject), changes)

    def _name(self, actor: str) -> str:
        person = self._store.people.by_id(actor) if actor else None
        return person.name if person is not None else actor or "时钟"

    def _object(self, subject: str) -> str:
        kind, _, id_ = subject.partition(":")
        if kind == "appeal":
            appeal = self._store.appeals.get(id_)
            return subject if appeal is None else appeal.number
        if kind == "person":
            return self._name(id_)
        if kind == "group":
            group = self._store.people.group_by_id(id_)
            return subject if group is None else group.name
        if kind == "account":
            account = self._store.accounts.get(id_)
            return subject if account is None else f"账号 {account.name}"
        return f"{KINDS[kind]} {id_}" if kind in KINDS else subject


FIRST = ("state", "role", "area", "access", "handler", "level", "due_at", "count")
_LENGTH = re.compile(r"〔\d+字〕")


def _importance(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _is_length(change: tuple[str, str, str]) -> bool:
    """Of words only the length is kept: two of the same length may differ."""
    return bool(_LENGTH.fullmatch(change[1]) and change[1] == change[2])


def _said(value: str) -> str:
    """A moment as people write it; everything else as it stands."""
    if len(value) < 19 or value[4] != "-" or value[10] != "T":
        return value
    try:
        return datetime.fromisoformat(value).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return value


def write_csv(lines: Iterable[AuditLine]) -> bytes:
    """No cell can start a formula."""
    return sheet.write(HEADER, map(_cells, lines))


def write_workbook(lines: Iterable[AuditLine]) -> bytes:
    """One sheet; every cell is text."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - a tenth of a second, for writing alone

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("操作留痕")
        page.freeze_panes(1, 0)
        for column, (name, width) in enumerate(zip(HEADER, WIDTHS, strict=True)):
            page.set_column(column, column, width)
            page.write_string(0, column, name, book.add_format({"bold": True}))
        for row, line in enumerate(lines, 1):
            for column, cell in enumerate(_cells(line)):
                page.write_string(row, column, cell)
    return out.getvalue()


def _cells(line: AuditLine) -> Sequence[str]:
    return (
        str(line.number),
        line.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
        line.actor or "时钟",
        line.action,
        line.subject,
        DOORS[line.door],
        _plain(line.before),
        _plain(line.after),
        line.hash,
    )


def _plain(text: str) -> str:
    return "，".join(f"{name}={value}" for name, value in json.loads(text).items())
