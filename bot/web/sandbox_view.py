"""How the simulator sees chats, messages and traces: the shapes of its JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.community import DEFAULT_CHANNEL, Community, GroupEntry
from bot.language.dates import say_when
from bot.models import (
    SHANGHAI,
    Delivery,
    Group,
    GroupState,
    Image,
    Incoming,
    Listen,
    Outcome,
    Outgoing,
    Person,
)
from bot.ports import Store
from bot.rules.permissions import ROLE_NAMES
from bot.rules.taxonomy import Taxonomy

LISTEN_NAMES = {
    Listen.ALL: "听全部",
    Listen.COMMANDS: "只听指令",
    Listen.MENTION: "只在@时回应",
    Listen.NONE: "只发不听",
}
STATE_NAMES = {GroupState.PENDING: "未绑定", GroupState.CLOSED: "已解绑", GroupState.BOUND: ""}
FORGOTTEN = "（这个群还没绑定，没有叫机器人的话不保存）"
OUTCOME_NAMES = {
    Outcome.ANSWERED: "回了",
    Outcome.ACTED: "办了，没有说话",
    Outcome.SILENT: "没有回",
    Outcome.FAILED: "处理出错",
    Outcome.QUEUED: "排队中",
}
DELIVERY_NAMES = {
    Delivery.QUEUED: "等待发送",
    Delivery.SENDING: "正在发送",
    Delivery.SENT: "已送达",
    Delivery.FAILED: "没发出去",
    Delivery.UNCERTAIN: "可能已送达",
}


AIBOT_GROUP = "aibot:group"


class ChatKeys:
    """Names of chats in the page: `g1` a group, `@wang` private, `wecom:wang` through WeCom's app,
    `aibot:group` the group (channel, chat) of WeCom's AI bot."""

    def __init__(self, sandbox: str, wecom: str, aibot: tuple[str, str]) -> None:
        self._sandbox = sandbox
        self._wecom = wecom
        self._aibot = aibot

    def key(self, channel: str, chat: str, user: str) -> str | None:
        """The page's name of a chat; None for channels that the simulator does not show."""
        if channel == self._sandbox:
            return chat or f"@{user}"
        if (channel, chat) == self._aibot:
            return AIBOT_GROUP
        return f"wecom:{user}" if channel == self._wecom else None

    def is_wecom(self, key: str) -> bool:
        """Whether a chat goes through the stand-in for WeCom."""
        return key.startswith("wecom:")

    def address(self, key: str) -> tuple[str, str, str]:
        """(channel, chat, user) of a chat's name."""
        if key.startswith("@"):
            return self._sandbox, "", key[1:]
        if key.startswith("wecom:"):
            return self._wecom, "", key.removeprefix("wecom:")
        if key == AIBOT_GROUP:
            return *self._aibot, ""
        return self._sandbox, key, ""


def iso(at: datetime) -> str:
    """Shanghai time with its offset."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def chat_rows(store: Store, community: Community, keys: ChatKeys) -> list[dict[str, Any]]:
    """The groups of the file, each as it stands now: a steward may have bound or changed it."""
    return [
        _chat_row(entry, store.people.group(*keys.address(entry.chat)[:2]))
        for entry in community.groups
        if entry.channel == DEFAULT_CHANNEL
    ]


def aibot_rows(store: Store, community: Community, keys: ChatKeys) -> list[dict[str, Any]]:
    """The one group of the AI bot; everybody is in it."""
    group = store.people.group(*keys.address(AIBOT_GROUP)[:2])
    if group is None:
        return []
    entry = GroupEntry(
        chat=AIBOT_GROUP, name=group.name, listen=group.listen, members=len(community.people)
    )
    return [_chat_row(entry, group)]


def _chat_row(entry: GroupEntry, group: Group | None) -> dict[str, Any]:
    listen = entry.listen if group is None else group.listen
    state = GroupState.PENDING if group is None else group.state
    area = group.area if group is not None and state is GroupState.BOUND else ""
    return {
        "key": entry.chat,
        "kind": "group",
        "name": entry.name,
        "area_name": area.rpartition("/")[2] or STATE_NAMES[state],
        "members": entry.members,
        "listen": listen.value,
        "listen_name": LISTEN_NAMES[listen],
    }


def said(
    key: str, message: str, incoming: Incoming, person: Person | None, outcome: Outcome | None
) -> dict[str, Any]:
    """A person's message."""
    return {
        "id": message,
        "chat": key,
        "at": iso(incoming.sent_at),
        "from": incoming.sender,
        "name": person.name if person else incoming.sender_name or incoming.sender,
        "role_name": ROLE_NAMES[person.role] if person else "",
        "bot": False,
        "text": incoming.text or FORGOTTEN,
        "mention": incoming.mentioned and incoming.chat != "",
        "kind": incoming.kind,
        "trace": message,
        "outcome": "" if outcome is None else outcome.value,
    }


def answered(key: str, row: Outgoing, name: str, at: datetime) -> dict[str, Any]:
    """The bot's message."""
    return {
        "id": row.id,
        "chat": key,
        "at": iso(at),
        "from": "",
        "name": name,
        "role_name": "",
        "bot": True,
        "text": row.text,
        "picture": f"/sandbox/pictures/{row.rich.ref}" if isinstance(row.rich, Image) else "",
        "kind": row.kind,
        "cause": row.cause,
        "trace": "",
        "outcome": "",
    }


def history(
    store: Store, key: str, address: tuple[str, str, str], name: str, limit: int
) -> list[dict[str, Any]]:
    """The newest messages of a chat, oldest first."""
    channel, chat, user = address
    rows: list[dict[str, Any]] = []
    for message, incoming in store.inbox.recent(channel, chat, user, limit):
        trace = store.traces.get(message)
        person = store.people.person(channel, incoming.sender)
        rows.append(said(key, message, incoming, person, trace.outcome if trace else None))
    rows += [
        answered(key, row, name, row.due_at)
        for row in store.outbox.recent(channel, chat, user, limit)
        if row.state in {Delivery.SENT, Delivery.UNCERTAIN} and row.due_at is not None
    ]
    # Ids sort by the time at which they were made, whoever speaks.
    return sorted(rows, key=lambda row: row["id"])[-limit:]


def explanation(store: Store, message: str, taxonomy: Taxonomy) -> dict[str, Any] | None:
    """Why a message was answered, or why not."""
    trace = store.traces.get(message)
    if trace is None:
        return None
    return {
        "outcome": trace.outcome.value,
        "outcome_name": OUTCOME_NAMES[trace.outcome],
        "handler": trace.handler,
        "steps": list(trace.steps),
        "replies": [
            {
                "to": _receiver(store, row),
                "text": row.text,
                "state": row.state.value,
                "state_name": DELIVERY_NAMES[row.state],
            }
            for row in store.outbox.caused_by(message)
        ],
        "appeal": _appeal(store, message, taxonomy),
    }


def _receiver(store: Store, row: Outgoing) -> str:
    if row.chat:
        group = store.people.group(row.channel, row.chat)
        return group.name if group else row.chat
    person = store.people.person(row.channel, row.user)
    return f"私聊 {person.name if person else row.user}"


def _appeal(store: Store, message: str, taxonomy: Taxonomy) -> dict[str, Any] | None:
    for event in store.events.caused_by(message):
        if not event.subject.startswith("appeal:"):
            continue
        appeal = store.appeals.get(event.subject.removeprefix("appeal:"))
        if appeal is not None:
            return {
                "number": appeal.number,
                "state": appeal.state.value,
                "category": taxonomy.get(appeal.category).name,
                "place": appeal.place.full,
                "due": say_when(appeal.due_at),
                "urgency": appeal.urgency.value,
            }
    return None
