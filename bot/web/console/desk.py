"""Everything about matters: the list, a new one, the page of each, its pictures."""

from __future__ import annotations

from bot.ports import Vault
from bot.services.pictures import Bounds
from bot.web.console.appeal_new import NewAppealPages
from bot.web.console.appeal_page import AppealPages
from bot.web.console.appeals import AppealListPages
from bot.web.console.doors import Door
from bot.web.console.photos import PhotoPages
from bot.web.console.speaking import Speaker


class DeskPages:
    """The desk of the office."""

    def __init__(self, speaker: Speaker, bounds: Bounds, vault: Vault) -> None:
        self._pages = (
            AppealListPages(),
            NewAppealPages(speaker, bounds),
            AppealPages(speaker, bounds),
            PhotoPages(vault),
        )

    def doors(self) -> list[Door]:
        """To be guarded, in the order in which they are tried."""
        return [door for pages in self._pages for door in pages.doors()]
