"""Callbacks as bytes on the wire: encrypted, signed, each with a message id of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlencode

from benchmarks.talk import Said, talk
from bot.testing.wecom import FakeWecom


class Requests:
    """Makes requests that were never made before."""

    def __init__(self, seed: int) -> None:
        self._talk = talk(seed)
        self._platform = FakeWecom()

    def build(self, count: int, path: str, *, groups: bool) -> list[bytes]:
        """Mixed talk for `path`, with the group's id in it when `groups`."""
        return [self._request(said, path, groups) for said in islice(self._talk, count)]

    def _request(self, said: Said, path: str, groups: bool) -> bytes:
        fields = {"ChatId": said.chat} if groups else {}
        callback = self._platform.callback(said.sender, said.text, fields=fields)
        return b"".join(_lines(f"{path}?{urlencode(callback.query)}", callback.body))


def _lines(target: str, body: bytes) -> Iterator[bytes]:
    yield f"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\n".encode()
    yield f"Content-Length: {len(body)}\r\n\r\n".encode()
    yield body
