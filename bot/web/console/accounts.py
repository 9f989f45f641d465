"""账号: who may come in; kept by administrators."""

from __future__ import annotations

from aiohttp import web

from bot.errors import NotFound
from bot.models import Access, Person, Role
from bot.rules.permissions import RANKS, STAFF, covers
from bot.services.accounts import keeps
from bot.web.console.doors import Door, Need, get, post
from bot.web.console.visit import HOME, Visit

ACCESS_NAMES = {
    Access.ADMIN: "系统管理员",
    Access.STAFF: "工作人员",
    Access.READER: "只读",
}


class AccountPages:
    """The list, a new one, what one permits, a link for a new password."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/accounts", self.list, Need.ADMIN),
            post("/accounts", self.create, Need.ADMIN),
            post("/accounts/{account}", self.change, Need.ADMIN, about="account"),
            post("/accounts/{account}/link", self.link, Need.ADMIN, about="account"),
        ]

    async def list(self, visit: Visit) -> web.Response:
        """Everybody below one's own area, but nobody above one's own role."""
        return await self._page(visit)

    async def create(self, visit: Visit) -> web.Response:
        """An account without a chat account; its owner sets the password by a link."""
        form = await visit.form()
        role, access = form.choice("role", Role, "身份"), form.choice("access", Access, "权限")
        area, person = form.text("area"), visit.person
        if role not in STAFF or not _may_open(person, role, area):
            raise NotFound(area)

        account, link = await visit.write(
            lambda scene: (
                made := scene.accounts.create(form.text("name"), role, area, access, by=person),
                scene.accounts.offer_password(made),
            )
        )
        return await self._page(visit, account.name, f"{HOME}/password/{link}")

    async def change(self, visit: Visit) -> web.Response:
        """What it permits, and whether it still opens."""
        form, id_, person = await visit.form(), visit.part("account"), visit.person
        await visit.read(lambda scene: scene.accounts.within(id_, person))
        access, disabled = form.choice("access", Access, "权限"), form.ticked("disabled")
        await visit.write(
            lambda scene: scene.accounts.change(
                scene.accounts.within(id_, person), person, access=access, disabled=disabled
            )
        )
        return visit.go(f"{HOME}/accounts", "改好了。")

    async def link(self, visit: Visit) -> web.Response:
        """A link by which its owner sets a password; shown once."""
        id_, person = visit.part("account"), visit.person
        account, link = await visit.write(
            lambda scene: (
                found := scene.accounts.within(id_, person),
                scene.accounts.offer_password(found),
            )
        )
        return await self._page(visit, account.name, f"{HOME}/password/{link}")

    async def _page(self, visit: Visit, name: str = "", link: str = "") -> web.Response:
        person = visit.person
        rows = await visit.read(
            lambda scene: [
                (account, owner) for account, owner in scene.accounts.all() if keeps(person, owner)
            ]
        )
        address = f"{visit.request.scheme}://{visit.request.host}{link}" if link else ""
        return visit.page(
            "console/accounts.html",
            rows=rows,
            name=name,
            link=address,
            accesses=ACCESS_NAMES,
            roles=[role for role in Role if role in STAFF and _may_open(person, role, person.area)],
        )


def _may_open(actor: Person, role: Role, area: str) -> bool:
    """Whether an administrator opens accounts of a role there: none above their own."""
    return covers(actor.area, area) and RANKS.index(role) <= RANKS.index(actor.role)
