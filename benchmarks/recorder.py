"""The fake WeCom as a process of its own: what private chats are answered through."""

from __future__ import annotations

import asyncio

from bot.testing.wecom import FakeWecom


async def _serve() -> None:
    async with FakeWecom().serve() as url:
        print(url.rpartition(":")[2], flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
