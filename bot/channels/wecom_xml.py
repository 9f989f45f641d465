"""The XML of WeCom callbacks: the outer envelope and the message inside.

One small expat reader for both, with a short cut for the form that the platforms write. It refuses
what no platform sends (document types, attributes, repeated fields, deep or wide trees) while it
reads, so a bomb is dropped at its first byte. A resident may still write `<!DOCTYPE` in a message:
inside CDATA it is only text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from msgspec import Struct
from wechatpy.enterprise.messages import MESSAGE_TYPES
from wechatpy.messages import UnknownMessage

from bot.errors import BadCallback

MAX_ENVELOPE_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 8
MAX_ELEMENTS: Final = 200
_MAX_DIGITS: Final = 20

_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_PLAIN: Final = re.compile(_NOT_XML.pattern + "|\r")
_OPEN, _CLOSE = "<xml>", "</xml>"
# Not possessive: the first releases of Python 3.11 get a group inside one wrong.
_QUOTED = r"<!\[CDATA\[([^\]]*(?:\](?!\]>)[^\]]*)*)\]\]>"
_FIELD: Final = re.compile(rf"\s*<([A-Za-z]\w*)>(?:{_QUOTED}|([^<>&]*))</\1>\s*", re.ASCII)
_NUMBERS: Final = ("CreateTime", "MsgId", "AgentID")


class WecomMessage(Struct, frozen=True):
    """A decrypted message: its type in lower case and its top-level fields as they were sent."""

    type: str
    fields: Mapping[str, str]

    @property
    def is_event(self) -> bool:
        """Something that happened (subscribe, enter_agent …) instead of words."""
        return self.type == "event"

    @property
    def text(self) -> str:
        """What the person wrote; for other messages a short stand-in such as `[图片]`."""
        if self.type == "text":
            return self._own("content")
        return _stand_in(_KINDS.get(self.type, "其他消息"), self._label())

    def _label(self) -> str:
        if self.type == "location":
            return self._own("label")
        if self.type == "link":
            return self._own("title")
        # wechatpy knows no files; the platform's own plugin reads both spellings.
        return self.fields.get("FileName") or self.fields.get("Filename") or ""

    def _own(self, attribute: str) -> str:
        message = MESSAGE_TYPES.get(self.type, UnknownMessage)(dict(self.fields))
        return str(getattr(message, attribute, None) or "")


_KINDS: Final = {
    "image": "图片",
    "voice": "语音",
    "video": "视频",
    "shortvideo": "视频",
    "location": "位置",
    "link": "链接",
    "file": "文件",
}


def parse_envelope(
    body: bytes,
    *,
    expect: Mapping[str, str] | None = None,
    max_bytes: int = MAX_ENVELOPE_BYTES,
) -> str:
    """The text of `Encrypt`.

    `expect` are fields that must have this value where they are present: the signature does not
    cover them. Raises `BadCallback` (413 for more than `max_bytes`).
    """
    if len(body) > max_bytes:
        raise BadCallback("请求体太大", 413)
    try:
        fields = _read(body.decode())
    except UnicodeDecodeError:
        raise BadCallback("请求体不是 UTF-8", 400) from None
    for name, value in (expect or {}).items():
        if fields.get(name, value) != value:
            raise BadCallback(f"信封的 {name} 不是本应用")
    encrypt = fields.get("Encrypt")
    if not encrypt:
        raise BadCallback("信封里没有 Encrypt", 400)
    return encrypt


def parse_message(xml: str) -> WecomMessage:
    """The message inside a decrypted text. Raises `BadCallback`."""
    try:
        fields = _read(xml)
    except BadCallback:
        # What people paste may hold control characters that XML forbids; the rest still counts.
        cleaned = _NOT_XML.sub("", xml)
        if cleaned == xml:
            raise
        fields = _read(cleaned)
    for name in _NUMBERS:
        value = fields.get(name, "0")
        if not (value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS):
            raise BadCallback(f"{name} 不是整数", 400)
    if not fields.get("MsgType"):
        raise BadCallback("消息没有 MsgType", 400)
    return WecomMessage(fields["MsgType"].lower(), fields)


def write_xml(fields: Mapping[str, str]) -> str:
    """Flat XML as the platforms take it. No value can end its CDATA early."""
    return f"<xml>{''.join(f'<{name}>{_cdata(fields[name])}</{name}>' for name in fields)}</xml>"


def _cdata(value: str) -> str:
    if value.isascii() and value.isdigit():
        return value
    words = _NOT_XML.sub("", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{words}]]>"


def _read(xml: str) -> dict[str, str]:
    fields = read_plain(xml)
    return read_any(xml) if fields is None else fields


def read_plain(xml: str) -> dict[str, str] | None:
    """The fields of XML as the platforms write it: flat, each field one CDATA or bare text.

    None for everything else, right or wrong: expat decides. Five times as fast.
    """
    if not (xml.startswith(_OPEN) and xml.endswith(_CLOSE)) or (
        not xml.isprintable() and _NOT_PLAIN.search(xml)
    ):
        return None
    fields: dict[str, str] = {}
    at, end = len(_OPEN), len(xml) - len(_CLOSE)
    while at < end:
        found = _FIELD.match(xml, at, end)
        if found is None or found[1] in fields or len(fields) > MAX_ELEMENTS - 2:
            return None
        name, quoted, bare = found.groups()
        fields[name] = bare if quoted is None else quoted
        at = found.end()
    return fields


def read_any(xml: str) -> dict[str, str]:
    reader = _FlatReader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.XmlDeclHandler = reader.declaration
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, UnicodeEncodeError):
        raise BadCallback("不是合格的 XML", 400) from None
    return reader.fields


class _FlatReader:
    """Collects the text of the root's children; deeper elements are counted and passed over."""

    __slots__ = ("_depth", "_elements", "_pieces", "fields")

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._depth = 0
        self._elements = 0
        self._pieces: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element opens: bound its depth and number, refuse what nobody sends."""
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
            raise BadCallback("XML 层数或元素太多", 400)
        if attributes:
            raise BadCallback("XML 不应有属性", 400)
        if self._depth == 2:
            if name in self.fields:
                raise BadCallback("XML 字段重复", 400)
            self._pieces = []
        elif self._depth == 1 and name != "xml":
            raise BadCallback("XML 的根不是 xml", 400)

    def end(self, name: str) -> None:
        """An element closes: keep a field's text."""
        if self._depth == 2:
            self.fields[name] = "".join(self._pieces)
        self._depth -= 1

    def characters(self, data: str) -> None:
        """Text: a field's own, or the blanks between fields."""
        if self._depth == 2:
            self._pieces.append(data)
        elif self._depth == 1 and not data.isspace():
            raise BadCallback("XML 字段之外有文字", 400)

    def doctype(self, *_: object) -> None:
        """A document type is where entity bombs begin."""
        raise BadCallback("XML 不应有 DOCTYPE", 400)

    def declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        """`<?xml …?>` may only say what we read anyway: UTF-8."""
        if encoding is not None and encoding.lower() != "utf-8":
            raise BadCallback("XML 声明的编码不是 UTF-8", 400)


def _stand_in(kind: str, label: str) -> str:
    return f"[{kind}] {label}" if label else f"[{kind}]"
