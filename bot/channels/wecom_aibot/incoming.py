"""From a callback of an AI bot to a message of ours: words, quote, pictures, and what may answer.

In a group the platform hands over only what mentions the bot, so every message is addressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bot.channels.wecom_aibot.body import MESSAGES, Body, CardClick, Feedback
from bot.channels.wecom_aibot.ways import Ways
from bot.channels.wecom_aibot.words import SPENT
from bot.language.mentions import strip_mentions
from bot.models import Incoming

_SYSTEM: Final = "sys"
_SECONDS: Final = range(253_402_300_800)
_OPINIONS: Final = {1: "有用", 2: "没用", 3: "收回反馈"}
_REASONS: Final = {1: "答非所问", 2: "不完整", 3: "不对", 4: "数据分析有误"}


class Reader:
    """Reads for one bot. `names` are what it is called in WeCom, where it is mentioned by them."""

    def __init__(self, channel: str, names: Sequence[str], ways: Ways) -> None:
        self._channel = channel
        self._ways = ways
        self._names = tuple(names)

    def incoming(self, body: Body, handle: str, now: datetime) -> Incoming | None:
        """The message; None when there is nothing to store.

        `handle` is what an answer to this very callback needs: a req_id or a response code. `body`
        has passed `check`.
        """
        if body.user.strip().lower() in {"", _SYSTEM}:
            return None
        if body.msgtype in MESSAGES:
            return self._message(body, handle, now)
        return self._event(body, handle, now) if body.msgtype == "event" else None

    def _message(self, body: Body, handle: str, now: datetime) -> Incoming:
        return Incoming(
            channel=self._channel,
            chat=body.chat,
            sender=body.user,
            message_id=body.msgid,
            text=strip_mentions(body.words, self._names)[0],
            sent_at=_instant(body.create_time, now),
            mentioned=True,
            kind=body.msgtype,
            quote="" if body.quote is None else body.quote.words,
            # Of a group it hears mentions only: quoting a picture is how one hands it over.
            attachments=(*body.attachments(), *(body.quote.attachments() if body.quote else ())),
            reply_token=self._ways.message(handle),
            answerable=self._ways.answerable,
        )

    def _event(self, body: Body, handle: str, now: datetime) -> Incoming | None:
        event = body.event
        if event is None:
            return None
        kind, text, quote, token = "", "", "", ""
        if event.eventtype == "enter_chat":
            kind, token = "event:enter_chat", self._ways.welcome(handle)
        elif event.eventtype == "template_card_event" and (click := event.template_card_event):
            kind = "card" if click.event_key not in {"", SPENT} else ""
            text, token = _pressed(click), self._ways.card(handle, click.task_id)
        elif event.eventtype == "feedback_event" and (opinion := event.feedback_event):
            kind, text, quote = "event:feedback", _opinion(opinion), opinion.id
        if not kind:
            return None
        return Incoming(
            channel=self._channel,
            chat=body.chat,
            sender=body.user,
            message_id=body.msgid,
            text=text,
            sent_at=_instant(body.create_time, now),
            mentioned=True,
            kind=kind,
            quote=quote,
            reply_token=token,
            answerable=self._ways.answerable and kind != "event:feedback",
        )


def _pressed(click: CardClick) -> str:
    """A button's key is the command that it stands for; what was ticked follows it."""
    ticked = [
        option
        for item in (click.selected_items.selected_item or [] if click.selected_items else [])
        for option in (item.option_ids or {}).get("option_id", [])
    ]
    return " ".join([click.event_key, *ticked]).strip()


def _opinion(opinion: Feedback) -> str:
    said = _OPINIONS.get(opinion.type, "看不懂的反馈")
    reasons = [_REASONS[n] for n in opinion.inaccurate_reason_list or [] if n in _REASONS]
    why = f"（{'、'.join(reasons)}）" if reasons else ""
    return f"{said}{why}：{opinion.content}" if opinion.content else f"{said}{why}"


def _instant(create_time: int | None, now: datetime) -> datetime:
    """Messages of the documented form carry no time: then it is now."""
    if create_time is None or create_time not in _SECONDS:
        return now
    return datetime.fromtimestamp(create_time, UTC)
