"""Asking a platform whether our settings work, without sending anybody anything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from bot.channels.line import Line
from bot.errors import SendError
from bot.models import Finding, Grade

SKEW_WARN_SECONDS: Final = 60.0
SKEW_FAIL_SECONDS: Final = 600.0


async def probed(name: str, line: Line, ask: Callable[[], Awaitable[str]]) -> list[Finding]:
    """What comes of one harmless call (`ask` returns what went well), and how our clock stands."""
    try:
        found = [Finding(Grade.OK, name, await ask())]
    except SendError as error:
        found = [Finding(Grade.FAIL, name, _sentence(str(error)))]
    if line.skew is not None:
        found.append(clock(line.skew, line.platform))
    return found


def clock(skew: float, platform: str) -> Finding:
    """Our clock against a platform's, in seconds; callbacks older than ten minutes are refused."""
    seconds = round(abs(skew))
    if seconds <= SKEW_WARN_SECONDS:
        return Finding(Grade.OK, "时钟", f"和{platform}只差 {seconds} 秒。")
    way = "慢" if skew > 0 else "快"
    grade = Grade.FAIL if seconds > SKEW_FAIL_SECONDS else Grade.WARN
    return Finding(
        grade,
        "时钟",
        f"本机比{platform}{way} {seconds} 秒，差过 600 秒回调会被拒收，"
        "请打开时间同步：timedatectl set-ntp true。",
    )


def _sentence(reason: str) -> str:
    return reason if reason.endswith("。") else f"{reason}。"
