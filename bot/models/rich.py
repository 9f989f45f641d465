"""Messages that are more than text, in forms that platforms share.

Limits are those of WeCom's group robot (developer.work.weixin.qq.com/document/path/99110), the
narrowest of all: what can be built can be sent. Every such message travels beside a plain text
that says the same, for platforms that cannot show it. Wrong values raise `ValueError`.

`ref` names a file below the folder of outgoing files: bytes do not belong in a ledger of words.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from msgspec import Struct

MARKDOWN_BYTES: Final = 20_480
TITLE_BYTES: Final = 128
DESCRIPTION_BYTES: Final = 512
IMAGE_BYTES: Final = 2 * 1024 * 1024
FILE_BYTES: Final = 20 * 1024 * 1024
VOICE_BYTES: Final = 2 * 1024 * 1024
_REF: Final = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z_.-]{0,127}\Z")
_NARROWEST, _WIDEST = 1.3, 2.25


class Markdown(Struct, frozen=True, kw_only=True, tag="markdown"):
    """Headings, bold, links, quotes and `<font color="info|comment|warning">`. No mentions."""

    text: str

    def __post_init__(self) -> None:
        _length("markdown", self.text, MARKDOWN_BYTES)


class MarkdownV2(Struct, frozen=True, kw_only=True, tag="markdown_v2"):
    """Markdown with tables, lists and code blocks, without colours; old clients show it plain."""

    text: str

    def __post_init__(self) -> None:
        _length("markdown_v2", self.text, MARKDOWN_BYTES)


class Image(Struct, frozen=True, kw_only=True, tag="image"):
    """A JPG or PNG of at most 2 MB."""

    ref: str

    def __post_init__(self) -> None:
        _reference(self.ref)


class Article(Struct, frozen=True, kw_only=True):
    """One link with a picture. A long description is cut by the platform."""

    title: str
    url: str
    description: str = ""
    picture: str = ""

    def __post_init__(self) -> None:
        _length("title", self.title, TITLE_BYTES)
        _address(self.url)
        if self.picture:
            _address(self.picture)


class News(Struct, frozen=True, kw_only=True, tag="news"):
    """One to eight links with pictures."""

    articles: tuple[Article, ...]

    def __post_init__(self) -> None:
        _between("articles", len(self.articles), 1, 8)


class File(Struct, frozen=True, kw_only=True, tag="file"):
    """A file of at most 20 MB under the name that people see."""

    name: str
    ref: str

    def __post_init__(self) -> None:
        _length("name", self.name, TITLE_BYTES)
        if set(self.name) & set('/\\\r\n"\x00'):
            raise ValueError("name")
        _reference(self.ref)


class Voice(Struct, frozen=True, kw_only=True, tag="voice"):
    """An AMR recording of at most 2 MB and 60 seconds."""

    ref: str

    def __post_init__(self) -> None:
        _reference(self.ref)


class CardRow(Struct, frozen=True, kw_only=True):
    """A name and a value, the value a link where `url` is given."""

    name: str
    value: str
    url: str = ""

    def __post_init__(self) -> None:
        _length("name", self.name, TITLE_BYTES)
        _length("value", self.value, TITLE_BYTES)
        if self.url:
            _address(self.url)


class CardLink(Struct, frozen=True, kw_only=True):
    """A line below a card that leads somewhere."""

    title: str
    url: str

    def __post_init__(self) -> None:
        _length("title", self.title, TITLE_BYTES)
        _address(self.url)


class Card(Struct, frozen=True, kw_only=True, tag="card"):
    """A card that opens `url`: a news card when it has a picture, else a text card.

    `aspect` is the picture's width through its height. `body` is shown on text cards only,
    `columns` on news cards only.
    """

    title: str
    url: str
    note: str = ""
    body: str = ""
    source: str = ""
    rows: tuple[CardRow, ...] = ()
    links: tuple[CardLink, ...] = ()
    picture: str = ""
    aspect: float = _NARROWEST
    columns: tuple[CardRow, ...] = ()

    def __post_init__(self) -> None:
        _length("title", self.title, TITLE_BYTES)
        _address(self.url)
        for name in ("note", "body", "source"):
            if len(getattr(self, name).encode()) > DESCRIPTION_BYTES:
                raise ValueError(name)
        _between("rows", len(self.rows), 0, 6)
        _between("links", len(self.links), 0, 3)
        _between("columns", len(self.columns), 0, 4)
        if self.picture:
            _address(self.picture)
        if not _NARROWEST <= self.aspect <= _WIDEST:
            raise ValueError("aspect")


Rich: TypeAlias = Markdown | MarkdownV2 | Image | News | File | Voice | Card


def _length(name: str, value: str, limit: int) -> None:
    if not value.strip() or len(value.encode()) > limit:
        raise ValueError(name)


def _between(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ValueError(name)


def _address(url: str) -> None:
    if not url.startswith(("https://", "http://")) or any(c.isspace() for c in url):
        raise ValueError("url")


def _reference(ref: str) -> None:
    if not _REF.match(ref):
        raise ValueError("ref")
