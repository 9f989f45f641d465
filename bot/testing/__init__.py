"""The kit for tests and for handler authors."""

from __future__ import annotations

from bot.testing.official import FakeOfficial
from bot.testing.wecom import FakeRobot, FakeWecom, SignedCallback

__all__ = ["FakeOfficial", "FakeRobot", "FakeWecom", "SignedCallback"]
