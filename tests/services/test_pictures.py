"""Strangers' bytes: what may be kept, and what of it."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from bot.errors import JobRefused
from bot.models import MediaKind
from bot.services.pictures import NO_FILE, NO_PICTURE, TOO_LARGE, Bounds, clean
from tests.pictures import SECRET, jpeg, png, saved

BOUNDS = Bounds(file_bytes=100_000, pixels=1_000_000)
SMALL = Image.new("RGB", (20, 10))


def cleaned(data: bytes, kind: MediaKind = MediaKind.IMAGE, name: str = "") -> Image.Image:
    """The picture that is kept of some bytes."""
    found = clean(data, kind, name, BOUNDS)
    image = Image.open(io.BytesIO(found.data))
    assert (image.width, image.height) == (found.width, found.height)
    assert Image.MIME[image.format or ""] == found.mime
    return image


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (jpeg(), "JPEG"),
        (png(), "PNG"),
        (png("RGBA"), "PNG"),
        (png("L"), "PNG"),
        (png("P"), "PNG"),
        (saved(SMALL, "GIF"), "JPEG"),
        (saved(SMALL, "BMP"), "JPEG"),
        (saved(SMALL, "WEBP"), "JPEG"),
        (saved(SMALL.convert("CMYK"), "JPEG"), "JPEG"),
    ],
    ids=range(9),
)
def test_every_usual_form_is_kept_as_jpeg_or_png(data: bytes, form: str) -> None:
    assert cleaned(data).format == form


@pytest.mark.parametrize("data", [jpeg(), png()], ids=["jpeg", "png"])
def test_nothing_of_the_camera_or_the_place_is_left(data: bytes) -> None:
    assert SECRET in data
    found = clean(data, MediaKind.IMAGE, "a.jpg", BOUNDS)
    for kept in (found.data, found.thumbnail):
        assert SECRET not in kept
        assert b"Exif" not in kept
        image = Image.open(io.BytesIO(kept))
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_on_its_side_is_turned_before_the_camera_s_word_is_dropped() -> None:
    image = cleaned(jpeg(64, 48, turned=True))
    assert (image.width, image.height) == (48, 64)


def test_a_thumbnail_is_small_and_keeps_the_shape() -> None:
    found = clean(jpeg(900, 300), MediaKind.IMAGE, "", BOUNDS)
    thumbnail = Image.open(io.BytesIO(found.thumbnail))
    assert (thumbnail.width, thumbnail.height) == (320, 107)


def bomb() -> bytes:
    """A few bytes that claim to be a picture of 60,000 by 60,000."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", NO_PICTURE),
        (b"<html>", NO_PICTURE),
        (b"%PDF-1.7", NO_PICTURE),
        (b"MZ\x90\x00 a program", NO_PICTURE),
        (b"\xff\xd8\xff", NO_PICTURE),
        (jpeg()[:200], NO_PICTURE),
        (jpeg()[:-60], NO_PICTURE),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, NO_PICTURE),
        (b"GIF89a", NO_PICTURE),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", NO_PICTURE),
        (b"BM" + b"\xff" * 60, NO_PICTURE),
        (saved(SMALL, "TIFF"), NO_PICTURE),
        (b"\xff\xd8\xff" + b"\x00" * 100_000, TOO_LARGE),
        (saved(Image.new("1", (1001, 1000)), "PNG"), TOO_LARGE),
        (bomb(), TOO_LARGE),
    ],
    ids=range(15),
)
def test_a_photo_that_is_none_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(JobRefused, match=reason):
        clean(data, MediaKind.IMAGE, "照片.jpg", BOUNDS)


@pytest.mark.parametrize(
    ("data", "name", "mime"),
    [
        (b"%PDF-1.7 ...", "通知.pdf", "application/pdf"),
        (b"%PDF-1.7 ...", "通知.jpg", "application/pdf"),
        (b"PK\x03\x04...", "名单.XLSX", "spreadsheetml"),
        (b"PK\x03\x04...", "说明.docx", "wordprocessingml"),
        (jpeg(), "照片.pdf", "image/jpeg"),
    ],
    ids=range(5),
)
def test_files_are_known_by_their_content(data: bytes, name: str, mime: str) -> None:
    assert mime in clean(data, MediaKind.FILE, name, BOUNDS).mime


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00", "通知.pdf"),
        (b"PK\x03\x04", "包.zip"),
        (b"PK\x03\x04", "docx"),
        (b"#!/bin/sh", "a.xlsx"),
    ],
    ids=range(4),
)
def test_other_files_are_refused(data: bytes, name: str) -> None:
    with pytest.raises(JobRefused, match=NO_FILE):
        clean(data, MediaKind.FILE, name, BOUNDS)
