"""发往哪里、什么时候发，用话说出来。"""

from __future__ import annotations

from bot import Notice, Scene
from handlers.phrases import notice_targets
from handlers.phrases import notices as say

NEXT_TIMES = 3


def where(scene: Scene, notice: Notice) -> str:
    """Whom it reaches, counted."""
    reach = scene.notices.reach(notice.targets)
    return notice_targets.targets([group.name for group in reach.groups], len(reach.people))


def moments(scene: Scene, notice: Notice, immediate: bool) -> str:
    """When it goes out, in words; of one that comes again the next three times."""
    if notice.recurrence is None:
        planned = scene.now if immediate else notice.planned_at
        out = scene.notices.goes_out(notice, planned)
        return say.moment(out, immediate and out == planned) + say.at_most(notice.late)
    times = scene.notices.times(notice.recurrence, NEXT_TIMES)
    outs = [scene.notices.goes_out(notice, at) for at in times]
    return say.again(notice.recurrence, outs) + say.at_most(notice.late)
