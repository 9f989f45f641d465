"""The console's accounts as somebody at the machine sees and opens them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from bot.errors import HaitangError
from bot.models import Access, Door
from bot.ports import Store
from bot.rules.permissions import ROLE_NAMES
from bot.services.accounts import AccountsService
from bot.services.audit import AuditService
from bot.services.transfers import SHELL

LINK = "发设密码链接"


class Entrance(Struct, frozen=True):
    """An account without anything secret."""

    name: str
    access: Access
    role: str
    area: str
    disabled: bool
    has_password: bool


def entrances(store: Store) -> list[Entrance]:
    """Every account, by name."""
    found = ((account, store.people.by_id(account.person)) for account in store.accounts.all())
    return [
        Entrance(
            account.name,
            account.access,
            ROLE_NAMES[person.role],
            person.area,
            account.disabled,
            account.secret != "",
        )
        for account, person in found
        if person is not None
    ]


def password_link(store: Store, now: datetime, name: str) -> str:
    """The path of a link by which an account gets a new password; that it was made is written down.

    Raises `HaitangError` for a name that nobody has.
    """
    account = store.accounts.by_name(name)
    if account is None:
        names = "、".join(each.name for each in store.accounts.all()[:20])
        known = f"现有：{names}。" if names else "还没有账号，启动服务会打印设第一个的链接。"
        raise HaitangError(f"没有名叫「{name}」的账号。{known}")
    AuditService(store, now, Door.COMMAND_LINE).note(SHELL, LINK, f"account:{account.id}")
    return f"/console/password/{AccountsService(store, now).offer_password(account)}"
