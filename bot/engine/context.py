"""What a handler sees: the message, the people, the services, and the ways to speak.

A handler never waits and never sends: everything it says becomes a row of the outbox, in the same
transaction as everything it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property

import msgspec

from bot.engine.letters import Letter
from bot.engine.matter_services import MatterServices
from bot.engine.office_services import OfficeServices
from bot.engine.understanding import Understanding
from bot.engine.word_services import WordServices
from bot.language.commands import Command
from bot.language.summary import quiet
from bot.models import PAGES, Dialog, Event, Group, Incoming, Outgoing, Person, Rich
from bot.models.people import LEDGER
from bot.ports import Store
from bot.services.knowledge import Knowledge

# A reply that may travel in the response to the platform's call waits this long for it. The
# platforms wait 5 s; after that the reply goes the way of everything else.
ANSWER_HOLD = timedelta(seconds=6)


class Scene(MatterServices, WordServices, OfficeServices):
    """One transaction as a handler may use it, with or without a message. The clock's context."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime, cause: str = "") -> None:
        super().__init__(store, knowledge, now, cause)
        self.said = 0

    def reaches(self, person: Person) -> bool:
        """Whether somebody has a chat: not who reads it on a page, or is in an old ledger."""
        return person.channel not in {*PAGES, LEDGER}

    def tell(
        self,
        person: Person,
        text: str,
        kind: str = "private",
        once: str = "",
        *,
        rich: Rich | None = None,
    ) -> bool:
        """Say something to one person alone; False when `once` was said before.

        `rich` says the same as `text` for channels that can show it.
        """
        if not self.reaches(person):
            return False
        row = Outgoing(
            id="",
            channel=person.channel,
            chat="",
            user=person.user,
            text=text,
            kind=kind,
            cause=self.cause,
            rich=rich,
        )
        return self._queue(row, once)

    def announce(
        self,
        group: Group,
        text: str,
        kind: str = "reply",
        once: str = "",
        *,
        mentions: Sequence[str] = (),
        rich: Rich | None = None,
    ) -> None:
        """Say something in a group; `once` names a thing that must not be said twice.

        `mentions` are platform ids of people to call by @. `rich` says the same as `text` for
        channels that can show it.
        """
        row = Outgoing(
            id="",
            channel=group.channel,
            chat=group.chat,
            user="",
            text=text,
            kind=kind,
            cause=self.cause,
            mentions=tuple(mentions),
            rich=rich,
        )
        self._queue(row, once)

    def publish(self, letter: Letter) -> None:
        """Send one piece of a notice to one receiver of a run, once; the run is their cause."""
        self._queue(letter.row(), letter.once)

    def hold_back(self, letter: Letter, why: str) -> None:
        """Write a receiver of a run into the ledger without telling it anything, and why."""
        self._store.outbox.hold_back(letter.row(), self.now, once=letter.once, why=why)

    def _queue(self, row: Outgoing, once: str, due_at: datetime | None = None) -> bool:
        if row.kind != "notice":  # a notice's words were looked at when it was written
            row = msgspec.structs.replace(row, text=quiet(row.text))
        added = self._store.outbox.add(row, self.now, due_at=due_at, once=once)
        self.said += added
        return added


class Context(Scene):
    """One message, and everything that a handler may do about it."""

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        now: datetime,
        *,
        message_id: str,
        incoming: Incoming,
        group: Group | None,
        person: Person,
    ) -> None:
        super().__init__(store, knowledge, now, cause=message_id)
        self.incoming = incoming
        self.group = group
        self.person = person
        self.steps: list[str] = []
        self.meaning = Understanding(
            incoming.text,
            self.names,
            knowledge.classifier,
            now,
            places=() if group is None else group.places,
            home=person.home,
        )
        self.addressed = incoming.chat == "" or incoming.mentioned or self.meaning.named
        self.command: Command | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What the bot is called here."""
        own = () if self.group is None else self.group.names
        return own or self.knowledge.names

    @property
    def text(self) -> str:
        """The message in the form that is matched: full-width folded, mentions removed."""
        return self.meaning.text

    @property
    def private(self) -> bool:
        """Whether nobody else reads this chat."""
        return self.incoming.chat == ""

    @property
    def area(self) -> str:
        """Where the talk takes place."""
        return self.group.area if self.group is not None else self.person.area

    @cached_property
    def dialog(self) -> Dialog | None:
        """The question that the bot has asked this person here, if it is still open."""
        incoming = self.incoming
        return self._store.dialogs.take(incoming.channel, incoming.chat, incoming.sender, self.now)

    @cached_property
    def last_deed(self) -> Event | None:
        """What this person did last, as long as it can be taken back."""
        return self._store.events.last_by(self.person.id, self.now - self.knowledge.undo_within)

    def deed_here(self, within: timedelta) -> Event | None:
        """What this person did last, if that was lately and in this chat."""
        deed = self._store.events.last_by(self.person.id, self.now - within)
        message = None if deed is None else self._store.inbox.get(deed.cause)
        here = message is not None and (message.channel, message.chat) == (
            self.incoming.channel,
            self.incoming.chat,
        )
        return deed if here else None

    def reply(
        self,
        text: str,
        kind: str = "reply",
        once: str = "",
        *,
        mentions: Sequence[str] = (),
        rich: Rich | None = None,
    ) -> bool:
        """Say something where the message came from; False when `once` was said before.

        `mentions` are platform ids of people to call by @. `rich` says the same as `text` for
        channels that can show it.
        """
        incoming = self.incoming
        row = Outgoing(
            id="",
            channel=incoming.channel,
            chat=incoming.chat,
            user=incoming.sender if incoming.chat == "" else "",
            text=text,
            kind=kind,
            cause=self.cause,
            reply_token=incoming.reply_token,
            mentions=tuple(mentions),
            rich=rich,
        )
        return self._queue(row, once, self.now + ANSWER_HOLD if incoming.answerable else None)

    def ask(
        self, text: str, topic: str, payload: dict[str, str], wait: timedelta | None = None
    ) -> None:
        """Ask one thing; the same person's next words here go to the handler of `topic`."""
        self.reply(text)
        self.expect(topic, payload, wait)

    def expect(self, topic: str, payload: dict[str, str], wait: timedelta | None = None) -> None:
        """What was asked within another reply: the next words here go to `topic` all the same."""
        incoming = self.incoming
        self._store.dialogs.open(
            Dialog(
                channel=incoming.channel,
                chat=incoming.chat,
                user=incoming.sender,
                topic=topic,
                payload=payload,
                expires_at=self.now + (wait or self.knowledge.question_waits),
            )
        )

    def settle_question(self) -> None:
        """The open question is answered or no longer wanted."""
        incoming = self.incoming
        self._store.dialogs.close(incoming.channel, incoming.chat, incoming.sender)

    def explain(self, step: str) -> None:
        """Add a short Chinese sentence to the trace: why this was done, or not."""
        self.steps.append(step)
