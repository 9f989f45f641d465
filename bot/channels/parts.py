"""Saying a long text as several messages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.errors import SendError, SendRefused, SendUncertain
from bot.language.splitting import split_text


async def say_in_parts(text: str, limit_bytes: int, say: Callable[[str], Awaitable[str]]) -> str:
    """Say each part in turn; the platform's ids of them, joined by commas.

    Raises a `SendError`. When a later part fails it is always `SendUncertain`: sending all again
    would say the first part twice.
    """
    # Half a surrogate pair cannot be sent; a question mark in its place can.
    parts = split_text(text.encode("utf-8", "replace").decode(), limit_bytes)
    if not parts:
        raise SendRefused("消息内容是空的")
    ids: list[str] = []
    for number, part in enumerate(parts, start=1):
        try:
            ids.append(await say(part))
        except SendError as error:
            if number == 1:
                raise
            reason = f"共{len(parts)}段，第{number}段起没有确认送达：{error}"
            raise SendUncertain(reason) from None
    return ",".join(filter(None, ids))
