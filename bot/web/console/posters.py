"""A poster for the stairwell: the group's own page as a QR code."""

from __future__ import annotations

import io

import segno
from aiohttp import web

from bot.errors import NotFound
from bot.models import Group
from bot.rules.permissions import covers
from bot.services.open_pages import code_of
from bot.web.console.doors import Door, Need, get
from bot.web.console.refs import unref
from bot.web.console.visit import Visit


class PosterPages:
    """A page to print, and its code."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/groups/{group}/poster", self.show, Need.ENTRY, about="group"),
            get("/groups/{group}/qr.svg", self.code, Need.ENTRY, about="group"),
        ]

    async def show(self, visit: Visit) -> web.Response:
        """A4, to be hung up."""
        group = await _group(visit)
        return visit.page("console/poster.html", group=group, address=_address(visit, group))

    async def code(self, visit: Visit) -> web.Response:
        """The QR code as SVG; a quarter of it may be torn off."""
        group = await _group(visit)
        out = io.BytesIO()
        code = segno.make(_address(visit, group), error="q", micro=False)
        code.save(out, kind="svg", scale=8, border=2, xmldecl=False, svgns=True)
        return web.Response(body=out.getvalue(), content_type="image/svg+xml")


async def _group(visit: Visit) -> Group:
    """Raises `NotFound`, also for somebody else's group."""
    id_, own = unref(visit.part("group")), visit.person.area
    group = await visit.read(lambda scene: scene.people.group_by_id(id_))
    if group is None or not covers(own, group.area):
        raise NotFound(id_)
    return group


def _address(visit: Visit, group: Group) -> str:
    known = visit.house.knowledge().console.url
    base = known or f"{visit.request.scheme}://{visit.request.host}"
    return f"{base}/h5/{code_of(group.area)}"
