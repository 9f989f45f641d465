"""`haitang understand`: what the bot makes of messages, one line of JSON each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click
import msgspec
from msgspec import Struct

from bot.cli.options import complaints, config_option, settings
from bot.cli.words import Command
from bot.rules.permissions import STAFF

EXAMPLE = '{"text": "3幢楼道灯不亮"}'


class Line(Struct):
    """One line of input. Of `role` it counts whether it is one of the staff; `group` does not."""

    text: str
    role: str = ""
    group: str = ""


class BadLine(ValueError):
    """The message says what is wrong with a line, in Chinese."""


@click.command(cls=Command, help="试一句话会被听成什么，一行一个 JSON。")
@click.argument("file", type=click.Path(path_type=Path), required=False, metavar="[文件]")
@config_option
def understand(file: Path | None, config_path: Path | None) -> None:
    """Good lines are answered in their order; bad ones are told on stderr, and the end is 2."""
    from bot.app import build_reader  # noqa: PLC0415 - the other verbs start faster without

    with complaints():
        reader = build_reader(settings(config_path))
        faults = 0
        for number, raw in _numbered(file):
            try:
                line = _line(raw)
            except BadLine as fault:
                faults += 1
                click.echo(f"第{number}行{fault}，这一行跳过了。", err=True)
                continue
            click.echo(
                msgspec.json.encode(
                    reader.read(line.text, datetime.now(UTC), staff=line.role in STAFF)
                )
            )
    if faults:
        sys.exit(2)


def _numbered(file: Path | None) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, from a file or from standard input."""
    if file is None:
        yield from _filled(sys.stdin.buffer)
        return
    with file.open("rb") as opened:
        yield from _filled(opened)


def _filled(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    for number, raw in enumerate(stream, 1):
        bare = raw.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else raw.strip()
        if bare:
            yield number, bare


def _line(raw: bytes) -> Line:
    """Raises `BadLine`."""
    try:
        # The library's own decoder refuses lone surrogates, which a phone may send.
        found = json.loads(raw.decode("utf-8"))
        return msgspec.convert(found, Line)
    except UnicodeDecodeError:
        raise BadLine("不是 UTF-8 编码，请另存为 UTF-8") from None
    except msgspec.ValidationError:
        raise BadLine(
            f"要有文字 text（role、group 可写可不写，也是文字），应如 {EXAMPLE}"
        ) from None
    except (ValueError, RecursionError):
        raise BadLine(f"不是完整的 JSON，应如 {EXAMPLE}") from None
