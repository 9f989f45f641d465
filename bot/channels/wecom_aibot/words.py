"""What is sent to an AI bot's chats: bodies of replies and pushes, and text made safe for them.

The platform shows Markdown. Our words are plain text and may repeat a resident's: signs that
would become a link, a mention, a heading or a colour are replaced by their full-width twins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from bot.language.markdown import without_mentions
from bot.language.splitting import split_text

LIMIT_BYTES: Final = 20_480
WELCOME_LIMIT_BYTES: Final = 2_048
# The key of a button that has done its work: pressing it again means nothing.
SPENT: Final = "-"
_CUT: Final = "\n……（太长，后面的没有发出来）"
_TITLE: Final = 26
_SUBTITLE: Final = 112
_USER: Final = re.compile(r"[A-Za-z0-9_.@-]{1,64}")
_TWINS: Final = str.maketrans({"<": "＜", ">": "＞", "`": "＇", "*": "＊", "[": "［", "]": "］"})
_LINE_START: Final = re.compile(r"(?m)^([ \t]*)#")


def plain(text: str) -> str:
    """The text so that Markdown shows it as it was written."""
    # Half a surrogate pair cannot be sent; a question mark in its place can.
    whole = text.encode("utf-8", "replace").decode()
    return _LINE_START.sub(r"\1＃", whole.translate(_TWINS))


def pieces(text: str, mentions: Sequence[str] = ()) -> list[str]:
    """Parts that the platform takes, in order; the first calls those who are mentioned."""
    return _called(plain(text), mentions)


def shown(markdown_text: str, mentions: Sequence[str] = ()) -> list[str]:
    """The same for Markdown of our own making; nobody is mentioned by what stands in it."""
    return _called(without_mentions(markdown_text), mentions)


def _called(text: str, mentions: Sequence[str]) -> list[str]:
    called = " ".join(f"<@{user}>" for user in mentions if _USER.fullmatch(user))
    parts = split_text(text, LIMIT_BYTES - len(called.encode()) - 1)
    if called and parts:
        parts[0] = f"{called}\n{parts[0]}"
    return parts


def only_piece(text: str, mentions: Sequence[str] = ()) -> str:
    """Everything in one message; what is too much is cut, and said to be cut."""
    parts = pieces(text, mentions)
    if len(parts) < 2:
        return "".join(parts)
    return split_text(parts[0], LIMIT_BYTES - len(_CUT.encode()))[0] + _CUT


def stream(stream_id: str, content: str, feedback: str) -> dict[str, Any]:
    """A reply in one piece: a stream that is finished when it begins."""
    return {
        "msgtype": "stream",
        "stream": {
            "id": stream_id,
            "finish": True,
            "content": content,
            "feedback": {"id": feedback},
        },
    }


def finished(stream_id: str, content: str) -> dict[str, Any]:
    """The answer to a question about a stream: it is finished."""
    return {"msgtype": "stream", "stream": {"id": stream_id, "finish": True, "content": content}}


def markdown(content: str, feedback: str = "") -> dict[str, Any]:
    """A push, or a late reply."""
    inner: dict[str, Any] = {"content": content}
    if feedback:
        inner["feedback"] = {"id": feedback}
    return {"msgtype": "markdown", "markdown": inner}


def welcome(text: str) -> dict[str, Any]:
    """The only place where the platform takes plain text."""
    parts = split_text(text.encode("utf-8", "replace").decode(), WELCOME_LIMIT_BYTES)
    return {"msgtype": "text", "text": {"content": parts[0] if parts else ""}}


def card_update(task: str, text: str) -> dict[str, Any]:
    """What a pressed card becomes: our answer, and a button that does nothing more."""
    first, _, rest = plain(text).partition("\n")
    card: dict[str, Any] = {
        "card_type": "button_interaction",
        "main_title": {"title": first[:_TITLE], "desc": ""},
        "sub_title_text": (first[_TITLE:] + rest)[:_SUBTITLE],
        "button_list": [{"text": "已收到", "style": 1, "key": SPENT}],
        "task_id": task,
    }
    return {"response_type": "update_template_card", "template_card": card}
