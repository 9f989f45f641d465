"""Groups: new ones that wait for their area, and how the bot listens."""

from __future__ import annotations

from collections.abc import Sequence

from bot import Group, GroupState, Listen, presentable

LISTENING = {
    Listen.MENTION: "本群以后只在 @ 我时答话，危险的事还是会提醒。",
    Listen.COMMANDS: "本群以后只听指令和 @，闲谈不插话，危险的事还是会提醒。",
    Listen.ALL: "本群的话以后都听，像诉求和问题的就接。",
}
SWITCHES = {Listen.MENTION: "本群只听@", Listen.COMMANDS: "本群听指令", Listen.ALL: "本群都听"}
HEARD = {
    Listen.MENTION: "只听@",
    Listen.COMMANDS: "听指令",
    Listen.ALL: "都听",
    Listen.NONE: "只发不听",
}
STATES = {GroupState.PENDING: "等绑定", GroupState.CLOSED: "已解绑"}
WAITING = (
    "这个群还没登记到网格，事情我先接不了。\n"
    "请管家在群里发：绑定 社区/微网格\n"
    "火警119，急救120，报警110，先打电话。"
)
ONLY_IN_GROUPS = "请到那个群里去发，我才知道是哪个群。"
ONLY_STAFF = "绑定和听法要由管家来定。有事您可以直接跟我说。"
ONLY_STAFF_HERE = "绑定要由管家来。请管家在群里发：绑定 社区/微网格"
ONLY_STAFF_SEE = "群清单只给工作人员看。有事您可以直接跟我说。"
NO_AREAS = "您名下还没有网格，请社区先在资料里写上您管哪里。"
NO_GROUPS = "您的范围里还没有群。把我拉进群，@ 我一声就会出现。"
UNBOUND = (
    "已解绑，我在这个群里不再答话，危险的事还是会提醒。\n"
    "解错了5分钟内回复「撤销」，以后用「绑定」。"
)
SAME = "本来就是这样，没有改动。"


def tail(area: str) -> str:
    """An area as people call it: 春晓社区/第1微网格."""
    return "/".join(area.split("/")[-2:])


def bound(area: str, moved: int) -> str:
    """The group has its area."""
    along = f"之前记下的{moved}件也归到这里。" if moved else ""
    return (
        f"好，本群归{tail(area)}了。{along}\n"
        "居民可以直接问、直接报修，发「帮助」看能做什么。\n"
        "绑错了5分钟内回复「撤销」，以后用「解绑」。"
    )


def which(areas: Sequence[str]) -> str:
    """No area was written."""
    return "绑到哪个网格？照这样写：\n" + _examples(areas)


def no_such_area(words: str, nearest: Sequence[str]) -> str:
    """No area is called so; what is like it."""
    return f"没有叫「{presentable(words, 20)}」的网格，是不是：\n" + _examples(nearest)


def several(areas: Sequence[str]) -> str:
    """The end of a path that several areas have."""
    return "有几个同名的，请写全：\n" + "\n".join(f"绑定 {area}" for area in areas[:3])


def foreign(words: str, own: Sequence[str]) -> str:
    """An area, or a group, that somebody else is in charge of."""
    instead = f"您能绑的例：\n{_examples(own[:1])}" if own else ""
    return f"{presentable(words, 30)}不在您负责的范围，请找那边的管家或社区。{instead}"


def waits(group: Group, example: str) -> str:
    """In private to those who could bind it."""
    return (
        f"有个新群在等绑定：{presentable(group.name, 30)}。\n"
        f"是您的群就在群里发：绑定 {tail(example)}\n"
        "不是就不用管，绑定前我只答帮助和危险。"
    )


def restored(group: Group) -> str:
    """A step was taken back."""
    if group.state is GroupState.BOUND:
        return f"已撤销：本群归{tail(group.area)}，{HEARD[group.listen]}。"
    return f"已撤销：本群恢复为「{STATES[group.state]}」。"


def listing(groups: Sequence[Group], shown: int) -> str:
    """All groups of one's range, those that wait first."""
    lines = [_line(group) for group in groups[:shown]]
    more = len(groups) - shown
    return "\n".join([*lines, f"还有{more}个，私聊我发「群清单」。"] if more > 0 else lines)


def _line(group: Group) -> str:
    name = presentable(group.name, 20)
    if group.state is not GroupState.BOUND:
        return f"{name}：{STATES[group.state]}（{group.channel}）"
    return f"{name}：{tail(group.area)}，{HEARD[group.listen]}"


def _examples(areas: Sequence[str]) -> str:
    return "\n".join(f"绑定 {tail(area)}" for area in areas[:3])
