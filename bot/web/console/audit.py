"""操作留痕: who did what, about what, when, through which door; whether the chain stands."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta

from aiohttp import web

from bot.engine.context import Scene
from bot.errors import Faulty
from bot.models import SHANGHAI, AuditLine, AuditSearch, AuditVerdict
from bot.services.audit_views import DOORS, MOST, write_csv, write_workbook
from bot.web.console import directory
from bot.web.console.doors import Door, Need, get, post
from bot.web.console.files import XLSX
from bot.web.console.visit import Visit

PAGE = 50
FEW = 3
FORMS = {
    "csv": (write_csv, "text/csv"),
    "xlsx": (
        write_workbook,
        XLSX,
    ),
}
FIELDS = {
    "state": "状态", "role": "身份", "area": "网格", "count": "条数", "access": "权限",
    "unit": "单位", "name": "名字", "due_at": "期限", "urgency": "紧急程度", "category": "类别",
    "audience": "谁能看", "handler": "经办", "level": "层级", "listen": "听法", "kind": "种类",
    "place": "地点", "summary": "摘要", "track": "轨道", "contact_due_at": "回应期限",
    "contacted_at": "已回应", "stopped_at": "停表", "started_at": "开始办", "closed_at": "办结",
    "text": "内容", "reason": "原因", "result": "结果", "rating": "评价", "planned_at": "计划时间",
}  # fmt: skip


class AuditPages:
    """The lines, their check, and the way out. For those who keep the accounts of everything."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [
            get("/audit", self.show, Need.ADMIN),
            post("/audit/verify", self.verify, Need.ADMIN),
            get("/audit/export/{form}", self.export, Need.ADMIN),
        ]

    async def show(self, visit: Visit) -> web.Response:
        """The newest first."""
        return await self._page(visit, None)

    async def verify(self, visit: Visit) -> web.Response:
        """Go through the whole chain."""

        def check(scene: Scene) -> AuditVerdict:
            scene.audits.authorise(visit.person)
            return scene.audits.verdict()

        return await self._page(visit, await visit.read(check))

    async def export(self, visit: Visit) -> web.Response:
        """What the filters show, as a file; that it left is written down first."""
        form = visit.part("form")
        if form not in FORMS:
            raise web.HTTPNotFound

        def look(scene: Scene) -> list[AuditLine]:
            scene.audits.authorise(visit.person)
            return scene.audits.all(_search(scene, visit))

        lines = await visit.read(look)
        await visit.write(lambda scene: scene.audit.exported(visit.person, "audit", len(lines)))
        write, mime = FORMS[form]
        data = await asyncio.to_thread(write, lines)
        return visit.file(data, f"操作留痕.{form}", mime)

    async def _page(self, visit: Visit, verdict: AuditVerdict | None) -> web.Response:
        asked = visit.asked("before")
        before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None

        def look(scene: Scene) -> dict[str, object]:
            scene.audits.authorise(visit.person)
            found = scene.audits.found(_search(scene, visit), before, PAGE + 1)
            return {
                "lines": found[:PAGE],
                "more": len(found) > PAGE,
                "actions": scene.audits.actions(),
            }

        return visit.page(
            "console/audit.html",
            verdict=verdict,
            doors=DOORS,
            fields={**directory.FIELDS, **FIELDS},
            few=FEW,
            most=MOST,
            first=before is None,
            asked={name: visit.asked(name) for name in ("who", "what", "action", "since", "until")},
            found=await visit.read(look),
        )


def _search(scene: Scene, visit: Visit) -> AuditSearch:
    since, until = _day(visit, "since"), _day(visit, "until")
    return scene.audits.search(
        visit.asked("who"),
        visit.asked("what"),
        visit.asked("action"),
        since,
        None if until is None else until + timedelta(days=1),
    )


def _day(visit: Visit, name: str) -> datetime | None:
    """Midnight of a day that was chosen. Raises `Faulty`."""
    asked = visit.asked(name)
    if not asked:
        return None
    try:
        return datetime.combine(date.fromisoformat(asked), time(), SHANGHAI)
    except ValueError:
        raise Faulty("日期", "impossible") from None
