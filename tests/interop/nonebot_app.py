"""A NoneBot application as anybody would write it. It tells on stdout what it understood.

    python nonebot_app.py PORT SECRET TOKEN

It answers every message with 收到：… and tells what the client said to that.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import nonebot
from nonebot.adapters.onebot import v11, v12
from nonebot.log import logger


def tell(**facts: Any) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main(port: str, secret: str, token: str) -> None:
    """Serve until killed."""
    logger.remove()
    nonebot.init(
        driver="~fastapi",
        host="127.0.0.1",
        port=int(port),
        log_level="CRITICAL",
        onebot_v11_secret=secret,
        onebot_v11_access_token=token,
        onebot_v12_access_token=token,
        fastapi_reload=False,
    )
    driver = nonebot.get_driver()
    driver.register_adapter(v11.Adapter)
    driver.register_adapter(v12.Adapter)
    matcher = nonebot.on_message(priority=1)

    @matcher.handle()
    async def answer(bot: nonebot.adapters.Bot, event: v11.MessageEvent | v12.MessageEvent) -> None:
        tell(
            adapter=bot.adapter.get_name(),
            event=event.get_event_name(),
            user=event.get_user_id(),
            session=event.get_session_id(),
            text=event.get_plaintext(),
            to_me=event.is_tome(),
            segments=[[each.type, dict(each.data)] for each in event.original_message],
        )
        try:
            result = await bot.send(event, f"收到：{event.get_plaintext()}")
        except Exception as error:
            tell(failed=type(error).__name__)
        else:
            tell(sent=result)

    @driver.on_startup
    async def ready() -> None:
        tell(ready=True)

    nonebot.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
