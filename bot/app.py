"""The one place where everything meets: config → storage → services → handlers → channels → web."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from importlib.metadata import entry_points, version
from importlib.resources import files
from pathlib import Path

from aiohttp import web

from bot import community as communities
from bot.caretaking import Caretaking
from bot.channels.build import areas, build
from bot.channels.files import beside
from bot.channels.sandbox import NAME as SANDBOX
from bot.channels.sandbox import SandboxChannel
from bot.channels.stash import Stash
from bot.config import Config
from bot.engine.answers import Answers
from bot.engine.clock import Bell, SystemClock
from bot.engine.engine import Engine, Receipt
from bot.engine.errands import Errands
from bot.engine.jobs import JobRunner, Worker
from bot.engine.language_model import KIND as MODEL_JOB
from bot.engine.language_model import LanguageModel, ModelSettings, model_worker
from bot.engine.media import MediaWork
from bot.engine.outbox import OutboxSender
from bot.engine.reading import Reader
from bot.engine.router import Router, command_table
from bot.engine.scrubbing import Scrubbing
from bot.engine.tasks import Tasks
from bot.errors import ConfigError
from bot.first_start import FirstStart
from bot.knowing import build_knowledge
from bot.language import segment
from bot.memory import give_back
from bot.metrics import Metrics
from bot.models import Delivery, Incoming, Job, JobState, Outgoing
from bot.ports import (
    CallbackChannel,
    Channel,
    Clock,
    ListeningChannel,
    ScanChannel,
    SocketChannel,
)
from bot.receivers import Receiver
from bot.services.pictures import Bounds
from bot.standins import AIBOT, APP, CHAT, StandIns
from bot.vigil import Words
from bot.watch import Watch
from bot.web import front, static_files
from bot.web.callbacks import Callbacks
from bot.web.health import Health
from bot.web.pages import PageChannels, Pages
from bot.web.sandbox import Sandbox
from bot.web.sandbox_view import ChatKeys
from bot.web.sockets import Sockets
from handlers import ROUTERS, faq, photos
from handlers.phrases import alarms
from storage import inspect
from storage.backup import backup, backup_media, restore
from storage.database import Database
from storage.database import fits as key_fits
from storage.lock import Lock
from storage.vault import FolderVault

__all__ = [
    "Database",
    "Service",
    "backup",
    "backup_media",
    "build_knowledge",
    "build_reader",
    "inspect",
    "key_fits",
    "load_dictionary",
    "restore_offline",
    "routers",
    "workers",
]

VERSION = version("haitang")
DATA = Path(str(files("bot").joinpath("data")))
ENTRY_POINTS = "haitang.handlers"
WORDS = Words(*alarms.WATCH)


def routers() -> tuple[Router, ...]:
    """Those of installed packages (entry-point group `haitang.handlers`), then our own.

    Ours end with one that takes everything said to the bot: behind it nobody would be asked.
    Raises `ConfigError` for an entry point that is not a `Router`.
    """
    found: list[Router] = []
    for point in entry_points(group=ENTRY_POINTS):
        router = point.load()
        if not isinstance(router, Router):
            raise ConfigError([f"安装的处理器「{point.name}」不是 Router，请更正它的入口或卸载。"])
        found.append(router)
    return (*found, *ROUTERS)


def build_reader(config: Config) -> Reader:
    """Understands single messages as this configuration would, without a service."""
    return Reader(build_knowledge(config), command_table(routers()))


def workers(
    database: Database, channels: Mapping[str, Channel], state: Path, bounds: Bounds
) -> dict[str, Worker]:
    """Who does the jobs of each kind; pictures lie in the folder `state`."""
    vault = FolderVault(state / "media")
    pictures = MediaWork(database, channels, vault, bounds, photos.cannot_keep).workers()
    return pictures | Scrubbing(database).workers()


def load_dictionary(state: Path) -> None:
    """Load jieba with our words; its cache stays in our own folder."""
    lines = (DATA / "userdict.txt").read_text("utf-8").splitlines()
    segment.load(str(state), [line.split()[0] for line in lines if line.strip()])


def restore_offline(source: Path, target: Path) -> Path | None:
    """Put a backup in place while no service runs; what was there is kept and its path returned.

    Raises `StorageError`; then nothing was changed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    lock = Lock(target.with_suffix(".lock")).acquire()
    try:
        return restore(source, target)
    finally:
        lock.release()


class Service:
    """A running bot: the engine, its channels, its pages."""

    def __init__(
        self, config: Config, database: Database, base_url: str, clock: Clock | None = None
    ) -> None:
        self.config = config
        self.base_url = base_url
        self.database = database
        self.clock = clock or SystemClock()
        self.metrics = Metrics()
        self.tasks = Tasks()
        self.community = communities.read(
            Path(config.bot.community) if config.bot.community else DATA / "demo" / "community.toml"
        )
        self.standins = self._standins()
        self._first = FirstStart(config, self.community, self.standins, self.clock)
        self._stash = Stash(Path(config.storage.path).parent / "uploads")
        self._page_channels = PageChannels(self._stash)
        self.channels = self._channels()
        self.engine = Engine(
            database,
            routers(),
            build_knowledge(config, base_url),
            self.clock,
            areas=self._areas(),
            max_waiting=config.storage.max_waiting,
        )
        self.sender = OutboxSender(database, self.channels, self.clock)
        self.jobs = JobRunner(database, self._workers(), self.engine.knowledge, self.clock)
        self.answers = Answers(database, self.clock)
        self.sockets = self._sockets()
        self.watch = self._watch()
        self.care = Caretaking(
            config, database, self.clock, self.metrics, self.tasks, self.watch.tell, WORDS
        )
        self.sandbox = self._sandbox() if config.sandbox.enabled else None
        self.pages = self._pages() if config.console.enabled else None
        self.ready = False
        self._bell = Bell(self.engine.tick)
        self._connect()

    def web(self) -> web.Application:
        """The HTTP side."""
        limit = self.config.server.max_body_kib * 1024
        app = web.Application(client_max_size=limit)
        named = {n: c for n, c in self.channels.items() if isinstance(c, CallbackChannel)}
        app.add_routes(Callbacks(self.engine, self.answers, named, self.metrics, limit).routes())
        app.add_routes(self.sockets.routes())
        folder = self.config.storage.file.parent
        health = Health(self.database, self.metrics, lambda: self.ready, self.clock, folder)
        app.add_routes(health.routes())
        app.add_routes(static_files.routes())
        if self.pages is not None:
            app.add_routes(self.pages.routes())
        if self.sandbox is not None:
            app.add_routes(self.sandbox.routes())
        if first := "/sandbox" if self.sandbox else "/console" if self.pages else "":
            app.add_routes([web.get("/", front.leading_to(first))])
        app.on_response_prepare.append(front.secure)
        if self.standins is not None:
            self.standins.mount(app)
        return app

    async def start(self, state: Path) -> None:
        """Seed, resume what was interrupted, start to send and to ring."""
        await self.database.write(self._first.seed)
        if self.pages is not None:
            await self.pages.console.refresh()
        await self.engine.resume()
        await self.sender.resume()
        await self.jobs.resume()
        await self._stash.start()
        for channel in self.channels.values():
            await channel.start()
        self.tasks.spawn(self.sender.run(), "outbox")
        self.tasks.spawn(self.jobs.run(), "jobs")
        self.care.start(backup_media)
        for name, channel in self.channels.items():
            if isinstance(channel, ListeningChannel):
                self.tasks.spawn(channel.listen(self.engine.receive), f"listen {name}")
        self.tasks.spawn(self._warm_up(state), "warm-up")
        self._bell.start()

    async def stop(self) -> None:
        """End in an order that loses nothing: no new work, then sends, then the database."""
        self._bell.stop()
        if self.sandbox is not None:
            self.sandbox.hub.close()
        await self.sockets.close()
        await self.jobs.stop()
        await self.sender.stop()
        await self._stash.stop()
        await self.tasks.drain(0.1)
        for channel in self.channels.values():
            await channel.stop()
        if self.standins is not None:
            await self.standins.close()
        await self.database.close()

    async def _warm_up(self, state: Path) -> None:
        """The dictionary takes a second: load it beside, then take up what waits."""
        await asyncio.to_thread(load_dictionary, state)
        give_back()
        await self.database.write(
            lambda store: self.engine.knowledge.book.refresh(store, self.clock.now())
        )
        self.ready = True
        await self.engine.catch_up()
        await self._first.play(self.engine)

    def _channels(self) -> dict[str, Channel]:
        found = build(self.config.channels, self.clock, beside(Path(self.config.storage.path)))
        if self.config.console.enabled:
            found |= self._page_channels.named()
        self.errands = Errands(dict(found), self.database, self.clock)
        if self.config.sandbox.enabled:
            found[SANDBOX] = SandboxChannel(self._stash)
        if self.standins is not None:
            found |= self.standins.channels()
        return found

    def _sockets(self) -> Sockets:
        heard = {n: c for n, c in self.channels.items() if isinstance(c, SocketChannel)}
        return Sockets(self.engine, heard, self.metrics, self.config.server.max_body_kib * 1024)

    def _watch(self) -> Watch:
        told = [Receiver.parse(each) for each in self.config.bot.alarms]
        return Watch(self.database, self.clock, self.metrics, self.tasks, told, alarms.trouble)

    def _standins(self) -> StandIns | None:
        if not (self.config.sandbox.enabled and self.config.sandbox.wecom):
            return None
        return StandIns(self.base_url, self.config.bot.name, self.community, self.clock)

    def _workers(self) -> dict[str, Worker]:
        state, llm = Path(self.config.storage.path).parent, self.config.llm
        bounds = self.engine.knowledge.bounds
        doing = workers(self.database, self.channels, state, bounds)
        if llm.enabled:
            model = LanguageModel(ModelSettings(llm.base_url, llm.model, llm.api_key), self.clock)
            doing[MODEL_JOB] = model_worker(model, faq.suggested)
        return doing

    def _areas(self) -> dict[str, str]:
        """Where strangers on a private channel belong."""
        place = self.community.community
        here = f"{place.street}/{place.name}"
        return areas(self.config.channels) | {APP: here, AIBOT: here, SANDBOX: here}

    def _sandbox(self) -> Sandbox:
        keys = ChatKeys(SANDBOX, APP, (AIBOT, CHAT))
        sandbox = Sandbox(self.engine, self.community, keys, VERSION)
        sandbox.has_console = self.config.console.enabled
        channel = self.channels[SANDBOX]
        if isinstance(channel, SandboxChannel):
            channel.on_sent = sandbox.show_sent
            sandbox.put_picture = channel.put
            sandbox.read_file = beside(Path(self.config.storage.path)).read
        if self.standins is not None:
            sandbox.post_wecom = self.standins.say_to_app
            sandbox.post_aibot = self.standins.say_to_aibot
        return sandbox

    def _pages(self) -> Pages:
        place = self.community.community
        areas = (place.street, f"{place.street}/{place.name}")
        wake = self.sender.wake
        vault = FolderVault(Path(self.config.storage.path).parent / "media")
        channels = self._page_channels
        pages = Pages(self.engine, self.answers, channels, VERSION, areas, wake, vault)
        pages.console.looks.add(has_sandbox=self.sandbox is not None)
        pages.console.channels = self.channels
        pages.console.down = self.watch.down
        pages.console.probe = self.errands.probe
        if self.config.server.public_url:  # the platform sends people back to it
            own = self.config.channels.get("wecom_app", {})
            for name in own:
                channel = self.channels[f"wecom_app/{name}"]
                assert isinstance(channel, ScanChannel)  # noqa: S101 - of that kind
                pages.console.scans[name] = channel
        return pages

    def _connect(self) -> None:
        """Wire the observers: the sender wakes, the metrics count, the simulator shows."""
        self.engine.on_said = self.sender.wake
        self.engine.on_jobs = self.jobs.wake
        self.jobs.on_said = self.sender.wake
        self.jobs.on_settled = self._worked
        self.engine.on_backlog = lambda: self.tasks.spawn(self.engine.catch_up(), "catch-up")
        self.engine.on_receipt = self._received
        self.sender.on_settled = self._settled
        self.answers.on_settled = self._settled
        self.answers.on_returned = self.sender.wake
        self.watch.on_said = self.sender.wake
        self.watch.over(self.channels)

    def _received(self, incoming: Incoming, receipt: Receipt) -> None:
        self.care.vigil.heard(incoming.channel)
        self.metrics.message(receipt.outcome, receipt.duplicate)
        if self.sandbox is not None and not receipt.duplicate:
            self.tasks.spawn(self.sandbox.show(incoming, receipt), "show")

    def _settled(self, row: Outgoing, state: Delivery) -> None:
        if state is Delivery.SENT:
            self.care.vigil.sent()
        self.metrics.settled(state)
        if self.sandbox is not None and row.channel in {APP, AIBOT} and state is Delivery.SENT:
            self.sandbox.show_sent(row)

    def _worked(self, job: Job, state: JobState) -> None:
        self.metrics.job(state)
