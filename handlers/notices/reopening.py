"""写好没确认的，预览不在眼前了：按号再看一遍，按号确认。"""

from __future__ import annotations

from bot import Context, Form, MediaState, Notice, NoticeState, NotPossible, Router
from handlers.notices.numbers import numbered, refuse
from handlers.notices.preview import ONCE_MORE, confirm_draft, plan_draft, show
from handlers.phrases import notice_pictures as pictures
from handlers.phrases import notice_steps as steps
from handlers.phrases import notices as say

router = Router("notices.reopening", refusal=refuse)


@router.command("预览通知", form=Form.NUMBER)
def preview(ctx: Context) -> None:
    """预览通知 5: one's own draft once more, as each target will see it."""
    notice, _ = numbered(ctx)
    if _is_own_draft(ctx, notice):
        show(ctx, notice, ctx.notices.is_immediate(notice))


@router.command("确认通知", form=Form.NUMBER)
def confirm(ctx: Context) -> None:
    """确认通知 5: one's own draft is planned; 确认通知 5 再发一遍 though the same was just said."""
    notice, rest = numbered(ctx)
    if not _is_own_draft(ctx, notice):
        return
    immediate = ctx.notices.is_immediate(notice)
    if any(media.state is MediaState.WANTED for media in ctx.notices.along(notice)):
        ctx.explain("图片还没收好，先不排")
        ctx.reply(pictures.NOT_YET)
    elif rest in ONCE_MORE:
        plan_draft(ctx, notice, immediate, twice=True)
    else:
        confirm_draft(ctx, notice, immediate)


def _is_own_draft(ctx: Context, notice: Notice) -> bool:
    if notice.author != ctx.person.id:
        ctx.reply(steps.not_author(say.number(notice)))
        return False
    if notice.state is not NoticeState.DRAFT:
        raise NotPossible(notice.state)
    return True
