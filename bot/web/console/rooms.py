"""The main menu."""

from __future__ import annotations

from msgspec import Struct

from bot.rules.permissions import Deed
from bot.web.console.visit import HOME


class Room(Struct, frozen=True, kw_only=True):
    """An entry of the menu; `short` is for a phone, `also` are its other paths."""

    path: str
    name: str
    short: str
    icon: str
    deed: Deed | None = None
    also: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        """Whether a page belongs to it."""
        return any(path.startswith(HOME + each) for each in self.also)


ROOMS = (
    Room(path=HOME, name="今日", short="今日", icon="today"),
    Room(path=f"{HOME}/appeals", name="诉求", short="诉求", icon="appeals"),
    Room(path=f"{HOME}/faq", name="问答", short="问答", icon="faq", also=("/questions",)),
    Room(path=f"{HOME}/notices", name="通知", short="通知", icon="notices"),
    Room(
        path=f"{HOME}/people",
        name="居民与网格",
        short="居民",
        icon="people",
        also=("/groups", "/units"),
    ),
    Room(path=f"{HOME}/reports", name="报表", short="报表", icon="reports", also=("/ledger",)),
    Room(
        path=f"{HOME}/settings",
        name="设置",
        short="设置",
        icon="settings",
        also=("/accounts", "/audit"),
    ),
)
