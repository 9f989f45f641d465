"""One notice: as each target sees it, every step that can be taken, and who got it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.engine.context import Scene
from bot.errors import NotFound, NotPossible
from bot.models import Notice, NoticeState
from bot.rules.permissions import Deed
from bot.web.console.doors import Door, get, post
from bot.web.console.notice_words import DELIVERIES, STATES, faults, number, warnings, when, whom
from bot.web.console.speaking import Speaker
from bot.web.console.visit import HOME, Visit

ROWS = 50
PICTURE_BYTES = 12 * 1024 * 1024
ONE = "/notices/{notice}"
STEPS: Mapping[str, str] = {
    "confirm": "确认通知",
    "approve": "通过",
    "reject": "退回",
    "postpone": "改期",
    "pause": "暂停通知",
    "resume": "恢复通知",
    "cancel": "取消通知",
    "withdraw": "作废通知",
    "correct": "更正",
    "resend": "补发",
}
"""Each step is said as its command, so that it is the same from a chat and from here."""


class NoticePage:
    """The page of a notice, its steps, and the ledger of its runs."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get(ONE, self.show, Deed.ANNOUNCE, about="notice"),
            get(ONE + "/progress", self.progress, Deed.ANNOUNCE, about="notice"),
            post(ONE + "/undo", self.undo, Deed.ANNOUNCE, about="notice"),
            post(
                ONE + "/pictures",
                self.pictures,
                Deed.ANNOUNCE,
                about="notice",
                takes=PICTURE_BYTES,
            ),
            post(ONE + "/step/{step}", self.step, Deed.ANNOUNCE, about="notice"),
        ]

    async def show(self, visit: Visit) -> web.Response:
        """Everything about it on one page."""
        return visit.page("console/notices/notice.html", **await self._shown(visit))

    async def progress(self, visit: Visit) -> web.Response:
        """How far it is, for a page that looks again every few seconds."""
        shown = await visit.read(lambda scene: _delivered(scene, visit, find(scene, visit)))
        said = number(shown["notice"])
        return visit.page("console/notices/progress.html", **shown, number=said)

    async def step(self, visit: Visit) -> web.Response:
        """Say it; the reply stands on the next page."""
        command = STEPS.get(visit.part("step"))
        if command is None:
            raise web.HTTPNotFound
        form = await visit.form()
        found = await visit.read(lambda scene: find(scene, visit))
        words = " ".join(form.text("words").split()) if command != "更正" else form.text("words")
        reply = await self._say(visit, f"{command} {number(found)} {words}".strip())
        if command == "作废通知" and "确认" in reply:
            # The button asked already.
            reply = await self._say(visit, "确认")
        after = await visit.read(lambda scene: _next(scene, visit, found))
        return visit.go(f"{HOME}/notices/{after}", _plain(reply))

    async def undo(self, visit: Visit) -> web.Response:
        """Take one's own last step back, if it was on this one."""
        found = await visit.read(lambda scene: find(scene, visit))
        mine = await visit.read(lambda scene: _is_mine(scene, visit, found))
        if not mine:
            raise NotPossible("只能撤销自己五分钟内对这条通知做的最后一步。")
        return visit.go(f"{HOME}/notices/{number(found)}", await self._say(visit, "撤销"))

    async def pictures(self, visit: Visit) -> web.Response:
        """Pictures and files that go along with a draft."""
        form = await visit.form()
        found = await visit.read(lambda scene: find(scene, visit))
        files = form.uploads("file")
        here = f"{HOME}/notices/{number(found)}"
        if not files:
            return visit.go(here, "请先选图片或文件。")
        assert visit.entered is not None  # noqa: S101 - the door needs it
        await self._say(visit, f"预览通知 {number(found)}")
        for file in files[:9]:
            await self._speaker.say(visit.entered, "", [file])
        return visit.go(here, f"收下了{len(files[:9])}个，跟着这条通知发。")

    async def _say(self, visit: Visit, words: str) -> str:
        assert visit.entered is not None  # noqa: S101 - the door needs it
        return await self._speaker.say(visit.entered, words)

    async def _shown(self, visit: Visit) -> dict[str, Any]:
        def look(scene: Scene) -> dict[str, Any]:
            notice = find(scene, visit)
            return _about(scene, visit, notice) | _delivered(scene, visit, notice)

        shown = await visit.read(look)
        return shown | {"number": number(shown["notice"]), "states": STATES}


def _about(scene: Scene, visit: Visit, notice: Notice) -> dict[str, Any]:
    """How it looks, what is wrong with it, and what may be done by whom."""
    sketch, person = scene.drafting.of(notice), visit.person
    is_draft = notice.state is NoticeState.DRAFT
    others = notice.author != person.id
    return {
        "sketch": sketch,
        "when": when(sketch),
        "whom": whom(sketch),
        "faults": faults(sketch) if is_draft else [],
        "warnings": warnings(sketch) if is_draft else [],
        "immediate": scene.drafting.is_immediate(notice),
        "author": scene.people.by_id(notice.author),
        "approver": scene.people.by_id(notice.approver) if notice.approver else None,
        "judge": others and any(one.id == person.id for one in sketch.approvers),
        "media": scene.notices.along(notice),
        "history": [
            (event, scene.people.by_id(event.actor))
            for event in reversed(scene.notices.history(notice))
        ],
        "undoable": _is_mine(scene, visit, notice),
        "corrected_by": scene.notices.corrected_by(notice),
    }


def _delivered(scene: Scene, visit: Visit, notice: Notice) -> dict[str, Any]:
    """Its runs, and of the one that is looked at every receiver, some at a time."""
    page, asked = visit.page_number(), visit.asked("run")
    runs = scene.runs.runs(notice)
    run = next((one for one in runs if one.cause == asked), runs[0] if runs else None)
    found = [] if run is None else scene.runs.ledger(run, ROWS + 1, ROWS * (page - 1))
    return {
        "notice": notice,
        "own": notice.author == visit.person.id,
        "runs": runs[:20],
        "run": run,
        "progress": None if run is None else scene.runs.progress(run),
        "replies": None if run is None else scene.replies.of(run),
        "rows": found[:ROWS],
        "more": len(found) > ROWS,
        "page": page,
        "deliveries": DELIVERIES,
    }


def find(scene: Scene, visit: Visit) -> Notice:
    """The notice that the path names. Somebody else's draft is not there. Raises `NotFound`."""
    found = scene.notices.find(visit.part("notice"), visit.person)
    if found.state is NoticeState.DRAFT and found.author != visit.person.id:
        raise NotFound(visit.part("notice"))
    return found


def _next(scene: Scene, visit: Visit, found: Notice) -> str:
    """Where to look after a step: at the draft that it made, or at the same notice."""
    newest = next(iter(scene.notices.of(visit.person, 1)), found)
    made = newest.corrects == found.id and newest.state is NoticeState.DRAFT
    return number(newest if made else found)


def _is_mine(scene: Scene, visit: Visit, notice: Notice) -> bool:
    """Whether 撤销 would take back a step on this very notice."""
    last = scene.notices.last_step(visit.person)
    return last is not None and last.subject == f"notice:{notice.id}"


def _plain(reply: str) -> str:
    """The reply without the hints that go with a chat."""
    lines = [line for line in reply.split("\n") if "回复「" not in line and line != "——"]
    return "\n".join(lines) or reply
