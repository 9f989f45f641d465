"""图片和文件跟着通知走：一起发的、引用的、前几分钟发的、看过预览再补的。"""

from __future__ import annotations

from datetime import timedelta

from bot import Context, Filter, MediaRole, Notice, NoticeState, Router, SkipHandler
from handlers.notices.preview import TOPIC, open_notice, show
from handlers.refusals import refuse

router = Router("notices.pictures", follows=True, refusal=refuse)

LATELY = timedelta(minutes=5)


def _adds(ctx: Context) -> bool:
    return ctx.incoming.wordless and ctx.dialog is not None and ctx.dialog.topic == TOPIC


@router.on(Filter(_adds, "看着通知的预览发来图片"))
def add(ctx: Context) -> None:
    """A picture that its author sends while the preview is open goes along."""
    notice = open_notice(ctx)
    if notice is None or ctx.dialog is None or notice.state is not NoticeState.DRAFT:
        raise SkipHandler
    more = gather(ctx, notice)
    if more.media == notice.media:
        raise SkipHandler
    payload = ctx.dialog.payload
    show(ctx, more, bool(payload["immediate"]), payload.get("note", ""))


def gather(ctx: Context, notice: Notice) -> Notice:
    """The draft with what came with this message, and what its author sent a moment before."""
    subject = f"notice:{notice.id}"
    came = [*ctx.media.before(ctx.incoming, ctx.cause, LATELY), (ctx.cause, ctx.incoming)]
    for row, message in came:
        ctx.media.want(row, message, ctx.person, subject, MediaRole.ATTACHED)
    fresh = [media.id for media in ctx.media.of(subject) if media.id not in notice.media]
    if not fresh:
        return notice
    ctx.explain(f"{len(fresh)}个图片或文件跟着通知，后台去取")
    return ctx.notices.attach(notice.id, ctx.person, (*notice.media, *fresh), ctx.cause)
