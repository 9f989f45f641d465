"""Words of the steward's desk: lists, details, steps."""

from __future__ import annotations

from collections.abc import Sequence

from bot import Appeal, Around, Level, State, Urgency, presentable, say_day, sentence

EMPTY = "现在没有未办结的诉求。"
WHICH = {
    "详情": "看哪一条？例：详情 12",
    "历史": "看哪一条的经过？例：历史 12",
    "受理": "受理哪一条？例：受理 12",
    "办结": "哪一条办好了？例：办结 12 已换灯泡",
    "销号": "哪一条销号？例：销号 12",
    "转办": "哪一条转给谁？例：转办 12 物业",
    "分派": "哪一条派给谁？例：分派 12 @陈管家，或 分派 12 物业",
    "要求补充": "哪一条缺什么？例：要求补充 12 是几楼",
    "补充": "补充哪一条？例：补充 12 在3楼",
    "挂账": "哪一条挂到哪天？例：挂账 12 到12月10日 等材料",
    "恢复": "恢复哪一条？例：恢复 12",
    "延期": "哪一条延到哪天？例：延期 12 下周三 等业主回来",
    "催办": "催哪一条？例：催办 12",
    "上报": "哪一条往上报？例：上报 12 社区 要动维修资金",
    "答复": "哪一条有答复了？例：答复 12 下个月改造",
    "不受理": "哪一条不受理？例：不受理 12 路灯归市政，请打12345",
    "重开": "哪一条重新办？例：重开 12 又不亮了",
    "合并": "哪两条是一件事？例：合并 12 15",
    "拆分": "哪一条是几件事？例：拆分 12 楼道灯不亮；电梯有异响",
    "同类排查": "照哪一条查别处？例：同类排查 12 5幢、7幢、9幢",
    "回头看": "哪一条过后再看？例：回头看 12 30天",
    "附议": "附议哪一条？例：附议 12",
    "认领": "认领哪一条？例：认领 12",
    "确认认领": "确认哪一条的认领？例：确认认领 12",
    "退回认领": "退回哪一条的认领？例：退回认领 12 已有物业在办",
    "采纳": "采纳哪条建议？例：采纳 12 下月试行",
    "列入议事": "哪条建议上议事会？例：列入议事 12",
    "不采纳": "哪条建议不采纳？例：不采纳 12 消防上不允许",
    "备注": "给哪一条写备注？例：备注 12 业主周末才在家",
    "登记": "请把事情写在后面，例：登记 3幢楼道灯不亮",
    "发布": "什么时候发什么？例：发布 明天8:00 停水通知：…",
}
UNREACHED = "反映的人收不到聊天消息，请另外告诉他"
LONGEST_RESULT = 60


def standing(appeal: Appeal) -> str:
    """The state's name; what is missing when it is the place."""
    known = appeal.place.building or appeal.place.spot
    return f"{appeal.state}地点" if appeal.state is State.NEEDS_INFO and not known else appeal.state


def result(appeal: Appeal) -> str:
    """What was done, as a sentence that a group may read; empty when nothing was said."""
    return sentence(presentable(appeal.result, LONGEST_RESULT))


def to_whom(appeal: Appeal) -> str:
    """A transfer without a unit."""
    return f"{appeal.short}号转给谁？例：转办 {appeal.short} 物业"


def row(appeal: Appeal) -> str:
    """One line of a list."""
    if appeal.state is State.PARKED and appeal.parked_until is not None:
        return f"{appeal.short}号 {appeal.summary}（挂账到{say_day(appeal.parked_until)}）"
    state = standing(appeal)
    if appeal.claim_pending:
        state += f"，{appeal.claimant}要认领"
    return f"{appeal.short}号 {appeal.summary}（{state}，{say_day(appeal.due_at)}前）"


def no_such_list(wish: str) -> str:
    """A word behind 清单 that names nothing."""
    return f"没有「{wish}」这种清单。可以：清单 超期、清单 今天、清单 7幢、清单 我的、清单 挂账"


def nothing_of(wish: str) -> str:
    """A narrowed list with nothing in it."""
    return f"没有「{wish}」的诉求。"


def listing(where: str, appeals: Sequence[Appeal], more: int, private: bool, wish: str = "") -> str:
    """The open appeals of a group or an area, the most urgent first."""
    kind = f"「{wish}」" if wish else ""
    head = f"{where} {kind}未办结{len(appeals) + more}件"
    if more:
        head += f"，先看最急的{len(appeals)}件" + ("" if private else "，私聊发「清单」看全部")
    return "\n".join([head + "：", *(row(appeal) for appeal in appeals)])


def only_in_private(appeal: Appeal) -> str:
    """Details of a private matter, asked for in a group."""
    return f"这条不便在群里看，请私聊我发「详情 {appeal.short}」。"


def details(appeal: Appeal, category: str, handler: str) -> str:
    """What a group may read."""
    doing = f"，{handler}在办" if handler and appeal.state is State.WORKING else ""
    lines = [
        f"{appeal.short}号（{appeal.number}）：{appeal.summary}",
        f"{category}，{appeal.unit}负责，{standing(appeal)}{doing}，{say_day(appeal.due_at)}前",
    ]
    if appeal.result:
        lines.append(f"结果：{result(appeal)}")
    return "\n".join(lines)


def full_details(appeal: Appeal, category: str, handler: str, reporter: str) -> str:
    """What the staff in charge may read in private."""
    place = appeal.place.full or "没有说地点"
    return (
        details(appeal, category, handler)
        + f"\n反映人：{reporter}，地点：{place}\n原话：「{appeal.text}」"
    )


def around(appeal: Appeal, others: Around) -> list[str]:
    """What belongs to a matter besides itself, for staff."""
    found = [f"层级：{appeal.level}"] if appeal.level is not Level.GROUP else []
    if appeal.venue:
        told = f"，答复：{presentable(appeal.answer, LONGEST_RESULT)}" if appeal.answer else ""
        found.append(f"已上报{appeal.venue}{told}")
    if appeal.claimant:
        found.append(f"{appeal.claimant}认领" + ("，等确认" if appeal.claim_pending else ""))
    if others.supporters:
        found.append(f"一共{1 + others.supporters}户反映")
    for word, numbers in (
        ("并进来", others.merged), ("分出来", others.below), ("出自", others.above),
        ("并到", others.head),
    ):  # fmt: skip
        if numbers:
            found.append(f"{word}：{'、'.join(f'{number}号' for number in numbers)}")
    if appeal.recheck_at is not None:
        found.append(f"{say_day(appeal.recheck_at)}回头看")
    return found


def remarks(found: Sequence[tuple[str, str]]) -> list[str]:
    """Internal remarks, for staff in private."""
    return [f"备注（{who}）：{text}" for who, text in found]


def started(appeal: Appeal, who: str) -> str:
    """Somebody took it."""
    return f"{appeal.short}号已由{who}接手：{sentence(appeal.summary)}\n{until(appeal)}。"


def started_private(appeal: Appeal, who: str) -> str:
    """To the asker alone."""
    return f"您反映的事（{appeal.short}号）已由{who}接手，{until(appeal)}。"


def transferred(appeal: Appeal) -> str:
    """It went to another unit."""
    first = f"{appeal.short}号已转给{appeal.unit}：{sentence(appeal.summary)}"
    return f"{first}\n{until(appeal)}。"


def transferred_private(appeal: Appeal) -> str:
    """To the asker alone."""
    return f"您反映的事（{appeal.short}号）已转给{appeal.unit}，{until(appeal)}。"


def closed(appeal: Appeal) -> str:
    """It is done."""
    first = f"{appeal.short}号{outcome(appeal)}：{sentence(appeal.summary)}"
    return f"{first}\n{result(appeal)}".rstrip()


def closed_private(appeal: Appeal) -> str:
    """To the asker alone."""
    head = f"您反映的事（{appeal.short}号）{outcome(appeal)}"
    return f"{head}：{result(appeal)}" if appeal.result else f"{head}。"


def until(appeal: Appeal) -> str:
    """By when; a suggestion is owed an answer, no works."""
    what = "答复" if appeal.urgency is Urgency.P3 else "办好"
    return f"最迟{say_day(appeal.due_at)}前{what}"


def outcome(appeal: Appeal) -> str:
    """How a matter ends: works are done, a suggestion has its answer."""
    return "有结果了" if appeal.urgency is Urgency.P3 else "已办好"


def noted(appeal: Appeal, done: str, told: str) -> str:
    """To the one who did it, when the others were told elsewhere (or nobody was)."""
    return f"{appeal.short}号{done}，{told}。" if told else f"{appeal.short}号{done}。"
