"""隐私：记了什么、怎么改、怎么删，只在私聊里说。"""

from __future__ import annotations

import re

from bot import STAFF, Context, DomainError, Faulty, Filter, Form, NotAllowed, Router
from handlers.phrases import privacy as say
from handlers.recording import duty

TOPIC = "privacy.erase"
YES = "确认删除"
# 更正 3 is a notice's; these two words, or nothing at all from a resident, are one's own.
_CORRECTION = re.compile(
    r"^[#/]?\s*更正\s*(?:(称呼|名字|姓名|住处|住址|地址)\s*[::是为]?\s*(.*))?$"
)
_HOME = frozenset({"住处", "住址", "地址"})


def refuse(ctx: Context, error: DomainError) -> None:
    """What is wrong, with the same command rightly typed."""
    match error:
        case NotAllowed():
            ctx.reply(say.STAFF_STAYS)
        case Faulty(what="home"):
            ctx.reply(say.BAD_HOME)
        case Faulty():
            ctx.reply(say.BAD_NAME)
        case _:
            raise error


router = Router("privacy", refusal=refuse)


def _corrects(ctx: Context) -> bool:
    found = _CORRECTION.match(ctx.text)
    if found is None or ctx.incoming.is_event:
        return False
    spoken = ctx.addressed or ctx.text.startswith(("#", "/"))
    return spoken and (found[1] is not None or ctx.person.role not in STAFF)


@router.command("隐私", "隐私说明", "隐私政策", form=Form.MARKED)
def policy(ctx: Context) -> None:
    """Who keeps what, why, how long."""
    if _elsewhere(ctx):
        return
    community = ctx.person.area.split("/")[1:2]
    ctx.explain("问怎么用个人信息，照实说")
    ctx.reply(say.policy(community[0] if community else "社区", ctx.knowledge.keeping))


@router.command("我的信息", "我的资料", form=Form.MARKED)
def mine(ctx: Context) -> None:
    """What is kept of the one who asks."""
    if _elsewhere(ctx):
        return
    ctx.explain("问记了自己的什么")
    ctx.reply(say.mine(ctx.person.name, ctx.person.home, ctx.privacy.holdings(ctx.person)))


@router.answer_when(Filter(_corrects, "更正自己的称呼或住处"))
def correct(ctx: Context) -> None:
    """更正 称呼 王阿姨, 更正 住处 3幢2单元, 更正 住处 无."""
    if _elsewhere(ctx):
        return
    found = _CORRECTION.match(ctx.text)
    field, value = ("", "") if found is None else (found[1] or "", (found[2] or "").strip())
    ctx.explain(f"更正自己的{field or '信息'}")
    if not field:
        ctx.reply(say.HOW_TO_CORRECT)
    elif field not in _HOME:
        old = ctx.person.name
        ctx.reply(say.renamed(old, ctx.privacy.rename(ctx.person, value, ctx.cause).name))
    elif value in {"无", "没有", "不留"}:
        ctx.privacy.unhouse(ctx.person, ctx.cause)
        ctx.reply(say.HOMELESS)
    else:
        ctx.reply(say.rehoused(ctx.privacy.rehouse(ctx.person, value, ctx.cause).home))


@router.command("删除", "删除我的信息", "删除我的资料", form=Form.MARKED)
def ask(ctx: Context) -> None:
    """Before anything goes, what would go."""
    if _elsewhere(ctx):
        return
    if ctx.person.role in STAFF:
        ctx.explain("工作人员的身份由社区管理，不能这样删")
        ctx.reply(say.STAFF_STAYS)
        return
    ctx.explain("要删除个人信息，先问一次")
    ctx.ask(say.sure(ctx.privacy.holdings(ctx.person)), TOPIC, {})


@router.answer(TOPIC)
def erase(ctx: Context) -> None:
    """Only these very words erase; any others do not."""
    ctx.settle_question()
    if ctx.text.strip(" 。.!「」") != YES:
        ctx.explain("没有说确认删除，不删")
        ctx.reply(say.KEPT)
        return
    area = ctx.person.area
    erased = ctx.privacy.erase(ctx.person, ctx.cause)
    ctx.explain("按本人要求删除了个人信息")
    for appeal in erased.ended:
        for person in duty(ctx, appeal.area or area):
            ctx.tell(person, say.ended(appeal))
    ctx.reply(say.ERASED)


def _elsewhere(ctx: Context) -> bool:
    """In a group nobody else needs to hear: one sentence."""
    if ctx.private:
        return False
    ctx.explain("个人信息的事只在私聊里说")
    ctx.reply(say.ELSEWHERE)
    return True
