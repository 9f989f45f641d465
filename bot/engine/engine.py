"""The way of one message: stored, decided, answered, all in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
import structlog
from msgspec import Struct

from bot.engine.context import Context
from bot.engine.router import Kind, Route, Router, SkipHandler, command_table, in_order
from bot.engine.ticks import Ticks
from bot.errors import DomainError, StorageError
from bot.language.text import clean
from bot.models import Group, GroupState, Incoming, Listen, Outcome, Trace
from bot.ports import Clock, Database, Store
from bot.services.knowledge import Knowledge
from bot.services.people import PeopleService

log = structlog.get_logger()

_HEARD = {
    Listen.ALL: frozenset(Kind),
    Listen.COMMANDS: frozenset({Kind.SAFETY, Kind.ANSWER, Kind.COMMAND}),
    Listen.MENTION: frozenset({Kind.SAFETY, Kind.ANSWER}),
    Listen.NONE: frozenset({Kind.SAFETY}),
}
_GATES = {
    Listen.COMMANDS: "这个群设为只听指令，没有叫机器人的闲谈不处理",
    Listen.MENTION: "这个群设为只在@时回应，这条没有@机器人",
    Listen.NONE: "这个群设为只发不听",
}
_STRANGE = {
    GroupState.PENDING: "这个群还没有登记到任何网格，只回答帮助、危险和「绑定」",
    GroupState.CLOSED: "这个群已经解绑，只回答危险和「绑定」",
}
_FAILURE = "处理时出错（{}），这条消息引起的改动已全部撤销"


class Receipt(Struct, frozen=True):
    """What became of a message: its id ("" when it was known already), outcome, words said.

    `works`: it may have left jobs to be done.
    """

    message: str
    outcome: Outcome
    said: int = 0
    duplicate: bool = False
    works: bool = False


class Engine:
    """Takes messages and ticks of the clock, and runs handlers over them.

    `receive` is durable: when it returns, the message and all its effects are on disk. Under
    overload (more than `max_waiting` writes wait) it only stores the message; `catch_up` handles
    such messages later, in order.
    """

    def __init__(
        self,
        database: Database,
        routers: Sequence[Router],
        knowledge: Knowledge,
        clock: Clock,
        *,
        areas: dict[str, str] | None = None,
        max_waiting: int = 2000,
    ) -> None:
        self.database = database
        self.knowledge = knowledge
        self.clock = clock
        self.commands = command_table(routers)
        routes = in_order(routers)
        self._event_routes = [route for route in routes if route.kind is Kind.EVENT]
        self._routes = [route for route in routes if route.kind is not Kind.EVENT]
        self._talk_routes = [route for route in self._routes if route.kind is not Kind.COMMAND]
        self._ticks = Ticks([tick for router in routers for tick in router.ticks], knowledge)
        self._areas = {} if areas is None else areas
        self._max_waiting = max_waiting
        self._backlog = False
        self._held = 0
        self._catching_up = False
        self.on_said: Callable[[], None] = lambda: None
        self.on_jobs: Callable[[], None] = lambda: None
        self.on_backlog: Callable[[], None] = lambda: None
        self.on_receipt: Callable[[Incoming, Receipt], None] = lambda incoming, receipt: None

    async def receive(self, incoming: Incoming) -> Receipt:
        """Store and handle one message; returns after the commit."""
        incoming = msgspec.structs.replace(
            incoming,
            text=clean(incoming.text),
            sender_name=clean(incoming.sender_name, 64),
            chat_name=clean(incoming.chat_name, 64),
        )
        if self._backlog or self.database.waiting > self._max_waiting:
            receipt = await self._hold_back(incoming)
        else:
            receipt = await self._take_now(incoming)
        self.on_receipt(incoming, receipt)
        if receipt.said:
            self.on_said()
        if receipt.works:
            self.on_jobs()
        return receipt

    async def resume(self) -> None:
        """After a start: as long as older messages wait, newer ones wait behind them."""
        self._backlog = bool(await self.database.read(lambda store: store.inbox.queued(1)))

    async def catch_up(self) -> int:
        """Handle messages that were only stored, oldest first; returns how many there were."""
        handled = 0
        self._catching_up = True
        try:
            while True:
                held = self._held
                batch = await self.database.write(self._take_queued, 50)
                handled += len(batch)
                for incoming, receipt in batch:
                    self.on_receipt(incoming, receipt)
                if batch:
                    self.on_said()
                    self.on_jobs()
                elif held == self._held:  # nothing was held back while we looked
                    self._backlog = False
                    return handled
        finally:
            self._catching_up = False

    async def _hold_back(self, incoming: Incoming) -> Receipt:
        # At once: what comes while this one is being stored must not overtake it.
        self._backlog = True
        self._held += 1
        receipt = await self.database.write(self._hold, incoming)
        if not self._catching_up:
            self._catching_up = True
            self.on_backlog()
        return receipt

    async def _take_now(self, incoming: Incoming) -> Receipt:
        try:
            return await self.database.write(self._take, incoming)
        except StorageError:
            raise
        except Exception as error:
            # Not a handler's fault, which `_run` contains: keep the message all the same.
            log.exception("message failed", error=type(error).__name__)
            return await self.database.write(self._keep, incoming, type(error).__name__)

    async def tick(self) -> None:
        """Do everything that is due now."""
        if self._backlog and not self._catching_up:
            await self.catch_up()
        now = self.clock.now()
        due = [tick for tick, at in await self.database.read(self._ticks.due, now) if at <= now]
        if due:
            said, works = await self.database.write(self._ticks.run, due, now)
            if said:
                self.on_said()
            if works:
                self.on_jobs()

    async def next_due(self) -> datetime | None:
        """When the clock must ring next."""
        due = await self.database.read(self._ticks.due, self.clock.now())
        return min((at for _, at in due), default=None)

    def _take(self, store: Store, incoming: Incoming) -> Receipt:
        now = self.clock.now()
        message = store.inbox.accept(incoming, now, "done")
        if message is None:
            return Receipt("", Outcome.SILENT, duplicate=True)
        return self._handle(store, message, incoming, now)

    def _hold(self, store: Store, incoming: Incoming) -> Receipt:
        message = store.inbox.accept(incoming, self.clock.now(), "queued")
        return Receipt(message or "", Outcome.QUEUED, duplicate=message is None)

    def _keep(self, store: Store, incoming: Incoming, error: str) -> Receipt:
        message = store.inbox.accept(incoming, self.clock.now(), "failed")
        if message is None:
            return Receipt("", Outcome.SILENT, duplicate=True)
        return _fail(store, message, error)

    def _take_queued(self, store: Store, limit: int) -> list[tuple[Incoming, Receipt]]:
        return [
            (incoming, self._take_one(store, message, incoming))
            for message, incoming in store.inbox.queued(limit)
        ]

    def _take_one(self, store: Store, message: str, incoming: Incoming) -> Receipt:
        store.inbox.settle(message, "done")
        try:
            with store.savepoint():
                return self._handle(store, message, incoming, self.clock.now())
        except StorageError:
            raise
        except Exception as error:
            log.exception("message failed", error=type(error).__name__)
            store.inbox.settle(message, "failed")
            return _fail(store, message, type(error).__name__)

    def _handle(self, store: Store, message: str, incoming: Incoming, now: datetime) -> Receipt:
        self.knowledge.tables.refresh(store)
        area = self._areas.get(incoming.channel, "")
        people = PeopleService(store, area)
        group = store.people.group(incoming.channel, incoming.chat) if incoming.chat else None
        new = incoming.chat != "" and group is None
        if new:
            group = _newcomer(incoming, area)
        ctx = Context(
            store,
            self.knowledge,
            now,
            message_id=message,
            incoming=incoming,
            group=group,
            person=people.speaker(incoming, group, keep=not new),
        )
        outcome, handler = self._dispatch(store, ctx, group)
        if group is not None and group.state is not GroupState.BOUND:
            if outcome is Outcome.SILENT:
                store.inbox.forget(message)
            elif new:
                people.welcome(ctx.person, group)
        if outcome is Outcome.FAILED:
            store.inbox.settle(message, "failed")
        receipt = _settle(store, message, outcome, handler, ctx.steps, ctx.said)
        return msgspec.structs.replace(receipt, works=True) if ctx.asks_for_work else receipt

    def _dispatch(self, store: Store, ctx: Context, group: Group | None) -> tuple[Outcome, str]:
        state = GroupState.BOUND if group is None else group.state
        listen = Listen.ALL if group is None else group.listen
        if ctx.addressed and listen is not Listen.NONE:
            listen = Listen.ALL
        heard = _HEARD[listen]
        if ctx.text and not ctx.incoming.is_event:
            ctx.command = self.commands.parse(ctx.text, ctx.addressed)
        for route in self._offered(ctx):
            if route.kind not in heard or state not in route.states:
                continue
            outcome = _run(store, ctx, route)
            if outcome is not None:
                return outcome, route.name
        if state in _STRANGE:
            ctx.explain(_STRANGE[state])
        elif listen in _GATES:
            ctx.explain(_GATES[listen])
        return Outcome.SILENT, ""

    def _offered(self, ctx: Context) -> Sequence[Route]:
        """Whom a message is offered to; what was not said answers no question and is no talk."""
        if ctx.incoming.is_event:
            return self._event_routes
        return self._talk_routes if ctx.command is None else self._routes


def _newcomer(incoming: Incoming, area: str) -> Group:
    """A group that nobody knows yet. It is kept once the bot has had something to say in it."""
    return Group(
        id=f"{incoming.channel}:{incoming.chat}",
        channel=incoming.channel,
        chat=incoming.chat,
        name=incoming.chat_name or incoming.chat,
        area=area,
        state=GroupState.PENDING,
    )


def _run(store: Store, ctx: Context, route: Route) -> Outcome | None:
    """Run one handler if it applies; None when it is not its message. A failure is undone."""
    said, steps = ctx.said, len(ctx.steps)
    try:
        if not route.applies(ctx):
            return None
        with store.savepoint():
            route.handler(ctx)
    except SkipHandler:
        ctx.said = said
        return None
    except DomainError as error:
        ctx.said = said
        return _refuse(store, ctx, route, error)
    except StorageError:
        raise
    except Exception as error:
        ctx.said = said
        del ctx.steps[steps:]
        ctx.explain(_FAILURE.format(type(error).__name__))
        log.exception("handler failed", handler=route.name, error=type(error).__name__)
        return Outcome.FAILED
    return Outcome.ANSWERED if ctx.said > said else Outcome.ACTED


def _refuse(store: Store, ctx: Context, route: Route, error: DomainError) -> Outcome | None:
    if route.refusal is None:
        raise error
    try:
        with store.savepoint():
            route.refusal(ctx, error)
    except SkipHandler:
        return None
    return Outcome.ANSWERED


def _fail(store: Store, message: str, error: str) -> Receipt:
    return _settle(store, message, Outcome.FAILED, "", [_FAILURE.format(error)])


def _settle(
    store: Store,
    message: str,
    outcome: Outcome,
    handler: str,
    steps: Sequence[str],
    said: int = 0,
) -> Receipt:
    store.traces.add(Trace(message=message, outcome=outcome, handler=handler, steps=tuple(steps)))
    return Receipt(message, outcome, said)
