"""What a sysadmin asks of the channels from the command line: a group, a menu, whether they work.

While the service runs it does them itself: a token that somebody else fetched would end its own
(Official Accounts), and only one process writes.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from bot.errors import HaitangError, SendError, SendUncertain
from bot.models import Event, Finding, Grade, Group, GroupState, Listen
from bot.ports import Channel, Clock, Database, GroupMaker, MenuChannel, ProbedChannel, Store

# The default menu: a click says the word.
MENU = ("登记", "进度", "帮助")
_FEWEST, _MOST, _LONGEST_NAME = 2, 2000, 50


class GroupRequest(Struct, frozen=True, kw_only=True):
    """A group to be created by the app `channel`, and where it belongs."""

    channel: str
    name: str
    owner: str
    members: tuple[str, ...]
    area: str


class Errands:
    """`channels` are the configured ones, by name. Every refusal is a `HaitangError`."""

    def __init__(
        self, channels: Mapping[str, Channel], database: Database | None, clock: Clock
    ) -> None:
        self._channels = channels
        self._database = database
        self._clock = clock

    async def create_group(self, request: GroupRequest) -> str:
        """A group that can be announced to from now on; its id at the platform."""
        channel: object = self._channels.get(request.channel)
        if not isinstance(channel, GroupMaker) or self._database is None:
            raise HaitangError(f"通道「{request.channel}」不能建群，只有企业微信自建应用能。")
        members = tuple(dict.fromkeys((request.owner, *request.members)))
        _check(request, members)
        chat = f"haitang{uuid.uuid4().hex[:24]}"
        try:
            await channel.create_group(chat, request.name, request.owner, members)
        except SendUncertain:
            raise HaitangError(
                "平台没有回音，不知道建成没有：群主的企业微信里没有这个群，就再建一次。"
            ) from None
        except SendError as error:
            raise HaitangError(f"没建成：{error}。") from None
        await self._database.write(self._register, request, chat)
        return chat

    async def forget_group(self, name: str) -> None:
        """Announce no more to a group that an app created; the platform's group stays."""
        if self._database is None:
            raise HaitangError("没有数据文件，没有群可以去掉。")
        if not await self._database.write(self._forget, name):
            raise HaitangError(f"没有叫「{name}」的、由应用建的群，看「群清单」里怎么写。")

    async def push_menus(self, names: Sequence[str]) -> None:
        """Replace the menus of these channels."""
        for name in names:
            channel: object = self._channels.get(name)
            if not isinstance(channel, MenuChannel):
                raise HaitangError(f"通道「{name}」没有菜单，只有企业微信自建应用和公众号有。")
            try:
                await channel.push_menu(MENU)
            except SendError as error:
                raise HaitangError(f"{name} 的菜单没推上去：{error}。") from None

    async def probe(self) -> list[Finding]:
        """What each platform says to our settings."""
        found: list[Finding] = []
        for name, channel in self._channels.items():
            if isinstance(channel, ProbedChannel):
                found += await channel.probe()
            else:
                found.append(Finding(Grade.OK, name, "没有不发消息就能问平台的办法，发一句试试。"))
        return found

    def _register(self, store: Store, request: GroupRequest, chat: str) -> None:
        group = Group(
            id=f"{request.channel}:{chat}",
            channel=request.channel,
            chat=chat,
            name=request.name,
            area=request.area,
            listen=Listen.NONE,
        )
        store.people.save_group(group)
        self._note(store, group, "建群", after=_state(group) | {"owner": request.owner})

    def _forget(self, store: Store, name: str) -> bool:
        makers = {key for key, channel in self._channels.items() if isinstance(channel, GroupMaker)}
        for group in store.people.groups():
            if group.channel in makers and group.state is GroupState.BOUND and group.name == name:
                closed = msgspec.structs.replace(group, state=GroupState.CLOSED)
                store.people.save_group(closed)
                self._note(store, group, "去掉群", before=_state(group), after=_state(closed))
                return True
        return False

    def _note(
        self,
        store: Store,
        group: Group,
        action: str,
        *,
        before: Mapping[str, str] | None = None,
        after: Mapping[str, str],
    ) -> None:
        event = Event(
            id="",
            at=self._clock.now(),
            actor="haitang appchat",
            subject=f"group:{group.id}",
            action=action,
            before=dict(before or {}),
            after=dict(after),
        )
        store.events.add(event)


def _state(group: Group) -> dict[str, str]:
    return {"name": group.name, "area": group.area, "state": group.state}


def _check(request: GroupRequest, members: Sequence[str]) -> None:
    if not 0 < len(request.name.strip()) <= _LONGEST_NAME:
        raise HaitangError(f"群名要在1到{_LONGEST_NAME}个字之间。")
    if not request.area.strip("/ "):
        raise HaitangError("请用 --area 写这个群属于哪个网格，如「海棠街道/春晓社区」。")
    if not _FEWEST <= len(members) <= _MOST:
        raise HaitangError(f"连群主在内要有{_FEWEST}到{_MOST}个成员，用 --members a,b,c 写账号。")
    if any(not user.strip() or set(user) & set("|@ ") for user in members):
        raise HaitangError("成员要写企业微信账号（userid），用英文逗号隔开，不要空格。")
