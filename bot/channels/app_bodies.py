"""What a self-built app says, as plain data: to one member, or in a group that it created.

Shapes: developer.work.weixin.qq.com/document/path/90236 (members), 90248 (groups).
"""

from __future__ import annotations

from typing import Any, Final

from bot.errors import SendRefused
from bot.language.markdown import without_mentions
from bot.language.splitting import numbered, split_text
from bot.models import Card, Markdown, News, Outgoing
from bot.models.rich import DESCRIPTION_BYTES

TEXT_BYTES: Final = 2048

Body = dict[str, Any]


def address(outgoing: Outgoing, agent_id: int) -> Body:
    """Who is to hear it. Raises `SendRefused`."""
    if outgoing.chat:
        return {"chatid": outgoing.chat, "safe": 0}
    # `@all` and `a|b` mean many people here; an outbox row has one receiver.
    if not outgoing.user or "|" in outgoing.user or outgoing.user.startswith("@"):
        raise SendRefused("收信人不是一个成员账号")
    return {
        "touser": outgoing.user,
        "agentid": agent_id,
        "safe": 0,
        "enable_duplicate_check": 0,
    }


def worded_bodies(outgoing: Outgoing) -> list[Body]:
    """All that needs no file; what the platform cannot show here is sent as its text."""
    match outgoing.rich:
        case Markdown() as rich:
            parts = numbered(without_mentions(_sendable(rich.text)), TEXT_BYTES)
            return [{"msgtype": "markdown", "markdown": {"content": part}} for part in parts]
        case News() as rich:
            return [_news(rich)]
        case Card() as rich:
            return [_card(rich)]
    bodies: list[Body] = [
        {"msgtype": "text", "text": {"content": part}}
        for part in split_text(_sendable(outgoing.text), TEXT_BYTES)
    ]
    called = [user for user in outgoing.mentions if not user.startswith("@")]
    if bodies and outgoing.chat and called:
        bodies[0]["text"]["mentioned_list"] = called
    return bodies


def media_body(kind: str, media_id: str) -> Body:
    """A picture, file or recording that was uploaded before."""
    return {"msgtype": kind, kind: {"media_id": media_id}}


def _news(rich: News) -> Body:
    articles = [
        {
            "title": article.title,
            "description": article.description,
            "url": article.url,
            "picurl": article.picture,
        }
        for article in rich.articles
    ]
    return {"msgtype": "news", "news": {"articles": articles}}


def _card(card: Card) -> Body:
    lines = [card.note, card.body, *(f"{row.name}：{row.value}" for row in card.rows)]
    words = "\n".join(filter(None, lines)) or card.title
    description = split_text(words, DESCRIPTION_BYTES)[0]
    return {
        "msgtype": "textcard",
        "textcard": {
            "title": card.title,
            "description": description,
            "url": card.url,
            "btntxt": "详情",
        },
    }


def _sendable(text: str) -> str:
    # Half a surrogate pair cannot be sent; a question mark in its place can.
    return text.encode("utf-8", "replace").decode()
