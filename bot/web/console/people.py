"""居民与网格: who is who, where; roles, homes, further accounts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from bot.engine.context import Scene
from bot.errors import DomainError, NotAllowed, NotFound, Overtaken
from bot.models import Account, Person, Role, Search
from bot.rules.permissions import ROLE_NAMES, STAFF, Deed, covers, may_give
from bot.services.footing import Footing, version
from bot.services.roster_table import parts
from bot.web.console.directory import actors
from bot.web.console.doors import Door, get, post
from bot.web.console.faults import sentence, status_of
from bot.web.console.forms import Form
from bot.web.console.refs import ref, unref
from bot.web.console.tree import Branch, branches
from bot.web.console.visit import HOME, Visit

PAGE = 50
DEEPEST = 100
SHOWN = 12
EVERYBODY = "all"
_TYPED = ("channel", "user", "name", "role", "area", "deeper", "unit", "serves", "home")
KNOWN = tuple(role for role in Role if role is not Role.RESIDENT)


class PeoplePages:
    """The directory and one page a person. `refresh`: areas may have changed."""

    def __init__(
        self, channels: Callable[[], Sequence[str]], refresh: Callable[[], Awaitable[None]]
    ) -> None:
        self._channels = channels
        self._refresh = refresh

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/people", self.list, Deed.HANDLE),
            get("/people/new", self.new, Deed.MANAGE),
            post("/people/new", self.add, Deed.MANAGE),
            get("/people/{person}", self.show, Deed.HANDLE, about="person"),
            post("/people/{person}", self.change, Deed.MANAGE, about="person"),
            post("/people/{person}/remove", self.remove, Deed.MANAGE, about="person"),
            post("/people/{person}/undo", self.undo, Deed.MANAGE, about="person"),
            post("/people/{person}/join", self.join, Deed.MANAGE, about="person"),
            post("/people/{person}/part", self.part, Deed.MANAGE, about="person"),
        ]

    async def list(self, visit: Visit) -> web.Response:
        """People of what one looks at, by role, place and words."""
        search = _search(visit)
        at = min(visit.page_number(), DEEPEST)  # further on one searches

        def look(scene: Scene) -> tuple[Sequence[Branch], Sequence[Person], bool]:
            crowds = scene.staff.crowds(visit.area)
            page = scene.staff.listed(search, PAGE, (at - 1) * PAGE)
            return branches(visit.area, crowds), page.people, page.more

        tree, people, more = await visit.read(look)
        return visit.page(
            "console/people.html",
            tree=tree,
            people=people,
            more=more and at < DEEPEST,
            cut=more and at == DEEPEST,
            number=at,
            search=search,
            role=visit.asked("role"),
            veil=veiled,
        )

    async def show(self, visit: Visit) -> web.Response:
        """One person; opening a resident's data is written down."""
        id_ = unref(visit.part("person"))
        await visit.write(
            lambda scene: scene.staff.viewed(scene.staff.within(id_, visit.person), visit.person)
        )
        return await self._page(visit, id_)

    async def new(self, visit: Visit) -> web.Response:
        """An empty form."""
        return await self._form(visit, {"role": Role.STEWARD, "area": visit.area})

    async def add(self, visit: Visit) -> web.Response:
        """Somebody of a chat, known by their account there."""
        form = await visit.form()
        channel, user = form.text("channel"), form.text("user")
        try:
            if channel not in self._channels():
                raise NotFound(channel)
            new = footing(form)
            person = await visit.write(
                lambda scene: scene.staff.add(channel, user, new, visit.person)
            )
        except NotAllowed:
            raise
        except DomainError as error:
            return await self._form(visit, form.shown(), sentence(error), status_of(error))
        await self._refresh()
        return visit.go(_path(person.id), f"登记好了：{person.name}，{ROLE_NAMES[person.role]}。")

    async def change(self, visit: Visit) -> web.Response:
        """Role, area, unit, home; whoever was faster is shown beside what one typed."""
        form, id_ = await visit.form(), unref(visit.part("person"))
        try:
            new, basis = footing(form), form.text("basis")
            await visit.write(
                lambda scene: scene.staff.change(
                    scene.staff.within(id_, visit.person), new, visit.person, basis
                )
            )
        except (NotFound, NotAllowed):
            raise
        except Overtaken as error:
            return await self._page(visit, id_, form, sentence(error), 409, overtaken=True)
        except DomainError as error:
            return await self._page(visit, id_, form, sentence(error), status_of(error))
        await self._refresh()
        return visit.go(_path(id_), "改好了。")

    async def remove(self, visit: Visit) -> web.Response:
        """A resident again."""
        said = "已移出工作人员，他现在是居民；管理台的登录也退出了。点错了可以撤销。"
        return await self._step(
            visit, lambda scene, who: scene.staff.remove(who, visit.person), said
        )

    async def undo(self, visit: Visit) -> web.Response:
        """Take back the last step about this person."""
        event = (await visit.form()).text("event")
        return await self._step(
            visit, lambda scene, who: scene.staff.undo(who, event, visit.person), "撤回了。"
        )

    async def join(self, visit: Visit) -> web.Response:
        """Another account is the same person."""
        form = await visit.form()
        channel = form.text("channel") if form.text("channel") in self._channels() else ""
        user = form.text("user")
        return await self._step(
            visit,
            lambda scene, who: scene.staff.join(who, channel, user, visit.person),
            "关联好了，他在那边说话也算他自己。",
        )

    async def part(self, visit: Visit) -> web.Response:
        """It is somebody else's after all."""
        form = await visit.form()
        channel, user = form.text("channel"), form.text("user")
        return await self._step(
            visit,
            lambda scene, who: scene.staff.part(who, channel, user, visit.person),
            "已取消关联。点错了可以撤销。",
        )

    async def _step(
        self, visit: Visit, step: Callable[[Scene, Person], object], said: str
    ) -> web.Response:
        id_ = unref(visit.part("person"))
        try:
            await visit.write(lambda scene: step(scene, scene.staff.within(id_, visit.person)))
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            return await self._page(visit, id_, None, sentence(error), status_of(error))
        await self._refresh()
        return visit.go(_path(id_), said)

    async def _page(
        self,
        visit: Visit,
        id_: str,
        form: Form | None = None,
        fault: str = "",
        status: int = 200,
        *,
        overtaken: bool = False,
    ) -> web.Response:
        actor = visit.person

        def look(scene: Scene) -> dict[str, object]:
            person = scene.staff.within(id_, actor)
            history = scene.staff.history(person)[:SHOWN]
            return {
                "person": person,
                "basis": version(person),
                "accounts": scene.staff.accounts(person),
                "account": scene.staff.account(person),
                "history": history,
                "names": actors(scene, history),
                "areas": scene.groups.areas(actor),
            }

        found = await visit.read(look)
        person, account = found["person"], found["account"]
        assert isinstance(person, Person)  # noqa: S101 - of `look`
        assert account is None or isinstance(account, Account)  # noqa: S101
        return visit.page(
            "console/person.html",
            status=status,
            fault=fault,
            typed=_filled(_shown(person) if form is None else form.shown()),
            overtaken=overtaken,
            roles=self._roles(actor),
            channels=self._channels(),
            is_staff=person.role in STAFF,
            may_manage=_may_manage(visit, person),
            may_see_account=account is not None and visit.is_admin,
            **found,
        )

    async def _form(
        self, visit: Visit, typed: dict[str, str], fault: str = "", status: int = 200
    ) -> web.Response:
        areas = await visit.read(lambda scene: scene.groups.areas(visit.person))
        return visit.page(
            "console/person_new.html",
            status=status,
            fault=fault,
            typed=_filled(typed),
            areas=areas,
            roles=self._roles(visit.person),
            channels=self._channels(),
        )

    @staticmethod
    def _roles(actor: Person) -> tuple[Role, ...]:
        return tuple(role for role in Role if may_give(actor.role, role))


def footing(form: Form) -> Footing:
    """What a form says of a person. Raises `Faulty` for a role that is none."""
    deeper = form.text("deeper").strip("/ ")
    area = form.text("area").strip("/ ")
    return Footing(
        name=form.text("name"),
        role=form.choice("role", Role, "身份"),
        area=f"{area}/{deeper}" if area and deeper else area,
        unit=form.text("unit"),
        serves=parts(form.text("serves")),
        home=form.text("home"),
    )


def veiled(person: Person) -> str:
    """A resident's name as a list shows it: 王＊＊."""
    return person.name if person.role is not Role.RESIDENT else f"{person.name[:1]}＊＊"


def _search(visit: Visit) -> Search:
    role, area, text = visit.asked("role"), visit.asked("area"), visit.asked("q")[:40]
    if not covers(visit.area, area):
        area = visit.area
    if role in set(Role):
        return Search(area=area, roles=(Role(role),), text=text)
    return Search(area=area, roles=() if role == EVERYBODY or text else KNOWN, text=text)


def _filled(typed: dict[str, str]) -> dict[str, str]:
    return dict.fromkeys(_TYPED, "") | typed


def _shown(person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "role": person.role,
        "area": person.area,
        "unit": person.unit,
        "serves": "、".join(person.serves),
        "home": person.home,
    }


def _may_manage(visit: Visit, person: Person) -> bool:
    """Whether one may change somebody: not oneself, nobody above."""
    return may_give(visit.person.role, person.role) and visit.person.id != person.id


def _path(person: str) -> str:
    return f"{HOME}/people/{ref(person)}"
