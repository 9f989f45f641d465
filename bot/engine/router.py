"""Routers: how a feature says which messages are its own. The first match wins.

    router = Router("water")

    @router.on(keyword("停水") & mentioned())
    def water_outage(ctx: Context) -> None: ...

A handler returns to claim the message; `raise SkipHandler` hands it on, and what it did is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from bot.engine.context import Context, Scene
from bot.engine.filters import Filter
from bot.errors import DomainError
from bot.language.commands import CommandTable, Form
from bot.models import EVENT_PREFIX, GroupState

Handler = Callable[[Context], None]
TickHandler = Callable[[Scene], None]
Due = Callable[[Scene], datetime | None]
Refusal = Callable[[Context, DomainError], None]
H = TypeVar("H", bound=Handler)
K = TypeVar("K", bound=TickHandler)


class SkipHandler(Exception):
    """Raised by a handler: this message is not mine after all."""


class Kind(StrEnum):
    """What makes a route apply; a group's listening mode permits some kinds only."""

    SAFETY = "safety"
    ANSWER = "answer"
    COMMAND = "command"
    TALK = "talk"
    EVENT = "event"


class Route(Struct, frozen=True):
    """One handler with its condition."""

    kind: Kind
    name: str
    applies: Callable[[Context], bool]
    handler: Handler
    refusal: Refusal | None
    states: frozenset[GroupState] = frozenset({GroupState.BOUND})


class Tick(Struct, frozen=True):
    """Work of the clock: what to do, and when there is next something to do (None: nothing)."""

    handler: TickHandler
    due: Due


class CommandInfo(Struct, frozen=True):
    """A command as help and documents show it."""

    name: str
    aliases: tuple[str, ...]
    form: Form


class Router:
    """The handlers of one feature, in order."""

    def __init__(
        self,
        name: str,
        *,
        safety: bool = False,
        follows: bool = False,
        refusal: Refusal | None = None,
        states: Iterable[GroupState] = (GroupState.BOUND,),
    ) -> None:
        """`follows`: its talk goes on with what the bot took part in, and is heard like answers.
        `states`: of which groups it takes messages; danger is heard in all of them.
        """
        self.name = name
        self._states = frozenset(GroupState if safety else states)
        self.routes: list[Route] = []
        self.commands: list[CommandInfo] = []
        self.ticks: list[Tick] = []
        self._talk = Kind.SAFETY if safety else Kind.ANSWER if follows else Kind.TALK
        self._refusal = refusal

    def on(self, condition: Filter) -> Callable[[H], H]:
        """Handle messages that meet a condition."""
        return lambda handler: self._add(self._talk, condition, handler)

    def command(self, name: str, *aliases: str, form: Form) -> Callable[[H], H]:
        """Handle a command; its words are listed in help and documents."""
        self.commands.append(CommandInfo(name, aliases, form))

        def applies(ctx: Context) -> bool:
            return ctx.command is not None and ctx.command.name == name

        return lambda handler: self._add(Kind.COMMAND, applies, handler)

    def answer(self, topic: str) -> Callable[[H], H]:
        """Handle the answer to a question that was asked with `ctx.ask(…, topic=…)`."""

        def applies(ctx: Context) -> bool:
            # A picture without a word answers nothing that was asked.
            return (
                ctx.dialog is not None and ctx.dialog.topic == topic and not ctx.incoming.wordless
            )

        return lambda handler: self._add(Kind.ANSWER, applies, handler)

    def event(self, *names: str) -> Callable[[H], H]:
        """Handle something that happened instead of being said: `enter_chat`, `feedback`."""
        kinds = {f"{EVENT_PREFIX}{name}" for name in names}
        return lambda handler: self._add(
            Kind.EVENT, lambda ctx: ctx.incoming.kind in kinds, handler
        )

    def answer_when(self, condition: Filter) -> Callable[[H], H]:
        """Handle what answers something that the bot said, though it waits for no words: also
        heard where a group's ordinary talk is not."""
        return lambda handler: self._add(Kind.ANSWER, condition, handler)

    def tick(self, due: Due) -> Callable[[K], K]:
        """Run when `due` says so: it is asked every second, so it looks at one index and no more.

        What it is asked with can only read.
        """

        def add(handler: K) -> K:
            self.ticks.append(Tick(handler, due))
            return handler

        return add

    def _add(self, kind: Kind, applies: Callable[[Context], bool], handler: H) -> H:
        name = f"{self.name}.{handler.__name__}"
        self.routes.append(Route(kind, name, applies, handler, self._refusal, self._states))
        return handler


def in_order(routers: Sequence[Router]) -> tuple[Route, ...]:
    """All routes: safety first, then answers to open questions, then commands, then talk.

    Within a kind the order of the routers counts.
    """
    routes = [route for router in routers for route in router.routes]
    return tuple(route for kind in Kind for route in routes if route.kind is kind)


def command_table(routers: Iterable[Router]) -> CommandTable:
    """All commands of these routers. Raises `ValueError` when two take the same word."""
    table = CommandTable()
    for router in routers:
        for command in router.commands:
            table.add(command.name, command.aliases, command.form)
    return table
