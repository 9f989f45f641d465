"""What the group robot is told for each kind of message: plain data, ready for JSON.

Shapes and limits: developer.work.weixin.qq.com/document/path/99110.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from typing import Any, Final

from bot.errors import SendRefused
from bot.language.markdown import without_mentions
from bot.language.splitting import numbered
from bot.models import Card, Markdown, MarkdownV2, News, Outgoing
from bot.models.rich import IMAGE_BYTES, CardLink, CardRow

TEXT_BYTES: Final = 2048
MARKDOWN_BYTES: Final = 4096
MAX_PARTS: Final = 9
_MOBILE: Final = re.compile(r"1\d{10}\Z")
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")

Body = dict[str, Any]


def worded_bodies(outgoing: Outgoing) -> list[Body]:
    """All that needs no file."""
    match outgoing.rich:
        case Markdown() | MarkdownV2() as rich:
            return markdown_bodies(rich, outgoing.mentions)
        case News() as rich:
            return [news_body(rich)]
        case Card() as rich:
            return [card_body(rich)]
    return text_bodies(outgoing)


def text_bodies(outgoing: Outgoing) -> list[Body]:
    """The text in parts that fit; the first calls those whom code wants called."""
    words = numbered(without_mentions(_sendable(outgoing.text)), TEXT_BYTES)
    bodies: list[Body] = [{"msgtype": "text", "text": {"content": part}} for part in words]
    if bodies:
        bodies[0]["text"] |= _mentions(outgoing.mentions)
    return bodies


def markdown_bodies(rich: Markdown | MarkdownV2, mentions: Sequence[str]) -> list[Body]:
    """The Markdown in parts that fit; version 1 can call people, version 2 cannot."""
    kind = "markdown" if isinstance(rich, Markdown) else "markdown_v2"
    text = without_mentions(_sendable(rich.text))
    called = [] if kind == "markdown_v2" else [f"<@{user}>" for user in _users(mentions)]
    reserve = sum(len(call.encode()) + 1 for call in called)
    parts = numbered(text, MARKDOWN_BYTES - reserve)
    if parts and called:
        parts[0] = " ".join([parts[0], *called])
    return [{"msgtype": kind, kind: {"content": part}} for part in parts]


def image_body(data: bytes) -> Body:
    """A picture. Raises `SendRefused` when it is no JPG or PNG or too large."""
    if len(data) > IMAGE_BYTES or not data.startswith(_PICTURES):
        raise SendRefused("图片要是2MB以内的 JPG 或 PNG")
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return {
        "msgtype": "image",
        "image": {"base64": base64.b64encode(data).decode(), "md5": digest},
    }


def news_body(rich: News) -> Body:
    """One to eight links with pictures."""
    articles = [
        _filled(
            title=article.title,
            description=article.description,
            url=article.url,
            picurl=article.picture,
        )
        for article in rich.articles
    ]
    return {"msgtype": "news", "news": {"articles": articles}}


def card_body(card: Card) -> Body:
    """A text card, or a news card when there is a picture."""
    found = {
        "card_type": "news_notice" if card.picture else "text_notice",
        "main_title": _filled(title=card.title, desc=card.note),
        "horizontal_content_list": [_row(row) for row in card.rows],
        "jump_list": [_link(link) for link in card.links],
        "card_action": {"type": 1, "url": card.url},
    }
    if card.source:
        found["source"] = {"desc": card.source}
    if card.picture:
        found["card_image"] = {"url": card.picture, "aspect_ratio": card.aspect}
        found["vertical_content_list"] = [{"title": c.name, "desc": c.value} for c in card.columns]
    elif card.body:
        found["sub_title_text"] = card.body
    return {"msgtype": "template_card", "template_card": found}


def media_body(kind: str, media_id: str) -> Body:
    """A file or a recording that was uploaded before."""
    return {"msgtype": kind, kind: {"media_id": media_id}}


def _row(row: CardRow) -> Body:
    found: Body = {"keyname": row.name, "value": row.value}
    return found | ({"type": 1, "url": row.url} if row.url else {})


def _link(link: CardLink) -> Body:
    return {"type": 1, "title": link.title, "url": link.url}


def _filled(**fields: str) -> Body:
    return {name: value for name, value in fields.items() if value}


def _mentions(mentions: Sequence[str]) -> Body:
    mobiles = [each for each in mentions if _MOBILE.match(each)]
    found = {"mentioned_list": _users(mentions), "mentioned_mobile_list": mobiles}
    return {name: value for name, value in found.items() if value}


def _users(mentions: Sequence[str]) -> list[str]:
    """Accounts. Nobody calls everybody: `@all` is none."""
    return [u for u in mentions if not u.startswith("@") and not _MOBILE.match(u) and ">" not in u]


def _sendable(text: str) -> str:
    # Half a surrogate pair cannot be sent; a question mark in its place can.
    return text.encode("utf-8", "replace").decode()
