"""The kit for tests and for handler authors."""

from __future__ import annotations

from bot.testing.wecom import FakeWecom, SignedCallback

__all__ = ["FakeWecom", "SignedCallback"]
