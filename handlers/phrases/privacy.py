"""What people are told about what is kept of them, and what becomes of it."""

from __future__ import annotations

from bot import Appeal, Holdings, Terms, presentable, say_day

FIRST_LINE = "您说的事会记下来用于办理，私聊我说「隐私」可以看怎么用、怎么删。"
ELSEWHERE = "这件事请私聊我说，群里不方便。"
KEPT = "好的，什么都没有删。"
ERASED = "已删除。往后您再说话，就当第一次认识您。"
STAFF_STAYS = "工作人员的身份由社区在资料里管理，请找社区改。"
HOW_TO_CORRECT = (
    "改称呼：更正 称呼 王阿姨\n改住处：更正 住处 3幢2单元（写到单元就够）\n不留住处：更正 住处 无"
)
BAD_NAME = "称呼要在1到16个字，如：更正 称呼 王阿姨"
BAD_HOME = "没看懂是哪一幢，如：更正 住处 3幢2单元"
HOMELESS = "住处已去掉。"


def policy(who: str, terms: Terms) -> str:
    """Who keeps what, why, how long, and how to have it erased."""
    return (
        f"{who}用我来办居民反映的事。记下的有：您说的话、称呼、发来的照片，只用来办事和回复您，不给别人。\n"
        f"没有办成事的闲谈留{terms.chatter.days}天，消息留{terms.messages.days}天，"
        f"办结的事{terms.appeals.days}天后去掉是谁说的。\n"
        "群里不报门牌、电话和姓名；病情、家事这类只有值守的人看得到。\n"
        "看自己的：我的信息。改：更正。删：删除。不满意可以找社区，或打12345。"
    )


def mine(name: str, home: str, held: Holdings) -> str:
    """Everything that is kept of one person, in numbers."""
    since = f"，最早{say_day(held.since)}" if held.since is not None else ""
    lives = home or "没记"
    return (
        f"称呼：{presentable(name)}；住处：{lives}\n"
        f"您说的话：{held.messages}条{since}；照片：{held.pictures}张\n"
        f"反映的事：{held.appeals}件，在办{held.open_appeals}件\n"
        "改称呼或住处：更正；全部删掉：删除"
    )


def renamed(old: str, new: str) -> str:
    """With the way back."""
    return f"称呼改成{presentable(new)}了。改回去：更正 称呼 {presentable(old)}"


def rehoused(home: str) -> str:
    """No more than the building and the unit."""
    return f"住处记为{home}。不留：更正 住处 无"


def sure(held: Holdings) -> str:
    """The one question before everything goes."""
    open_ones = (
        f"还有{held.open_appeals}件在办：公开的接着办，但联系不到您了；不公开的就此撤回。\n"
        if held.open_appeals
        else ""
    )
    return (
        f"要删掉您的{held.messages}条消息、{held.pictures}张照片，{held.appeals}件事不再记是谁反映的。"
        f"删了找不回来；旧备份到期销毁。\n{open_ones}回复「确认删除」就删，回复「取消」不删。"
    )


def ended(appeal: Appeal) -> str:
    """To those on duty."""
    return f"{appeal.number} 的反映人删除了个人信息，这件事已撤回，不用再联系。"
