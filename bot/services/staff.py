"""Who is what in an area, kept by the office: roles, areas, units, homes, further accounts.

Every step leaves a line of history (and so of the audit) and can be taken back as long as nobody
acted after it. Nobody gives a role, or manages a person, above their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.errors import Faulty, NotAllowed, NotFound, NotPossible, Overtaken
from bot.models import (
    CONSOLE,
    Account,
    Crowd,
    Event,
    PeoplePage,
    Person,
    Role,
    Search,
)
from bot.ports import Store
from bot.rules.permissions import STAFF, covers, may_give
from bot.rules.registry import is_anybodys
from bot.services.accounts import is_admin
from bot.services.audit import AuditService, door_of
from bot.services.footing import Footing, check, read, snapshot, version

ADDED, CHANGED, REMOVED = "登记人员", "改身份", "移出工作人员"
JOINED, PARTED, UNDONE = "关联账号", "取消关联", "撤销"
BY_NICKNAME = "这个账号按昵称认人，谁都能改成一样的，不能当工作人员；先给他加备注再登记。"


_SAID = frozenset({ADDED, CHANGED, REMOVED, JOINED, PARTED, UNDONE})


class StaffService:
    """Persons as an office manages them, within one transaction. `cause` names the door."""

    def __init__(self, store: Store, now: datetime, cause: str = "") -> None:
        self._store = store
        self._now = now
        self._cause = cause

    def crowds(self, area: str) -> Sequence[Crowd]:
        """How many people and groups stand where, at or below an area."""
        return self._store.directory.crowds(area)

    def listed(self, search: Search, limit: int, offset: int = 0) -> PeoplePage:
        """People below an area."""
        return self._store.directory.found(search, limit=limit, offset=offset)

    def within(self, person: str, actor: Person) -> Person:
        """Somebody of one's own area. Raises `NotFound`."""
        found = self._store.people.by_id(person)
        if found is None or not covers(actor.area, found.area):
            raise NotFound(person)
        return found

    def viewed(self, person: Person, actor: Person) -> None:
        """A resident's data were opened: that is written down."""
        if person.role is Role.RESIDENT and person.id != actor.id:
            audit = AuditService(self._store, self._now, door_of(self._cause))
            audit.note(actor, "查看", f"person:{person.id}")

    def accounts(self, person: Person) -> Sequence[tuple[str, str]]:
        """The same person's accounts on other channels."""
        joined = self._store.people.accounts(person.id)
        return [(channel, user) for channel, user in joined if channel != CONSOLE]

    def account(self, person: Person) -> Account | None:
        """Their account in the console."""
        return self._store.accounts.of_person(person.id)

    def history(self, person: Person) -> Sequence[Event]:
        """What the office did about somebody, the newest first."""
        return self._store.events.of(_subject(person))[::-1]

    # Steps

    def add(self, channel: str, user: str, new: Footing, actor: Person) -> Person:
        """Somebody who may never have spoken yet. Raises `NotPossible` when they are known."""
        user = user.strip()
        if not channel or not user:
            raise Faulty("账号")
        known = self._store.people.person(channel, user)
        if known is not None:
            own = covers(actor.area, known.area)
            raise NotPossible(
                f"这个账号已经登记了（{known.name}），请搜到那个人再改。"
                if own
                else "这个账号已经登记在别处，请找那边的社区工作人员。"
            )
        person = Person(id=f"{channel}:{user}", channel=channel, user=user, name=new.name)
        after = self._fitted(person, new, actor)
        self._save(None, after, ADDED, actor)
        return after

    def change(self, person: Person, new: Footing, actor: Person, basis: str) -> Person:
        """Another role, area, name … Raises `Overtaken` when `basis` is not how it stands now."""
        self._authorise(person, actor)
        if basis != version(person):
            raise Overtaken("刚才有人改过这个人，请看一眼现在的样子，再决定。")
        after = self._fitted(person, new, actor)
        if after == person:
            return person
        self._may_leave(person, after)
        self._save(person, after, CHANGED, actor)
        return after

    def remove(self, person: Person, actor: Person) -> Person:
        """They are a resident again; who is in the console with their account is out."""
        self._authorise(person, actor)
        if person.role is Role.RESIDENT:
            raise NotPossible("这个人已经是居民了。")
        after = msgspec.structs.replace(person, role=Role.RESIDENT, unit="", serves=())
        self._may_leave(person, after)
        self._save(person, after, REMOVED, actor)
        return after

    def undo(self, person: Person, event: str, actor: Person) -> Person:
        """Take back the last step about somebody. Raises `NotPossible` when others came after."""
        history = self.history(person)
        last = history[0] if history else None
        if last is None or last.id != event or not last.before or last.action == UNDONE:
            raise NotPossible("后来又有人改过，撤不回来了，请直接改。")
        self._authorise(person, actor)
        if last.action in {JOINED, PARTED}:
            accounts = _accounts(last.before["accounts"])
            self._rejoin(person, accounts, UNDONE, actor)
            return person
        after = self._fitted(person, read(person, last.before), actor)
        self._may_leave(person, after)
        self._save(person, after, UNDONE, actor)
        return after

    def join(self, person: Person, channel: str, user: str, actor: Person) -> None:
        """Another account is the same person: what it says, they say. Raises `NotPossible`."""
        self._authorise(person, actor)
        user = user.strip()
        if not channel or not user or channel == CONSOLE:
            raise Faulty("账号")
        other = self._store.people.person(channel, user)
        if other is not None:
            self._may_join(person, other, actor)
        now = [*self.accounts(person), (channel, user)]
        if is_anybodys(person.role, [(channel, user)]):
            raise NotPossible(BY_NICKNAME)
        self._rejoin(person, now, JOINED, actor)

    def part(self, person: Person, channel: str, user: str, actor: Person) -> None:
        """An account is somebody else's after all."""
        self._authorise(person, actor)
        left = [each for each in self.accounts(person) if each != (channel, user)]
        if len(left) == len(self.accounts(person)):
            raise NotPossible("这个账号已经不在他名下了。")
        self._rejoin(person, left, PARTED, actor)

    # Rules

    def _authorise(self, person: Person, actor: Person) -> None:
        if not covers(actor.area, person.area) or not may_give(actor.role, person.role):
            raise NotAllowed(person.id)
        if person.id == actor.id:
            raise NotPossible("不能改自己的身份，请另一位社区工作人员来改。")

    def _fitted(self, person: Person, new: Footing, actor: Person) -> Person:
        """The person as the office wants them. Raises `Faulty`, `NotAllowed`, `NotPossible`."""
        check(new)
        if not may_give(actor.role, new.role):
            raise NotPossible("不能给比自己高的身份，请找街道工作人员来给。")
        if not covers(actor.area, new.area):
            raise NotPossible("只能放到自己管的范围里，请重新选管哪里。")
        accounts = [(person.channel, person.user), *self._store.people.accounts(person.id)]
        if is_anybodys(new.role, accounts):
            raise NotPossible(BY_NICKNAME)
        return msgspec.structs.replace(person, **msgspec.structs.asdict(new))

    def _may_leave(self, before: Person, after: Person) -> None:
        """Somebody keeps the accounts afterwards too. Raises `NotPossible`."""
        account = self._store.accounts.of_person(before.id)
        if after.role in STAFF or account is None:
            return
        others = [a for a in self._store.accounts.all() if is_admin(a) and a.id != account.id]
        if is_admin(account) and not others:
            raise NotPossible("这是最后一个系统管理员，先让别人当管理员，再移出这一位。")
        self._store.accounts.close_all(account.id)

    def _may_join(self, person: Person, other: Person, actor: Person) -> None:
        if other.id == person.id:
            raise NotPossible("这个账号本来就是他的。")
        if other.area and not covers(actor.area, other.area):
            raise NotPossible("这个账号登记在别处，请找那边的社区工作人员。")
        if self._store.accounts.of_person(other.id) is not None:
            raise NotPossible(f"这个账号是{other.name}的，他自己能登录管理台，不能并到别人名下。")
        if other.role is not Role.RESIDENT:
            raise NotPossible(f"这个账号是{other.name}（工作人员）的，先把他移出工作人员再关联。")
        if self._store.people.accounts(other.id):
            raise NotPossible(f"这个账号是{other.name}的，先在他名下取消关联。")

    # Writing

    def _rejoin(
        self, person: Person, accounts: Sequence[tuple[str, str]], action: str, actor: Person
    ) -> None:
        before = self.accounts(person)
        kept = [each for each in self._store.people.accounts(person.id) if each[0] == CONSOLE]
        self._store.people.join(person.id, [*kept, *accounts])
        old, new = {"accounts": _told(before)}, {"accounts": _told(accounts)}
        self._note(person, action, old, new, actor)

    def _save(self, before: Person | None, after: Person, action: str, actor: Person) -> None:
        self._store.people.save(after)
        new = snapshot(after)
        old = {} if before is None else snapshot(before)
        names = [name for name in new if old.get(name) != new[name] or name == "role"]
        self._note(
            after, action, {n: old[n] for n in names if n in old}, {n: new[n] for n in names}, actor
        )

    def _note(
        self,
        person: Person,
        action: str,
        before: dict[str, str],
        after: dict[str, str],
        actor: Person,
    ) -> None:
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor.id,
                subject=_subject(person),
                action=action,
                before=before,
                after=after,
                cause=self._cause,
            )
        )


def managed(history: Sequence[Event]) -> bool:
    """Whether the office has said what somebody is, so that no file says it again."""
    return any(event.action in _SAID for event in history)


def _subject(person: Person) -> str:
    return f"person:{person.id}"


def _told(accounts: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"{channel}:{user}" for channel, user in accounts)


def _accounts(told: str) -> list[tuple[str, str]]:
    pairs = (line.partition(":") for line in told.split("\n") if line)
    return [(channel, user) for channel, _, user in pairs]
