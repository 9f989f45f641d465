"""What a message wants: a small model decides, and rules that can be read say why.

The model sees what the rules' words do in the sentence. Where both agree the rules' words are the
evidence and say whether to act unasked; elsewhere the model must be sure by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.language import intents
from bot.language.features import intent_features
from bot.language.intents import Intent, Judgement
from bot.language.linear import shipped

MODEL = "intents"
SURE = 0.75
"""From here the model alone may call a message clear."""
CLOSE = 0.6
"""A clear rule stands when the model gives it at least this much of what it gives the best."""
SHORTEST = 2
"""One character says nothing."""
ALARM = 0.65
"""Less than this and a danger that no safety word names is none."""

_ACTED_ON = frozenset({Intent.APPEAL, Intent.SUGGESTION, Intent.QUESTION, Intent.FOLLOW_UP})


def judge(text: str, alarms: Iterable[str] = ()) -> Judgement:
    """Read a message's intent. The time is linear in its (bounded) length.

    `alarms`: what the danger lane heard in it (`Danger.alarms`).
    """
    ruled = intents.judge(text)
    if len(text) < SHORTEST or not any(map(str.isalnum, text[: intents.LONGEST])):
        return ruled
    features = intent_features(text, alarms)
    model = shipped(MODEL)
    likely = model.probabilities(features)
    if likely[Intent.EMERGENCY] < ALARM:
        likely[Intent.EMERGENCY] = 0.0
    best = Intent(max(likely, key=likely.__getitem__))
    share = likely[best]
    if best is ruled.intent:
        return Judgement(best, ruled.clear or _clear(best, share), ruled.evidence)
    if ruled.clear and likely[ruled.intent] >= CLOSE * share:
        return ruled
    if best is Intent.CHATTER:
        return Judgement(best, False, (f"不像{NAMES[ruled.intent]}", *ruled.evidence))
    words = ruled.evidence if ruled.intent is Intent.CHATTER else ()
    return Judgement(
        best, _clear(best, share), (_told(model.reasons(features, best), share), *words)
    )


def _clear(intent: Intent, share: float) -> bool:
    return intent in _ACTED_ON and share >= SURE


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
