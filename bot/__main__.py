"""The command line: `haitang …`, the same as `python -m bot …`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec

from bot import transcript
from bot.cli_faq import DEFAULT_CONFIG, config_option, faq
from bot.cli_words import Group
from bot.config import Config, load
from bot.errors import HaitangError, TranscriptError
from bot.example import EXAMPLE

Steps = list[tuple[int, transcript.Step]]


@click.group(
    cls=Group,
    help="海棠管家：微网格居民群里的管家机器人。",
    context_settings={"max_content_width": 100},
)
def main() -> None:
    """All commands."""


@main.command(help="启动服务，按 Ctrl-C 停止。")
@config_option
def run(config_path: Path | None) -> None:
    """Serve until told to stop."""
    from bot.logs import configure  # noqa: PLC0415 - the other commands start faster without
    from bot.serve import serve  # noqa: PLC0415

    with complaints():
        config = settings(config_path)
        configure(config.log.level, config.secrets())
        asyncio.run(serve(config, lambda url: _greet(config, url)))


@main.command(help="写一份带注释的配置文件。")
@click.argument("path", type=click.Path(path_type=Path), default=DEFAULT_CONFIG, metavar="[文件]")
def init(path: Path) -> None:
    """Write the commented example, readable for the owner alone: secrets will stand in it."""
    with complaints():
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise HaitangError(f"{path} 已经有了，不覆盖。要重写请先把它改名。") from None
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
            file.write(EXAMPLE.read_bytes())
    click.echo(f"已写好 {path}。改完运行 haitang check-config，再 haitang run。")


@main.command("check-config", help="检查配置，有错逐条说明。")
@config_option
def check_config(config_path: Path | None) -> None:
    """Say whether the settings would start."""
    with complaints():
        config = settings(config_path)
    used = config_path or (DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None)
    click.echo(f"用的是 {used}。" if used else "没有 config.toml，全用默认值。")
    click.echo(f"配置没有问题。数据在 {config.storage.path}，端口 {config.server.port}。")


@main.command(help="按剧本重放对话，打印机器人说的话（每行一个 JSON）。")
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


@main.command(help="备份数据（服务运行时也可以）。")
@click.argument("target", type=click.Path(path_type=Path), required=False, metavar="[文件]")
@config_option
def backup(target: Path | None, config_path: Path | None) -> None:
    """Copy the database and check the copy."""
    from bot.app import backup as copy  # noqa: PLC0415

    with complaints():
        source = Path(settings(config_path).storage.path)
        goal = _backup_goal(source, target)
        copy(source, goal)
    click.echo(f"已备份到 {goal}，校验完好。")


@main.command(help="用备份恢复数据（先停服务），现有数据会另存一份。")
@click.argument("source", type=click.Path(path_type=Path), metavar="备份文件")
@config_option
def restore(source: Path, config_path: Path | None) -> None:
    """Put a checked backup in place."""
    from bot.app import restore_offline  # noqa: PLC0415

    with complaints():
        kept = restore_offline(source, Path(settings(config_path).storage.path))
    click.echo(f"已从 {source} 恢复。" + (f"原来的数据另存为 {kept}。" if kept else ""))


@main.command("version", help="打印版本。")
def show_version() -> None:
    """The version of this program."""
    click.echo(f"haitang {version('haitang')}")


main.add_command(faq)


def settings(path: Path | None) -> Config:
    """The settings from a file, or from ./config.toml if it is there. Raises `ConfigError`."""
    if path is None and DEFAULT_CONFIG.exists():
        path = DEFAULT_CONFIG
    return load(path)


@contextmanager
def complaints() -> Iterator[None]:
    """Errors that we raise on purpose become one sentence each and exit status 1."""
    try:
        yield
    except HaitangError as error:
        for line in str(error).splitlines():
            click.echo(line, err=True)
        sys.exit(1)
    except BrokenPipeError:
        raise  # whoever read our output had enough; click ends quietly
    except OSError as error:
        what = f"文件 {error.filename} " if error.filename else ""
        click.echo(f"{what}读写不了（{error.strerror}），请检查路径、权限和磁盘空间。", err=True)
        sys.exit(1)


def _backup_goal(source: Path, target: Path | None) -> Path:
    """Where the copy goes. Raises `HaitangError` rather than replacing the live database."""
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    if target is None:
        return source.parent / "backups" / f"haitang-{stamp}.db"
    if target.is_dir():
        return target / f"haitang-{stamp}.db"
    if target.exists() and source.exists() and target.samefile(source):
        raise HaitangError(f"{target} 就是正在用的数据文件，请换一个文件名。")
    return target


def _greet(config: Config, url: str) -> None:
    page = f"{url}/sandbox" if config.sandbox.enabled else url
    click.echo(f"海棠管家已启动：{page}")
    click.echo(f"数据在 {config.storage.path}，按 Ctrl-C 停止。")


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
        return transcript.read(file.read_text("utf-8-sig"), start, known)
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


if __name__ == "__main__":
    main()
