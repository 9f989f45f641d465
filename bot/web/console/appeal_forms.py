"""The forms of a matter: what each step is called on its button, and which fields it has."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.models import Appeal, Track
from bot.rules.appeal_flow import LADDER, Act

VENUES = ("大工委", "社情民意联系日", "人大代表周周行")
PHOTOS = "加照片"
LOOKED = "看过了"
STRIKE = "销号"
"""What the office calls 确认, which alone is the answer to another question."""


class Field(Struct, frozen=True, kw_only=True):
    """One field. `kind`: words (several lines), line, date, unit (with suggestions), or choice."""

    name: str
    label: str
    kind: str = "words"
    required: bool = True
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()


class StepForm(Struct, frozen=True, kw_only=True):
    """What a step is called on its button and how it is asked for."""

    act: str
    button: str
    fields: tuple[Field, ...] = ()
    photos: bool = False
    sure: str = ""
    hint: str = ""


class Choices(Struct, frozen=True, kw_only=True):
    """What the fields may choose from: people in charge by name, units, kinds by name."""

    people: Sequence[str] = ()
    units: Sequence[str] = ()
    categories: Sequence[str] = ()


_WHY = Field(name="words", label="原因")
_DAY = Field(name="day", label="到哪天", kind="date")
_FREE = Field(name="words", label="说明", required=False)

_PLAIN: dict[str, StepForm] = {
    (Act.CONFIRM if form.act == STRIKE else form.act): form
    for form in (
        StepForm(act=Act.START, button="受理，我来办", hint="会告诉反映人由您在办。"),
        StepForm(
            act=Act.CLOSE, button="办结", photos=True,
            fields=(Field(name="words", label="怎么办好的", required=False,
                          hint="会原样告诉反映人，最多200字"),),
        ),
        StepForm(
            act=Act.SUPPLY, button="补充情况", photos=True,
            fields=(Field(name="words", label="问到了什么"),),
        ),
        StepForm(act=Act.RESUME, button="恢复办理", fields=(_FREE,)),
        StepForm(
            act=STRIKE, button="销号", fields=(_FREE,), hint="从清单上销掉，不再等评价。"
        ),
        StepForm(act=Act.REOPEN, button="重开", fields=(_WHY,)),
        StepForm(
            act=Act.TRANSFER, button="转办",
            fields=(Field(name="unit", label="转给哪个单位", kind="unit"),
                    Field(name="day", label="新的期限", kind="date", required=False)),
        ),
        StepForm(
            act=Act.ASK, button="要求补充", fields=(Field(name="words", label="问反映人什么"),),
            hint="问到以前，时钟停着。",
        ),
        StepForm(act=Act.PARK, button="挂账", fields=(_DAY, _WHY), hint="到那天再看，时钟停着。"),
        StepForm(act=Act.EXTEND, button="延期", fields=(_DAY, _WHY)),
        StepForm(
            act=Act.ANSWER, button="记下答复", fields=(Field(name="words", label="上面怎么答复"),)
        ),
        StepForm(act=Act.CONFIRM_CLAIM, button="确认认领"),
        StepForm(act=Act.RETURN_CLAIM, button="退回认领", fields=(_WHY,)),
        StepForm(act=Act.ADOPT, button="采纳", fields=(_FREE,)),
        StepForm(act=Act.AGENDA, button="列入议事", fields=(_FREE,)),
        StepForm(act=Act.REJECT, button="不采纳", fields=(_WHY,)),
        StepForm(act=Act.URGE, button="催办", fields=(_FREE,)),
        StepForm(
            act=Act.DECLINE, button="不受理",
            fields=(Field(name="words", label="为什么，该找谁", hint="会告诉反映人"),),
        ),
        StepForm(
            act=Act.WITHDRAW, button="撤回", sure="撤回以后这件事就不办了。确定吗？",
            hint="不用办了，或不该登记。",
        ),
        StepForm(
            act=Act.MERGE, button="并到另一件",
            fields=(Field(name="other", label="并到几号", kind="line",
                          hint="如 12 或 SQ20261121-0012"),),
            hint="这一件到此为止，两边反映的人都算在那一件里。",
        ),
        StepForm(
            act=Act.SPLIT, button="拆成几件",
            fields=(Field(name="parts", label="一行一件事", hint="第一件留在这个编号里"),),
        ),
        StepForm(
            act=Act.SWEEP, button="同类排查",
            fields=(Field(name="places", label="还要查哪里", kind="line",
                          hint="如 5幢、7幢、9幢"),),
        ),
        StepForm(
            act=Act.NOTE, button="记一条备注",
            fields=(Field(name="words", label="内部备注", hint="只有工作人员看得到"),),
        ),
        StepForm(
            act=Act.RECHECK, button="约个日子回头看",
            fields=(Field(name="day", label="哪天再看", kind="date"),),
        ),
        StepForm(
            act=LOOKED, button="看过了",
            fields=(Field(name="words", label="看到的情况", hint="如 没有反弹"),),
        ),
    )
}  # fmt: skip


def form_of(act: Act, appeal: Appeal, choices: Choices) -> tuple[StepForm, ...]:
    """The forms of a step on a matter; 回头看 has two."""
    match act:
        case Act.ASSIGN:
            return (_assign(choices),)
        case Act.ESCALATE:
            return (_escalate(appeal),)
        case Act.SORT:
            pairs = tuple((name, name) for name in choices.categories)
            field = Field(name="category", label="改成哪一类", kind="choice", choices=pairs)
            return (StepForm(act=Act.SORT, button="改分类", fields=(field,)),)
        case Act.TRACK:
            other = "列入清单" if appeal.track is Track.SPOT else "现场处置"
            return (StepForm(act=other, button=f"改为{other}"),)
        case Act.RECHECK if appeal.recheck_at is not None:
            return (_PLAIN[LOOKED], _PLAIN[Act.RECHECK])
        case _:
            return (_PLAIN[act],)


def photo_form(appeal: Appeal) -> StepForm:
    """Pictures to a matter, of before or after."""
    roles = (("办理前", "办理前"), ("办好后", "办好后"))
    chosen = roles if appeal.closed_at is None else tuple(reversed(roles))
    field = Field(name="role", label="是什么时候的", kind="choice", choices=chosen)
    return StepForm(act=PHOTOS, button=PHOTOS, photos=True, fields=(field,))


def _assign(choices: Choices) -> StepForm:
    people = tuple((f"@{name}", name) for name in choices.people)
    to = Field(
        name="who",
        label="派给谁",
        kind="choice",
        required=False,
        choices=(("", "不指定人"), *people),
    )
    unit = Field(name="unit", label="或派给单位", kind="unit", required=False)
    return StepForm(act=Act.ASSIGN, button="分派", fields=(to, unit))


def _escalate(appeal: Appeal) -> StepForm:
    levels = [level.value for level in LADDER[LADDER.index(appeal.level) + 1 :]]
    venues = [venue for venue in VENUES if venue != appeal.venue]
    pairs = tuple((each, each) for each in (*levels, *venues))
    to = Field(name="to", label="上报到", kind="choice", choices=pairs)
    return StepForm(act=Act.ESCALATE, button="上报", fields=(to, _WHY))
