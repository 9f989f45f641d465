"""登记: taking a matter down for somebody who calls or comes by, said as their own words."""

from __future__ import annotations

from aiohttp import web

from bot.errors import DomainError, Faulty
from bot.models import Kind
from bot.rules.permissions import Deed, covers
from bot.services.pictures import Bounds
from bot.services.reception import Way
from bot.web.console.appeal_page import MOST_PICTURES, TOO_MANY
from bot.web.console.doors import Door, get, post
from bot.web.console.faults import sentence, status_of
from bot.web.console.forms import Form
from bot.web.console.speaking import Speaker
from bot.web.console.visit import HOME, Visit

LONGEST = 500
_COMMANDS = {Kind.APPEAL: "登记", Kind.SUGGESTION: "登记建议", Kind.PRAISE: "表扬"}


class NewAppealPages:
    """The form, and what comes of it."""

    def __init__(self, speaker: Speaker, bounds: Bounds) -> None:
        self._speaker = speaker
        self._upload_bytes = MOST_PICTURES * bounds.file_bytes + 64 * 1024

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/appeals/new", self.form, Deed.HANDLE),
            post("/appeals/new", self.take_down, Deed.HANDLE, takes=self._upload_bytes),
        ]

    async def form(self, visit: Visit) -> web.Response:
        """Empty."""
        return await self._page(visit, {}, "", 200)

    async def take_down(self, visit: Visit) -> web.Response:
        """Say it in the name of the one who asked, and show what it became."""
        form, clerk = await visit.form(), visit.person
        uploads = form.uploads("photo")
        try:
            words, way = _words(form), form.choice("way", Way, "怎么来的")
            if len(uploads) > MOST_PICTURES:
                return await self._page(visit, form.shown(), TOO_MANY, 400)
            person = await visit.write(
                lambda scene: scene.reception.receive(form.text("name"), form.text("area"), clerk)
            )
        except DomainError as error:
            return await self._page(visit, form.shown(), sentence(error), status_of(error))
        said = await self._speaker.say_as(person.user, words, uploads)
        contact = form.text("contact")[:60]
        appeal = await visit.write(
            lambda scene: scene.reception.taken_down(said.message, clerk, way, contact)
        )
        if appeal is None:
            return await self._page(visit, form.shown(), said.reply, 400)
        return visit.go(f"{HOME}/appeals/{appeal.number}", said.reply)

    async def _page(
        self, visit: Visit, typed: dict[str, str], fault: str, status: int
    ) -> web.Response:
        groups = await visit.read(lambda scene: scene.people.group_areas())
        areas = [area for area in groups if covers(visit.area, area)]
        return visit.page(
            "console/appeal_new.html",
            status=status,
            typed=typed,
            fault=fault,
            ways=tuple(Way),
            kinds=tuple(Kind),
            places=areas or [visit.area],
        )


def _words(form: Form) -> str:
    """What is said. Raises `Faulty`."""
    text, place = form.text("text"), " ".join(form.text("place").split())
    if not text:
        raise Faulty("是什么事")
    if len(text) + len(place) > LONGEST:
        raise Faulty("是什么事", "long")
    kind = form.choice("kind", Kind, "种类")
    whole = text if not place or place in text else f"{place} {text}"
    return f"{_COMMANDS[kind]} {whole}"
