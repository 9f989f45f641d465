"""What a page looks like, measured in it: sizes, contrast, sideways scrolling."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msgspec import Struct

from tests.browser.devtools import Page

PC = (1366, 768)
PHONE = (390, 844)

_MEASURE = Path(__file__).with_name("looks.js").read_text("utf-8")


class Limits(Struct, frozen=True):
    """What a page must keep, in CSS pixels."""

    text: float = 13
    target: float = 44


ELDER = Limits(text=18, target=60)


async def faults(page: Page, limits: Limits | None = None) -> list[str]:
    """What the open page does wrong: too small, too faint, too wide; empty when nothing."""
    chosen = limits or Limits()
    # A title is there before the styles are: unstyled, everything is too small.
    await page.until("document.readyState === 'complete'")
    sizes = json.dumps({"text": chosen.text, "target": chosen.target})
    found: list[Any] = await page.value(f"{_MEASURE}({sizes})")
    return [str(each) for each in found]
