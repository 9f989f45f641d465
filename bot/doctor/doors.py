"""The doors: whether platforms reach our callbacks, and how fast they are answered."""

from __future__ import annotations

import time
from collections.abc import Mapping

import aiohttp

from bot.models import Finding, Grade
from bot.ports import CallbackChannel, CallbackRequest, Channel, RehearsedChannel

# WeCom gives up on a URL check after one second.
CHECK_SECONDS = 1.0
PATIENCE_SECONDS = 5.0


async def callbacks(base: str, channels: Mapping[str, Channel]) -> list[Finding]:
    """Each callback address below `base`, asked as its platform would ask."""
    found = []
    timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        for name, channel in channels.items():
            if isinstance(channel, CallbackChannel):
                found.append(await _callback(session, f"{base}/callback/{name}", channel))
    return found


async def _callback(session: aiohttp.ClientSession, url: str, channel: CallbackChannel) -> Finding:
    subject = f"{channel.name} 回调"
    request, right = CallbackRequest({}), None
    candidate: object = channel
    if isinstance(candidate, RehearsedChannel):
        request, right = candidate.rehearsal()
    started = time.perf_counter()
    try:
        async with session.get(url, params=dict(request.query), allow_redirects=False) as answer:
            body = (await answer.content.read(4096)).decode("utf-8", "replace")
            ours = answer.headers.get("Server", "") == "haitang" or right is not None
            status = answer.status
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Finding(
            Grade.FAIL,
            subject,
            f"{url} 打不开，请查域名、证书、防火墙和反向代理，本机再试 haitang run 是否开着。",
        )
    seconds = time.perf_counter() - started
    return _verdict(subject, url, status, right is None or body == right, ours, seconds)


def _verdict(
    subject: str, url: str, status: int, right: bool, ours: bool, seconds: float
) -> Finding:
    """What an answer means. Without a rehearsal a refusal of ours (4xx) is as good as it gets."""
    if not ours or status >= 500 or status in {301, 302, 308, 404}:
        return Finding(
            Grade.FAIL,
            subject,
            f"{url} 答的是 HTTP {status}，没有转到海棠，请把反向代理的 /callback/ 指到它的端口。",
        )
    if not right:
        return Finding(
            Grade.FAIL,
            subject,
            f"{url} 答得不对（HTTP {status}），运行中的设置和这份不一样，请重启服务再查。",
        )
    if seconds > CHECK_SECONDS:
        return Finding(
            Grade.WARN,
            subject,
            f"验证用了 {seconds:.1f} 秒，平台只等 1 秒，请看机器负载和反向代理。",
        )
    return Finding(Grade.OK, subject, f"{url} 答得对，用了 {seconds * 1000:.0f} 毫秒。")
