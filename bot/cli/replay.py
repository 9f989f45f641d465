"""`haitang replay`: play transcripts and print what the bot says."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec

from bot import transcript
from bot.cli.options import complaints
from bot.cli.words import Command
from bot.errors import HaitangError, TranscriptError

Steps = list[tuple[int, transcript.Step]]


@click.command(cls=Command, help="按剧本重放对话，打印机器人说的话（每行一个 JSON）。")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="剧本…")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    metavar="目录",
    help="状态保存的目录；不写就用完即弃。",
)
@click.option(
    "--start", metavar="时间", help="剧本开始的时间，如 2026-11-21T09:00:00+08:00；不写就是现在。"
)
def replay(files: tuple[Path, ...], data: Path | None, start: str | None) -> None:
    """Play transcripts; without `--data` each in a world of its own."""
    from bot.logs import configure  # noqa: PLC0415

    configure("error")
    with complaints():
        begin = _instant(start)
        if data is not None:
            data.mkdir(parents=True, exist_ok=True)
        # All are read and checked before the first is played: nothing is half done.
        for file, steps in zip(files, _read_all(files, data, begin), strict=True):
            if len(files) > 1:
                click.echo(f"== {file}", err=True)
            if data is not None:
                _play(steps, data, begin)
                continue
            with TemporaryDirectory(prefix="haitang-replay-") as folder:
                _play(steps, Path(folder), begin)


def _instant(start: str | None) -> datetime:
    if start is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(start)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise click.BadParameter(
            f"「{start}」不是带时区的时间，应写成 2026-11-21T09:00:00+08:00", param_hint="--start"
        )
    if not transcript.EARLIEST <= found < transcript.LATEST:
        raise click.BadParameter(f"「{start}」要在2000年到2100年之间", param_hint="--start")
    return found


def _read_all(files: Sequence[Path], data: Path | None, start: datetime) -> list[Steps]:
    """All transcripts, checked. Raises `HaitangError` for the first bad line of any."""
    from bot import replay as player  # noqa: PLC0415

    known: set[str] = set()
    if data is not None and (data / "replay.db").exists():
        known = asyncio.run(player.known_groups(data))
    found = []
    for file in files:
        steps = _read_one(file, start, known)
        found.append(steps)
        if data is not None:  # files that share a world know each other's groups
            known |= {step.group for _, step in steps if isinstance(step, transcript.GroupLine)}
    return found


def _read_one(file: Path, start: datetime, known: set[str]) -> Steps:
    try:
        return transcript.read(file.read_text("utf-8-sig"), start, known, file.parent)
    except OSError as error:
        raise HaitangError(f"剧本 {file} 读不了（{error.strerror}），请检查路径。") from None
    except UnicodeDecodeError:
        raise HaitangError(f"剧本 {file} 不是 UTF-8 编码，请另存为 UTF-8。") from None
    except TranscriptError as error:
        raise HaitangError(f"{file} {error}。") from None


def _play(steps: Steps, data: Path, start: datetime) -> None:
    from bot import replay as player  # noqa: PLC0415

    asyncio.run(player.replay(steps, data, start, _print))


def _print(heard: msgspec.Struct) -> None:
    click.echo(msgspec.json.encode(heard).decode())
