"""问答：只说审核过的答案，带来源和日期；拿不准就不说。"""

from __future__ import annotations

import re

from bot import (
    EXACT,
    LONGEST_GLANCE,
    STAFF,
    Context,
    Doubt,
    FaqEntry,
    Intent,
    Job,
    Router,
    Scene,
    SkipHandler,
    Suggestion,
    always,
    is_personal,
    original_tail,
)
from handlers.learning import note, remember
from handlers.phrases import faq as say
from handlers.recording import duty

router = Router("faq")

TOPIC = "faq.choice"
QUESTION = re.compile(
    r"[?？]|[吗呢么]$|什么|怎么|哪|谁|几|多少|多久|能不能|可不可以|要不要|是不是|有没有|为啥"
)
GREETING = re.compile(
    r"^(?:管家)?(?:我?想?[问请咨询]{1,2}(?:一下|个问题|个事|件事)|你好|您好|哈喽|hi|hello|在吗|在么|在不在|有人吗|有人在吗|你是谁|早上好|晚上好)"
    r"[啊呀]?[?!。,~ ]*$",
    re.IGNORECASE,
)
DIGIT = re.compile(r"^(?:选|第|我选|我要)?([1-3一二三])(?:个|号|条|吧)?$")
DIGITS = {"一": "1", "二": "2", "三": "3"}
NONE = frozenset({"都不是", "不是", "没有", "都没有", "0", "都不对", "不对", "以上都不是"})
THAT_ONE = frozenset({"是", "是的", "对", "对的", "嗯"})
IDLE = {
    Intent.THANKS: "是道谢，不打扰",
    Intent.FOLLOW_UP: "在追问旧事，没有叫我，不打扰",
    Intent.QUESTION: "问答里没有十拿九稳的答案，群里不乱答",
}


@router.answer(TOPIC)
def chosen(ctx: Context) -> None:
    """A digit behind up to three questions, or none of them."""
    if ctx.dialog is None:
        raise SkipHandler
    word = ctx.text.strip(" .。、!！")
    if word in NONE:
        ctx.settle_question()
        ctx.explain("都不是，转给管家")
        hand_over(ctx, ctx.dialog.payload["asked"], say.NONE_OF_THESE)
        return
    digit = _digit(word, alone="2" not in ctx.dialog.payload)
    entry = ctx.faq.entry(ctx.dialog.payload.get(digit, ""))
    if entry is None:
        raise SkipHandler
    ctx.settle_question()
    ctx.learning.settle(int(ctx.dialog.payload.get("noted", "0")))
    ctx.explain(f"选了第{digit}个：{entry.question}")
    remember(ctx, entry, ctx.dialog.payload["asked"])
    ctx.reply(say.answer(entry, ctx.now))


@router.on(always())
def answer(ctx: Context) -> None:
    """From the bank when it is sure; choices or a steward when the bot was asked; else silence."""
    intent = ctx.meaning.judgement.intent
    asked = intent is Intent.QUESTION
    if not ctx.text or (not asked and not ctx.addressed and len(ctx.text) > LONGEST_GLANCE):
        raise SkipHandler
    verdict = ctx.faq.ask(
        ctx.text,
        ctx.area,
        thorough=ctx.addressed,
        private=ctx.private,
        staff=ctx.person.role in STAFF,
    )
    if verdict.entry is not None and (asked or ctx.addressed or verdict.score >= EXACT):
        sure = f"{verdict.score:.2f}，把握 {verdict.certainty:.3f}"
        ctx.explain(f"和问答「{verdict.question}」对上了（{sure}）")
        remember(ctx, verdict.entry, ctx.text)
        ctx.reply(say.answer(verdict.entry, ctx.now))
        return
    if not ctx.addressed:
        ctx.explain(IDLE.get(intent, "是闲谈，不打扰"))
        if asked and verdict.choices and not is_personal(ctx.text):
            note(ctx, ctx.text, Doubt.UNSURE)
            return
        raise SkipHandler
    if GREETING.match(ctx.text) or (is_personal(ctx.text) and ctx.person.role not in STAFF):
        raise SkipHandler
    if verdict.choices:
        _offer(ctx, verdict.choices)
    elif asked or QUESTION.search(ctx.text):
        ctx.explain("问答里没有，转给管家")
        note(ctx, _words(ctx), Doubt.UNANSWERED)
        hand_over(ctx, _words(ctx), say.NOT_FOUND)
    else:
        raise SkipHandler


def hand_over(ctx: Context, words: str, promise: str) -> None:
    """Tell those on duty; promise nothing when nobody is."""
    if ctx.person.role in STAFF:
        ctx.reply(say.NOT_IN_BANK)
        return
    others = duty(ctx, ctx.area)
    ctx.reply(promise if others else say.NOT_FOUND_ALONE)
    where = ctx.group.name if ctx.group is not None else "私聊"
    for person in others:
        ctx.tell(person, say.to_steward(where, ctx.person.name, words))


def _offer(ctx: Context, entries: tuple[FaqEntry, ...]) -> None:
    ctx.explain("不够确定，请对方选一个")
    payload = {str(index): entry.id for index, entry in enumerate(entries, 1)}
    payload["asked"] = _words(ctx)
    payload["noted"] = str(note(ctx, payload["asked"], Doubt.UNSURE))
    ctx.ask(say.choices(entries), TOPIC, payload)
    if ctx.knowledge.rephrases and not is_personal(ctx.text):
        ctx.explain("同时请语言模型看看是不是其中一条")
        ctx.jobs.add("llm.answer", _for_model(ctx, entries))


def _for_model(ctx: Context, entries: tuple[FaqEntry, ...]) -> dict[str, str]:
    """The question and the approved answers; who is answered, and where."""
    payload = {"question": ctx.text, "person": ctx.person.id}
    if ctx.group is not None:
        payload["group"] = ctx.group.id
    for number, entry in enumerate(entries, 1):
        payload |= {f"passage{number}": entry.answer, f"entry{number}": entry.id}
    return payload


def suggested(scene: Scene, job: Job, suggestion: Suggestion) -> None:
    """What a language model chose, if the answer still stands word for word."""
    number = suggestion.index + 1
    entry = scene.faq.entry(job.payload[f"entry{number}"])
    if entry is None or entry.answer != job.payload[f"passage{number}"]:
        return
    text = say.rephrased(entry, suggestion.words, scene.now)
    group = scene.people.group_by_id(job.payload.get("group", ""))
    person = scene.people.by_id(job.payload["person"])
    if group is not None:
        scene.announce(group, text)
    elif person is not None and "group" not in job.payload:
        scene.tell(person, text)


def _words(ctx: Context) -> str:
    """What was asked, without the bot's name."""
    return original_tail(ctx.incoming.text, ctx.text, ctx.names)[:200]


def _digit(word: str, alone: bool) -> str:
    """`1`, `第二个`, `选3`; with a single question `是` will do. Empty when it is no choice."""
    if alone and word in THAT_ONE:
        return "1"
    found = DIGIT.match(word)
    return DIGITS.get(found.group(1), found.group(1)) if found else ""
