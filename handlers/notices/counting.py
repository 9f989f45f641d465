"""通知发出去以后：「收到」、数字、转到几个群几户，自愿说了才记数；作者看得到数，看不到人。"""

from __future__ import annotations

from bot import (
    Context,
    Delivery,
    Filter,
    Form,
    Notice,
    Router,
    SkipHandler,
    read_replies,
    split_number,
)
from handlers.notices.numbers import for_authors, refuse
from handlers.phrases import notice_counting as say
from handlers.phrases import notice_steps as steps

router = Router("notices.counting")
report = Router("notices.report", refusal=refuse)

NAMED = 3
LOOKED_AT = 20


@router.answer_when(Filter(lambda ctx: bool(read_replies(ctx.text)), "收到、数字、转发了几个群"))
def volunteered(ctx: Context) -> None:
    """Counted in silence; in private, and once where the bot is spoken to, with a word."""
    replies = read_replies(ctx.text)
    if ctx.command is not None or ctx.dialog is not None:
        raise SkipHandler
    told = ctx.replies.about(replies, ctx.group, ctx.person, ctx.text, ctx.incoming.quote)
    if told is None:
        raise SkipHandler
    ctx.replies.count(told, ctx.person, replies)
    ctx.explain(f"自愿回应通知（{told.notice.id}），只记数，不记谁没回")
    if ctx.private or ctx.addressed:
        once = "" if ctx.private else f"counted/{told.run}/{ctx.incoming.chat}"
        ctx.reply(say.counted(told.notice, replies), once=once)


@report.command("通知情况", "通知进度", form=Form.OPTIONAL)
def how_it_went(ctx: Context) -> None:
    """通知情况 3: who got it, by count, and what was volunteered; without a number the newest."""
    for_authors(ctx)
    number = split_number(ctx.command.rest)[0] if ctx.command is not None else ""
    notice = ctx.notices.find(number, ctx.person) if number else _newest(ctx)
    if notice is None:
        ctx.reply(say.NOTHING_SENT)
        return
    runs = ctx.runs.runs(notice)
    if not runs:
        ctx.reply(steps.not_sent_yet(notice))
        return
    failed = [row for row in ctx.runs.ledger(runs[0], NAMED + 1) if row.state is Delivery.FAILED]
    ctx.reply(
        say.report(
            notice,
            runs[0].planned_at,
            ctx.runs.progress(runs[0]),
            ctx.replies.of(runs[0]),
            failed[:NAMED],
        )
    )


def _newest(ctx: Context) -> Notice | None:
    """One's own notice that was sent last."""
    own = ctx.notices.of(ctx.person, LOOKED_AT)
    return next((notice for notice in own if ctx.notices.sent(notice)), None)
