"""Words of figures: the ledger's sentence, the month's, and what volunteers did."""

from __future__ import annotations

from bot import Hours, Paper, Service

IN_PRIVATE = "台账和月报的数字请私聊我看。"
NO_SUCH_MONTH = "看不懂是哪个月，例：月报 10月"
HOW_TO_SERVE = "要写几个人、每人多久、做了什么，例：服务 6人 2小时 清理楼道"


def figures(paper: Paper, files: bool) -> str:
    """The sentences of a paper, and where the whole is."""
    where = "\n整本在管理台「报表」里下载，回复「登录」进去。" if files else ""
    return "\n".join([*paper.lines, paper.caliber]) + where


def served(service: Service, month: Hours) -> str:
    """What was written down, and the month so far."""
    return (
        f"记下了：{service.what}，{service.people}人、每人{_hours(service.minutes)}小时。\n"
        f"本月服务{month.times}次，累计服务时长{month.hours:g}小时。\n"
        "记错了，5分钟内回复「撤销」。"
    )


def taken_back(service: Service) -> str:
    """It counts no more."""
    return f"已撤销：「{service.what}」这次服务不算了。"


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")
