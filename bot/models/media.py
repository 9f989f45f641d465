"""Pictures and files that belong to something, apart from their bytes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from bot.models.messages import MediaKind


class MediaState(StrEnum):
    """What became of a picture: asked of its platform, kept, not to be had, or taken away."""

    WANTED = "wanted"
    STORED = "stored"
    REFUSED = "refused"
    ERASED = "erased"


class MediaRole(StrEnum):
    """What a picture shows of a matter; `attached`: it goes along with a notice."""

    BEFORE = "before"
    AFTER = "after"
    ATTACHED = "attached"


class Media(Struct, frozen=True, kw_only=True):
    """One picture or file.

    `subject` is what it belongs to (`appeal:a12`), `message` brought it as its attachment number
    `position`. `sha256` names its bytes in the vault; sizes are bytes and pixels, 0 where unknown.
    `reason` says why it was refused.
    """

    id: str
    channel: str
    chat: str
    sender: str
    message: str
    position: int
    kind: MediaKind
    subject: str
    role: MediaRole
    created_at: datetime
    name: str = ""
    state: MediaState = MediaState.WANTED
    mime: str = ""
    size: int = 0
    sha256: str = ""
    width: int = 0
    height: int = 0
    reason: str = ""
