"""What a reply needs to know of the message that it answers, written into its `reply_token`.

`msg REQ_ID`, `welcome REQ_ID`, `card REQ_ID TASK_ID` in the long connection; in callback mode the
same words with the code of the response_url (`-` where the platform gave none), never the address:
where a reply goes is ours to know. Both are secrets.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

MESSAGE: Final = "msg"
WELCOME: Final = "welcome"
CARD: Final = "card"
_NONE: Final = "-"


class Token(Struct, frozen=True):
    """A reply's way back. `handle` is a req_id or a response code; "" when there is none."""

    kind: str
    handle: str = ""
    task: str = ""

    def __repr__(self) -> str:
        return f"Token(kind={self.kind!r})"


class Ways:
    """Writes tokens for one mode. `answerable`: the platform takes the reply in the response."""

    def __init__(self, *, answerable: bool) -> None:
        self.answerable = answerable

    def message(self, handle: str) -> str:
        """The token of a person's message."""
        return f"{MESSAGE} {handle or _NONE}"

    def welcome(self, handle: str) -> str:
        """The token of somebody's first coming in."""
        return f"{WELCOME} {handle or _NONE}"

    def card(self, handle: str, task: str) -> str:
        """The token of a press on a card."""
        return f"{CARD} {handle or _NONE} {task}".rstrip()


def read(token: str) -> Token | None:
    """None for a message that answers nothing, such as a notice."""
    kind, _, rest = token.partition(" ")
    if kind not in {MESSAGE, WELCOME, CARD}:
        return None
    handle, _, task = rest.partition(" ")
    return Token(kind, "" if handle == _NONE else handle, task)
