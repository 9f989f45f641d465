"""The kit for tests and for handler authors."""

from __future__ import annotations

from bot.testing.wecom import FakeRobot, FakeWecom, SignedCallback

__all__ = ["FakeRobot", "FakeWecom", "SignedCallback"]
