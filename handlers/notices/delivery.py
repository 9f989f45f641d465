"""到点发出，各一次；睡过头太久的退给作者；发得怎样告诉作者。"""

from __future__ import annotations

from datetime import datetime

from bot import (
    Fate,
    File,
    Group,
    Image,
    Letter,
    Media,
    MediaKind,
    Person,
    Router,
    Run,
    Scene,
    Started,
)
from handlers.phrases import notice_delivery as say
from handlers.phrases import notice_pictures as pictures

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
    """Each group its own words, then the pictures that its channel can carry."""
    notice = started.notice
    for group in started.reach.groups:
        words = notice.words_for(group.id)
        if words:
            _send(scene, started, group, words)
    for person in started.reach.people if notice.text else ():
        _send(scene, started, person, notice.text)


def _send(scene: Scene, started: Started, receiver: Group | Person, words: str) -> None:
    """Where the same was just said the ledger says why it was not said again."""
    letters = [Letter(receiver=receiver, text=words, run=started.run)]
    for piece, media in enumerate(started.media, 1):
        if scene.notices.can_carry(receiver, media):
            letters.append(_enclosed(started.run, receiver, media, piece))
    for letter in letters:
        if receiver.id in started.held:
            scene.hold_back(letter, say.HELD)
        else:
            scene.publish(letter)


def _enclosed(run: Run, receiver: Group | Person, media: Media, piece: int) -> Letter:
    if media.kind is MediaKind.IMAGE:
        rich: Image | File = Image(ref=media.sha256)
        text = pictures.PICTURE
    else:
        name = media.name or pictures.UNNAMED
        rich, text = File(name=name, ref=media.sha256), pictures.file(name)
    return Letter(receiver=receiver, text=text, run=run, piece=piece, rich=rich)


def _tell_missed(scene: Scene, started: Started) -> None:
    author = scene.people.by_id(started.notice.author)
    if author is not None:
        again = started.notice.planned_at if started.notice.recurrence is not None else None
        scene.tell(author, say.missed(started.notice, started.run.planned_at, again))
