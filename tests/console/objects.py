"""Objects of another community, for every kind that a door may be about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.engine.context import Scene
from bot.models import (
    Access,
    Doubt,
    FaqEntry,
    Group,
    Media,
    MediaKind,
    MediaRole,
    MediaState,
    Notice,
    NoticeState,
    OpenQuestion,
    Role,
    Targets,
)
from bot.web.console.refs import ref
from tests.console.kit import ELSEWHERE, Office
from tests.console.matters import elsewhere, recorded

Maker = Callable[[Office], Awaitable[str]]


async def _appeal(office: Office) -> str:
    return (await elsewhere(office, "别处的秘密：井盖响")).number


async def _photo(office: Office) -> str:
    return await photo_in(office, ELSEWHERE + "/第9微网格")


async def photo_in(office: Office, area: str, name: str = "别处的秘密.png") -> str:
    """A stored picture of a matter in an area, without its bytes."""

    def add(scene: Scene) -> str:
        appeal = recorded(scene, "有照片的事", area=area, by="拍照的人")
        media = Media(
            id=f"m{scene._store.appeals.next_number('media')}",
            channel="sandbox",
            chat="",
            sender="sandbox:拍照的人",
            message=appeal.id,
            position=0,
            kind=MediaKind.IMAGE,
            subject=f"appeal:{appeal.id}",
            role=MediaRole.BEFORE,
            created_at=scene.now,
            name=name,
            state=MediaState.STORED,
            mime="image/png",
            size=3,
            sha256="0" * 64,
            width=1,
            height=1,
        )
        scene._store.media.add(media)
        return media.id

    made: str = await office.scene(add)
    return made


async def _view(office: Office) -> str:
    owner = await office.account(Role.COMMUNITY, ELSEWHERE, name="别处的人在用")

    def save(scene: Scene) -> str:
        if not scene.lists.views(owner):
            scene.lists.save(owner, "别处的秘密", "show=all")
        return scene.lists.views(owner)[0].id

    made: str = await office.scene(save)
    return made


async def _account(office: Office) -> str:
    account = await office.account(Role.COMMUNITY, ELSEWHERE, Access.STAFF, name="别处的秘密账号")
    return account.id


async def _group(office: Office) -> str:
    there = Group(id="x:别处", channel="x", chat="别处", name=f"{SECRET}群", area=ELSEWHERE)
    await office.scene(lambda scene: scene._store.people.save_group(there))
    return ref(there.id)


async def _person(office: Office) -> str:
    return ref((await office.account(Role.STEWARD, ELSEWHERE, name=f"{SECRET}管家")).person)


async def _faq(office: Office) -> str:
    entry = FaqEntry(id="f-elsewhere", question=SECRET, answer=SECRET, source="", area=ELSEWHERE)

    def add(scene: Scene) -> None:
        bank = scene._store.faq
        bank.replace([*(e for e in bank.entries() if e.id != entry.id), entry])

    await office.scene(add)
    return entry.id


async def _question(office: Office) -> str:
    def ask(scene: Scene) -> str:
        number = scene._store.appeals.next_number("questions")
        question = OpenQuestion(
            number=number,
            text=f"{SECRET}问题",
            area=ELSEWHERE,
            group="",
            person="",
            message="",
            doubt=Doubt.UNANSWERED,
            at=scene.now,
        )
        scene._store.questions.save(question)
        return str(number)

    made: str = await office.scene(ask)
    return made


async def _notice(office: Office) -> str:
    await _group(office)

    def plan(scene: Scene) -> str:
        number = scene._store.appeals.next_number("notices")
        notice = Notice(
            id=f"n{number}",
            author="sandbox:别处的人",
            text=f"{SECRET}通知",
            targets=Targets(groups=("x:别处",), areas=(ELSEWHERE,)),
            planned_at=scene.now,
            state=NoticeState.AWAITING,
            created_at=scene.now,
        )
        scene._store.notices.save(notice)
        return str(number)

    made: str = await office.scene(plan)
    return made


SECRET = "别处的秘密"
"""Stands in everything that these make: no page of another community may show it."""

MAKERS: Mapping[str, Maker] = {
    "account": _account,
    "appeal": _appeal,
    "faq": _faq,
    "group": _group,
    "notice": _notice,
    "person": _person,
    "photo": _photo,
    "question": _question,
    "view": _view,
}
