"""Pictures and files of a matter: asked for, kept, counted, taken away. Jobs move the bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from bot.models import Event, Incoming, Media, MediaKind, MediaRole, MediaState, Person
from bot.ports import Store
from bot.services.jobs import JobsService
from bot.services.pictures import Bounds, Clean

FETCH = "media.fetch"
ERASE = "media.erase"
KINDS = frozenset({MediaKind.IMAGE, MediaKind.FILE})
THERE = (MediaState.WANTED, MediaState.STORED)
# Enough of a chat to find a picture that came a moment before its words.
LOOKED_AT = 60


class Wanted(Struct, frozen=True):
    """What came of asking for a message's pictures: how many are new, how many were too many."""

    new: int = 0
    over: int = 0


class MediaService:
    """Pictures and files within one transaction."""

    def __init__(
        self, store: Store, bounds: Bounds, now: datetime, ask: Callable[[], JobsService]
    ) -> None:
        self._store = store
        self._bounds = bounds
        self._now = now
        self._jobs = ask

    def want(
        self, message: str, incoming: Incoming, sender: Person, subject: str, role: MediaRole
    ) -> Wanted:
        """Fetch what came with a message, for `subject`; what was asked for before is not again."""
        if not incoming.attachments:
            return Wanted()
        room = self._bounds.files - len(self._store.media.of(subject, THERE))
        known = {media.position for media in self._store.media.brought_by(message)}
        new = over = 0
        for position, attachment in enumerate(incoming.attachments):
            if attachment.kind not in KINDS or position in known:
                continue
            if new >= room:
                over += 1
                continue
            media = Media(
                id=f"m{self._store.appeals.next_number('media')}",
                channel=incoming.channel,
                chat=incoming.chat,
                sender=sender.id,
                message=message,
                position=position,
                kind=attachment.kind,
                subject=subject,
                role=role,
                created_at=self._now,
                name=attachment.name[:80],
            )
            self._store.media.add(media)
            self._ask(media, attachment.ref, attachment.key)
            new += 1
        return Wanted(new, over)

    def before(
        self, incoming: Incoming, message: str, within: timedelta
    ) -> Sequence[tuple[str, Incoming]]:
        """What the same person sent here lately without a word and nobody asked for yet."""
        rows = self._store.inbox.with_attachments(
            incoming.channel, incoming.chat, incoming.sender, LOOKED_AT
        )
        return [
            (row, earlier)
            for row, earlier in rows
            if row != message
            and earlier.wordless
            and self._now - earlier.sent_at <= within
            and not self._store.media.brought_by(row)
        ]

    def get(self, media: str) -> Media | None:
        """By our id."""
        return self._store.media.get(media)

    def of(self, subject: str) -> Sequence[Media]:
        """What is there or on its way, oldest first."""
        return self._store.media.of(subject, THERE)

    def keep(self, media: Media, found: Clean, sha256: str) -> Media | None:
        """The bytes are in the vault; None when nobody wants them any more."""
        current = self._store.media.get(media.id)
        if current is None or current.state is not MediaState.WANTED:
            return None
        kept = msgspec.structs.replace(
            current,
            state=MediaState.STORED,
            mime=found.mime,
            size=len(found.data),
            sha256=sha256,
            width=found.width,
            height=found.height,
        )
        self._store.media.save(kept)
        return kept

    def refuse(self, media: str, reason: str) -> Media | None:
        """It cannot be had; None when nobody wanted it any more."""
        current = self._store.media.get(media)
        if current is None or current.state is not MediaState.WANTED:
            return None
        refused = msgspec.structs.replace(current, state=MediaState.REFUSED, reason=reason)
        self._store.media.save(refused)
        return refused

    def erase(self, media: Media, actor: Person, cause: str) -> None:
        """Take it away: the row stays as a trace, the bytes go, unless another row shares them."""
        erased = msgspec.structs.replace(media, state=MediaState.ERASED, sha256="", name="")
        self._store.media.save(erased)
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor.id,
                subject=f"media:{media.id}",
                action="删除照片",
                before={"of": media.subject},
                cause=cause,
            )
        )
        if media.sha256:
            self._jobs().add(ERASE, {"sha256": media.sha256})

    def is_shared(self, sha256: str) -> bool:
        """Whether somebody still has a picture with these bytes."""
        return self._store.media.shares(sha256) > 0

    def _ask(self, media: Media, ref: str, key: str) -> None:
        payload = {"media": media.id, "ref": ref, "key": key}
        self._jobs().add(FETCH, payload, once=f"{FETCH}/{media.message}/{media.position}")
