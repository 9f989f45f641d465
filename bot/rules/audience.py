"""Who may read what somebody said: everybody, those on duty, or only who handles it."""

from __future__ import annotations

from bot.language.intents import Intent
from bot.language.personal import is_personal
from bot.models import Audience
from bot.rules.taxonomy import Category, Publicity

_IN_CONFIDENCE = (
    *("别说是我", "不要说是我", "别告诉", "不要告诉", "匿名", "谁举报", "是谁投诉", "是谁反映"),
    *("举报人", "保密", "别提我", "不要提我", "不要公开", "私下"),
)
_TELLING = frozenset[str]({Intent.APPEAL, Intent.FOLLOW_UP, Intent.EMERGENCY})


def audience_of(text: str, intent: str, category: Category) -> Audience:
    """Private: somebody's illness, family or child, who reported whom, and a case of a category
    that a group never reads. A question or a wish about such a category is public. NFKC texts.
    """
    if is_personal(text) or any(word in text for word in _IN_CONFIDENCE):
        return Audience.PRIVATE
    if intent in _TELLING and category.public in {Publicity.NEVER, Publicity.NEVER_IF_CASE}:
        return Audience.PRIVATE
    return Audience.PUBLIC
