"""意见建议有自己的结果：采纳、列入议事、不采纳；表扬记下来，转告被表扬的人。都和诉求分开算。"""

from __future__ import annotations

from bot import (
    STAFF,
    Appeal,
    Category,
    Context,
    Filter,
    Form,
    Kind,
    Report,
    Router,
    SkipHandler,
    Urgency,
    Verdict,
    is_praise,
    original_tail,
    presentable,
    summarise,
)
from handlers.phrases import ideas as say
from handlers.picking import chosen, numbered
from handlers.recording import OTHER, acknowledge, duty, guess
from handlers.refusals import refuse
from handlers.telling import spread
from handlers.terms import original

router = Router("ideas", refusal=refuse)


@numbered(router, "采纳", "采纳建议")
def adopt(ctx: Context) -> None:
    """采纳 12 下月试行."""
    _decide(ctx, Verdict.ADOPTED)


@numbered(router, "列入议事", "上议事会", "列入议题")
def table(ctx: Context) -> None:
    """列入议事 12 12月议事会."""
    _decide(ctx, Verdict.AGENDA)


@numbered(router, "不采纳", "不予采纳")
def turn_down(ctx: Context) -> None:
    """不采纳 12 原因."""
    _decide(ctx, Verdict.REJECTED)


@router.command("登记建议", "提建议", "提个建议", form=Form.TEXT)
def suggest(ctx: Context) -> None:
    """登记建议 长廊加两张椅子."""
    if ctx.command is None or not ctx.command.rest:
        raise SkipHandler
    ctx.explain("指令「登记建议」")
    words = original_tail(ctx.incoming.text, ctx.command.rest, ctx.names)
    acknowledge(ctx, _record(ctx, words, Kind.SUGGESTION, guess(ctx)))


@router.command("表扬", "点赞表扬", "送锦旗", form=Form.TEXT)
def praise(ctx: Context) -> None:
    """表扬 保洁张阿姨 雪天一早就扫路."""
    if ctx.command is None or not ctx.command.rest:
        raise SkipHandler
    ctx.explain("指令「表扬」")
    _praise(ctx, original_tail(ctx.incoming.text, ctx.command.rest, ctx.names))
    ctx.reply(say.PASSED_ON)


@router.on(Filter(lambda ctx: is_praise(ctx.text), "表扬"))
def overheard_praise(ctx: Context) -> None:
    """Written down and passed on; the group needs no answer to it."""
    if ctx.person.role in STAFF or ctx.meaning.danger is not None:
        raise SkipHandler
    ctx.explain("听出表扬，记下并转告，群里不打扰")
    _praise(ctx, ctx.incoming.text)
    if ctx.addressed:
        ctx.reply(say.PASSED_ON)


def _decide(ctx: Context, verdict: Verdict) -> None:
    appeal, rest = chosen(ctx)
    judged = ctx.desk.judge(appeal, verdict, ctx.person, ctx.cause, original(ctx, rest))
    ctx.explain(f"建议{judged.short}号：{verdict}")
    public, private = say.judged(judged, verdict)
    spread(
        ctx, judged, public, private, f"已{verdict}" if verdict != Verdict.REJECTED else "不采纳"
    )


def _praise(ctx: Context, words: str) -> None:
    """On the books as done: nothing is owed but to pass it on."""
    made = _record(ctx, words, Kind.PRAISE, ctx.knowledge.taxonomy.get(OTHER))
    where = ctx.group.name if ctx.group is not None else "私聊"
    for person in duty(ctx, made.area):
        ctx.tell(person, say.told(where, presentable(ctx.person.name), words))


def _record(ctx: Context, words: str, kind: Kind, category: Category) -> Appeal:
    return ctx.appeals.record(
        Report(
            text=words,
            summary=summarise(words),
            category=category,
            place=ctx.meaning.place,
            reporter=ctx.person,
            group=ctx.group or ctx.people.home_group(ctx.person),
            source="群" if ctx.group is not None else "私聊",
            urgency=Urgency.P3,
            kind=kind,
            cause=ctx.cause,
        )
    )
