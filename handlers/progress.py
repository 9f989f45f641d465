"""查进度：谁反映的谁能问，群里公开的事同群的人也能问。"""

from __future__ import annotations

from bot import (
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
    own = _own(ctx)
    if not own:
        raise SkipHandler
    ctx.explain("在问自己反映的事")
    ctx.reply(own)


def _own(ctx: Context) -> str:
    """One's own open matters that this chat may hear of; empty when there is none."""
    own = ctx.appeals.own(ctx.person, 20)
    shown = [a for a in own if ctx.private or a.audience is Audience.PUBLIC][:SHOWN]
    return say.own(shown)
