"""学习：没答上的记成清单；管家答了，一个「学习」收下；有人收录才会说。"""

from __future__ import annotations

import re

from bot import (
    STAFF,
    Context,
    DomainError,
    Doubt,
    FaqEntry,
    Filter,
    Form,
    GivenAnswer,
    NotAllowed,
    NotFound,
    NotPossible,
    Router,
    SkipHandler,
    presentable,
    split_number,
)
from handlers.phrases import learning as say
from handlers.recording import duty

MARKS = {"有用": True, "很有用": True, "没用": False, "没有用": False, "答非所问": False}
MENTIONS = re.compile(r"^(?:@\S+\s+)+")
LONGEST = 500


def refuse(ctx: Context, error: DomainError) -> None:
    """One sentence that says what can be done; silence where it was ordinary talk."""
    command = ctx.command
    if command is None or (not command.marked and ctx.person.role not in STAFF):
        raise SkipHandler
    number = split_number(command.rest)[0]
    match error:
        case NotAllowed():
            ctx.reply(say.NOT_APPROVER if ctx.person.role in STAFF else say.NOT_RESIDENTS)
        case NotFound():
            ctx.reply(say.not_found(number) if number else say.NO_NUMBER)
        case NotPossible():
            ctx.reply(say.not_possible(number, str(error)))
        case _:
            raise error
    ctx.explain(f"「{command.name}」做不了：{type(error).__name__}")


router = Router("learning", refusal=refuse)


@router.command("学习", "学一下", form=Form.ALONE)
def learn(ctx: Context) -> None:
    """Keep the speaker's answer, just given or quoted, as a draft."""
    if ctx.person.role not in STAFF:
        raise NotAllowed("学习")
    if ctx.group is None:
        ctx.reply(say.NO_ANSWER)
        return
    found = ctx.learning.exchange(ctx.incoming)
    if found is None:
        ctx.explain("没找到刚才的答复或它答的问题")
        ctx.reply(say.NO_ANSWER if not ctx.incoming.quote else say.NO_QUESTION)
        return
    answer = MENTIONS.sub("", found.answer).strip()[:LONGEST]
    area, group = ctx.group.area, ctx.group.id
    draft = ctx.learning.learn(found.saying(answer), ctx.person, area, group, ctx.cause)
    others = [one for one in ctx.learning.approvers(area) if one.id != ctx.person.id]
    ctx.explain(f"收下 {draft.number} 号草稿，等人收录")
    ctx.reply(say.learned(draft, len(others)))
    for person in others:
        ctx.tell(person, say.to_approver(draft, ctx.person.name))


@router.command("没答上的", "未答清单", form=Form.ALONE)
def waiting(ctx: Context) -> None:
    """What the bank could not answer, for staff in private."""
    if ctx.person.role not in STAFF:
        raise NotAllowed("没答上的")
    if not ctx.private:
        ctx.reply(say.IN_PRIVATE)
        return
    bundles, drafts = ctx.learning.waiting(ctx.person), ctx.learning.drafts(ctx.person)
    ctx.explain(f"没答上的 {len(bundles)} 组，待收录 {len(drafts)} 条")
    ctx.reply(say.waiting(bundles, drafts) if bundles or drafts else say.NOTHING_WAITS)


@router.command("收录", form=Form.NUMBER)
def adopt(ctx: Context) -> None:
    """A draft answers from now on."""
    question = ctx.learning.adopt(_number(ctx), ctx.person, ctx.cause)
    entry = ctx.faq.entry(question.entry)
    ctx.explain(f"{question.number} 号收录为问答 {question.entry}")
    ctx.reply(say.adopted(question, len(entry.phrasings) if entry is not None else 0))


@router.command("不收录", form=Form.NUMBER)
def decline(ctx: Context) -> None:
    """A draft is thrown away."""
    question = ctx.learning.decline(_number(ctx), ctx.person, ctx.cause)
    ctx.explain(f"{question.number} 号不收录")
    ctx.reply(say.declined(question))


@router.command("不用答", form=Form.NUMBER)
def dismiss(ctx: Context) -> None:
    """A question is taken off the list."""
    question = ctx.learning.dismiss(_number(ctx), ctx.person, ctx.cause)
    ctx.explain(f"{question.number} 号从清单拿掉")
    ctx.reply(say.dismissed(question))


@router.command("试问", form=Form.TEXT)
def try_out(ctx: Context) -> None:
    """The test box: candidates with their certainty, and what the bot would do."""
    if ctx.person.role not in STAFF:
        raise NotAllowed("试问")
    if not ctx.private:
        ctx.reply(say.TEST_IN_PRIVATE)
        return
    words = ctx.command.rest if ctx.command is not None else ""
    if not words:
        ctx.reply(say.TEST_WHAT)
        return
    look, cuts = ctx.faq.look(words, ctx.area), ctx.faq.cuts(ctx.area)
    found = [(match, ctx.faq.entry(match.entry)) for match in look.matches]
    marks = ctx.faq.marks(ctx.area)
    choices = [_title(ctx.faq.entry(choice.entry)) for choice in look.verdict.choices]
    group, direct = look.verdict.answer, look.verdict.direct
    ctx.explain("试问：只看会怎么答，不答")
    ctx.reply(
        say.tried(
            [(match.certainty, entry, match.question) for match, entry in found if entry],
            [
                say.in_group(_title(ctx.faq.entry(group.entry if group else "")), cuts.group),
                say.addressed(
                    _title(ctx.faq.entry(direct.entry if direct else "")), choices, cuts.direct
                ),
                say.marks(marks.useful, marks.useless),
            ],
        )
    )


@router.on(Filter(lambda ctx: ctx.text.rstrip(" 。!！.~") in MARKS, "有用或没用"))
def mark(ctx: Context) -> None:
    """What somebody thinks of the answer they got just now."""
    useful = MARKS[ctx.text.rstrip(" 。!！.~")]
    answer = ctx.learning.mark(ctx.incoming, ctx.person, useful)
    if answer is None:
        raise SkipHandler
    entry = ctx.faq.entry(answer.entry)
    ctx.explain(f"对问答「{_title(entry)}」说{'有用' if useful else '没用'}，门槛随之挪一点")
    if useful:
        ctx.reply(say.USEFUL)
        return
    note(ctx, answer.asked, Doubt.USELESS)
    others = duty(ctx, ctx.area)
    ctx.reply(say.USELESS if others else say.USELESS_ALONE)
    for person in others:
        ctx.tell(person, say.to_steward(ctx.person.name, answer.asked, _title(entry)))


def note(ctx: Context, words: str, doubt: Doubt) -> int:
    """Put what was asked on the list, masked; its number."""
    group = ctx.group.id if ctx.group is not None else ""
    text = presentable(words, 200)
    return ctx.learning.note(text, doubt, ctx.person, ctx.area, group, ctx.cause).number


def remember(ctx: Context, entry: FaqEntry, words: str) -> None:
    """So that this answer can be marked."""
    incoming = ctx.incoming
    ctx.learning.answered(
        GivenAnswer(
            message=ctx.cause,
            channel=incoming.channel,
            chat=incoming.chat,
            user=incoming.sender,
            area=ctx.area,
            entry=entry.id,
            asked=presentable(words, 200),
            at=ctx.now,
        )
    )


def _number(ctx: Context) -> int:
    number = split_number(ctx.command.rest)[0] if ctx.command is not None else ""
    if not number.isdigit():
        raise NotFound(number)
    return int(number)


def _title(entry: FaqEntry | None) -> str:
    return entry.question.rstrip("?？") if entry is not None else ""
