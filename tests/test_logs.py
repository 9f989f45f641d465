"""What must never stand in a log: canaries pushed through every way a line can be written."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import redirect_stderr
from pathlib import Path
from textwrap import dedent

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import logs
from bot.logs import Redactor
from tests.web.doors import logged

SECRET = "canary-Secret_1+/="
TOKEN = "canaryToken2"
KEY = "CanaryKey3CanaryKey3CanaryKey3CanaryKey3abc"
KNOWN = (SECRET, TOKEN, KEY)
PHONE = "13900001234"
IDENTITY = "11010519491231002X"
ACCESS = "accesstok-4"
CANARIES = (*KNOWN, PHONE, IDENTITY, ACCESS, "1949123100")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Logging as the service has it, written where the test can read it."""
    with logged("debug", KNOWN) as stream:
        yield stream


def written(stream: io.StringIO) -> str:
    err = stream.getvalue()
    assert [canary for canary in CANARIES if canary in err] == []
    return err


class Thing:
    """Something whose repr tells too much."""

    def __repr__(self) -> str:
        return f"Thing(secret={SECRET!r}, phone={PHONE})"


@pytest.mark.parametrize(
    "value",
    [
        *KNOWN,
        PHONE,
        IDENTITY,
        int(PHONE),
        f"请回电{PHONE}，身份证{IDENTITY}",
        "１３９００００１２３４",
        "139 0000 1234",
        "139-0000-1234",
        f"https://qyapi.example/cgi-bin/gettoken?corpid=ww1&corpsecret={SECRET}",
        f"https://qyapi.example/cgi-bin/message/send?access_token={ACCESS}&debug=1",
        json.dumps({"access_token": ACCESS, "corpsecret": "whatever"}),
        {"access_token": ACCESS},
        {"deep": [{"phone": PHONE}, (SECRET,)]},
        [PHONE],
        f"{PHONE}".encode(),
        Thing(),
        ValueError(f"invalid literal: {PHONE} {SECRET}"),
        Path(f"/var/{TOKEN}"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_value_tells(lines: io.StringIO, value: object) -> None:
    structlog.get_logger().warning("something", value=value)
    told = written(lines)
    assert "event='something'" in told
    assert "<secret>" in told or "<number>" in told
    for shape in ("１３９", "139 0000", "139-0000"):
        assert shape not in told


def test_what_may_be_told_is_told(lines: io.StringIO) -> None:
    structlog.get_logger().info("sent", channel="wecom_app/main", count=3, took=0.25, row="a1b2c3")
    told = written(lines)
    assert "channel='wecom_app/main' count=3 took=0.25 row='a1b2c3'" in told
    assert told.startswith("timestamp='20")
    assert "<" not in told


def test_a_line_is_a_line(lines: io.StringIO) -> None:
    structlog.get_logger().warning("refused", reason="one\nlevel='error' event='forged'\r\x1b[2J")
    told = written(lines)
    assert told.count("\n") == 1
    assert "\x1b" not in told


def fail() -> None:
    raise ValueError(f"cannot parse {PHONE} with {SECRET} at ?access_token={ACCESS}")


def test_tracebacks_do_not_tell(lines: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("handler failed")
        logging.getLogger("aiohttp.server").exception("Error handling request")
    told = written(lines)
    assert told.count("ValueError: cannot parse <number> with <secret>") == 2


def test_other_libraries_do_not_tell(lines: io.StringIO) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved: %r", Thing())
    logging.getLogger("apscheduler").warning("missed %s %s", PHONE, {"token": TOKEN})
    assert "Task exception was never retrieved" in written(lines)


def test_a_crash_does_not_tell(lines: io.StringIO) -> None:
    try:
        fail()
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    assert "ValueError: cannot parse <number> with <secret>" in written(lines)


def test_what_dies_in_a_thread_does_not_tell(lines: io.StringIO) -> None:
    def dies() -> None:
        raise ValueError(Thing())

    thread = threading.Thread(target=dies)
    thread.start()
    thread.join()
    assert "ValueError" in written(lines)


def test_what_nobody_can_be_told_does_not_tell(lines: io.StringIO) -> None:
    class Fading:
        def __del__(self) -> None:
            raise ValueError(Thing())

    Fading()
    gc.collect()
    assert "ValueError" in written(lines)


async def test_broken_http_from_strangers_is_no_news(lines: io.StringIO) -> None:
    async with TestServer(web.Application()) as server:
        for junk in (f"GET / HTTP/1.1\r\n{SECRET}\r\n\r\n", f"GET /{PHONE} HTTP/x\r\n\r\n"):
            reader, writer = await asyncio.open_connection(server.host, server.port)
            writer.write(junk.encode())
            assert b" 400 " in await reader.readline()
            writer.close()
            await writer.wait_closed()
    assert "Error handling request" not in written(lines)


@pytest.mark.parametrize(("level", "shown"), [("info", 3), ("warning", 2), ("error", 1)])
def test_the_level_decides(lines: io.StringIO, level: str, shown: int) -> None:
    with redirect_stderr(lines):
        logs.configure(level)
    log = structlog.get_logger()
    for write in (log.debug, log.info, log.warning, log.error):
        write("something")
    assert written(lines).count("\n") == shown


def test_an_uncaught_error_of_the_process_does_not_tell() -> None:
    script = f"""
        from bot.logs import configure
        configure("error", [{SECRET!r}])
        raise RuntimeError("{SECRET} {PHONE}")
    """
    ran = subprocess.run(
        [sys.executable, "-c", dedent(script)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "RuntimeError: <secret> <number>" in ran.stderr


class Full(io.StringIO):
    """A file on a full disk."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def test_a_line_that_cannot_be_written_stops_nobody() -> None:
    with logged() as _, redirect_stderr(Full()):
        logs.configure("debug")
        structlog.get_logger().error("something")
        logging.getLogger("asyncio").error("something")


def test_short_or_empty_secrets_do_not_blot_everything() -> None:
    assert Redactor(["", "a"]).text("a plain text") == "a plain text"
    assert Redactor(["abcd", "abcdef"]).text("abcdef abcd") == "<secret> <secret>"
