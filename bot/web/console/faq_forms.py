"""An answer as a form holds it: lines for lists, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.models import Audience, Event, FaqEntry
from bot.services.faq_entries import words_of
from bot.web.console.forms import Form

FIELDS = {
    "question": "问题",
    "phrasings": "别的问法",
    "keywords": "关键词",
    "answer": "答案",
    "source": "来源",
    "tag": "分类",
    "area": "在哪里答",
    "audience": "说给谁",
    "valid_from": "有效开始",
    "valid_until": "有效截止",
    "dated": "核对日期",
}
AUDIENCES = {
    Audience.PUBLIC: "所有人",
    Audience.PRIVATE: "只在私聊里说",
    Audience.STAFF: "只对工作人员说",
}


class Difference(Struct, frozen=True):
    """A field that two versions have otherwise."""

    name: str
    mine: str
    theirs: str


def entry_in(form: Form, entry: str) -> FaqEntry:
    """What was typed; whether it can stand is for the service to say."""
    audience = form.text("audience")
    return FaqEntry(
        id=entry,
        question=form.text("question"),
        answer=form.text("answer"),
        source=form.text("source"),
        phrasings=_lines(form.text("phrasings")),
        tag=form.text("tag"),
        area=form.text("area"),
        valid_from=form.text("valid_from"),
        valid_until=form.text("valid_until"),
        keywords=_lines(form.text("keywords")),
        audience=Audience(audience) if audience in set(Audience) else Audience.PUBLIC,
    )


def shown_in(entry: FaqEntry) -> dict[str, str]:
    """An entry's fields as a form shows them."""
    return {name: words_of(entry).get(name, "") for name in FIELDS}


def told(form: Form) -> dict[str, str]:
    """The fields as they were typed."""
    return {name: form.text(name) for name in FIELDS}


def differences(mine: FaqEntry, theirs: FaqEntry) -> Sequence[Difference]:
    """Where two versions differ, in words."""
    one, other = shown_in(mine), shown_in(theirs)
    names = [name for name in FIELDS if name != "dated" and one[name] != other[name]]
    return [Difference(FIELDS[name], _said(name, one), _said(name, other)) for name in names]


def changes(event: Event) -> Sequence[Difference]:
    """What a step of an entry's history changed; nothing when the entry came or went."""
    if not event.before or not event.after:
        return ()
    names = [n for n in FIELDS if n != "dated" and event.before.get(n) != event.after.get(n)]
    one = {name: event.after.get(name, "") for name in FIELDS}
    other = {name: event.before.get(name, "") for name in FIELDS}
    return [Difference(FIELDS[name], _said(name, one), _said(name, other)) for name in names]


def _said(name: str, fields: dict[str, str]) -> str:
    if name == "audience":
        return AUDIENCES[Audience(fields[name])]
    return fields[name] or "（空）"


def _lines(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (line.strip() for line in text.split("\n"))))
