"""What a platform hands out as a file."""

from __future__ import annotations

import re
from typing import Final

from bot.channels.line import Reply
from bot.ports import Fetched

_NAME: Final = re.compile(r'filename="?([^";\r\n]{1,128})')


def as_fetched(reply: Reply, name: str) -> Fetched:
    """What came back, under the name that the message or the response gives it."""
    headers = {key.lower(): value for key, value in reply.headers.items()}
    given = _NAME.search(headers.get("content-disposition", ""))
    mime = headers.get("content-type", "").partition(";")[0].strip()
    return Fetched(reply.body, name or (given[1] if given else ""), mime)
