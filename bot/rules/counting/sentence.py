"""Counts as the sentences that are printed: in a newspaper, under a title, in a chat."""

from __future__ import annotations

from datetime import datetime

from bot.models import SHANGHAI
from bot.models.ledger import Counts
from bot.rules.counting.periods import Period
from bot.rules.counting.rates import FAIR_WEIGHT, rates


def sentence(counts: Counts) -> str:
    """`收集居民诉求379个，提出145条意见建议，推动解决大小诉求296个（办结率78.1%，296/379）。`"""
    (closed,) = [rate for rate in rates(counts) if rate.key == "closed"]
    share = "" if closed.percent is None else f"（办结率{closed.percent:.1f}%，{closed.fraction}）"
    return (
        f"收集居民诉求{counts.accepted}个，提出{counts.suggestions}条意见建议，"
        f"推动解决大小诉求{counts.closed}个{share}。"
    )


def draft(where: str, period: Period, counts: Counts, weight: float = FAIR_WEIGHT) -> list[str]:
    """Three sentences for a newspaper. A rate that says nothing is not in them."""
    by_key = {rate.key: rate for rate in rates(counts, weight)}
    told = [by_key[key].told for key in ("answered", "content") if by_key[key].percent is not None]
    ideas = f"意见建议中采纳{counts.adopted}条、列入议事{counts.agenda}条"
    praise = f"，收到居民表扬{counts.praise}次" if counts.praise else ""
    return [
        f"{period.name}，{where}通过微网格群{sentence(counts)}",
        f"{'，'.join(told)}。" if told else "办件数量还少，响应率、满意率暂不列出。",
        f"{ideas}{praise}。",
    ]


def caliber(period: Period, counts: Counts, now: datetime) -> str:
    """The 口径 line: which matters, by which day, as of when, and what is left out."""
    local = now.astimezone(SHANGHAI)
    out = f"已合并{counts.merged}、已撤回{counts.withdrawn}、不受理{counts.declined}件不计入"
    kept = f"；含不公开{counts.hidden}件" if counts.hidden else ""
    return (
        f"口径：按登记时间{period.name}统计，截至{local.month}月{local.day}日"
        f"{local:%H:%M}；{out}{kept}；无人评价算未评价，不算满意。"
    )
