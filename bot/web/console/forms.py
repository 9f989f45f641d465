"""What a browser posts: fields, several of a name, and files, all bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from aiohttp import web
from aiohttp.web_request import FileField
from msgspec import Struct

from bot.errors import Faulty

E = TypeVar("E", bound=StrEnum)

MOST_FIELDS = 2_000


class Upload(Struct, frozen=True):
    """A file that was chosen; its name is what the browser says."""

    name: str
    data: bytes


class Form:
    """Posted fields by name. Text is trimmed; a field that is not there is empty."""

    def __init__(
        self, fields: Mapping[str, Sequence[str]], files: Mapping[str, Sequence[Upload]]
    ) -> None:
        self._fields = fields
        self._files = files

    def text(self, name: str) -> str:
        """One field."""
        return self._fields.get(name, ("",))[0].replace("\r\n", "\n").strip()

    def texts(self, name: str) -> tuple[str, ...]:
        """All fields of a name that are not empty: ticked boxes, lines."""
        trimmed = (text.replace("\r\n", "\n").strip() for text in self._fields.get(name, ()))
        return tuple(filter(None, trimmed))

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.text(name))

    def choice(self, name: str, kind: type[E], what: str) -> E:
        """One of a list. Raises `Faulty` for what no list offers; `what` is its name in words."""
        try:
            return kind(self.text(name))
        except ValueError:
            raise Faulty(what, "impossible") from None

    def number(self, name: str) -> int | None:
        """A whole number; None when it is none."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def upload(self, name: str) -> Upload | None:
        """A chosen file; None when none was."""
        found = self._files.get(name, ())
        return found[0] if found else None

    def uploads(self, name: str) -> tuple[Upload, ...]:
        """All chosen files of a name."""
        return tuple(self._files.get(name, ()))

    def shown(self) -> dict[str, str]:
        """The fields as they were typed, to fill a form in again."""
        return {name: self.text(name) for name in self._fields}


def page_number(asked: str) -> int:
    """Which page of a list somebody asks for, from 1; what is no number is the first."""
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


async def read_form(request: web.Request) -> Form:
    """Read what was posted. Raises `HTTPRequestEntityTooLarge`, `HTTPBadRequest`."""
    fields: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    try:
        posted = await request.post()
    except (ValueError, UnicodeDecodeError, LookupError):
        raise web.HTTPBadRequest from None
    if len(posted) > MOST_FIELDS:
        raise web.HTTPBadRequest
    for name, value in posted.items():
        if isinstance(value, FileField):
            with value.file as file:
                data = file.read()
            if value.filename and data:
                files.setdefault(name, []).append(Upload(value.filename, data))
        elif isinstance(value, str):
            fields.setdefault(name, []).append(value.replace("\x00", ""))
    return Form(fields, files)
