"""The platform's own Python client as a bot. Arguments: address, bot id, secret.

Prints one JSON object a line. It runs in a process of its own: it imports what its own libraries
call deprecated, and it always wants TLS, which loopback has not.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from typing import Any

import aibot  # type: ignore[import-not-found,unused-ignore]
import aibot.ws  # type: ignore[import-not-found,unused-ignore]


class Silent:
    """Its logger."""

    def debug(self, message: str, *args: Any) -> None:
        """Nothing."""

    info = warn = error = debug


def tell(what: str, **more: Any) -> None:
    """One line."""
    sys.stdout.write(json.dumps({"what": what, **more}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


async def main(url: str, bot_id: str, secret: str) -> None:
    """Answer until the process is ended."""
    aibot.ws._SSL_CONTEXT = None
    options = aibot.WSClientOptions(bot_id=bot_id, secret=secret, ws_url=url, logger=Silent())
    client = aibot.WSClient(options)

    async def answer(frame: dict[str, Any]) -> None:
        body = frame["body"]
        await client.reply_stream(frame, "stream-1", f"听到：{body['text']['content']}", True)
        said = {"msgtype": "markdown", "markdown": {"content": "主动说一句"}}
        await client.send_message(body["chatid"], said)
        tell("answered")

    async def look(frame: dict[str, Any]) -> None:
        image = frame["body"]["image"]
        data, name = await client.download_file(image["url"], image["aeskey"])
        tell("downloaded", sha256=hashlib.sha256(data).hexdigest(), filename=name)

    async def greet(frame: dict[str, Any]) -> None:
        await client.reply_welcome(frame, {"msgtype": "text", "text": {"content": "您好"}})
        tell("welcomed")

    client.on("authenticated", lambda: tell("authenticated"))
    client.on("error", lambda error: tell("error", message=str(error)))
    client.on("message.text", answer)
    client.on("message.image", look)
    client.on("event.enter_chat", greet)
    await client.connect()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
