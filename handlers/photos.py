"""照片：报修时的和办好后的，跟着那件事走，只给工作人员看，随时可以删。"""

from __future__ import annotations

from datetime import timedelta

from bot import (
    IMAGE_BYTES,
    OPEN,
    STAFF,
    Appeal,
    Context,
    Filter,
    Form,
    Image,
    Media,
    MediaKind,
    MediaRole,
    NotAllowed,
    Router,
    Scene,
    SkipHandler,
    Wanted,
    split_number,
)
from handlers.phrases import photos as say
from handlers.refusals import refuse

router = Router("photos", follows=True, refusal=refuse)

BELONGS = timedelta(minutes=10)
SHOWN = 9
AFTER = ("办好后", "处理后", "办后")
BEFORE = ("办理前", "处理前", "办前")
DEEDS = {"登记": MediaRole.BEFORE, "补充": MediaRole.BEFORE, "办结": MediaRole.AFTER}


@router.on(Filter(lambda ctx: ctx.incoming.wordless, "只发了照片"))
def pictures(ctx: Context) -> None:
    """A picture without a word belongs to what its sender did here last, or was just asked."""
    found = _concerned(ctx)
    if found is None:
        raise SkipHandler
    appeal, role = found
    wanted = keep(ctx, appeal, role)
    if wanted.new:
        ctx.reply(say.got(appeal, role), once=f"photos/{appeal.id}/{role}")
    if wanted.over:
        most = ctx.knowledge.bounds.files
        ctx.reply(say.full(appeal, most), once=f"photos/{appeal.id}/full")


@router.command("照片", "看照片", "图片", form=Form.NUMBER)
def count(ctx: Context) -> None:
    """照片 12: how many, since when, and the pictures themselves; for staff, in private."""
    appeal = _chosen(ctx, say.WHICH)
    if appeal is None:
        return
    if ctx.person.role not in STAFF:
        raise NotAllowed("照片")
    if not ctx.private:
        ctx.reply(say.only_in_private(appeal))
        return
    found = ctx.media.of(_subject(appeal))
    ctx.explain(f"工作人员看{appeal.short}号的照片")
    ctx.reply(say.listed(appeal, found))
    kept = [media for media in found if media.kind is MediaKind.IMAGE and media.sha256]
    for number, media in enumerate(kept[-SHOWN:], 1):
        large = media.size > IMAGE_BYTES
        picture = Image(ref=f"{media.sha256}.small" if large else media.sha256)
        ctx.reply(say.not_shown(media.role, number), rich=picture)


@router.command("加照片", "传照片", "补照片", form=Form.NUMBER)
def add(ctx: Context) -> None:
    """加照片 12, 加照片 12 办好后: what came with it or a moment before."""
    appeal = _chosen(ctx, say.WHICH_TO_ADD)
    if appeal is None or ctx.command is None:
        return
    who = ctx.desk.standing(appeal, ctx.person)
    if not who.asker and not (who.inside and who.role in STAFF):
        raise NotAllowed("加照片")
    role = _role(appeal, split_number(ctx.command.rest)[1])
    wanted = keep(ctx, appeal, role)
    if wanted.over:
        ctx.reply(say.full(appeal, ctx.knowledge.bounds.files))
    else:
        ctx.reply(say.got(appeal, role) if wanted.new else say.nothing_came(appeal))


@router.command("删除照片", "删照片", form=Form.NUMBER)
def delete(ctx: Context) -> None:
    """删除照片 12: one's own; staff all of them."""
    appeal = _chosen(ctx, say.WHICH_TO_DELETE)
    if appeal is None:
        return
    everything = ctx.person.role in STAFF
    found = [
        media
        for media in ctx.media.of(_subject(appeal))
        if everything or media.sender == ctx.person.id
    ]
    for media in found:
        ctx.media.erase(media, ctx.person, ctx.cause)
    ctx.explain(f"删除 {appeal.number} 的{len(found)}张照片")
    ctx.reply(say.deleted(appeal, len(found)) if found else say.none_of_yours(appeal))


def keep(ctx: Context, appeal: Appeal, role: MediaRole) -> Wanted:
    """What came with this message belongs to an appeal, and what the same person sent a moment
    before without a word."""
    subject = _subject(appeal)
    came = [*ctx.media.before(ctx.incoming, ctx.cause, BELONGS), (ctx.cause, ctx.incoming)]
    wanted = [ctx.media.want(row, message, ctx.person, subject, role) for row, message in came]
    total = Wanted(sum(each.new for each in wanted), sum(each.over for each in wanted))
    if total.new:
        ctx.explain(f"{total.new}张照片归到 {appeal.number}，后台去取")
    if total.over:
        ctx.explain(f"照片太多，{total.over}张没有收")
    return total


def cannot_keep(scene: Scene, media: Media) -> None:
    """A picture could not be had: one sentence where it came from, once a message."""
    text = say.REFUSED.get(media.reason, say.LOST)
    once = f"photos/{media.message}/refused"
    group = scene.people.group(media.channel, media.chat) if media.chat else None
    sender = scene.people.by_id(media.sender)
    if group is not None:
        scene.announce(group, text, once=once)
    elif sender is not None:
        scene.tell(sender, text, once=once)


def _role(appeal: Appeal, words: str) -> MediaRole:
    """What pictures show: as somebody says, else by whether the matter is over."""
    if any(word in words for word in BEFORE):
        return MediaRole.BEFORE
    over = appeal.state not in OPEN or any(word in words for word in AFTER)
    return MediaRole.AFTER if over else MediaRole.BEFORE


def _concerned(ctx: Context) -> tuple[Appeal, MediaRole] | None:
    """The matter that a picture without words belongs to, and what it shows of it."""
    asked = "" if ctx.dialog is None else ctx.dialog.payload.get("appeal", "")
    if asked:
        appeal = ctx.appeals.get(asked)
        return None if appeal is None else (appeal, MediaRole.BEFORE)
    deed = ctx.deed_here(BELONGS)
    if deed is None or deed.action not in DEEDS:
        return None
    appeal = ctx.appeals.get(deed.subject.partition(":")[2])
    return None if appeal is None else (appeal, DEEDS[deed.action])


def _chosen(ctx: Context, which: str) -> Appeal | None:
    """The appeal that a command names; asks when it names none."""
    if ctx.command is None:
        raise SkipHandler
    reference, _ = split_number(ctx.command.rest)
    if not reference:
        ctx.reply(which)
        return None
    ctx.explain(f"指令「{ctx.command.name}」{reference}")
    return ctx.appeals.find(reference, ctx.person, ctx.group)


def _subject(appeal: Appeal) -> str:
    return f"appeal:{appeal.id}"
