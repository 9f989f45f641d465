"""查进度：谁反映的谁能问，群里公开的事同群的人也能问。"""

from __future__ import annotations

from collections.abc import Sequence

from bot import (
    OPEN,
    STAFF,
    Appeal,
    Audience,
    Context,
    Form,
    Intent,
    Router,
    SkipHandler,
    intent,
    mentioned,
    split_number,
)
from handlers.phrases import progress as say
from handlers.refusals import refuse

router = Router("progress", refusal=refuse)

SHOWN = 3


@router.command("进度", "查进度", "进展", form=Form.OPTIONAL)
def progress(ctx: Context) -> None:
    """进度 12, or 进度 for one's own."""
    reference, _ = split_number(ctx.command.rest if ctx.command is not None else "")
    if not reference:
        ctx.explain("指令「进度」，看自己反映的事")
        ctx.reply(_own(ctx) or say.NONE)
        return
    ctx.explain(f"指令「进度」{reference}")
    appeal = ctx.appeals.find(reference, ctx.person, ctx.group)
    if appeal.audience is not Audience.PUBLIC and not ctx.private:
        ctx.reply(say.in_private(appeal))
        return
    ctx.reply(say.standing(appeal))


@router.on(intent(Intent.FOLLOW_UP) & mentioned())
def asked_again(ctx: Context) -> None:
    """我报的灯修好了吗, to the bot: how one's own matters stand."""
    about = _about(ctx)
    own = say.own(about) if about else _own(ctx)
    if not own:
        raise SkipHandler
    ctx.explain("在问自己反映的事")
    ctx.reply(own)


@router.on(intent(Intent.FOLLOW_UP))
def asked_aloud(ctx: Context) -> None:
    """门禁有下文了吗, said to nobody: answered when it is one matter of the speaker's own."""
    about = _about(ctx)
    if len(about) != 1 or ctx.command is not None or ctx.person.role in STAFF:
        raise SkipHandler
    ctx.explain(f"在问自己反映的{about[0].short}号")
    ctx.reply(say.standing(about[0]))


def _about(ctx: Context) -> Sequence[Appeal]:
    """One's own matters here that the words name, as far as this chat may hear of them."""
    found = ctx.related.own(ctx.person, ctx.text, ended=False)
    here = [a for a in found if ctx.private or (ctx.group and a.group == ctx.group.id)]
    public = [a for a in here if ctx.private or a.audience is Audience.PUBLIC]
    open_ones = [a for a in public if a.state in OPEN]
    return (open_ones or public)[:SHOWN]


def _own(ctx: Context) -> str:
    """One's own open matters that this chat may hear of; empty when there is none."""
    own = ctx.appeals.own(ctx.person, 20)
    shown = [a for a in own if ctx.private or a.audience is Audience.PUBLIC][:SHOWN]
    return say.own(shown)
