"""试一试: what the bank would say to some words, to whom, and which entry wins, and why."""

from __future__ import annotations

from aiohttp import web

from bot.engine.context import Scene
from bot.language.faq import MARGIN_LEAST, WHOLE_SHARE
from bot.rules.permissions import Deed, covers
from bot.services.faq_box import Candidate, Hearer, Trial, tried
from bot.web.console.doors import Door, get
from bot.web.console.visit import Visit

HEARERS = {
    Hearer.GROUP: "居民在群里问",
    Hearer.PRIVATE: "居民私聊问",
    Hearer.STAFF: "工作人员私聊问",
}


class TryPages:
    """The test box. It asks the very matcher that answers the groups."""

    def doors(self) -> list[Door]:
        """To be guarded."""
        return [get("/faq/try", self.show, Deed.TEACH)]

    async def show(self, visit: Visit) -> web.Response:
        """The box, and what came of the words in it."""
        words, word = visit.asked("q")[:200], visit.asked("who")
        hearer = Hearer(word) if word in set(Hearer) else Hearer.GROUP
        area = visit.asked("at") or visit.area
        if not covers(visit.person.area, area):
            area = visit.area

        def look(scene: Scene) -> Trial:
            return tried(scene.faq, words, area, hearer)

        # The matcher belongs to the thread that writes.
        trial = await visit.write(look) if words else None
        counts = await visit.read(lambda scene: scene.questions.counts(visit.area))
        return visit.page(
            "console/faq/try.html",
            trial=trial,
            reasons=() if trial is None else reasons(trial),
            q=words,
            hearer=hearer,
            hearers=HEARERS,
            at=area,
            open=counts,
        )


def reasons(trial: Trial) -> list[str]:
    """Why the first candidate wins, or why none does, in sentences."""
    if not trial.candidates:
        return ["库里没有像的，一条也比不上。"]
    first = trial.candidates[0]
    told = [_likeness(first)]
    rival = trial.candidates[1] if len(trial.candidates) > 1 else None
    if rival is not None:
        told.append(_lead(first, rival))
    told.append(_certainty(first, trial))
    if not trial.is_question and trial.unasked is None:
        told.append("这句不像在问事情，群里没叫我就不接话。")
    return told


def _likeness(first: Candidate) -> str:
    match = first.match
    if match.score >= 1:
        return f"和问法「{match.question}」一字不差。"
    if match.question in first.entry.keywords:
        return f"只对上了关键词「{match.question}」，最多列出来请对方选。"
    return f"最像的问法是「{match.question}」，像到 {match.score:.2f}（1 是一字不差）。"


def _lead(first: Candidate, rival: Candidate) -> str:
    margin = first.match.margin
    if margin < MARGIN_LEAST:
        return f"「{rival.entry.question}」差不多一样像，分不出是哪一条，所以先问对方。"
    return f"比第二名「{rival.entry.question}」多 {margin:.2f}，领先越多把握越大。"


def _certainty(first: Candidate, trial: Trial) -> str:
    match, cuts = first.match, trial.cuts
    told = f"把握 {match.certainty:.3f}；群里没叫我要 {cuts.group:.3f}，叫了我要 {cuts.direct:.3f}"
    if match.certainty >= cuts.group:
        return told + "，都够了。"
    if match.whole and match.named >= WHOLE_SHARE:
        return told + "。各种问法合起来把这句话说全了，别的条没有，所以也算够。"
    if match.certainty >= cuts.direct:
        return told + "，叫了我才答。"
    return told + "，还不够。"
