"""One matter: its story from top to bottom, and every step that can be taken now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.engine.context import Scene
from bot.errors import DomainError, NotFound
from bot.models import SHANGHAI, Access, Appeal, Audience, Person
from bot.rules.appeal_flow import Act
from bot.rules.permissions import Deed
from bot.services.appeal_story import Chapter, Story
from bot.services.pictures import Bounds
from bot.web.console.appeal_commands import command
from bot.web.console.appeal_forms import PHOTOS, Choices, StepForm, form_of, photo_form
from bot.web.console.appeal_lines import left_of, lines_of
from bot.web.console.appeal_telling import DELIVERIES, GONE, changes, clocks, facts, why
from bot.web.console.doors import Door, get, post
from bot.web.console.faults import sentence, status_of
from bot.web.console.forms import Form
from bot.web.console.speaking import Speaker
from bot.web.console.visit import HOME, Visit

MOST_PICTURES = 6
TOO_MANY = f"一次最多传{MOST_PICTURES}张照片，请少选几张。"
NO_PICTURES = "还没有选照片，请选好再传。"
CHANGED = "您填的时候，这件事有了新动静。您的这一步还没有做，看过再决定。"


class AppealPages:
    """The page of one matter, and what is done there."""

    def __init__(self, speaker: Speaker, bounds: Bounds) -> None:
        self._speaker = speaker
        self._upload_bytes = MOST_PICTURES * bounds.file_bytes + 64 * 1024

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/appeals/{number}", self.show, Deed.HANDLE, about="appeal"),
            post(
                "/appeals/{number}",
                self.step,
                Deed.HANDLE,
                about="appeal",
                takes=self._upload_bytes,
            ),
        ]

    async def show(self, visit: Visit) -> web.Response:
        """Everything about it; what is not public only when it is asked for, and noted."""
        return await self._page(visit, 200)

    async def step(self, visit: Visit) -> web.Response:
        """Take a step: said as a command, unless somebody did something meanwhile."""
        form, number, person = await visit.form(), visit.part("number"), visit.person
        act, seen = form.text("act"), form.text("seen")
        appeal, later = await visit.read(
            lambda scene: (
                found := scene.stories.find(number, person),
                scene.stories.since(found, seen),
            )
        )
        if later:
            return await self._page(visit, 409, fault=CHANGED, later=later, form=form)
        try:
            text = await self._said(visit, act, appeal, form)
        except DomainError as error:
            return await self._page(visit, status_of(error), fault=sentence(error), form=form)
        uploads = form.uploads("photo")
        if len(uploads) > MOST_PICTURES:
            return await self._page(visit, 400, fault=TOO_MANY, form=form)
        if act == PHOTOS and not uploads:
            return await self._page(visit, 400, fault=NO_PICTURES, form=form)
        assert visit.entered is not None  # noqa: S101 - the door needs it
        said = await self._speaker.say_as(visit.entered.account.id, text, uploads)
        done = act == PHOTOS or await visit.read(
            lambda scene: scene.stories.acted(appeal, said.message)
        )
        if not done:
            return await self._page(visit, 400, fault=said.reply, form=form)
        return visit.go(f"{HOME}/appeals/{appeal.number}", said.reply)

    async def _said(self, visit: Visit, act: str, appeal: Appeal, form: Form) -> str:
        """The command for a form that this matter has now. Raises `NotFound`, `Faulty`."""
        offered = await visit.read(_forms_of, appeal, visit.person, self._may_change(visit))
        if act not in {each.act for each in offered}:
            raise NotFound(act)
        text = command(act, appeal.number, form, visit.now.astimezone(SHANGHAI).date())
        if act != Act.MERGE:
            return text
        _, other, own = text.split(" ")
        whole = await visit.read(_whole_number, other, appeal, visit.person)
        return f"{Act.MERGE} {whole} {own}"

    async def _page(
        self,
        visit: Visit,
        status: int,
        *,
        fault: str = "",
        later: Sequence[Chapter] = (),
        form: Form | None = None,
    ) -> web.Response:
        number, person = visit.part("number"), visit.person
        opened = visit.asked("open") == "1"
        appeal = await visit.read(lambda scene: scene.stories.find(number, person))
        public = appeal.audience is Audience.PUBLIC
        look = visit.read if public else visit.write  # who looks at what is private is written down
        story, forms, shown = await look(_shown, number, person, self._may_change(visit), opened)
        taxonomy = visit.house.knowledge().taxonomy
        draft = {} if form is None else form.shown()
        return visit.page(
            "console/appeal.html",
            status=status,
            story=story,
            appeal=story.appeal,
            opened=public or opened,
            forms=forms,
            main=_main(forms),
            left=left_of(story.appeal, visit.now),
            clocks=clocks(story.appeal, visit.now),
            facts=list(facts(story)),
            changes=lambda event: changes(event, taxonomy, opened=public or opened),
            why=why,
            deliveries=DELIVERIES,
            gone=GONE,
            fault=fault,
            later=later,
            draft=draft,
            lost=_lost(draft, forms),
            today=visit.now.astimezone(SHANGHAI).date().isoformat(),
            units=sorted(taxonomy.units),
            back=f"{HOME}/appeals/{number}" + ("?open=1" if opened and not public else ""),
            **shown,
        )

    def _may_change(self, visit: Visit) -> bool:
        return visit.entered is not None and visit.entered.account.access is not Access.READER


def _shown(
    scene: Scene, number: str, person: Person, change: bool, opened: bool
) -> tuple[Story, Sequence[StepForm], Mapping[str, Any]]:
    """A matter as somebody looks at it; looking at one that is not public is written down."""
    appeal = scene.stories.find(number, person)
    scene.audit.viewed(person, appeal, opened=opened)
    story = scene.stories.story(appeal, person)
    related = {
        "below": lines_of(scene, story.below),
        "merged": lines_of(scene, story.merged),
        "similar": lines_of(scene, story.similar),
        "parents": lines_of(scene, [story.parent] if story.parent else []),
        "heads": lines_of(scene, [story.head] if story.head else []),
    }
    return story, _forms_of(scene, appeal, person, change), related


def _forms_of(scene: Scene, appeal: Appeal, person: Person, change: bool) -> Sequence[StepForm]:
    """Every form that somebody may fill in on a matter as it stands."""
    if not change:
        return ()
    story = scene.stories
    taxonomy = scene.knowledge.taxonomy
    choices = Choices(
        people=list(dict.fromkeys(each.name for each in story.in_charge(appeal.area))),
        units=sorted(taxonomy.units),
        categories=[c.name for c in taxonomy.all if c.code != appeal.category],
    )
    acts = list(story.steps(appeal, person))
    forms = [form for act in acts for form in form_of(act, appeal, choices)]
    undone = story.undoable(appeal, person)
    undo = (StepForm(act=Act.UNDO, button=f"撤销刚才的「{undone}」"),) if undone else ()
    return (*undo, *forms, photo_form(appeal))


def _whole_number(scene: Scene, reference: str, appeal: Appeal, person: Person) -> str:
    """The full number of another matter; a short one is of the same group. Raises `NotFound`."""
    group = scene.people.group_by_id(appeal.group)
    return scene.appeals.find(reference.upper(), person, group).number


def _main(forms: Sequence[StepForm]) -> StepForm | None:
    """What is likely done next."""
    return next((form for form in forms if form.act not in {Act.UNDO, PHOTOS}), None)


def _lost(draft: Mapping[str, str], forms: Sequence[StepForm]) -> str:
    """What was typed into a form that the matter no longer has."""
    if not draft or draft.get("act") in {form.act for form in forms}:
        return ""
    typed = [v for k, v in draft.items() if k not in {"act", "seen", "form_token"} and v]
    return "；".join(typed)
