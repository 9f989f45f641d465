"""Frames: what is written can be read, and nothing else breaks the reader."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wecom_aibot import body, frames
from bot.errors import BadCallback
from tests.channels.wecom_aibot.test_callback_mode import ANYTHING, FIELDS

IDS = st.text(max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([frames.RESPOND, frames.PUSH]), IDS, st.dictionaries(IDS, ANYTHING))
def test_what_is_written_can_be_read(cmd: str, req_id: str, inner: dict[str, Any]) -> None:
    frame = frames.decode(frames.encode(cmd, req_id, inner))  # NaN becomes null
    assert (frame.cmd, frame.req_id, frame.errcode) == (cmd, req_id, None)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_anything_is_a_frame_or_a_refusal(data: bytes | str) -> None:
    try:
        frame = frames.decode(data)
    except BadCallback:
        return
    assert isinstance(json.loads(data), dict)
    assert len(frame.req_id) <= 256


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(FIELDS, ANYTHING))
def test_the_body_of_any_frame_is_read_or_refused(fields: dict[str, Any]) -> None:
    frame = json.dumps({"cmd": frames.MESSAGE, "headers": {"req_id": "r"}, "body": fields})
    try:
        found = body.read(frames.decode(frame).body)
    except BadCallback:
        return
    assert found.msgtype
    assert isinstance(found.words, str)


def test_a_ping_has_no_body() -> None:
    assert json.loads(frames.encode(frames.PING, "p1")) == {
        "cmd": "ping",
        "headers": {"req_id": "p1"},
    }


def test_a_frame_that_is_too_large_is_refused() -> None:
    with pytest.raises(BadCallback) as caught:
        frames.decode("x" * (frames.MAX_FRAME_BYTES + 1))
    assert caught.value.status == 413


def test_our_ids_begin_with_their_command_and_are_never_used_twice() -> None:
    ids = frames.Ids()
    made = [ids.next(frames.SUBSCRIBE) for _ in range(100)]
    assert len(set(made)) == 100
    assert all(one.startswith(frames.SUBSCRIBE) for one in made)


def test_neither_frame_nor_token_shows_what_it_holds() -> None:
    frame = frames.decode('{"cmd":"x","headers":{"req_id":"secret-id"},"body":{"a":"words"}}')
    assert "secret-id" not in repr(frame)
    assert "words" not in repr(frame)
