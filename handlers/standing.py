"""简报：早报、日报、周报、没答上的问题，到点私下说一次；几点说、说不说，各人自己定。"""

from __future__ import annotations

from bot import (
    STAFF,
    TIMED,
    Context,
    Form,
    Router,
    SkipHandler,
    Standing,
    StandingWish,
)
from handlers.phrases import standing as say
from handlers.refusals import refuse

router = Router("standing", refusal=refuse)

OFF = ("关掉", "关闭", "关", "不要", "停掉", "停")
ON = ("打开", "开启", "开", "恢复", "要")
LOOK = ("看看", "看一下", "看")
ALL = frozenset({"全部", "所有", "都", "全"})
NAMES = {
    "晨报": Standing.MORNING,
    "早间简报": Standing.MORNING,
    "每日小结": Standing.DAILY,
    "日小结": Standing.DAILY,
    "晚报": Standing.DAILY,
    "周小结": Standing.WEEKLY,
    "每周小结": Standing.WEEKLY,
    "没答上的": Standing.QUESTIONS,
    "未答": Standing.QUESTIONS,
    "问题": Standing.QUESTIONS,
    "提醒": Standing.DEADLINES,
    "期限提醒": Standing.DEADLINES,
    "放假": Standing.HOLIDAYS,
    "放假安排": Standing.HOLIDAYS,
} | {each.value: each for each in Standing}


@router.command("简报", "定时消息", "我的简报", form=Form.LISTED)
def settings(ctx: Context) -> None:
    """简报; 简报 关 早报; 简报 早报 9:00; 简报 看 早报."""
    if ctx.person.role not in STAFF:
        if ctx.command is None or not ctx.command.marked:
            raise SkipHandler
        ctx.reply(say.NOT_RESIDENTS)
        return
    if not ctx.private:
        ctx.reply(say.IN_PRIVATE)
        return
    ctx.explain("看或改自己的定时消息")
    verb, name, rest = _read(ctx.command.rest if ctx.command is not None else "")
    if not verb and not name and not rest:
        ctx.reply(say.listing(ctx.standing.of(ctx.person)))
    elif name in ALL and verb in {OFF, ON}:
        _switch_all(ctx, on=verb is ON)
    elif name not in NAMES:
        ctx.reply(say.unknown(name or rest))
    else:
        _one(ctx, NAMES[name], verb, rest)


def _one(ctx: Context, standing: Standing, verb: tuple[str, ...], words: str) -> None:
    if verb is LOOK:
        _look(ctx, standing)
    elif verb is OFF:
        wish = ctx.standing.switch(ctx.person, standing, on=False, cause=ctx.cause)
        ctx.reply(say.switched_off(wish))
    elif words:
        _move(ctx, standing, words)
    elif verb is ON:
        wish = ctx.standing.switch(ctx.person, standing, on=True, cause=ctx.cause)
        _confirm(ctx, wish)
    else:
        ctx.reply(say.one(_wish(ctx, standing)))


def _move(ctx: Context, standing: Standing, words: str) -> None:
    if standing not in TIMED:
        ctx.reply(say.has_no_time(standing))
        return
    try:
        wish = ctx.standing.move(ctx.person, standing, words, ctx.cause)
    except ValueError:
        ctx.reply(say.no_time(standing, words))
        return
    _confirm(ctx, wish)


def _confirm(ctx: Context, wish: StandingWish) -> None:
    ctx.reply(say.set_to(wish, ctx.standing.next_of(ctx.person, wish.standing)))


def _look(ctx: Context, standing: Standing) -> None:
    if standing not in TIMED:
        ctx.reply(say.has_no_time(standing))
        return
    found = ctx.briefs.brief(ctx.standing.turn_now(ctx.person, standing))
    ctx.reply(say.brief(found) if found.fresh else say.NOTHING)


def _switch_all(ctx: Context, *, on: bool) -> None:
    for standing in TIMED:
        ctx.standing.switch(ctx.person, standing, on=on, cause=ctx.cause)
    ctx.reply(say.all_on(TIMED) if on else say.all_off(TIMED))


def _wish(ctx: Context, standing: Standing) -> StandingWish:
    return next(one for one in ctx.standing.of(ctx.person) if one.standing is standing)


def _read(words: str) -> tuple[tuple[str, ...], str, str]:
    """The verb before or behind the name, the name, and the rest: 早报 关, 关早报, 早报 9点."""
    words = words.strip(" 。.")
    verb: tuple[str, ...] = ()
    for kind in (OFF, ON, LOOK):
        first = next((each for each in kind if words.startswith(each)), None)
        if first is not None:
            verb, words = kind, words.removeprefix(first).strip()
            break
    known = sorted([*NAMES, *ALL], key=len, reverse=True)
    name = next((each for each in known if words.startswith(each)), "")
    rest = words.removeprefix(name).strip()
    if not verb:
        verb = next((kind for kind in (OFF, ON, LOOK) if rest in kind), ())
        rest = "" if verb else rest
    return verb, name, rest
