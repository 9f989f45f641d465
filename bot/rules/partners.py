"""Which matters a partner unit (共建单位) can take on: those of its kinds, or with its words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rules.taxonomy import Category


def serves(kinds: Sequence[str], category: Category, text: str) -> bool:
    """Whether a matter is of a unit's kinds: category codes or names, or keywords in the text."""
    names = {category.code, category.name, category.short}
    return any(kind in names or kind in text for kind in kinds if kind)
