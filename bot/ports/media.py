"""The stores of pictures and files: what is known of them, and their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.models import Media, MediaState


class MediaRows(Protocol):
    """What is known of pictures and files."""

    def add(self, media: Media) -> bool:
        """Store a new row; False when this attachment of the message has one."""

    def save(self, media: Media) -> None:
        """Replace a row."""

    def get(self, media: str) -> Media | None:
        """By our id."""

    def of(self, subject: str, states: Sequence[MediaState]) -> Sequence[Media]:
        """What belongs to something, oldest first."""

    def brought_by(self, message: str) -> Sequence[Media]:
        """What is known of a message's attachments, in their order."""

    def shares(self, sha256: str) -> int:
        """How many stored rows share these bytes."""


class Vault(Protocol):
    """Where bytes lie, by their SHA-256. Blocking: call it in a thread."""

    def put(self, data: bytes, thumbnail: bytes) -> str:
        """Keep bytes (with a small picture of them, b"" for none); returns their name."""

    def read(self, sha256: str, *, thumbnail: bool = False) -> bytes | None:
        """The bytes; None when they are not there."""

    def remove(self, sha256: str) -> None:
        """Forget bytes; nothing happens when they are not there."""
