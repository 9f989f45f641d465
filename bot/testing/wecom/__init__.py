"""Stand-ins for WeCom, one file a door of it: self-built apps, group robots, AI bots."""

from __future__ import annotations

from bot.testing.wecom.aibot import FakeAibot
from bot.testing.wecom.aibot_rules import Said
from bot.testing.wecom.callbacks import CallbackAnswer, SignedCallback
from bot.testing.wecom.corp import (
    MEMBER_MESSAGES_A_MINUTE,
    FakeWecom,
    SentMessage,
)
from bot.testing.wecom.corp_calls import TEXT_LIMIT_BYTES
from bot.testing.wecom.robot import FakeRobot

__all__ = [
    "MEMBER_MESSAGES_A_MINUTE",
    "TEXT_LIMIT_BYTES",
    "CallbackAnswer",
    "FakeAibot",
    "FakeRobot",
    "FakeWecom",
    "Said",
    "SentMessage",
    "SignedCallback",
]
