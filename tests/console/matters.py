"""Matters that a community has told, for tests of pages."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from bot.engine.context import Scene
from bot.models import Appeal, Audience, Group, Kind, Person, Place, Role
from bot.services.appeals import Report
from tests.console.kit import COMMUNITY, ELSEWHERE, Office
from tests.web.doors import until

FIRST = COMMUNITY + "/第1微网格"
SECOND = COMMUNITY + "/第2微网格"
XSS = '<script>window.harm=1</script><img src=x onerror="window.harm=2">{{7*7}}\'"</textarea>'


def resident(scene: Scene, name: str, area: str = FIRST) -> Person:
    """Somebody who lives there; made once."""
    person = Person(id=f"sandbox:{name}", channel="sandbox", user=name, name=name, area=area)
    scene._store.people.save(person)
    return person


def group_of(scene: Scene, area: str) -> Group | None:
    """The group of a micro-grid; None where there is none."""
    return next((g for g in scene._store.people.groups() if g.area == area), None)


def told(scene: Scene, text: str, area: str = FIRST, ago: timedelta | None = None) -> Appeal:
    """Somebody told a public matter."""
    return recorded(scene, text, area=area, ago=ago)


def recorded(  # one line a thing that may be said of a matter
    scene: Scene,
    text: str,
    *,
    area: str = FIRST,
    ago: timedelta | None = None,
    category: str = "GGSS",
    place: Place | None = None,
    audience: Audience = Audience.PUBLIC,
    kind: Kind = Kind.APPEAL,
    source: str = "群",
    by: str = "居民甲",
) -> Appeal:
    """A matter, as if it had been told some time ago."""
    then = Scene(scene._store, scene.knowledge, scene.now - (ago or timedelta(minutes=5)))
    return then.appeals.record(
        Report(
            text=text,
            summary=text[:20],
            category=scene.knowledge.taxonomy.get(category),
            place=place or Place(building="3幢"),
            reporter=resident(scene, by, area),
            group=group_of(scene, area),
            source=source,
            audience=audience,
            kind=kind,
        )
    )


async def tell(office: Office, text: str, **about: Any) -> Appeal:
    """The same, in a transaction of its own."""
    made: Appeal = await office.scene(lambda scene: recorded(scene, text, **about))
    return made


async def settled(office: Office) -> None:
    """Wait until the demo's morning of talk is over, so that counts stand still."""
    await until(
        lambda: (
            office.service.ready
            and not any(task.get_name() == "warm-up" for task in asyncio.all_tasks())
        )
    )


async def elsewhere(office: Office, text: str) -> Appeal:
    """A matter of another community of the street."""
    return await tell(office, text, area=ELSEWHERE + "/第9微网格", by="别处的人")


ROLES = (Role.STEWARD, Role.GRID_WORKER, Role.GRID_LEAD, Role.COMMUNITY, Role.STREET)
