"""Who fetches pictures from their platform and who takes bytes away.

Only a channel fetches, by what its own platform told it: no address is ever taken from a text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from bot.engine.context import Scene
from bot.engine.jobs import Result, Worker
from bot.errors import JobDeferred, JobRefused, SendDeferred, SendRefused
from bot.models import Attachment, Job, Media, MediaRole
from bot.models.rich import IMAGE_BYTES
from bot.ports import Channel, Database, MediaChannel, Vault
from bot.services.media import ERASE, FETCH
from bot.services.pictures import Bounds, Clean, clean, fitting

GONE = "平台上已经没有了"
Refused = Callable[[Scene, Media], None]


class MediaWork:
    """The workers of pictures. `on_refused` tells people, in the transaction that gives one up."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        vault: Vault,
        bounds: Bounds,
        on_refused: Refused,
    ) -> None:
        self._database = database
        self._channels = channels
        self._vault = vault
        self._bounds = bounds
        self._on_refused = on_refused

    def workers(self) -> dict[str, Worker]:
        """To be given to the job runner."""
        return {
            FETCH: Worker(work=self.fetch, give_up=self.give_up),
            ERASE: Worker(work=self.erase),
        }

    async def fetch(self, job: Job) -> Result | None:
        """Bring a picture in, make it clean, put it into the vault."""
        media = await self._database.read(lambda store: store.media.get(job.payload["media"]))
        if media is None:
            return None
        channel = self._channels.get(media.channel)
        if channel is None or not isinstance(channel, MediaChannel):
            raise JobRefused(GONE)
        attachment = Attachment(
            kind=media.kind, ref=job.payload["ref"], name=media.name, key=job.payload["key"]
        )
        try:
            fetched = await channel.fetch(attachment, self._bounds.file_bytes)
        except SendRefused as error:
            raise JobRefused(GONE) from error
        except SendDeferred as error:
            raise JobDeferred(str(error), error.after) from error
        name = media.name or fetched.name
        found = await asyncio.to_thread(clean, fetched.data, media.kind, name, self._bounds)
        if media.role is MediaRole.ATTACHED:
            found = await asyncio.to_thread(fitting, found, IMAGE_BYTES)
        sha256 = await asyncio.to_thread(self._vault.put, found.data, found.thumbnail)
        return partial(_keep, media=media, found=found, sha256=sha256)

    def give_up(self, scene: Scene, job: Job, reason: str) -> None:
        """It cannot be had: say so where it came from."""
        refused = scene.media.refuse(job.payload["media"], reason)
        if refused is not None:
            self._on_refused(scene, refused)

    async def erase(self, job: Job) -> Result | None:
        """Forget bytes that nobody has any more."""
        sha256 = job.payload["sha256"]
        if not await self._database.read(lambda store: store.media.shares(sha256)):
            await asyncio.to_thread(self._vault.remove, sha256)
        return None


def _keep(scene: Scene, *, media: Media, found: Clean, sha256: str) -> None:
    """Whoever took it back while it was fetched does not get it."""
    if scene.media.keep(media, found, sha256) is None and not scene.media.is_shared(sha256):
        scene.jobs.add(ERASE, {"sha256": sha256})
