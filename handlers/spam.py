"""广告和诈骗：骗人的提醒群里一次，悄悄告诉管家；普通广告只告诉管家。别的都不回。"""

from __future__ import annotations

from bot import (
    SHANGHAI,
    STAFF,
    Context,
    Filter,
    Intent,
    Person,
    Router,
    SkipHandler,
    SpamKind,
    spam_kind,
)
from handlers.phrases import spam as say
from handlers.recording import duty

router = Router("spam")

ADVERT = "advert"


def _suspicious(ctx: Context) -> bool:
    """Staff may post notices and warnings as they like."""
    if ctx.person.role in STAFF:
        return False
    return spam_kind(ctx.text) is not None or ctx.meaning.judgement.intent is Intent.ADVERT


@router.on(Filter(_suspicious, "像广告或诈骗"))
def unwanted(ctx: Context) -> None:
    """One warning a day, group and kind; those on duty hear of each sender once a day."""
    kind = spam_kind(ctx.text)
    if kind is None and ctx.addressed:
        # Said to the bot itself, it is a question or a plea in odd words rather than an advert.
        raise SkipHandler
    if kind is not None:
        ctx.explain(f"像诈骗（{say.NAMES[kind]}），提醒一次，告诉值守人员")
        if not ctx.reply(say.WARNINGS[kind], once=_key(ctx, kind)):
            ctx.explain("这个群今天已经提醒过，不再重复")
    else:
        ctx.explain("像广告，不理会，每人每天最多告诉管家一次")
    where = ctx.group.name if ctx.group is not None else "私聊"
    for person in duty(ctx, ctx.area):
        _tell(ctx, person, say.told(where, ctx.person.name, ctx.incoming.text, kind), kind)


def _tell(ctx: Context, person: Person, text: str, kind: SpamKind | None) -> None:
    key = f"{_key(ctx, kind or ADVERT)}/{ctx.incoming.sender}/{person.id}"
    ctx.tell(person, text, once=key)


def _key(ctx: Context, kind: str) -> str:
    """The chat, the kind and the day."""
    chat = ctx.incoming.chat or f"@{ctx.incoming.sender}"
    day = ctx.now.astimezone(SHANGHAI).date()
    return f"spam/{ctx.incoming.channel}/{chat}/{kind}/{day}"
