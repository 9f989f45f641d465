"""缺了地点只问一次：同一个人接下来的话，听得出是地点才算回答。"""

from __future__ import annotations

import re

from bot import (
    Appeal,
    Context,
    Intent,
    Place,
    Router,
    SkipHandler,
    State,
    find_place,
    is_landmark,
    presentable,
)
from handlers.phrases import appeals as say
from handlers.recording import TOPIC, acknowledge, named
from handlers.refusals import refuse

router = Router("place", refusal=refuse)

NEVER_MIND = frozenset(
    {"算了", "取消", "不用了", "没事了", "不登记", "不用登记", "不登记了", "撤销", "撤回", "算了吧"}
)
NO_PLACE = re.compile(
    r"^(?:我也?)?(?:不知道|不清楚|不晓得|说不清|说不上来|没注意|忘了|随便|都有|到处都是|好几处"
    r"|整个小区|全小区|小区里?都是){1,2}(?:啊|呀|了|哦|呢|几幢|哪幢|是几幢|是哪幢|哪里)*$"
)
NUMERAL = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
BARE = re.compile(
    rf"^(?:就?在|就?是|应该是|好像是?|大概|大约|靠近)?第?({NUMERAL}(?:[-~到至、和]{NUMERAL})?)号?"
    r"((?:附近|旁边|边上|门口|楼下|前面|后面|对面|那边|这边|那里|这里|[东西南北]边|[东西南北]面|那块)?)"
    r"[吧呀啊哦呢的]?$"
)
# 上 and 下 alone also stand in 早上好 and 下班.
PLACE_WORD = re.compile(
    r"[边旁口侧角排]|附近|[里外前后对上下]面|[楼路桥顶][上下]|底下|脚下|中间|当中|靠近|隔壁|尽头|拐弯|里$|这块|那块|那头"
)
# Things that every building has say nothing about whether it is the same matter.
EVERYWHERE = frozenset(
    [
        "门口",
        "楼道",
        "单元",
        "走廊",
        "过道",
        "楼栋",
        "通道",
        "楼上",
        "楼下",
        "隔壁",
        "出口",
        "入口",
        "楼梯",
    ]
)
LONGEST_SPOT = 12
LONGEST_ANSWER = 30
ANSWERING = frozenset({Intent.CHATTER, Intent.FOLLOW_UP, Intent.COMMAND})
"""What an answer of few words (十六幢吧) may be taken for; orders were looked at before."""


@router.answer(TOPIC)
def told(ctx: Context) -> None:
    """The next words of the one who was asked: a place, a never-mind, or something else."""
    appeal = ctx.appeals.get(ctx.dialog.payload["appeal"]) if ctx.dialog is not None else None
    if appeal is None or appeal.state is not State.NEEDS_INFO:
        raise SkipHandler
    words = ctx.text.rstrip(" 。.!！~…")
    if words in NEVER_MIND:
        ctx.desk.withdraw(appeal, ctx.person, ctx.cause)
        ctx.settle_question()
        ctx.explain("反映人说不登记了")
        ctx.reply(say.DROPPED)
        return
    place = None if ctx.command is not None else _place(ctx, appeal, words)
    if place is None:
        _ask_again(ctx, appeal)
        return
    ctx.explain(f"这是对「是几幢附近」的回答：{place.public or '说不清地点'}")
    place = _completed(place, appeal.place)
    supplied = ctx.desk.supply_place(
        appeal, place, _with_place(appeal.summary, place), ctx.person, ctx.cause
    )
    ctx.settle_question()
    acknowledge(ctx, supplied)


def _ask_again(ctx: Context, appeal: Appeal) -> None:
    """The same complaint again without a place: ask again, and do not record it twice."""
    about = ctx.dialog.payload["about"] if ctx.dialog is not None else ""
    complains = ctx.meaning.judgement.intent is Intent.APPEAL
    known = ctx.command is None and complains and about and about in ctx.text
    if not known or ctx.meaning.place.public:
        raise SkipHandler
    ctx.explain("同一件事又说了一遍，还缺地点")
    ctx.reply(say.which_building(appeal.summary))


def _place(ctx: Context, appeal: Appeal, words: str) -> Place | None:
    """What place the words tell; an empty one when the writer cannot say, None: no answer."""
    bare = BARE.match(words)
    if bare is not None:
        return find_place(f"{bare.group(1)}幢{bare.group(2)}")
    if NO_PLACE.match(words):
        return Place()
    place = ctx.meaning.place
    if place.building:
        return None if _another_matter(ctx, appeal) else place
    quiet = ctx.meaning.judgement.intent in ANSWERING
    if not quiet or len(words) > LONGEST_SPOT:
        return None
    if is_landmark(place.spot) or place.spot:
        return place
    return Place(spot=presentable(words, LONGEST_SPOT)) if PLACE_WORD.search(words) else None


def _another_matter(ctx: Context, appeal: Appeal) -> bool:
    """Whether words with a building in them speak of something else than what was asked about."""
    about = ctx.dialog.payload["about"] if ctx.dialog is not None else ""
    if about and about in ctx.text:
        return False
    if len(ctx.text) > LONGEST_ANSWER:
        return True
    judgement = ctx.meaning.judgement
    things = {clue[3:-1] for clue in judgement.evidence if clue.startswith("事物「")} - EVERYWHERE
    if judgement.intent is Intent.APPEAL:
        found = {match.code for match in named(ctx)}
        return (about != "" and bool(things)) or (bool(found) and appeal.category not in found)
    short = len(ctx.text) <= LONGEST_SPOT or PLACE_WORD.search(ctx.text) is not None
    return judgement.intent not in ANSWERING or not short


def _completed(place: Place, known: Place) -> Place:
    """What was told now, and what was known before."""
    return Place(
        building=place.building or known.building,
        unit=place.unit or known.unit,
        room=place.room or known.room,
        spot=place.spot or known.spot,
    )


def _with_place(summary: str, place: Place) -> str:
    """`路灯不亮` told to be at 16幢门口 → `16幢门口路灯不亮`."""
    spot = "" if place.spot in summary else place.spot
    building = "" if place.building in summary else place.building
    return building + spot + summary
