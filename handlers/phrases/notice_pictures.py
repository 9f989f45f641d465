"""Words about pictures and files that go along with a notice."""

from __future__ import annotations

NOT_YET = "图片还在收，过一小会儿再回复「确认」。"
LOST = "有图片没收下来，只发剩下的。可以重发图片，或者回复「确认」照这样发。"
FULL = "图片太多，多出来的没有收。"
UNNAMED = "附件"
PICTURE = "（图片）"


def file(name: str) -> str:
    """In the place of a file, where it cannot be shown."""
    return f"（文件：{name}）"
