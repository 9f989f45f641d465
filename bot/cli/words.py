"""click's own words in Chinese: headings of the help, and what is wrong with a command line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from click import exceptions


class Complaint(click.UsageError):
    """A wrong command line, told in Chinese with the command that explains it."""

    def show(self, file: Any = None) -> None:
        """The sentence and where to read on."""
        click.echo(self.message, file=file, err=True)
        if self.ctx is not None:
            click.echo(f"用法见 {self.ctx.command_path} --help", file=file, err=True)


class Command(click.Command):
    """A verb whose help is Chinese throughout."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **kwargs)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first line."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """All options below their heading."""
        _write_options(self, ctx, formatter)


class Group(click.Group):
    """A group of verbs; what a stranger types wrong is told in Chinese."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[选项]")
        kwargs.setdefault("subcommand_metavar", "命令 [参数]…")
        super().__init__(*args, **kwargs)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The first line."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """All options, then all commands."""
        _write_options(self, ctx, formatter)
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("命令"):
            formatter.write_dl([(name, found.help or "") for name, found in commands if found])

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Parse this group's own options."""
        with _in_chinese():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Parse and run the chosen command."""
        with _in_chinese():
            return super().invoke(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed."""
        if self.get_command(ctx, args[0]) is None:
            raise Complaint(f"没有「{args[0]}」这个命令。", ctx)
        return super().resolve_command(ctx, args)


Group.group_class = Group


@contextmanager
def _in_chinese() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        sentence = _sentence(error)
        if isinstance(error, Complaint) or not sentence:
            raise
        raise Complaint(sentence, error.ctx) from None


def _sentence(error: click.UsageError) -> str:
    """What is wrong; empty for what is not about the command line."""
    match error:
        case exceptions.NoSuchOption():
            near = "、".join(error.possibilities or ())
            return f"没有 {error.option_name} 这个选项" + (f"，是 {near} 吗？" if near else "。")
        case exceptions.MissingParameter() if error.param is not None:
            return f"缺少参数 {error.param.human_readable_name}。"
        case exceptions.BadParameter():
            return f"{error.param_hint or '参数'} 不对：{error.message}。"
        case exceptions.BadOptionUsage():
            return f"选项 {error.option_name} 的用法不对，请看帮助里它后面要不要跟一个值。"
    extra = re.search(r"unexpected extra arguments? \((.*)\)", error.message)
    return f"多出了参数：{extra[1]}。" if extra else ""


def _write_usage(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix="用法：")


def _write_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    records = []
    for parameter in command.get_params(ctx):
        if not isinstance(parameter, click.Option):
            continue
        if "--help" in parameter.opts:
            parameter.help = "显示这份帮助。"
        record = parameter.get_help_record(ctx)
        if record is not None:
            records.append(record)
    with formatter.section("选项"):
        formatter.write_dl(records)
