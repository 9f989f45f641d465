"""帮助、客气话，和打错的指令。"""

from __future__ import annotations

import re

from bot import (
    STAFF,
    Context,
    Filter,
    Form,
    GroupState,
    Intent,
    Role,
    Router,
    SkipHandler,
    always,
    mentioned,
    nearest,
    presentable,
)
from handlers.groups import announce_waiting
from handlers.phrases import groups as waiting
from handlers.phrases import manners as say

helping = Router("help", states=[GroupState.BOUND, GroupState.PENDING])
typos = Router("typos")
manners = Router("manners")

ABILITIES = re.compile(
    r"^你(?:都|还)?(?:能|会|可以|有)(?:帮我)?(?:做|干|办)?(?:什么|啥|哪些)(?:功能|用|事|本事)?[?啊呀呢]*$"
)
ORDER = re.compile(r"^([一-鿿]{2,4})\s*((?:SQ\d{8}-\d+|\d{1,6})号?(?:[\s,:].{0,200})?)$")
NUMBERED = (
    "办结", "受理", "详情", "进度", "撤销", "撤回", "转办", "分派", "挂账", "延期", "上报", "恢复",
    "认领", "合并", "拆分", "催办", "销号", "重开", "不受理", "回头看", "历史", "备注", "答复",
)  # fmt: skip
KNOWN = (*NUMBERED, "清单", "登记", "发布", "帮助")


@helping.on(Filter(lambda ctx: ABILITIES.match(ctx.text) is not None, "问会什么") & mentioned())
@helping.command("帮助", "菜单", "help", "?", "怎么用", form=Form.ALONE)
def guide(ctx: Context) -> None:
    """What this person can do here, each line an example that works when copied."""
    ctx.explain("请求帮助，按身份告诉能做什么")
    if ctx.group is not None and ctx.group.state is GroupState.PENDING:
        ctx.reply(waiting.WAITING)
        announce_waiting(ctx)
        return
    role = ctx.person.role
    if role in STAFF and not ctx.private:
        ctx.reply(say.STAFF_HELP_IN_GROUP)
        return
    match role:
        case Role.GRID_WORKER:
            ctx.reply(say.WORKER_HELP)
        case Role.STEWARD:
            ctx.reply(say.STEWARD_HELP)
        case Role.PARTNER:
            ctx.reply(say.PARTNER_HELP)
        case Role.VOLUNTEER:
            ctx.reply(say.VOLUNTEER_HELP)
        case _ if role in STAFF:
            ctx.reply(say.STAFF_HELP)
        case _:
            ctx.reply(say.RESIDENT_HELP)


@typos.on(always())
def mistyped(ctx: Context) -> None:
    """`办洁 12` from staff, or with a sign: suggest the nearest; ordinary talk is left alone."""
    signed = ctx.text != "" and ctx.text[0] in "#/"
    if not signed and ctx.person.role not in STAFF:
        raise SkipHandler
    found = ORDER.match(ctx.text.lstrip("#/ "))
    word = found.group(1) if found else ctx.text.lstrip("#/ ")[:2]
    if not (found or signed) or not word:
        raise SkipHandler
    meant = nearest(word, NUMBERED if found else KNOWN)
    if meant is None:
        raise SkipHandler
    rest = presentable(found.group(2), 60) if found else ""
    ctx.explain(f"没有「{word}」这个指令，最像「{meant}」")
    ctx.reply(say.meant(word, f"{meant} {rest}".strip()))


@manners.on(mentioned())
def polite(ctx: Context) -> None:
    """Somebody speaks to the bot without wanting anything that it knows."""
    ctx.explain("叫了机器人，没有具体的事")
    if ctx.meaning.judgement.intent is Intent.THANKS:
        ctx.reply(say.WELCOME)
    else:
        ctx.reply(say.HERE)
