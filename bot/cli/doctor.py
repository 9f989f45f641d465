"""`haitang doctor`: is everything well, and if not, what is to be done."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from bot.cli.options import DEFAULT_CONFIG, config_option
from bot.cli.words import Command
from bot.models import Grade

MARKS = {Grade.OK: "✔", Grade.WARN: "！", Grade.FAIL: "✘"}


@click.command(cls=Command, help="体检：设置、密钥、回调、时钟、磁盘、数据，每处不对都说怎么办。")
@click.option("--json", "as_json", is_flag=True, help="给程序看的结果，一个 JSON 数组。")
@config_option
def doctor(as_json: bool, config_path: Path | None) -> None:
    """Exit status 1 when something is wrong that keeps the service from its work."""
    from bot.doctor.examine import examine  # noqa: PLC0415 - the other commands start faster
    from bot.logs import configure  # noqa: PLC0415

    configure("error")
    if config_path is None and DEFAULT_CONFIG.exists():
        config_path = DEFAULT_CONFIG
    found = examine(config_path)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        for finding in found:
            click.echo(f"{MARKS[finding.grade]} {finding.subject}：{finding.sentence}")
        bad = sum(finding.grade is not Grade.OK for finding in found)
        click.echo("都好。" if bad == 0 else f"有 {bad} 处要看一下。")
    sys.exit(any(finding.grade is Grade.FAIL for finding in found))
