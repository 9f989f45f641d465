"""刚进来的人问候一次；对回复的看法只记下来。"""

from __future__ import annotations

from bot import Context, Router
from handlers.phrases import welcome as say

router = Router("welcome")


@router.event("enter_chat", "enter_agent", "subscribe")
def greet(ctx: Context) -> None:
    """Platforms tell of the first coming in of every day; a greeting is for the first of all."""
    once = f"hello:{ctx.incoming.channel}:{ctx.incoming.sender}"
    if ctx.reply(say.HELLO, once=once):
        ctx.explain("第一次进来，问候一句")
    else:
        ctx.explain("又进来了，问候过，不再说")


@router.event("feedback")
def noted(ctx: Context) -> None:
    """Somebody pressed a thumb under a reply: kept with the message, nobody is answered."""
    ctx.explain(f"对管家一条回复的看法：{ctx.incoming.text}，已记下")
