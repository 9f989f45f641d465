"""反映问题: a form that is said to the bot, as if its sender had written in a private chat."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from aiohttp import web

from bot.web.console.forms import Form, Upload
from bot.web.console.guard import address
from bot.web.console.speaking import Speaker
from bot.web.h5.call import Call

LONGEST = 500
MOST_PICTURES = 3
AN_HOUR = 3600.0
# Behind one address there may be a whole building.
MOST_AN_HOUR = 60
EMPTY = "还没写是什么事，请写一两句。"
TOO_LONG = f"写得太长了，请控制在{LONGEST}字以内。"
NO_PICTURE = "只能传照片（jpg、png），请重新选。"
TOO_MANY_PICTURES = f"一次最多传{MOST_PICTURES}张照片，请少选几张。"
NOT_AGREED = "请先勾选同意，我们才能联系您、替您办。"
TOO_OFTEN = "这会儿提交的人太多，请过一会儿再来，或在群里 @海棠管家 说。"
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic")


class Reporting:
    """Takes what residents bring up by the page."""

    def __init__(self, speaker: Speaker, clock: Callable[[], float] = time.monotonic) -> None:
        self._speaker = speaker
        self._clock = clock
        self._lately: dict[str, deque[float]] = {}

    async def form(self, call: Call) -> web.Response:
        """An empty form."""
        return call.page("h5/report.html", fault="", typed={})

    async def send(self, call: Call) -> web.Response:
        """Say it; whoever brought it up finds it again under 我反映的."""
        form = await call.form()
        fault = form_fault(form)
        if not fault and self._is_often(address(call.request)):
            fault = TOO_OFTEN
        if fault:
            return call.page("h5/report.html", status=400, fault=fault, typed=form.shown())
        user, name = call.meet(), form.text("name")[:20]
        person = await call.write(lambda scene: scene.open_pages.come(user, call.here.area, name))
        said = await self._speaker.say_as(user, _words(form), form.uploads("photo"))
        contact = form.text("phone")[:30]
        if contact:  # kept apart from the words, which others may read
            await call.write(
                lambda scene: scene.open_pages.leave_contact(said.message, person, contact)
            )
        return call.remember(call.go(f"{call.root}/mine", said.reply))

    def _is_often(self, source: str) -> bool:
        now = self._clock()
        if len(self._lately) > 10_000:
            self._lately.clear()
        times = self._lately.setdefault(source, deque())
        while times and now - times[0] > AN_HOUR:
            times.popleft()
        times.append(now)
        return len(times) > MOST_AN_HOUR


def form_fault(form: Form) -> str:
    """What is wrong with a form, in one sentence; empty when nothing."""
    text, photos = form.text("text"), form.uploads("photo")
    if not text:
        return EMPTY
    if len(text) > LONGEST:
        return TOO_LONG
    if len(photos) > MOST_PICTURES:
        return TOO_MANY_PICTURES
    if not all(_is_picture(photo) for photo in photos):
        return NO_PICTURE
    return "" if form.ticked("agree") else NOT_AGREED


def _is_picture(photo: Upload) -> bool:
    return photo.name.lower().endswith(_PICTURES)


def _words(form: Form) -> str:
    """One message: 登记, where it is, what it is. Line breaks would make several matters of it."""
    place, text = form.text("place")[:40], " ".join(form.text("text").split())
    return f"登记 {place}，{text}" if place and place not in text else f"登记 {text}"
