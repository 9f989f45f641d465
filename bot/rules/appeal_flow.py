"""The life of an appeal as one table: who does what to it, from which state, to which state.

                     ┌────────────── 补充 ──────────────┐
                     ▼                                  │
  登记 ──────────► 待受理 ────────── 要求补充 ────────► 待补充 （时钟停着）
                     │                                  ▲ │
       受理、分派、   │   （要求补充也可以从办理中来，       │ │ 受理、分派、转办
       转办、确认认领 │     补充以后回到原来的地方）         │ │
                     ▼                                  │ ▼
                   办理中 ───────────────────────────────┘
                    │  ▲ ──── 挂账 ────► 挂账 （时钟停着，到日期再看）
                    │  └───── 恢复 ───────┘
      办结          │
  （没办结的都可以）  ▼
                  已办结 ──── 评价、确认 ────► 已销号
                    │                          │
                    └────────── 重开 ──────────┴────► 办理中 （不受理的也可以重开）

  没办结的还可以：不受理 ► 不受理    合并 ► 已合并    撤回 ► 已撤回
  建议另有自己的结果：采纳、不采纳 ► 已销号    列入议事 ► 办理中
  不改状态：上报 认领 退回认领 延期 催办 附议 拆分 同类排查 回头看 答复 备注 分类 轨道

Beside the state stands the level 群 → 网格 → 社区 → 街道(大工委): 上报 raises it, 撤销 alone
lowers it.
Taking a step back (撤销) is no row: it gives back what stood before one's own last step.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from bot.models import Kind, Level, Role, State
from bot.rules.permissions import STAFF

OPEN = (State.PENDING, State.NEEDS_INFO, State.WORKING, State.PARKED)
STOPPED = frozenset({State.NEEDS_INFO, State.PARKED})
"""The states in which an appeal's clocks stand still."""
LADDER = tuple(Level)
DECIDERS = frozenset({Role.GRID_LEAD, Role.COMMUNITY, Role.STREET})
"""Who may say for the others that a matter is not ours, or that a unit may have it."""

_ENDED = (State.DONE, State.STRUCK)
_RUNNING = (State.PENDING, State.NEEDS_INFO, State.WORKING)
_ANY = tuple(State)


class Act(StrEnum):
    """What people do to an appeal; the values are the words they use."""

    RECORD = "登记"
    SUPPLY = "补充"
    START = "受理"
    ESCALATE = "上报"
    ASSIGN = "分派"
    CLAIM = "认领"
    CONFIRM_CLAIM = "确认认领"
    RETURN_CLAIM = "退回认领"
    TRANSFER = "转办"
    ASK = "要求补充"
    PARK = "挂账"
    RESUME = "恢复"
    EXTEND = "延期"
    CLOSE = "办结"
    RATE = "评价"
    CONFIRM = "确认"
    REOPEN = "重开"
    DECLINE = "不受理"
    MERGE = "合并"
    SPLIT = "拆分"
    SWEEP = "同类排查"
    WITHDRAW = "撤回"
    URGE = "催办"
    RECHECK = "回头看"
    SUPPORT = "附议"
    ANSWER = "答复"
    NOTE = "备注"
    ADOPT = "采纳"
    AGENDA = "列入议事"
    REJECT = "不采纳"
    SORT = "分类"
    TRACK = "轨道"
    UNDO = "撤销"


class Need(StrEnum):
    """What a step cannot do without."""

    REASON = "原因"
    UNIT = "单位"
    DATE = "日期"
    WORDS = "内容"
    OTHER = "另一条的编号"
    PARTS = "几件事"
    RATING = "满意程度"
    VENUE = "上报到哪里"


class Ear(StrEnum):
    """Who hears of a step."""

    GROUP = "群"
    ASKER = "反映人"
    NEXT = "下一个负责的人"
    PARTNER = "认领单位"


class Step(Struct, frozen=True, kw_only=True):
    """One row. `target` None: the state stays; with `back`, it is where the matter came from.

    `roles` act on matters of their own area, the asker and supporters on those they stand behind;
    `clock`: also done when time is up, by nobody. `photo`: a picture may come with it. `kinds` are
    the matters that have this step at all.
    """

    sources: tuple[State, ...]
    target: State | None = None
    back: bool = False
    roles: frozenset[Role] = STAFF
    asker: bool = False
    supporter: bool = False
    clock: bool = False
    needs: tuple[Need, ...] = ()
    photo: bool = False
    tells: frozenset[Ear] = frozenset()
    kinds: frozenset[Kind] = frozenset(Kind)


_BOTH = frozenset({Ear.GROUP, Ear.ASKER})
_NOBODY: frozenset[Role] = frozenset()
_IDEAS = frozenset({Kind.SUGGESTION})

FLOW: dict[Act, Step] = {
    Act.SUPPLY: Step(
        sources=(State.NEEDS_INFO,), target=State.PENDING, back=True, asker=True, supporter=True,
        photo=True, tells=frozenset({Ear.NEXT}),
    ),
    Act.START: Step(
        sources=(State.PENDING, State.NEEDS_INFO), target=State.WORKING, tells=_BOTH,
    ),
    Act.ESCALATE: Step(
        sources=OPEN, clock=True, needs=(Need.REASON,), tells=_BOTH | {Ear.NEXT},
    ),
    Act.ASSIGN: Step(
        sources=_RUNNING, target=State.WORKING, needs=(Need.UNIT,), tells=_BOTH | {Ear.NEXT},
    ),
    Act.CLAIM: Step(
        sources=OPEN, roles=frozenset({Role.PARTNER}), tells=frozenset({Ear.NEXT}),
    ),
    Act.CONFIRM_CLAIM: Step(
        sources=OPEN, target=State.WORKING, roles=DECIDERS, tells=_BOTH | {Ear.PARTNER},
    ),
    Act.RETURN_CLAIM: Step(
        sources=OPEN, roles=DECIDERS, needs=(Need.REASON,), tells=frozenset({Ear.PARTNER}),
    ),
    Act.TRANSFER: Step(
        sources=OPEN, target=State.WORKING, needs=(Need.UNIT,), tells=_BOTH,
    ),
    Act.ASK: Step(
        sources=(State.PENDING, State.WORKING), target=State.NEEDS_INFO, needs=(Need.WORDS,),
        tells=_BOTH,
    ),
    Act.PARK: Step(
        sources=OPEN, target=State.PARKED, needs=(Need.DATE, Need.REASON), tells=_BOTH,
    ),
    Act.RESUME: Step(
        sources=(State.PARKED,), target=State.WORKING, clock=True, tells=_BOTH,
    ),
    Act.EXTEND: Step(
        sources=_RUNNING, needs=(Need.DATE, Need.REASON), tells=_BOTH,
    ),
    Act.CLOSE: Step(
        sources=OPEN, target=State.DONE, photo=True, tells=_BOTH,
    ),
    Act.RATE: Step(
        sources=_ENDED, target=State.STRUCK, roles=_NOBODY, asker=True, needs=(Need.RATING,),
        tells=frozenset({Ear.NEXT}),
    ),
    Act.CONFIRM: Step(
        sources=(State.DONE,), target=State.STRUCK, asker=True, clock=True,
    ),
    Act.REOPEN: Step(
        sources=(*_ENDED, State.DECLINED), target=State.WORKING, asker=True, needs=(Need.REASON,),
        tells=_BOTH | {Ear.NEXT},
    ),
    Act.DECLINE: Step(
        sources=_RUNNING, target=State.DECLINED, roles=DECIDERS, needs=(Need.REASON,), tells=_BOTH,
    ),
    Act.MERGE: Step(
        sources=OPEN, target=State.MERGED, needs=(Need.OTHER,), tells=_BOTH,
    ),
    Act.SPLIT: Step(
        sources=_RUNNING, needs=(Need.PARTS,), tells=_BOTH,
    ),
    Act.SWEEP: Step(
        sources=(*OPEN, *_ENDED), needs=(Need.PARTS,), tells=frozenset({Ear.GROUP}),
    ),
    Act.WITHDRAW: Step(
        sources=OPEN, target=State.WITHDRAWN, asker=True, tells=_BOTH,
    ),
    Act.URGE: Step(
        sources=OPEN, asker=True, supporter=True, tells=frozenset({Ear.NEXT}),
    ),
    Act.RECHECK: Step(
        sources=(State.WORKING, *_ENDED), clock=True, needs=(Need.DATE,), tells=frozenset(),
    ),
    Act.SUPPORT: Step(
        sources=OPEN, roles=frozenset({Role.RESIDENT, Role.VOLUNTEER}) | STAFF,
    ),
    Act.ANSWER: Step(
        sources=OPEN, roles=DECIDERS, needs=(Need.WORDS,), tells=_BOTH | {Ear.NEXT},
    ),
    Act.NOTE: Step(
        sources=_ANY, needs=(Need.WORDS,),
    ),
    Act.ADOPT: Step(
        sources=OPEN, target=State.STRUCK, roles=DECIDERS, tells=_BOTH, kinds=_IDEAS,
    ),
    Act.AGENDA: Step(
        sources=_RUNNING, target=State.WORKING, roles=DECIDERS, tells=_BOTH, kinds=_IDEAS,
    ),
    Act.REJECT: Step(
        sources=OPEN, target=State.STRUCK, roles=DECIDERS, needs=(Need.REASON,), tells=_BOTH,
        kinds=_IDEAS,
    ),
    Act.SORT: Step(
        sources=OPEN,
    ),
    Act.TRACK: Step(
        sources=OPEN,
    ),
}  # fmt: skip

_OFFERED = (
    Act.START, Act.CLOSE, Act.SUPPLY, Act.RESUME, Act.CONFIRM, Act.REOPEN, Act.TRANSFER,
    Act.ESCALATE, Act.EXTEND, Act.PARK, Act.ASK, Act.ASSIGN, Act.DECLINE, Act.MERGE, Act.SPLIT,
    Act.RECHECK, Act.URGE, Act.WITHDRAW,
)  # fmt: skip
"""Said when something is impossible: what moves a matter on, the likeliest first."""


class Standing(Struct, frozen=True, kw_only=True):
    """What somebody is to an appeal. `inside`: it lies in their area; `clock`: it is nobody."""

    role: Role
    inside: bool
    asker: bool = False
    supporter: bool = False
    clock: bool = False


def may_take(act: Act, who: Standing) -> bool:
    """Whether somebody may do this to an appeal, whatever its state."""
    step = FLOW[act]
    if who.clock:
        return step.clock
    if (who.asker and step.asker) or (who.supporter and step.supporter):
        return True
    return who.inside and who.role in step.roles


def target(act: Act, state: State, *, started: bool) -> State:
    """Where a step leads from a state in which it is possible. Raises `KeyError` for 登记, 撤销."""
    step = FLOW[act]
    if step.back and started:
        return State.WORKING
    return state if step.target is None else step.target


def possible(state: State, who: Standing | None = None) -> tuple[Act, ...]:
    """What can be done to an appeal in this state (by somebody), as far as it moves it on."""
    return tuple(
        act
        for act in _OFFERED
        if state in FLOW[act].sources and (who is None or may_take(act, who))
    )


def above(level: Level) -> Level | None:
    """The next step of the ladder; None at the top."""
    index = LADDER.index(level) + 1
    return LADDER[index] if index < len(LADDER) else None
