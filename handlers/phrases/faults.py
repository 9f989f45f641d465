"""What is missing in a command, or cannot be right: and the whole command as it should be."""

from __future__ import annotations

_EXAMPLES = {
    "转办": "转办 {n} 物业",
    "分派": "分派 {n} @陈管家，或 分派 {n} 物业",
    "要求补充": "要求补充 {n} 是几楼",
    "补充": "补充 {n} 在3楼",
    "挂账": "挂账 {n} 到12月10日 等材料",
    "延期": "延期 {n} 下周三 等业主回来",
    "上报": "上报 {n} 社区 要动维修资金",
    "不受理": "不受理 {n} 路灯归市政，请打12345",
    "重开": "重开 {n} 又不亮了",
    "退回认领": "退回认领 {n} 已有物业在办",
    "合并": "合并 {n} 15",
    "拆分": "拆分 {n} 楼道灯不亮；电梯有异响",
    "同类排查": "同类排查 {n} 5幢、7幢、9幢",
    "回头看": "回头看 {n} 30天",
    "答复": "答复 {n} 下个月改造",
    "备注": "备注 {n} 业主周末才在家",
}
_MISSING = {
    "原因": "请写上原因",
    "内容": "请把内容写在后面",
    "另一条的编号": "请写上另一条的编号",
    "几件事": "请把几件事用分号隔开，每件都写上",
    "地点": "请写上是哪几幢",
}
_WRONG = {
    ("日期", "missing"): "{command}到哪天？例：{example}",
    ("日期", "impossible"): "「{rest}」里没有这一天，请改一下日期，例：{example}",
    ("日期", "past"): "「{rest}」的日期已经过了，要写今天以后的，例：{example}",
    ("日期", "not_later"): "延期要比原来的期限晚，看原来是哪天回复「详情 {n}」。例：{example}",
    ("单位", "missing"): "{n}号{verb}给谁？例：{example}",
    ("另一条的编号", "itself"): "自己和自己不用合并，例：{example}",
    ("上报到哪里", "lower"): "{n}号已经报到这一级了，可以往上：上报 {n} 大工委 原因",
    ("上报到哪里", "missing"): "{n}号还没有上报过，先回复：上报 {n} 大工委 原因",
}
_ANOTHER = {
    "单位": "没有这个单位，是「{why}」吗？是就回复：{command} {n} {why}",
    "人": "这里没有叫「{why}」的工作人员。派给单位不用 @，例：{command} {n} 物业",
}
_GENERAL = "{missing}，例：{example}"


def faulty(command: str, number: str, rest: str, what: str, why: str) -> str:
    """One sentence; `rest` is what was typed behind the number, `why` may be what was meant."""
    wrong = _WRONG.get((what, why)) or _ANOTHER.get(what, _GENERAL)
    return wrong.format(
        command=command,
        verb={"转办": "转", "分派": "派"}.get(command, command),
        n=number,
        rest=rest,
        why=why,
        example=_EXAMPLES.get(command, "详情 {n}").format(n=number),
        missing=_MISSING.get(what, f"还缺{what}"),
    )
