"""What a message wants: rules that can be read, and a small model for what no rule foresaw.

The rules speak first. Where they are sure and the model does not contradict, they stand with their
words; elsewhere the model decides, and what it says may be acted on unasked only when it is sure.
"""

from __future__ import annotations

from bot.language import intents
from bot.language.features import intent_features
from bot.language.intents import Intent, Judgement
from bot.language.linear import shipped

MODEL = "intents"
KEEP = 0.2
"""A sure rule stands unless the model gives its intent less than this."""
DOUBT = 0.9
"""Less than this does not overrule words that say nothing is the matter, or that it is a joke."""
SURE = 0.75
"""From here the model alone may call a message clear."""
SHORTEST = 2
"""One character says nothing."""
BARE = 8
"""So few characters without a word that any rule knows tell of no trouble by themselves."""
ALARM = 0.65
"""Less than this and a danger that no safety word names is none."""

_CALM = ("无故障", "已修好", "玩笑", "借用", "买卖")
_ACTED_ON = frozenset({Intent.APPEAL, Intent.SUGGESTION, Intent.QUESTION, Intent.FOLLOW_UP})


def judge(text: str) -> Judgement:
    """Read a message's intent. The time is linear in its (bounded) length."""
    ruled = intents.judge(text)
    if len(text) < SHORTEST or not any(map(str.isalnum, text[: intents.LONGEST])):
        return ruled
    features = intent_features(text)
    model = shipped(MODEL)
    likely = model.probabilities(features)
    if likely[Intent.EMERGENCY] < ALARM:
        likely[Intent.EMERGENCY] = 0.0
    best = Intent(max(likely, key=likely.__getitem__))
    share = likely[best]
    if best is ruled.intent:
        return Judgement(best, ruled.clear or _clear(best, share), ruled.evidence)
    if _stands(ruled, text, likely, best):
        return ruled
    if best is Intent.CHATTER:
        return Judgement(best, False, (f"不像{NAMES[ruled.intent]}", *ruled.evidence))
    words = ruled.evidence if ruled.intent is Intent.CHATTER else ()
    return Judgement(
        best, _clear(best, share), (_told(model.reasons(features, best), share), *words)
    )


def _clear(intent: Intent, share: float) -> bool:
    return intent in _ACTED_ON and share >= SURE


def _stands(ruled: Judgement, text: str, likely: dict[str, float], best: Intent) -> bool:
    """Whether what the rules say holds against a model that says `best`."""
    if best is Intent.EMERGENCY:
        return False
    if ruled.intent is not Intent.CHATTER:
        return ruled.clear and likely[ruled.intent] >= KEEP
    if best not in {Intent.APPEAL, Intent.FOLLOW_UP}:
        return False
    if ruled.evidence:
        return ruled.evidence[0].startswith(_CALM) and likely[best] < DOUBT
    return len(text) <= BARE and likely[best] < DOUBT


def _told(reasons: tuple[str, ...], share: float) -> str:
    """`语感「追问式」「多久」0.82`: what spoke most, and how sure that makes."""
    names = "".join(f"「{reason.strip('=^$#')}」" for reason in reasons)
    return f"语感{names}{share:.2f}"


NAMES = {
    Intent.QUESTION: "提问",
    Intent.APPEAL: "诉求",
    Intent.SUGGESTION: "建议",
    Intent.THANKS: "道谢",
    Intent.FOLLOW_UP: "追问",
    Intent.EMERGENCY: "险情",
    Intent.COMMAND: "指令",
    Intent.CHATTER: "闲谈",
    Intent.ADVERT: "广告",
}
"""How the trace calls each intent."""
