"""管家办诉求的每一步：受理、分派、转办、要求补充、挂账、恢复、延期、催办。"""

from __future__ import annotations

import re

from bot import (
    STAFF,
    Act,
    Ambiguous,
    Appeal,
    Context,
    Faulty,
    MediaRole,
    Person,
    Router,
    find_term,
    nearest,
    presentable,
)
from handlers import photos
from handlers.phrases import desk as told
from handlers.phrases import steps as say
from handlers.picking import chosen, numbered
from handlers.refusals import refuse
from handlers.telling import spread, tell_next
from handlers.terms import extension, original, term

router = Router("work", refusal=refuse)

UNIT = "单位"
LONGEST_UNIT = 20
_NO_NAME = re.compile(r"^[\W\d_]*$")


@numbered(router, "受理", "接单", "我来办理")
def start(ctx: Context) -> None:
    """受理 12."""
    appeal, _ = chosen(ctx)
    started = ctx.desk.start(appeal, ctx.person, ctx.cause)
    who = presentable(ctx.person.name)
    spread(ctx, started, told.started(started, who), told.started_private(started, who), "已受理")


@numbered(router, "转办", "转", "派单", "转给")
def transfer(ctx: Context) -> None:
    """转办 12 物业 12月1日."""
    appeal, rest = chosen(ctx)
    found = find_term(rest, ctx.now, ctx.knowledge.hours.closes)
    words = rest if found.at is None else found.rest
    unit = _unit(ctx, words)
    if found.at is None and found.impossible:
        raise Faulty("日期", "impossible")
    moved = ctx.desk.transfer(appeal, unit, ctx.person, ctx.cause, found.at)
    spread(
        ctx, moved, told.transferred(moved), told.transferred_private(moved), f"已转给{moved.unit}"
    )


@numbered(router, "分派", "派给", "指派", "交办")
def assign(ctx: Context) -> None:
    """分派 12 @小陈, or 分派 12 物业."""
    appeal, rest = chosen(ctx)
    person = _staff(ctx, appeal, rest)
    if person is None:
        unit = _unit(ctx, rest)
        given = ctx.desk.assign(appeal, ctx.person, ctx.cause, unit=unit)
        spread(ctx, given, *say.assigned(given, unit))
        return
    given = ctx.desk.assign(appeal, ctx.person, ctx.cause, to=person)
    spread(ctx, given, *say.assigned(given, presentable(person.name)))
    if person.id != ctx.person.id:
        ctx.tell(person, say.told_assignee(given))


@numbered(router, "要求补充", "请补充", "退回补充")
def ask_back(ctx: Context) -> None:
    """要求补充 12 几楼."""
    appeal, rest = chosen(ctx)
    asked = ctx.desk.ask(appeal, original(ctx, rest), ctx.person, ctx.cause)
    spread(ctx, asked, *say.asked(asked, rest))


@numbered(router, "补充")
def supply(ctx: Context) -> None:
    """补充 12 在3楼: by the one who asked, or by staff for them."""
    appeal, rest = chosen(ctx)
    if not rest:
        raise Faulty("内容")
    supplied = ctx.desk.supply(appeal, original(ctx, rest), ctx.person, ctx.cause)
    photos.keep(ctx, supplied, MediaRole.BEFORE)
    ctx.reply(say.supplied(supplied))
    tell_next(ctx, Act.SUPPLY, supplied, say.told_supplied(supplied, say.short(rest)))


@numbered(router, "挂账", "挂起", "暂缓")
def park(ctx: Context) -> None:
    """挂账 12 到12月10日 等材料."""
    appeal, rest = chosen(ctx)
    until, reason = term(ctx, rest)
    parked = ctx.desk.park(appeal, until, original(ctx, reason), ctx.person, ctx.cause)
    spread(ctx, parked, *say.parked(parked, reason))


@numbered(router, "恢复", "恢复办理", "继续办理")
def resume(ctx: Context) -> None:
    """恢复 12."""
    appeal, rest = chosen(ctx)
    resumed = ctx.desk.resume(appeal, ctx.person, ctx.cause, original(ctx, rest))
    spread(ctx, resumed, *say.resumed(resumed))


@numbered(router, "延期", "申请延期")
def extend(ctx: Context) -> None:
    """延期 12 下周三 等业主回来."""
    appeal, rest = chosen(ctx)
    until, reason = extension(ctx, rest, appeal.due_at)
    extended = ctx.desk.extend(appeal, until, original(ctx, reason), ctx.person, ctx.cause)
    spread(ctx, extended, *say.extended(extended, reason))


@numbered(router, "催办", "催一下", "催")
def urge(ctx: Context) -> None:
    """催办 12: by the asker, those who joined, or staff."""
    appeal, rest = chosen(ctx)
    if ctx.person.role not in STAFF and ctx.appeals.urged_today(appeal, ctx.person):
        ctx.reply(say.urged_already(appeal))
        return
    urged = ctx.desk.urge(appeal, ctx.person, ctx.cause, original(ctx, rest))
    heard = tell_next(ctx, Act.URGE, urged, say.told_urged(urged, presentable(ctx.person.name)))
    ctx.reply(say.urged(urged, "、".join(presentable(person.name) for person in heard)))


def _staff(ctx: Context, appeal: Appeal, words: str) -> Person | None:
    """The member of staff whom words name by @ or by the whole name; None: it is a unit.

    Raises `Ambiguous`, `Faulty`.
    """
    name = words.strip().split(" ")[0].lstrip("@")
    if not name:
        raise Faulty(UNIT)
    found = ctx.people.staff_called(name, appeal.area, exact=not words.startswith("@"))
    if len(found) > 1:
        raise Ambiguous([person.name for person in found])
    if found:
        return found[0]
    if words.startswith("@"):
        raise Faulty("人", name)
    return None


def _unit(ctx: Context, words: str) -> str:
    """A unit's name. Raises `Faulty` for none, for a number, for a slip of one we know."""
    unit = presentable(words.removeprefix("给"), LONGEST_UNIT).rstrip("。，！. ")
    if _NO_NAME.match(unit):
        raise Faulty(UNIT)
    known = ctx.knowledge.units
    if unit not in known and len(unit) <= 4 and not any(word in unit for word in known):
        meant = nearest(unit, known)
        if meant is not None and len(meant) == len(unit):
            raise Faulty(UNIT, meant)
    return unit
