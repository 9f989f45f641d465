"""Forms in one piece: fields by name, or one refusal."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.multipart import MAX_PARTS, read_form
from bot.errors import BadCallback

TYPE = "multipart/form-data; boundary=XX"


def form(*parts: tuple[str, bytes]) -> bytes:
    pieces = [
        b'--XX\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in parts
    ]
    return b"".join(pieces) + b"--XX--\r\n"


def test_fields_and_files() -> None:
    body = form(("type", b"text"), ("content", "停水了\r\n\r\n--X".encode()))
    body = body.replace(
        b"--XX--",
        b'--XX\r\nContent-Disposition: form-data; name="f"; filename="a b.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\r\n\x00\r\n--XX--",
    )
    found = read_form(TYPE, body)
    assert found["type"].text == "text"
    assert found["content"].text == "停水了\r\n\r\n--X"
    assert (found["f"].value, found["f"].filename) == (b"\xff\xd8\r\n\x00", "a b.jpg")
    assert found["type"].filename is None


async def test_what_a_real_client_sends() -> None:
    seen = {}

    async def take(request: web.Request) -> web.Response:
        parts = read_form(request.headers["Content-Type"], await request.read())
        seen.update({name: (part.value, part.filename) for name, part in parts.items()})
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        data = aiohttp.FormData()
        data.add_field("type", "file")
        data.add_field("content", b"\x00\x01", filename="a.png", content_type="image/png")
        async with session.post(server.make_url("/"), data=data) as response:
            assert response.status == 200
    assert seen["type"] == (b"file", None)
    assert seen["content"][0] == b"\x00\x01"
    assert seen["content"][1] is not None


def test_the_first_of_two_counts() -> None:
    assert read_form(TYPE, form(("a", b"1"), ("a", b"2")))["a"].value == b"1"


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("", form(), 415),
        ("application/json", form(), 415),
        ("multipart/form-data", form(), 415),
        ("multipart/form-data; boundary=", form(), 415),
        ("multipart/form-data; boundary=" + "x" * 71, form(), 415),
        (TYPE, b"", 400),
        (TYPE, form(("a", b"1"))[:-8], 400),
        (TYPE, form(("a", b"1")).replace(b"name=", b"nome="), 400),
        (TYPE, b"--XX\r\nno blank line--XX--", 400),
        (TYPE, b"--YY--", 400),
        (TYPE, form(*[("a", b"1")] * (MAX_PARTS + 2)), 400),
    ],
)
def test_what_is_no_form(content_type: str, body: bytes, status: int) -> None:
    with pytest.raises(BadCallback) as caught:
        read_form(content_type, body)
    assert caught.value.status == status


def test_text_that_is_no_utf8() -> None:
    with pytest.raises(BadCallback, match="UTF-8"):
        _ = read_form(TYPE, form(("a", b"\xff")))["a"].text


def test_cut_anywhere_it_is_refused() -> None:
    body = form(("type", b"text"), ("content", b"x"))
    for end in range(len(body) - len(b"--\r\n")):
        with pytest.raises(BadCallback):
            read_form(TYPE, body[:end])


@given(st.binary(max_size=200), st.text(max_size=80) | st.just(TYPE))
@settings(deadline=None, max_examples=60)
def test_anything_is_read_or_refused(body: bytes, content_type: str) -> None:
    try:
        read_form(content_type, body)
    except BadCallback as error:
        assert error.status in {400, 415}  # noqa: PT017 - either end is right
