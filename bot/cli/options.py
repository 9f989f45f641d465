"""What all verbs share: where the settings are, and how a fault is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.config import Config, load
from bot.errors import HaitangError

DEFAULT_CONFIG = Path("config.toml")

config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="配置文件；不写就用当前目录的 config.toml，没有就全用默认值。",
)


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
