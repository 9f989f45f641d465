"""几件事之间：合并、拆分、同类排查、附议。"""

from __future__ import annotations

import re

from bot import (
    Appeal,
    Audience,
    Context,
    Faulty,
    Place,
    Report,
    Router,
    find_place,
    is_personal,
    split_number,
    summarise,
)
from handlers.phrases import steps as say
from handlers.picking import chosen, numbered
from handlers.refusals import refuse
from handlers.telling import spread
from handlers.terms import original

router = Router("relations", refusal=refuse)

_PARTS = re.compile(r"[;；\n]+")
_PLACES = re.compile(r"[、,，和 ]+")


@numbered(router, "合并", "并案")
def merge(ctx: Context) -> None:
    """合并 12 15: 15 goes on in 12."""
    into, rest = chosen(ctx)
    reference, _ = split_number(rest)
    if not reference:
        raise Faulty("另一条的编号")
    appeal = ctx.appeals.find(reference, ctx.person, ctx.group)
    merged = ctx.desk.merge(appeal, into, ctx.person, ctx.cause)
    households = 1 + len(ctx.desk.supporters(into))
    spread(ctx, merged, *say.merged(merged, into, households))


@numbered(router, "拆分")
def split(ctx: Context) -> None:
    """拆分 12 楼道灯不亮；电梯有异响: 12 keeps the first."""
    appeal, rest = chosen(ctx)
    parts = [part.strip(" 。.") for part in _PARTS.split(original(ctx, rest))]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        raise Faulty("几件事")
    first, *others = [_part(ctx, appeal, part) for part in parts]
    kept, made = ctx.desk.split(appeal, first, others, ctx.person, ctx.cause)
    spread(ctx, kept, *say.split(kept, made))


@numbered(router, "同类排查", "排查")
def sweep(ctx: Context) -> None:
    """同类排查 12 5幢、7幢、9幢."""
    appeal, rest = chosen(ctx)
    places = [find_place(_whole(word)) for word in _PLACES.split(rest) if word]
    if not places or not all(place.public for place in places):
        raise Faulty("地点")
    reports = [_elsewhere(ctx, appeal, place) for place in dict.fromkeys(places)]
    made = ctx.desk.sweep(appeal, reports, ctx.person, ctx.cause)
    spread(ctx, appeal, *say.swept(appeal, made))


@numbered(router, "附议", "我也是")
def support(ctx: Context) -> None:
    """附议 12."""
    appeal, _ = chosen(ctx)
    new = ctx.desk.support(appeal, ctx.person, ctx.cause)
    households = 1 + len(ctx.desk.supporters(appeal))
    ctx.reply(say.joined(appeal, households) if new else say.joined_before(appeal))


def _whole(word: str) -> str:
    """`5` and `5号` are buildings here."""
    bare = re.fullmatch(r"(\d{1,3})号?", word)
    return f"{bare.group(1)}幢" if bare else word


def _part(ctx: Context, appeal: Appeal, words: str) -> Report:
    """One matter of several: its own category and place, the same asker and secrecy."""
    categories = ctx.knowledge.classifier.classify(words)
    code = categories[0].code if categories else appeal.category
    place = find_place(words)
    personal = appeal.audience is not Audience.PUBLIC or is_personal(words)
    return Report(
        text=words,
        summary=summarise(words),
        category=ctx.knowledge.taxonomy.get(code),
        place=place if place != Place() else appeal.place,
        reporter=ctx.people.by_id(appeal.reporter) or ctx.person,
        group=ctx.people.group_by_id(appeal.group),
        source=appeal.source,
        audience=Audience.PRIVATE if personal else None,
        cause=ctx.cause,
    )


def _elsewhere(ctx: Context, appeal: Appeal, place: Place) -> Report:
    """The same fault at another place, found by whoever looks for it."""
    known = appeal.place
    fault = appeal.summary.replace(known.building, "", 1)
    if place.spot and known.spot:  # another shed, another door: the first one's is not meant
        fault = fault.replace(known.spot, "", 1)
    summary = f"{place.public}{fault}（排查）" if fault else f"{place.public}同类排查"
    return Report(
        text=f"同类排查 {appeal.number}：{place.full}",
        summary=summarise(summary),
        category=ctx.appeals.category(appeal),
        place=place,
        reporter=ctx.person,
        group=ctx.people.group_by_id(appeal.group),
        source="排查",
        audience=appeal.audience,
        cause=ctx.cause,
    )
