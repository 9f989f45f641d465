"""The community's file: its groups, its people, and how it looks in the sandbox."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.errors import ConfigError
from bot.models import CONSOLE, Door, Group, Listen, Notice, NoticeState, Person, Role, Targets
from bot.ports import Store
from bot.rules.registry import is_anybodys, is_home
from bot.services.audit import AuditService
from bot.services.groups import changed_fields
from bot.services.staff import managed
from bot.shapes import explain

DEFAULT_CHANNEL = "sandbox"
FILE = "社区资料文件"
_AFTER = re.compile(r"\d{1,7}s")


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all entries: unknown keys are errors."""


class CommunityName(Entry, frozen=True, kw_only=True):
    """What the community and its street are called."""

    name: str
    street: str


class GroupEntry(Entry, frozen=True, kw_only=True):
    """A chat group. `chat` is the platform's id of it on `channel`; a `pending` one is left to be
    bound in the chat. `names` are what the bot is called there; `tags` and `buildings` (`21-25幢`)
    are what notices may be addressed by. `places` are its named places, each with its other names
    behind it (`春晓亭 亭子`)."""

    chat: str
    name: str
    area: str = ""
    listen: Listen = Listen.ALL
    names: list[str] = []
    tags: list[str] = []
    buildings: list[str] = []
    places: list[str] = []
    pending: bool = False
    members: int = 0
    channel: str = DEFAULT_CHANNEL


class PersonEntry(Entry, frozen=True, kw_only=True):
    """A person. `user` is the platform's id of them on `channel`; `groups` are for the sandbox.

    A partner names its `unit` and the kinds of matters it `serves`. `aliases` are other accounts
    of the same person, `KIND/NAME:USER`. `home` is where they live (`3幢2单元`), for 我们楼.
    """

    user: str
    name: str
    role: Role = Role.RESIDENT
    area: str
    unit: str = ""
    serves: list[str] = []
    groups: list[str] = []
    channel: str = DEFAULT_CHANNEL
    aliases: list[str] = []
    home: str = ""


class NoticeEntry(Entry, frozen=True, kw_only=True):
    """A notice that is planned at the first start, `after` seconds (`60s`) later."""

    by: str
    groups: list[str]
    after: str
    text: str


class Community(Entry, frozen=True, kw_only=True):
    """The whole file."""

    community: CommunityName
    groups: list[GroupEntry] = []
    people: list[PersonEntry] = []
    notices: list[NoticeEntry] = []


def read(path: Path) -> Community:
    """Parse a community file. Raises `ConfigError` with one Chinese sentence a fault."""
    data: object = {}
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
        found = msgspec.convert(data, Community)
    except OSError as error:
        reason = error.strerror
        raise ConfigError([f"社区资料文件 {path} 读不了（{reason}），请检查路径和权限。"]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"社区资料文件 {path} 不是 UTF-8 编码，请另存为 UTF-8。"]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"社区资料文件 {path} 写法有误（{error}），请检查引号。"]) from None
    except msgspec.ValidationError as error:
        words = explain(str(error), data)
        raise ConfigError([f"社区资料文件 {path}：{words}，写法见自带的样例。"]) from None
    faults = [f"社区资料文件 {path}：{fault}" for fault in _faults(found)]
    if faults:
        raise ConfigError(faults)
    return found


def _faults(found: Community) -> Iterator[str]:
    """What types cannot say."""
    chats = {group.chat for group in found.groups}
    people = {person.user for person in found.people if person.channel == DEFAULT_CHANNEL}
    yield from _names("groups", "chat", [(g.channel, g.chat, g.name) for g in found.groups])
    yield from _names("people", "user", [(p.channel, p.user, p.name) for p in found.people])
    areas = [(g.name, g.area) for g in found.groups if not g.pending]
    areas += [(p.name, p.area) for p in found.people]
    for name, area in areas:
        if not area.strip("/ "):
            yield f"{name} 的 area 没有填，应写成「街道/社区/微网格」。"
    for person in found.people:
        if person.role is Role.PARTNER and not (person.unit.strip() and person.serves):
            yield f"{person.name} 是共建单位，请写上 unit（单位名）和 serves（能帮的事）。"
        if person.home and not is_home(person.home.strip()):
            yield f"{person.name} 的 home「{person.home}」应写成「3幢」或「3幢2单元」，不要写门牌。"
        accounts = [(person.channel, person.user), *map(_account, person.aliases)]
        if is_anybodys(person.role, accounts):
            yield (
                f"{person.name} 在 wechatbot 上按昵称认，昵称谁都能改，不能当工作人员；"
                "请在那个微信里给他加备注，账号改写成「备注:…」。"
            )
        for chat in person.groups:
            if chat not in chats:
                yield f"{person.name} 的群「{chat}」没有在 [[groups]] 里登记，请登记或改正。"
    yield from _alias_faults(found.people)
    for notice in found.notices:
        yield from _notice_faults(notice, chats, people)


def _alias_faults(people: Sequence[PersonEntry]) -> Iterator[str]:
    owners = {(person.channel, person.user): person.name for person in people}
    for person in people:
        for alias in person.aliases:
            account = _account(alias)
            if not all(account):
                yield f"{person.name} 的 aliases「{alias}」应写成「通道名:账号」。"
            elif account in owners:
                yield (
                    f"{person.name} 的 aliases「{alias}」已经是{owners[account]}的账号，"
                    "请只写在一个人名下。"
                )
            owners[account] = person.name


def _account(alias: str) -> tuple[str, str]:
    channel, _, user = alias.partition(":")
    return channel.strip(), user.strip()


def _names(table: str, key: str, entries: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    seen = set()
    for channel, id_, name in entries:
        if not id_.strip() or not name.strip():
            yield f"[[{table}]] 里有一段的 {key} 或 name 是空的，请填上。"
        elif (channel, id_) in seen:
            yield f"[[{table}]] 里 {key}「{id_}」写了两次，请只留一段。"
        seen.add((channel, id_))


def _notice_faults(notice: NoticeEntry, chats: set[str], people: set[str]) -> Iterator[str]:
    if not _AFTER.fullmatch(notice.after):
        yield f"[[notices]] 的 after「{notice.after}」看不懂，应写成秒数，如 60s。"
    if notice.by not in people:
        yield f"[[notices]] 的 by「{notice.by}」没有在 [[people]] 里登记，请登记或改正。"
    for chat in notice.groups:
        if chat not in chats:
            yield f"[[notices]] 的群「{chat}」没有在 [[groups]] 里登记，请登记或改正。"


def save(store: Store, community: Community, now: datetime) -> None:
    """Bring groups and people of the file into the store; what is there is brought up to date.

    Where a steward bound a group or set how it listens, and where the office changed a person, that
    stands.
    """
    for entry in community.groups:
        if not entry.pending:
            keep_group(store, _group(entry))
    for person in community.people:
        id_ = f"{person.channel}:{person.user}"
        record = Person(
            id=id_,
            channel=person.channel,
            user=person.user,
            name=person.name,
            role=person.role,
            area=person.area,
            unit=person.unit,
            serves=tuple(person.serves),
            home=person.home.strip(),
        )
        if managed(store.events.of(f"person:{id_}")):
            continue
        AuditService(store, now, Door.CLOCK).changed_person(FILE, store.people.by_id(id_), record)
        store.people.save(record)
        inside = [each for each in store.people.accounts(id_) if each[0] == CONSOLE]
        store.people.join(id_, [*inside, *map(_account, person.aliases)])


def keep_group(store: Store, group: Group) -> None:
    """A group as a file says it is; what people have set since stands."""
    known = store.people.group_by_id(group.id)
    if known is not None:
        stands = changed_fields(store.events.of(f"group:{group.id}"))
        group = msgspec.structs.replace(group, **{name: getattr(known, name) for name in stands})
    store.people.save_group(group)


def _group(entry: GroupEntry) -> Group:
    return Group(
        id=f"{entry.channel}:{entry.chat}",
        channel=entry.channel,
        chat=entry.chat,
        name=entry.name,
        area=entry.area,
        listen=entry.listen,
        names=tuple(entry.names),
        tags=tuple(entry.tags),
        buildings=tuple(entry.buildings),
        places=tuple(filter(None, map(str.strip, entry.places))),
    )


def plan_notices(store: Store, community: Community, now: datetime) -> None:
    """Plan the file's notices, once in the life of a database."""
    for index, entry in enumerate(community.notices):
        store.notices.save(
            Notice(
                id=f"welcome-{index}",
                author=f"{DEFAULT_CHANNEL}:{entry.by}",
                text=entry.text,
                targets=Targets(groups=tuple(f"{DEFAULT_CHANNEL}:{c}" for c in entry.groups)),
                planned_at=now + timedelta(seconds=int(entry.after.removesuffix("s"))),
                state=NoticeState.PLANNED,
                created_at=now,
            )
        )
