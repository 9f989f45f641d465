"""Made-up pictures, with everything in them that must not be kept."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SECRET = b"31.2989N 120.5853E"


def jpeg(width: int = 64, height: int = 48, *, turned: bool = False) -> bytes:
    """A photo with camera data, a comment, XMP and a position; `turned`: it lies on its side."""
    image = Image.new("RGB", (width, height), "#B83253")
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()  # maker
    exif[0x0112] = 6 if turned else 1  # orientation
    exif.get_ifd(0x8825)[29] = SECRET.decode()  # GPS date stamp
    options: dict[str, Any] = {"exif": exif, "comment": SECRET, "xmp": SECRET}
    return saved(image, "JPEG", **options)


def png(mode: str = "RGB") -> bytes:
    """A drawing with a text in it."""
    info = PngInfo()
    info.add_text("Comment", SECRET.decode())
    return saved(Image.new(mode, (20, 10)), "PNG", pnginfo=info)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def file(folder: Path, name: str, data: bytes | None = None) -> Path:
    """A file to send; a photo unless its bytes are given."""
    path = folder / name
    path.write_bytes(jpeg() if data is None else data)
    return path
