"""Words of standing messages: 早报, 日报, 周报, questions of the week, and how each is set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot import (
    EARLIEST,
    LATEST,
    TIMED,
    Appeal,
    Brief,
    Hour,
    Standing,
    StandingWish,
    presentable,
    say_when,
)

IN_PRIVATE = "简报在私聊里看和设，私聊我发「简报」。"
NOT_RESIDENTS = "简报是给工作人员的。想看自己的事，回复「进度」。"
HOW = "改时间「简报 早报 9:00」，不要「简报 关 早报」，先看看「简报 看 早报」。"
NOTHING = "现在没有要说的，到时候也不会发。"
NAMED = 5
NAMED_IN_FULL = 3
SHOWN = 24
QUESTIONS = 3
DAYS = "一二三四五六日"


def brief(found: Brief, more: bool = False) -> str:
    """The whole message; `more`: something else follows in it."""
    match found.standing:
        case Standing.MORNING:
            end = [] if more else ["看全部回复「清单」。"]
            return "\n".join(["早上好，今天要跟进的：", *_morning(found), *end])
        case Standing.DAILY:
            return "\n".join([f"日报，{since(found)}以来：", *_daily(found)])
        case Standing.WEEKLY:
            return "\n".join([f"周报，{since(found)}以来：", *_weekly(found)])
        case _:
            return "\n".join(
                [f"这周没答上的问题{_asked(found)}个：", *_questions(found), ANSWERING]
            )


ANSWERING = "在群里答过后回「学习」就能收下；看全部回「没答上的」。"


def since(found: Brief) -> str:
    """From when on things were counted."""
    return say_when(found.since)


def _morning(found: Brief) -> Iterator[str]:
    for words, appeals in (
        ("今天到期", found.today),
        ("超期", found.overdue),
        ("等人受理", found.untaken),
        ("挂账到今天", found.parked),
    ):
        if appeals:
            yield f"{words}{len(appeals)}件：{_numbers(appeals, found.several_groups)}"
    if found.questions:
        yield f"没答上的问题{_asked(found)}个，看回「没答上的」"


def _daily(found: Brief) -> Iterator[str]:
    yield _happened(found)
    for words, appeals in (
        ("待补充", found.incomplete),
        ("下一个工作日前到期", found.tomorrow),
        ("超期", found.overdue),
    ):
        if appeals:
            yield f"{words}{len(appeals)}件：{_numbers(appeals, found.several_groups)}"


def _weekly(found: Brief) -> Iterator[str]:
    yield _happened(found) + (f"，没办结的还有{found.open}件" if found.open else "")
    if found.overdue:
        numbers = _numbers(found.overdue, found.several_groups)
        yield f"超期{len(found.overdue)}件：{numbers}"
    if found.kinds:
        yield "来得多的：" + "、".join(f"{name}{count}件" for name, count in found.kinds)
    if found.repeats:
        told = (f"{building}{name}{count}件" for building, name, count in found.repeats)
        yield "同一处反复的：" + "、".join(told)
    if found.questions:
        yield f"没答上的问题{_asked(found)}个，看回「没答上的」"


def _happened(found: Brief) -> str:
    counts = (("新登记", found.told), ("办结", found.done), ("表扬", found.praise))
    return "，".join(f"{word}{count}件" for word, count in counts if count) or "没有新的事"


def _questions(found: Brief) -> Iterator[str]:
    for bundle in found.questions[:QUESTIONS]:
        count = len(bundle.questions)
        often = f"（{count}次）" if count > 1 else ""
        yield f"· {presentable(bundle.questions[0].text, SHOWN)}{often}"
    if len(found.questions) > QUESTIONS:
        yield f"还有{len(found.questions) - QUESTIONS}个"


def _asked(found: Brief) -> int:
    return len(found.questions)


def _numbers(appeals: Sequence[Appeal], in_full: bool) -> str:
    most = NAMED_IN_FULL if in_full else NAMED
    told = "、".join(a.number if in_full else f"{a.short}号" for a in appeals[:most])
    return told if len(appeals) <= most else f"{told}等"


def listing(wishes: Sequence[StandingWish]) -> str:
    """How somebody has everything."""
    return "\n".join(["您的定时消息：", *(f"{one.standing} {_how(one)}" for one in wishes), HOW])


def _how(wish: StandingWish) -> str:
    if not wish.on:
        return "关着"
    return "开着" if wish.hour is None else hour(wish.hour)


def hour(at: Hour) -> str:
    """`每个工作日8:30`, `每周五17:00`."""
    day = "每个工作日" if at.weekday is None else f"每周{DAYS[at.weekday]}"
    return f"{day}{at.at.hour}:{at.at.minute:02}"


def one(wish: StandingWish) -> str:
    """How somebody has one of them, and what can be done."""
    name = wish.standing
    change = f"改时间「简报 {name} 9:00」，" if wish.hour is not None else ""
    turn = f"不要「简报 关 {name}」" if wish.on else f"要「简报 开 {name}」"
    return f"{name}{_how(wish)}。{change}{turn}。"


def switched_off(wish: StandingWish) -> str:
    """It does not come any more."""
    name = wish.standing
    still = "急的和往上报的照说。" if name is Standing.DEADLINES else ""
    return f"好，{name}不发了。{still}要恢复回复「简报 开 {name}」。"


def set_to(wish: StandingWish, following: datetime | None) -> str:
    """It comes, and when next."""
    when = "" if wish.hour is None else f"，{hour(wish.hour)}"
    then = "" if following is None else f"，下一次{say_when(following)}"
    return f"好，{wish.standing}开着{when}{then}。没有要说的就不发。"


def all_off(names: Sequence[Standing]) -> str:
    """None of those that have a time."""
    return f"好，{'、'.join(names)}都不发了。要恢复回复「简报 开 全部」。"


def all_on(names: Sequence[Standing]) -> str:
    """All of those that have a time."""
    return f"好，{'、'.join(names)}都开了。没有要说的就不发。"


def unknown(words: str) -> str:
    """Nothing is called so."""
    return f"没有「{presentable(words, 12)}」。有：{'、'.join(TIMED)}、到期提醒。例：简报 关 早报"


def no_time(standing: Standing, words: str) -> str:
    """That is no time that it can have."""
    example = "周四16:30" if standing in {Standing.WEEKLY, Standing.QUESTIONS} else "9:00"
    told = presentable(words, 12)
    day = f"白天{EARLIEST.hour}点到{LATEST.hour}点都行"
    return f"「{told}」定不了。{day}，例：简报 {standing} {example}"


def has_no_time(standing: Standing) -> str:
    """It comes when something happens."""
    return f"{standing}没有固定的时间，到了才说。不要就回复「简报 关 {standing}」。"


def restored(wish: StandingWish) -> str:
    """A choice was taken back."""
    return f"已撤销：{wish.standing}{_how(wish)}。"
