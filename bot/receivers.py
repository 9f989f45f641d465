"""Who is told when something is wrong with the machine, as `bot.alarms` names them."""

from __future__ import annotations

from msgspec import Struct

from bot.models import Outgoing
from bot.ports import Store

_GROUP = "#"


class Receiver(Struct, frozen=True):
    """An account that is told in private, or a group by its name or by its id on the platform."""

    channel: str
    user: str = ""
    group: str = ""

    @classmethod
    def parse(cls, written: str) -> Receiver:
        """`KIND/NAME:USER` or `KIND/NAME:#GROUP`; what is missing stays empty."""
        channel, _, whom = written.partition(":")
        whom = whom.strip()
        if whom.startswith(_GROUP):
            return cls(channel=channel, group=whom[1:].strip())
        return cls(channel=channel, user=whom)

    @property
    def whole(self) -> bool:
        """Whether a channel and somebody on it are named."""
        kind, _, name = self.channel.partition("/")
        return bool(kind and name and (self.user or self.group))

    def message(self, store: Store, text: str) -> Outgoing:
        """What is to be sent to them. A group that nobody knows by this name is taken for an id."""
        chat = next(
            (
                group.chat
                for group in store.people.groups()
                if group.channel == self.channel and group.name == self.group
            ),
            self.group,
        )
        return Outgoing(
            id="", channel=self.channel, chat=chat if self.group else "", user=self.user,
            text=text, kind="alert",
        )  # fmt: skip
