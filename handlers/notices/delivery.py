"""到点发出，各一次；睡过头太久的退给作者；发得怎样告诉作者。"""

from __future__ import annotations

from datetime import datetime

from bot import Fate, Router, Scene, Started
from handlers.phrases import notice_delivery as say

router = Router("notices.delivery")


def next_run(scene: Scene) -> datetime | None:
    """When a notice goes out next, or its author is told how far it is."""
    return scene.runs.next_due()


@router.tick(next_run)
def send_due(scene: Scene) -> None:
    """Send what is due, each once; what is long overdue goes back to its author."""
    for started in scene.runs.start_due():
        if started.fate is Fate.MISSED:
            _tell_missed(scene, started)
        _publish(scene, started)
    for look in scene.runs.looks():
        author = scene.people.by_id(look.notice.author)
        went_wrong = look.progress.failed or look.progress.uncertain
        if author is not None and (look.run.receivers > 1 or went_wrong):
            scene.tell(author, say.progress(look))


def _publish(scene: Scene, started: Started) -> None:
    """Each group its own words; where the same was just said the ledger says why it was not."""
    notice, run = started.notice, started.run
    for group in started.reach.groups:
        words = notice.words_for(group.id)
        if group.id in started.held:
            scene.hold_back(group, words, run, say.HELD)
        elif words:
            scene.publish(group, words, run)
    for person in started.reach.people if notice.text else ():
        scene.publish(person, notice.text, run)


def _tell_missed(scene: Scene, started: Started) -> None:
    author = scene.people.by_id(started.notice.author)
    if author is not None:
        again = started.notice.planned_at if started.notice.recurrence is not None else None
        scene.tell(author, say.missed(started.notice, started.run.planned_at, again))
