"""Ready notices with fields: `时间：明天9点到11点 范围：1-20幢`, in any order.

Pure: whoever wires the product reads the file (`SHIPPED`, inside the package `bot`) and hands its
bytes to `NoticeTemplates.parse`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec
from msgspec import Struct

from bot.errors import ImportFault
from bot.language.notice_words import find_blank

SHIPPED = "data/notice_templates.toml"
"""The templates that come with the product, relative to the package `bot`."""

_PLACE = re.compile(r"\{([^{}\n]{1,12})\}")
_STRANGE = re.compile(r"(?:^|\s)([\u4e00-\u9fff]{2,6})\s*[:：]")
_ENDS = " \t\n，,；;、。"


class TemplateField(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that an author fills in; without a `must` one its line is left out.

    `other` are labels that mean the same. `kind` is `text`, or `time` for what must name a day.
    `free`: other words with a colon may stand in it.
    """

    name: str
    example: str
    other: tuple[str, ...] = ()
    kind: str = "text"
    must: bool = True
    free: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """All that may stand before its colon."""
        return (self.name, *self.other)


class Filled(Struct, frozen=True):
    """What an author typed: the words before the first label, the values by the fields' names.

    `strange` is a label that the template does not have.
    """

    head: str
    values: Mapping[str, str]
    strange: str = ""


class NoticeTemplate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice with gaps. `urgent`: it goes out in quiet hours too."""

    name: str
    text: str
    field: tuple[TemplateField, ...]
    aliases: tuple[str, ...] = ()
    urgent: bool = False

    def read(self, typed: str) -> Filled:
        """Labels stand at the beginning or behind a blank or a pause; where that leaves a gap,
        anywhere."""
        strict = self._read(typed, r"(?:^|(?<=[\s，,；;、。]))")
        if not self.missing(strict.values):
            return strict
        loose = self._read(typed, "")
        return strict if self.missing(loose.values) else loose

    def missing(self, values: Mapping[str, str]) -> tuple[TemplateField, ...]:
        """What must be filled in and is not."""
        return tuple(one for one in self.field if one.must and not values.get(one.name))

    def fill(self, values: Mapping[str, str]) -> str:
        """The notice. A line whose gap nobody filled is left out."""
        lines = (_filled(line, values) for line in self.text.strip("\n").split("\n"))
        return "\n".join(line for line in lines if line)

    def _read(self, typed: str, before: str) -> Filled:
        labels = {label: one for one in self.field for label in one.labels}
        words = "|".join(sorted(map(re.escape, labels), key=len, reverse=True))
        marks = list(re.finditer(rf"{before}({words})\s*[:：﹕︰]\s*", typed))
        if not marks:
            return Filled(typed.strip(_ENDS), {}, _strange(typed))
        values: dict[str, str] = {}
        strange = _strange(typed[: marks[0].start()])
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            field = labels[mark[1]]
            value = typed[mark.end() : following.start() if following else None].strip()
            value = value.rstrip("，,；;、" if field.free else _ENDS)
            values[field.name] = "" if find_blank(value) == value else value
            strange = strange or ("" if field.free else _strange(value))
        return Filled(typed[: marks[0].start()].strip(_ENDS), values, strange)


class NoticeTemplates:
    """All templates, by name and by their other names. Raises `ValueError` when two share one."""

    def __init__(self, templates: Iterable[NoticeTemplate] = ()) -> None:
        self.all = tuple(templates)
        for template in self.all:
            _check(template)
        names = [name for one in self.all for name in (one.name, *one.aliases)]
        double = next((name for name in names if names.count(name) > 1), "")
        if double:
            raise ValueError(f"模板「{double}」写了两次")

    @classmethod
    def parse(cls, data: bytes) -> NoticeTemplates:
        """Read the table. Raises `ImportFault` with one Chinese sentence."""
        try:
            table = msgspec.convert(tomllib.loads(data.decode("utf-8")), _Table)
            return cls(table.template)
        except (msgspec.ValidationError, ValueError) as error:
            raise ImportFault([f"模板表看不懂：{error}"]) from None

    @cached_property
    def _named(self) -> Mapping[str, NoticeTemplate]:
        return {name: one for one in self.all for name in (one.name, *one.aliases)}

    def find(self, text: str) -> tuple[NoticeTemplate, str] | None:
        """The template whose name a text begins with, and what stands behind it."""
        for name in sorted(self._named, key=len, reverse=True):
            if text.startswith(name):
                rest = text[len(name) :]
                return self._named[name], rest.removeprefix("通知").lstrip(_ENDS + ":：")
        return None


class _Table(Struct, forbid_unknown_fields=True):
    template: list[NoticeTemplate]


def _check(template: NoticeTemplate) -> None:
    places = set(_PLACE.findall(template.text))
    fields = {one.name for one in template.field}
    if places != fields:
        odd = "、".join(sorted(places ^ fields))
        raise ValueError(f"模板「{template.name}」的「{odd}」在正文和 field 里对不上")
    labels = [label for one in template.field for label in one.labels]
    double = next((label for label in labels if labels.count(label) > 1), "")
    if double:
        raise ValueError(f"模板「{template.name}」的「{double}」写了两次")
    kinds = {one.kind for one in template.field} - {"text", "time"}
    if kinds:
        raise ValueError(f"模板「{template.name}」的 kind 应是 text 或 time")


def _filled(line: str, values: Mapping[str, str]) -> str:
    """A line with its gaps filled; of one with an empty gap the headline alone, or nothing."""
    if all(values.get(name) for name in _PLACE.findall(line)):
        return _put(line, values)
    headline = line[: line.find("】") + 1]
    return _put(headline, values) if headline.startswith("【") else ""


def _put(line: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda gap: values.get(gap[1], ""), line).replace("。。", "。")


def _strange(value: str) -> str:
    found = _STRANGE.search(value)
    return found[1] if found is not None else ""
