"""第二个人看过才发：待审通知、通过、退回。谁能审，作者当场知道。"""

from __future__ import annotations

from bot import Context, Form, Image, MediaKind, Notice, Person, Router
from handlers.notices.numbers import for_authors, numbered, refuse
from handlers.notices.showing import moments, where
from handlers.phrases import notice_approval as say
from handlers.phrases import notice_pictures as pictures
from handlers.phrases import notice_preview as look

router = Router("notices.approval", refusal=refuse)


def ask_second(ctx: Context, notice: Notice) -> str:
    """Everyone who may approve is asked in private; what the author is told."""
    approvers = ctx.notices.approvers(notice)
    to, at = where(ctx, notice), moments(ctx, notice, immediate=False)
    views = ctx.notices.views(notice)
    shown = "\n".join([look.shown(notice, views), *look.enclosed(views)])
    for person in approvers:
        ctx.tell(person, say.request(notice, shown, ctx.person.name, to, at))
        _show_pictures(ctx, notice, person)
    ctx.explain(f"要第二个人看过才发，能审的有{len(approvers)}人")
    return say.waiting(notice, approvers)


def _show_pictures(ctx: Context, notice: Notice, person: Person) -> None:
    """What goes along is looked at too, where the channel of the one who approves shows it."""
    for media in ctx.notices.along(notice):
        shows = media.kind is MediaKind.IMAGE and ctx.notices.can_carry(person, media)
        if shows and media.sha256:
            ctx.tell(person, pictures.PICTURE, rich=Image(ref=media.sha256))


@router.command("待审通知", "待审核", form=Form.ALONE)
def awaiting(ctx: Context) -> None:
    """What this person could approve."""
    for_authors(ctx)
    found = ctx.notices.awaiting(ctx.person)
    able = [n for n in found if any(p.id == ctx.person.id for p in ctx.notices.approvers(n))]
    rows = [(n, ctx.people.by_id(n.author)) for n in able]
    ctx.reply(say.listed([(n, author.name if author else "") for n, author in rows]))


@router.command("通过", "审核通过", form=Form.NUMBER)
def approve(ctx: Context) -> None:
    """通过 n3: a second person lets it go; its author is told."""
    notice, _ = numbered(ctx)
    approved = ctx.notices.approve(notice.id, ctx.person, ctx.cause)
    to, at = where(ctx, approved), moments(ctx, approved, immediate=approved.planned_at <= ctx.now)
    ctx.explain("第二个人看过，排上了")
    ctx.reply(say.approved(approved, to, at))
    author = ctx.people.by_id(approved.author)
    if author is not None:
        ctx.tell(author, say.told_approved(approved, ctx.person.name, at))


@router.command("退回", "审核退回", form=Form.NUMBER)
def reject(ctx: Context) -> None:
    """退回 n3 原因: back to its author, who is told why."""
    notice, reason = numbered(ctx)
    if not reason:
        ctx.reply(say.why(notice))
        return
    rejected = ctx.notices.reject(notice.id, ctx.person, reason, ctx.cause)
    ctx.explain("第二个人退回给作者")
    ctx.reply(say.rejected(rejected))
    author = ctx.people.by_id(rejected.author)
    if author is not None:
        ctx.tell(author, say.told_rejected(rejected, ctx.person.name, reason))
