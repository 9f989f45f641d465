"""What a run of a notice sends to one of its receivers."""

from __future__ import annotations

from msgspec import Struct

from bot.models import Group, Outgoing, Person, Rich, Run


class Letter(Struct, frozen=True, kw_only=True):
    """One piece of a notice for one receiver of a run: its words, or a picture that follows them.

    `piece` tells the pieces apart. `rich` is shown by channels that can, in the place of `text`.
    """

    receiver: Group | Person
    text: str
    run: Run
    piece: int = 0
    rich: Rich | None = None

    @property
    def once(self) -> str:
        """What is never queued twice."""
        piece = f"#{self.piece}" if self.piece else ""
        return f"{self.run.cause}/{self.receiver.id}{piece}"

    def row(self) -> Outgoing:
        """As the outbox has it."""
        receiver = self.receiver
        return Outgoing(
            id="",
            channel=receiver.channel,
            chat=receiver.chat if isinstance(receiver, Group) else "",
            user=receiver.user if isinstance(receiver, Person) else "",
            text=self.text,
            kind="notice",
            cause=self.run.cause,
            rich=self.rich,
        )
