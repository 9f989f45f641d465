"""Small words: thanks, greetings, help, and politely saying no."""

from __future__ import annotations

WELCOME = "不客气，有事您说。"
HERE = "我在。问事情直接问；报修说哪一幢、什么问题。\n回复「帮助」看我能做什么。"

RESIDENT_HELP = (
    "有问题直接问，例：居住证怎么续签\n"
    "报修或反映：登记 3幢楼道灯不亮\n"
    "查进度：进度 12；催一催：催办 12；说错了：撤销\n"
    "火警119，急救120，报警110，先打电话。"
)
VOLUNTEER_HELP = RESIDENT_HELP.replace("查进度：进度 12", "看有哪些：清单；查进度：进度 12")
LOOKING = (
    "【看】",
    "看有哪些：清单",
    "挑着看：清单 超期",
    "看一件：详情 12",
    "看经过：历史 12",
    "早报、日报、周报几点来：简报",
)
HANDLING = (
    "【办】",
    "接手：受理 12",
    "转给单位：转办 12 物业",
    "派给人：分派 12 @陈管家",
    "问清楚：要求补充 12 是几楼",
    "办好了：办结 12 已换灯泡",
    "要等一等：挂账 12 到12月10日 等材料",
    "接着办：恢复 12",
    "来不及：延期 12 12月31日 等业主回来",
    "办不了：上报 12 社区 要动维修资金",
    "又坏了：重开 12 又不亮了",
    "【理】",
    "同一件事：合并 12 11",
    "几件事：拆分 12 楼道灯不亮；电梯有异响",
    "别处也查：同类排查 12 5幢、7幢",
    "过后再看：回头看 12 30天",
    "只给自己人看：备注 12 业主周末才在家",
    "代居民登记：登记 3幢楼道灯不亮",
)
DECIDING = (
    "【定】",
    "不归这里管：不受理 12 路灯归市政，请打12345",
    "共建单位认领：确认认领 12",
    "退回认领：退回认领 12 已有物业在办",
    "上报了哪些：上报清单",
    "上面答复了：答复 12 下个月改造",
)
PARTNER_HELP = (
    "看能帮哪些：清单\n认领一件：认领 12\n做错了，5分钟内：撤销\n有问题直接问，例：居住证怎么续签"
)
TEACHING = (
    "【学】",
    "没答上的问题：没答上的",
    "刚答了居民，收进问答：学习",
    "看会怎么答：试问 居住证怎么续签",
)
ANNOUNCING = (
    "【发】",
    "发通知：发布 明天8:00 停水通知：9点到11点停水",
    "每周发：发布 每周一8:30 本周大件垃圾周三清运",
    "现成的格式：模板 停水",
    "看排好的通知和号：通知清单",
)
GROUPS = (
    "【群】",
    "有哪些群：群清单",
    "新群归网格，在群里发：绑定 春晓社区/第1微网格",
    "只在叫我时答话，在群里发：本群只听@",
)
COUNTING = (
    "【数】",
    "本月台账的数：台账",
    "上月的、别的月：月报，月报 10月",
    "记一次志愿服务：服务 6人 2小时 清理楼道",
)
UNDOING = ("【改】", "做错了，5分钟内：撤销")
WORKER_HELP = "\n".join(LOOKING + HANDLING + TEACHING + GROUPS + COUNTING + UNDOING)
STEWARD_HELP = "\n".join(LOOKING + HANDLING + TEACHING + ANNOUNCING + GROUPS + COUNTING + UNDOING)
STAFF_HELP = "\n".join(
    LOOKING + HANDLING + DECIDING + TEACHING + ANNOUNCING + GROUPS + COUNTING + UNDOING
)
# A group has no room for a manual.
STAFF_HELP_IN_GROUP = (
    "看有哪些：清单\n办好了：办结 12 已换灯泡\n做错了，5分钟内：撤销\n全部指令私聊我发「帮助」。"
)


def meant(typed: str, command: str) -> str:
    """A command that is not one."""
    return f"没有「{typed}」这个指令，是「{command}」吗？"
