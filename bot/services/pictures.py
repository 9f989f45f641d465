"""From a stranger's bytes to a picture that may be kept: known by its content, without metadata.

A picture is decoded within bounds and written anew, so that nothing of the camera, the place where
it was taken or of a tool that hid something in it is left. Slow: call it in a thread.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.errors import JobRefused
from bot.models import MediaKind

if TYPE_CHECKING:
    from PIL.Image import Image

# What stands at the beginning of a file, whatever its name says.
_PICTURES = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"), (b"GIF8", "GIF"),
             (b"BM", "BMP"))  # fmt: skip
_OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LONGEST_SIDE = 4096
THUMBNAIL_SIDE = 320
SIDES = (LONGEST_SIDE, 2560, 1920, 1280, 800)
NO_PICTURE = "不是照片"
TOO_LARGE = "太大"
NO_FILE = "不是能收的文件"


class Bounds(Struct, frozen=True):
    """What is too large: bytes of one file, pixels of one picture, files of one matter."""

    file_bytes: int = 10 * 1024 * 1024
    pixels: int = 50_000_000
    files: int = 20


class Clean(Struct, frozen=True):
    """What may be kept, with a small picture of it (b"" for files)."""

    data: bytes
    mime: str
    thumbnail: bytes = b""
    width: int = 0
    height: int = 0


def clean(data: bytes, kind: MediaKind, name: str, bounds: Bounds) -> Clean:
    """Raises `JobRefused` with one of the words above: for what is too large or not what it says.

    A file may be a picture too; a picture must be one.
    """
    if len(data) > bounds.file_bytes:
        raise JobRefused(TOO_LARGE)
    form = _form(data)
    if form:
        return _picture(data, form, bounds)
    if kind is MediaKind.IMAGE:
        raise JobRefused(NO_PICTURE)
    return Clean(data, _file_type(data, name))


def _form(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return next((form for magic, form in _PICTURES if data.startswith(magic)), "")


def _file_type(data: bytes, name: str) -> str:
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    ending = name[name.rfind(".") :].lower()
    if data.startswith(b"PK\x03\x04") and ending in _OFFICE:
        return _OFFICE[ending]
    raise JobRefused(NO_FILE)


def _picture(data: bytes, form: str, bounds: Bounds) -> Clean:
    from PIL import Image, ImageOps  # noqa: PLC0415 - half a second that most starts do not need

    Image.MAX_IMAGE_PIXELS = None  # our own bound below is the smaller one
    try:
        with Image.open(io.BytesIO(data), formats=[form]) as opened:
            if opened.width * opened.height > bounds.pixels:  # known before anything is decoded
                raise JobRefused(TOO_LARGE)
            turned = ImageOps.exif_transpose(opened)
            turned.load()
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise JobRefused(NO_PICTURE) from error
    clear = turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info
    bare = turned.convert("RGBA" if clear else "RGB")
    bare.info.clear()  # comments, colour profiles and whatever else would be written again
    bare.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    mime, encoded = _encoded(bare, "PNG" if clear or form == "PNG" else "JPEG")
    small = bare.convert("RGB")
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Clean(encoded, mime, _encoded(small, "JPEG")[1], bare.width, bare.height)


def fitting(found: Clean, most: int) -> Clean:
    """The same picture in at most `most` bytes, smaller and plainer step by step.

    What is no picture stays as it is.
    """
    if not found.thumbnail or len(found.data) <= most:
        return found
    from PIL import Image  # noqa: PLC0415 - half a second that most starts do not need

    with Image.open(io.BytesIO(found.data)) as opened:
        whole = opened.convert("RGB")
    for side in SIDES:
        smaller = whole.copy()
        smaller.thumbnail((side, side))
        mime, data = _encoded(smaller, "JPEG")
        if len(data) <= most:
            return Clean(data, mime, found.thumbnail, smaller.width, smaller.height)
    return Clean(found.thumbnail, "image/jpeg", found.thumbnail)


def _encoded(image: Image, form: str) -> tuple[str, bytes]:
    out = io.BytesIO()
    if form == "PNG":
        image.save(out, "PNG")
        return "image/png", out.getvalue()
    image.save(out, "JPEG", quality=88)
    return "image/jpeg", out.getvalue()
