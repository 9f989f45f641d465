"""登录：工作人员私聊要一个进管理台的链接。"""

from __future__ import annotations

from bot import STAFF, Context, Form, Router, SkipHandler
from handlers.phrases import signing as say

router = Router("signing")


@router.command("登录", "登陆", "后台", "管理台", form=Form.ALONE)
def sign_in(ctx: Context) -> None:
    """A link for once; never in a group, where everybody could take it."""
    if ctx.person.role not in STAFF:
        if not (ctx.command and ctx.command.marked) and not ctx.private:
            raise SkipHandler  # talk between neighbours
        ctx.explain("不是工作人员，不发登录链接")
        ctx.reply(say.ONLY_STAFF)
        return
    if not ctx.private:
        ctx.explain("登录链接不在群里发")
        ctx.reply(say.PRIVATELY)
        return
    if not ctx.knowledge.console.url:
        ctx.explain("管理台没有打开")
        ctx.reply(say.CLOSED)
        return
    link = ctx.accounts.offer_entry(ctx.person)
    ctx.explain("发了一次性的登录链接")
    ctx.reply(say.link(f"{ctx.knowledge.console.url}/console/enter/{link}"))
