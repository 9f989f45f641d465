"""What is said first when somebody is in danger. Never claims that the bot has called anyone."""

from __future__ import annotations

from bot import DangerKind

LINES = {
    DangerKind.FIRE: "请先拨 119，人先撤到楼外，不要坐电梯，不要开关电器。",
    DangerKind.GAS: "先别碰任何开关，关阀、开窗，人到楼外再拨燃气抢修或 119。",
    DangerKind.LIFT: "请按轿厢里的报警铃，拨 96333 或 119，不要扒门，等人来。",
    DangerKind.MEDICAL: "请马上拨 120，说清几幢几单元在哪个门口接，先别挪动病人。",
    DangerKind.VIOLENCE: "请先拨 110，人先避到安全的地方，不要上前。",
    DangerKind.HEIGHT: "请马上拨 110 和 119，不要围观喊话，留一个人远远看着。",
    DangerKind.LOST: "请马上拨 110，不用等24小时，说清衣着和最后见到的地方。",
    DangerKind.FALLING: "请绕开走，先别靠近，也请提醒旁边的人。",
}


def line(kind: DangerKind, told: bool) -> str:
    """The safety line; it says that people were told only when they were."""
    return LINES[kind] + ("\n已同时通知管家等值守人员。" if told else "")


def alert(where: str, who: str, words: str, call: str, number: str) -> str:
    """What those on duty read in private."""
    first = f"已请对方先拨 {call}，" if call else "已请大家绕开，"
    return f"【紧急】{where} {who}：「{words}」\n{first}请马上核实。（{number}）"


def more(where: str, who: str, words: str, number: str) -> str:
    """Somebody told where it is, after the first alarm."""
    return f"【紧急】{where} {who} 补充：「{words}」\n与 {number} 是同一件。"


def recorded(short: int) -> str:
    """The second sentence for a hazard that is put on the list."""
    return f"\n已登记 {short}号，查进度回复「进度 {short}」。"
