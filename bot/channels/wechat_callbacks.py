"""What opened callbacks of WeCom apps and of Official Accounts have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bot.channels.wecom_xml import WecomMessage
from bot.errors import BadCallback
from bot.models import Attachment, MediaKind
from bot.ports import CallbackRequest

_MAX_SENDER: Final = 128
_MAX_SECONDS_DIGITS: Final = 11
_MAX_REF: Final = 1024
_MEDIA: Final = {
    "image": MediaKind.IMAGE,
    "voice": MediaKind.VOICE,
    "video": MediaKind.VIDEO,
    "shortvideo": MediaKind.VIDEO,
    "file": MediaKind.FILE,
}


def seal_of(request: CallbackRequest) -> tuple[str, str, str]:
    """Signature, timestamp and nonce of an encrypted request. Raises `BadCallback`."""
    signature, timestamp, nonce = (
        required(request, name) for name in ("msg_signature", "timestamp", "nonce")
    )
    return signature, timestamp, nonce


def required(request: CallbackRequest, name: str) -> str:
    """A parameter of the address. Raises `BadCallback` where it is missing."""
    value = request.query.get(name, "")
    if not value:
        raise BadCallback(f"请求缺少参数 {name}", 400)
    return value


def sender_of(fields: Mapping[str, str]) -> str:
    """Who wrote. Raises `BadCallback`."""
    sender = fields.get("FromUserName", "")
    if not 0 < len(sender) <= _MAX_SENDER:
        raise BadCallback("消息没有合格的 FromUserName", 400)
    return sender


def instant_of(fields: Mapping[str, str]) -> datetime:
    """When it was written. Raises `BadCallback`."""
    create_time = fields.get("CreateTime", "")
    if not 0 < len(create_time) <= _MAX_SECONDS_DIGITS:
        raise BadCallback("消息没有合格的 CreateTime", 400)
    return datetime.fromtimestamp(int(create_time), UTC)


def identity_of(message: WecomMessage, xml: str) -> str:
    """The platform's id, else one of our own: the same for the same message brought again.

    Events have none, and two of one person in one second differ only in what they say.
    """
    given = message.fields.get("MsgId", "")
    if given and not message.is_event:
        return given
    digest = hashlib.sha256(xml.encode()).hexdigest()[:16]
    return f"{message.fields['FromUserName']}-{message.fields['CreateTime']}-{digest}"


def attachments_of(message: WecomMessage) -> tuple[Attachment, ...]:
    """The picture, recording, film or file that a message is."""
    kind = _MEDIA.get(message.type)
    ref = message.fields.get("MediaId") or message.fields.get("PicUrl", "")
    if kind is None or not 0 < len(ref) <= _MAX_REF:
        return ()
    name = message.fields.get("FileName") or message.fields.get("Filename", "")
    return (Attachment(kind=kind, ref=ref, name=name[:128]),)


def menu_of(words: Sequence[str]) -> dict[str, Any]:
    """A menu with one button a word; a click brings the word back as `EventKey`."""
    return {"button": [{"type": "click", "name": word, "key": word} for word in words]}
