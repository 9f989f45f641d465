"""登记诉求：居民说一句，机器人记下来；别人家的难处只私下告诉值守的人。"""

from __future__ import annotations

from bot import (
    STAFF,
    Context,
    Form,
    Intent,
    Router,
    SkipHandler,
    always,
    asks_for_care,
    intent,
    is_personal,
    mentioned,
    original_tail,
)
from handlers.phrases import desk as say
from handlers.recording import care_category, named, take_down
from handlers.refusals import refuse

router = Router("appeals", refusal=refuse)
direct = Router("direct", refusal=refuse)
care = Router("care")

# From this score the words name a thing of ours: one plain keyword of two characters.
TELLING = 3


@router.command("登记", "登记诉求", "登记一下", "记一下", form=Form.TEXT)
def record_on_demand(ctx: Context) -> None:
    """登记 3幢楼道灯不亮."""
    if ctx.command is None:
        raise SkipHandler
    rest = ctx.command.rest
    if not rest.strip("0123456789号 "):
        ctx.reply(say.WHICH["登记"])
        return
    if not ctx.command.marked and ctx.person.role not in STAFF and _idle(ctx):
        ctx.explain("像是接龙或闲谈里的「登记」，不是诉求")
        raise SkipHandler
    ctx.explain("指令「登记」")
    take_down(ctx, original_tail(ctx.incoming.text, rest, ctx.names))


@router.on(intent(Intent.APPEAL, Intent.SUGGESTION))
def overheard(ctx: Context) -> None:
    """From ordinary talk: only what clearly is a complaint, unless the bot was spoken to."""
    judgement = ctx.meaning.judgement
    if ctx.person.role in STAFF and not (ctx.addressed and judgement.clear):
        ctx.explain("工作人员说的话不自动登记")
        raise SkipHandler
    if not ctx.addressed and not judgement.clear:
        ctx.explain("像是反映情况，但不够明确，不打扰")
        raise SkipHandler
    ctx.explain("听出诉求：" + "，".join(judgement.evidence))
    take_down(ctx, ctx.incoming.text)


@direct.on(mentioned())
def told_directly(ctx: Context) -> None:
    """Said to the bot itself, a building and a thing of ours are enough: 5幢门口路灯."""
    matter = ctx.meaning.judgement.intent is Intent.CHATTER and ctx.meaning.place.building
    found = ctx.meaning.categories
    if not matter or not found or found[0].score < TELLING or ctx.person.role in STAFF:
        raise SkipHandler
    ctx.explain(f"对机器人说的，有楼幢也有事物「{found[0].words[0]}」，当作诉求登记")
    take_down(ctx, ctx.incoming.text)


@care.on(always())
def taken_to_heart(ctx: Context) -> None:
    """Illness, quarrels, children: with a plea for help, or told to the bot itself."""
    if ctx.person.role in STAFF or not is_personal(ctx.text):
        raise SkipHandler
    if not ctx.addressed and not asks_for_care(ctx.text):
        raise SkipHandler
    ctx.explain("听出家里的难处，不在群里细说")
    take_down(ctx, ctx.incoming.text, care_category(ctx))


def _idle(ctx: Context) -> bool:
    """Nothing in the words says what is wrong, or where."""
    told = ctx.meaning.judgement.intent in {Intent.APPEAL, Intent.SUGGESTION}
    return not told and not ctx.meaning.place.public and not named(ctx)
