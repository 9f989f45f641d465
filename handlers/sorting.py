"""分错类了改过来，简单的当场办，复杂的列入清单。"""

from __future__ import annotations

from bot import (
    SHANGHAI,
    STAFF,
    Appeal,
    Category,
    Context,
    Form,
    NotAllowed,
    Router,
    SkipHandler,
    Track,
    presentable,
    split_number,
)
from handlers.phrases import sorting as say
from handlers.refusals import refuse

router = Router("sorting", refusal=refuse)

LONGEST = 20


@router.command("分类", "改分类", "归类", form=Form.NUMBER)
def sort(ctx: Context) -> None:
    """分类 12 消防通道."""
    appeal, rest = _chosen(ctx)
    if appeal is None:
        return
    words = presentable(rest.removeprefix("为"), LONGEST)
    if not words:
        ctx.reply(say.to_what(appeal.short))
        return
    category = _category(ctx, words)
    if category is None:
        names = [one.short for one in ctx.knowledge.taxonomy.all]
        ctx.reply(say.unknown(words, names))
        return
    if category.code == appeal.category:
        ctx.reply(say.already(appeal, category.name))
        return
    moved = ctx.desk.sort(appeal, category, ctx.person, ctx.cause)
    ctx.explain(f"分类改为「{category.name}」，单位、期限、公开范围跟着改")
    day = moved.due_at.astimezone(SHANGHAI).date()
    estimated = ctx.knowledge.calendar.is_estimated(day)
    ctx.reply(say.sorted_anew(moved, category.name, estimated))


@router.command("现场处置", "当场办", form=Form.NUMBER)
def on_the_spot(ctx: Context) -> None:
    """现场处置 12: simple."""
    _track(ctx, Track.SPOT)


@router.command("列入清单", "列清单", form=Form.NUMBER)
def on_the_list(ctx: Context) -> None:
    """列入清单 12: it takes longer."""
    _track(ctx, Track.LISTED)


def _track(ctx: Context, track: Track) -> None:
    appeal, _ = _chosen(ctx)
    if appeal is None:
        return
    moved = ctx.desk.set_track(appeal, track, ctx.person, ctx.cause)
    ctx.reply(say.tracked(moved))


def _category(ctx: Context, words: str) -> Category | None:
    """By code or name, or by what such a matter is called in everyday words."""
    taxonomy = ctx.knowledge.taxonomy
    named = taxonomy.by_name(words)
    if named is not None:
        return named
    found = ctx.knowledge.classifier.classify(words)
    return taxonomy.get(found[0].code) if found else None


def _chosen(ctx: Context) -> tuple[Appeal | None, str]:
    """The appeal that a command names and the words behind; asks when it names none."""
    if ctx.command is None:
        raise SkipHandler
    reference, rest = split_number(ctx.command.rest)
    if not reference:
        ctx.reply(say.WHICH[ctx.command.name])
        return None, ""
    ctx.explain(f"指令「{ctx.command.name}」{reference}")
    appeal = ctx.appeals.find(reference, ctx.person, ctx.group)
    if ctx.person.role not in STAFF:
        raise NotAllowed(ctx.command.name)
    return appeal, rest
