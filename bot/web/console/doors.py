"""The doors of the console: each names its way, what it needs of a visitor, and who answers.

Nothing is reachable that is not such a door, so the tests can walk through all of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum

from aiohttp import web
from msgspec import Struct

from bot.rules.permissions import Deed
from bot.web.console.visit import Visit

Answer = Callable[[Visit], Awaitable[web.StreamResponse]]
FORM_BYTES = 256 * 1024


class Need(StrEnum):
    """What a door needs when it is no deed: nothing, somebody who is in, an administrator."""

    NOTHING = "nothing"
    ENTRY = "entry"
    ADMIN = "admin"


class Door(Struct, frozen=True, kw_only=True):
    """One way in. `path` is below `/console`. `needs` is checked before `answer` sees the visit.

    `about` names the kind of thing that a variable part of the path stands for (`appeal`, `notice`,
    …), for the tests that try other people's. `takes` is the largest body in bytes.
    """

    method: str
    path: str
    answer: Answer
    needs: Need | Deed
    about: str = ""
    takes: int = FORM_BYTES

    @property
    def is_safe(self) -> bool:
        """Whether it changes nothing."""
        return self.method == "GET"


def get(path: str, answer: Answer, needs: Need | Deed, *, about: str = "") -> Door:
    """A page, or a file to take away."""
    return Door(method="GET", path=path, answer=answer, needs=needs, about=about)


def post(
    path: str, answer: Answer, needs: Need | Deed, *, about: str = "", takes: int = FORM_BYTES
) -> Door:
    """A form that changes something."""
    return Door(method="POST", path=path, answer=answer, needs=needs, about=about, takes=takes)
