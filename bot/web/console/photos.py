"""Pictures and files of matters: their bytes, for those who may see the matter."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from aiohttp import web

from bot.engine.context import Scene
from bot.errors import NotFound
from bot.models import Appeal, Audience, Media, MediaKind, MediaState, Person
from bot.ports import Vault
from bot.rules.permissions import Deed
from bot.web.console.doors import Door, get, post
from bot.web.console.visit import HOME, Visit

# What a stranger sent runs nothing, whatever it says it is.
_INERT = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


class PhotoPages:
    """Pictures from the vault, and taking them away."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/photos/{media}", self.show, Deed.HANDLE, about="photo"),
            post("/photos/{media}/remove", self.remove, Deed.HANDLE, about="photo"),
        ]

    async def show(self, visit: Visit) -> web.Response:
        """The picture, `?small=1` a small one; a file is to be kept, not opened here."""
        id_, person, small = visit.part("media"), visit.person, visit.asked("small") == "1"
        media, appeal = await visit.read(_found, id_, person)
        if appeal.audience is not Audience.PUBLIC and not small:
            await visit.write(lambda scene: scene.audit.viewed(person, appeal, opened=True))
        picture = media.kind is MediaKind.IMAGE or media.mime.startswith("image/")
        data = await asyncio.to_thread(self._vault.read, media.sha256, thumbnail=small and picture)
        if data is None:
            raise NotFound(id_)
        kind = "image/jpeg" if small and picture else media.mime
        name = quote(media.name or f"{appeal.number}.{kind.rpartition('/')[2]}")
        how = "inline" if picture else "attachment"
        return web.Response(
            body=data,
            headers={
                "Content-Type": kind,
                "Content-Disposition": f"{how}; filename*=UTF-8''{name}",
                "Content-Security-Policy": _INERT,
                "Cache-Control": "private, no-store",
            },
        )

    async def remove(self, visit: Visit) -> web.Response:
        """Take one away for good."""
        id_, person = visit.part("media"), visit.person

        def erase(scene: Scene) -> Appeal:
            media, appeal = _found(scene, id_, person)
            scene.media.erase(media, person, "")
            return appeal

        appeal = await visit.write(erase)
        return visit.go(f"{HOME}/appeals/{appeal.number}", "照片已删除，找不回来了。")


def _found(scene: Scene, media: str, person: Person) -> tuple[Media, Appeal]:
    """A stored picture of a matter that a person may see. Raises `NotFound`."""
    found = scene.media.get(media)
    if found is None or found.state is not MediaState.STORED:
        raise NotFound(media)
    return found, scene.stories.of_media(found, person)
