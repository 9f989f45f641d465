"""Conditions on a message that combine with `&`, `|` and `~`."""

from __future__ import annotations

from collections.abc import Callable

from bot.engine.context import Context
from bot.language.commands import split_number
from bot.language.intents import Intent
from bot.models import CONSOLE


class Filter:
    """A named condition. `label` is what a trace or a document calls it."""

    def __init__(self, test: Callable[[Context], bool], label: str) -> None:
        self._test = test
        self.label = label

    def __call__(self, ctx: Context) -> bool:
        return self._test(ctx)

    def __and__(self, other: Filter) -> Filter:
        return Filter(lambda ctx: self(ctx) and other(ctx), f"{self.label}且{other.label}")

    def __or__(self, other: Filter) -> Filter:
        return Filter(lambda ctx: self(ctx) or other(ctx), f"({self.label}或{other.label})")

    def __invert__(self) -> Filter:
        return Filter(lambda ctx: not self(ctx), f"非{self.label}")


def keyword(*words: str) -> Filter:
    """Any of these words stands in the message."""
    return Filter(
        lambda ctx: any(word in ctx.text for word in words), "含「" + "、".join(words) + "」"
    )


def mentioned() -> Filter:
    """The bot is spoken to: by @, by name, or in a private chat."""
    return Filter(lambda ctx: ctx.addressed, "叫了机器人")


def private() -> Filter:
    """Nobody else reads along."""
    return Filter(lambda ctx: ctx.private, "私聊")


def intent(*wanted: Intent) -> Filter:
    """The message wants one of these."""
    return Filter(lambda ctx: ctx.meaning.judgement.intent in wanted, "意图")


def danger() -> Filter:
    """Somebody's life may be in danger; a command that is only like it tells of none."""
    return Filter(_in_danger, "危险")


def _in_danger(ctx: Context) -> bool:
    found = ctx.meaning.danger
    if found is None or ctx.command is None:
        return found is not None
    # What is typed into a form of the console about a matter tells of it, and calls nobody.
    told = ctx.incoming.channel == CONSOLE and split_number(ctx.command.rest)[0] != ""
    return not (found.guessed or told)


def always() -> Filter:
    """Every message."""
    return Filter(lambda ctx: True, "任何消息")
