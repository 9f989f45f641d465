"""The life of an appeal, each state × each act × each person, against a table written by hand."""

from __future__ import annotations

from itertools import product

import pytest

from bot.models import Kind, Level, Role, State
from bot.rules.appeal_flow import (
    FLOW,
    LADDER,
    OPEN,
    STOPPED,
    Act,
    Ear,
    Need,
    Standing,
    above,
    may_take,
    possible,
    target,
)

# 受 待受理  补 待补充  办 办理中  挂 挂账  结 已办结  销 已销号  不 不受理  并 已合并  撤 已撤回
STATES = dict(zip("受补办挂结销不并撤", State, strict=True))
# What, from where, to where (. stays; < back to where it was), who besides the staff of the area:
# 问 the asker, 附 a supporter, 钟 the clock; 员 all staff, 长 from the grid lead up, 伙 a partner,
# 民 residents and volunteers; then what it needs, then who hears: 群 group, 问 asker, 下 next, 伙.
BY_HAND = """
补充      补          <  员问附   -            下
受理      受补        办 员      -            群问
上报      受补办挂    .  员钟    原因          群问下
分派      受补办      办 员      单位          群问下
认领      受补办挂    .  伙      -            下
确认认领  受补办挂    办 长      -            群问伙
退回认领  受补办挂    .  长      原因          伙
转办      受补办挂    办 员      单位          群问
要求补充  受办        补 员      内容          群问
挂账      受补办挂    挂 员      日期原因      群问
恢复      挂          办 员钟    -            群问
延期      受补办      .  员      日期原因      群问
办结      受补办挂    结 员      -            群问
评价      结销        销 问      满意程度      下
确认      结          销 员问钟  -            -
重开      结销不      办 员问    原因          群问下
不受理    受补办      不 长      原因          群问
合并      受补办挂    并 员      另一条的编号  群问
拆分      受补办      .  员      几件事        群问
同类排查  受补办挂结销 . 员      几件事        群
撤回      受补办挂    撤 员问    -            群问
催办      受补办挂    .  员问附  -            下
回头看    办结销      .  员钟    日期          -
附议      受补办挂    .  员民    -            -
答复      受补办挂    .  长      内容          群问下
备注      受补办挂结销不并撤 . 员 内容         -
采纳      受补办挂    销 长      -            群问
列入议事  受补办      办 长      -            群问
不采纳    受补办挂    销 长      原因          群问
分类      受补办挂    .  员      -            -
轨道      受补办挂    .  员      -            -
"""
IDEAS_ONLY = {"采纳", "列入议事", "不采纳"}
ROWS = {line.split()[0]: line.split()[1:] for line in BY_HAND.strip().splitlines()}
STAFF = {Role.STEWARD, Role.GRID_WORKER, Role.GRID_LEAD, Role.COMMUNITY, Role.STREET}
PEOPLE = {
    "员": STAFF,
    "长": {Role.GRID_LEAD, Role.COMMUNITY, Role.STREET},
    "伙": {Role.PARTNER},
    "民": {Role.RESIDENT, Role.VOLUNTEER},
}
EARS = {"群": Ear.GROUP, "问": Ear.ASKER, "下": Ear.NEXT, "伙": Ear.PARTNER}


def test_the_two_tables_name_the_same_acts() -> None:
    assert set(ROWS) == {act.value for act in FLOW}
    assert set(Act) - set(FLOW) == {Act.RECORD, Act.UNDO}


@pytest.mark.parametrize(("act", "state"), list(product(FLOW, State)))
def test_from_where_to_where(act: Act, state: State) -> None:
    sources, leads = ROWS[act][0], ROWS[act][1]
    assert (state in FLOW[act].sources) == (state in {STATES[letter] for letter in sources})
    for started in (False, True):
        if leads == "<":
            expected = State.WORKING if started else State.PENDING
        else:
            expected = state if leads == "." else STATES[leads]
        assert target(act, state, started=started) is expected


@pytest.mark.parametrize(("act", "role"), list(product(FLOW, Role)))
def test_who_may(act: Act, role: Role) -> None:
    letters = ROWS[act][2]
    by_role = any(role in PEOPLE.get(letter, set()) for letter in letters)
    for inside, asker, supporter in product((False, True), repeat=3):
        who = Standing(role=role, inside=inside, asker=asker, supporter=supporter)
        expected = (
            (by_role and inside) or (asker and "问" in letters) or (supporter and "附" in letters)
        )
        assert may_take(act, who) is expected
    clock = Standing(role=role, inside=True, asker=True, clock=True)
    assert may_take(act, clock) is ("钟" in letters)


@pytest.mark.parametrize("act", list(FLOW))
def test_what_it_needs_and_who_hears(act: Act) -> None:
    needs, hears = ROWS[act][3], ROWS[act][4]
    assert "".join(FLOW[act].needs) == needs.strip("-")
    assert FLOW[act].tells == {EARS[letter] for letter in hears if letter != "-"}
    assert FLOW[act].kinds == ({Kind.SUGGESTION} if act in IDEAS_ONLY else set(Kind))


@pytest.mark.parametrize(("state", "role"), list(product(State, Role)))
def test_what_is_offered_can_be_done(state: State, role: Role) -> None:
    who = Standing(role=role, inside=True)
    offered = possible(state, who)
    assert set(offered) <= set(possible(state))
    for act in offered:
        assert state in FLOW[act].sources
        assert may_take(act, who)


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (State.PENDING, [Act.START, Act.CLOSE, Act.TRANSFER, Act.ESCALATE]),
        (State.NEEDS_INFO, [Act.START, Act.CLOSE, Act.SUPPLY, Act.TRANSFER]),
        (State.WORKING, [Act.CLOSE, Act.TRANSFER, Act.ESCALATE, Act.EXTEND]),
        (State.PARKED, [Act.CLOSE, Act.RESUME, Act.TRANSFER, Act.ESCALATE]),
        (State.DONE, [Act.CONFIRM, Act.REOPEN, Act.RECHECK]),
        (State.STRUCK, [Act.REOPEN, Act.RECHECK]),
        (State.DECLINED, [Act.REOPEN]),
        (State.MERGED, []),
        (State.WITHDRAWN, []),
    ],
)
def test_the_likeliest_is_offered_first(state: State, first: list[Act]) -> None:
    assert list(possible(state)[:4]) == first


def test_every_state_can_be_reached_and_every_open_one_left() -> None:
    reached = {State.PENDING}
    for _ in State:
        reached |= {
            target(act, state, started=False)
            for act, step in FLOW.items()
            for state in step.sources
            if state in reached
        }
    assert reached == set(State)
    assert set(OPEN) == {s for s in State if s in FLOW[Act.CLOSE].sources}
    assert set(OPEN) >= STOPPED


def test_a_reason_is_asked_for_whenever_a_resident_loses_something() -> None:
    for act in (Act.PARK, Act.EXTEND, Act.DECLINE, Act.ESCALATE, Act.RETURN_CLAIM, Act.REOPEN):
        assert Need.REASON in FLOW[act].needs


def test_the_ladder_ends_at_the_street() -> None:
    assert LADDER == (Level.GROUP, Level.GRID, Level.COMMUNITY, Level.STREET)
    assert [above(level) for level in LADDER] == [*LADDER[1:], None]
