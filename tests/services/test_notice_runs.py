"""Each planned time once: late ones, slept-through ones, and how their author hears of it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.errors import NotPossible
from bot.models import Beat, Delivery, Notice, Outgoing, Progress, Recurrence
from bot.ports import Store
from bot.services.notice_runs import Fate, Look, NoticeRuns, Started
from bot.testing.conversation import START
from tests.services.conftest import FIRST, STEWARD, Room
from tests.services.test_notices import drafted, planned

DAY = 24 * 60
DAILY = Recurrence(beat=Beat.DAILY, at=time(12))


def told(store: Store, started: Started) -> None:
    """Put the words into the outbox, as the handler does."""
    for group in started.reach.groups:
        row = Outgoing(
            id="", channel=group.channel, chat=group.chat, user="", text=started.notice.text,
            kind="notice", cause=started.run.cause,
        )  # fmt: skip
        store.outbox.add(row, START, due_at=None, once=f"{started.run.cause}/{group.id}")


def test_only_a_confirmed_notice_is_due(room: Room) -> None:
    def due(store: Store) -> list[int]:
        drafted(room, store)
        planned(room, store)
        return [len(room.runs(store, minutes).start_due()) for minutes in (179, 180, 400)]

    assert room.within(due) == [0, 1, 0]


def test_it_runs_once_although_it_is_planned_again_for_the_same_minute(room: Room) -> None:
    def run(store: Store) -> list[Fate]:
        notice = planned(room, store)
        fates = [started.fate for started in room.runs(store, 180).start_due()]
        store.notices.save(notice)  # as a restored backup would have it
        return fates + [started.fate for started in room.runs(store, 181).start_due()]

    assert room.within(run) == [Fate.SENT, Fate.DONE_BEFORE]


@pytest.mark.parametrize(
    ("late", "minutes", "fate"),
    [
        (None, 180, Fate.SENT),
        (None, 300, Fate.SENT),
        (None, 300.02, Fate.MISSED),
        (10, 190, Fate.SENT),
        (10, 190.02, Fate.MISSED),
        (0, 180, Fate.SENT),
        (600, 700, Fate.SENT),
    ],
)
def test_how_late_is_too_late(room: Room, late: int | None, minutes: float, fate: Fate) -> None:
    def run(store: Store) -> tuple[Fate, str]:
        planned(room, store, late=late)
        (started,) = room.runs(store, minutes).start_due()
        assert room.runs(store, minutes + 1).start_due() == []
        return started.fate, started.notice.state

    assert room.within(run) == (fate, "sent" if fate is Fate.SENT else "missed")


def recurring(room: Room, store: Store) -> Notice:
    return planned(room, store, recurrence=DAILY)


def test_a_recurring_one_is_planned_for_its_next_time(room: Room) -> None:
    def run(store: Store) -> list[tuple[Fate, str]]:
        recurring(room, store)
        days = [room.runs(store, 180 + day * DAY).start_due() for day in range(3)]
        return [(s.fate, s.run.planned_at.isoformat()[8:16]) for day in days for s in day]

    assert room.within(run) == [
        (Fate.SENT, "21T12:00"), (Fate.SENT, "22T12:00"), (Fate.SENT, "23T12:00")
    ]  # fmt: skip


def test_days_that_were_slept_through_are_one_late_run(room: Room) -> None:
    def run(store: Store) -> list[str]:
        recurring(room, store)
        (started,) = room.runs(store, 180 + 3 * DAY + 30).start_due()
        assert started.fate is Fate.SENT
        return [started.run.planned_at.isoformat(), started.notice.planned_at.isoformat()]

    assert room.within(run) == ["2026-11-24T12:00:00+08:00", "2026-11-25T12:00:00+08:00"]


def test_a_recurring_one_that_is_too_late_goes_on_next_time(room: Room) -> None:
    def run(store: Store) -> tuple[Fate, str, str]:
        recurring(room, store)
        (started,) = room.runs(store, 180 + 3 * DAY + 300).start_due()
        return started.fate, started.notice.state, started.notice.planned_at.isoformat()

    assert room.within(run) == (Fate.MISSED, "planned", "2026-11-25T12:00:00+08:00")


def test_a_paused_one_is_not_due(room: Room) -> None:
    def run(store: Store) -> list[Started]:
        notice = planned(room, store)
        room.notices(store).pause(notice.id, STEWARD, "m")
        return list(room.runs(store, 200).start_due())

    assert room.within(run) == []


def test_the_author_hears_the_end_once(room: Room) -> None:
    def run(store: Store) -> list[tuple[Progress, bool]]:
        planned(room, store)
        (started,) = room.runs(store, 180).start_due()
        told(store, started)
        looks: list[Look] = []
        for minutes, state in ((180.2, None), (181.3, Delivery.SENT), (183, None)):
            if state is not None:
                (row,) = store.outbox.claim(START + timedelta(minutes=minutes), 9)
                store.outbox.settle(row.id, state, START)
            looks += room.runs(store, minutes).looks()
        return [(look.progress, look.ended) for look in looks]

    # A run to one group is short: nothing is said while it lasts.
    assert room.within(run) == [(Progress(sent=1), True)]


def failed(room: Room, store: Store, state: Delivery) -> tuple[Notice, NoticeRuns]:
    """A notice whose one message ended badly."""
    notice = planned(room, store)
    (started,) = room.runs(store, 180).start_due()
    told(store, started)
    (row,) = store.outbox.claim(START, 9)
    store.outbox.settle(row.id, state, START)
    return notice, room.runs(store, 181)


def test_what_failed_is_tried_again_and_nothing_else(room: Room) -> None:
    def run(store: Store) -> Progress:
        notice, runs = failed(room, store, Delivery.FAILED)
        assert runs.resend(notice, STEWARD, Delivery.FAILED, "m") == 1
        return runs.progress(runs.runs(notice)[0])

    assert room.within(run) == Progress(waiting=1)


@pytest.mark.parametrize("state", [Delivery.SENT, Delivery.UNCERTAIN])
def test_what_may_have_arrived_is_not_tried_again_by_that(room: Room, state: Delivery) -> None:
    def run(store: Store) -> None:
        notice, runs = failed(room, store, state)
        with pytest.raises(NotPossible, match="没有要补发的"):
            runs.resend(notice, STEWARD, Delivery.FAILED, "m")

    room.within(run)


def test_nothing_is_tried_again_while_it_runs_or_before(room: Room) -> None:
    def run(store: Store) -> None:
        notice = planned(room, store)
        with pytest.raises(NotPossible, match="还没有"):
            room.runs(store).resend(notice, STEWARD, Delivery.FAILED, "m")
        (started,) = room.runs(store, 180).start_due()
        told(store, started)
        with pytest.raises(NotPossible, match="还在发"):
            room.runs(store, 181).resend(notice, STEWARD, Delivery.FAILED, "m")

    room.within(run)


def test_the_clock_is_told_the_nearer_of_both(room: Room) -> None:
    def run(store: Store) -> list[str]:
        planned(room, store)
        found = [room.runs(store).next_due()]
        room.runs(store, 180).start_due()
        found.append(room.runs(store, 180).next_due())
        return [str(at - START) for at in found if at is not None]

    assert room.within(run) == ["3:00:00", "3:00:05"]


def test_the_run_is_the_cause_of_its_messages(room: Room) -> None:
    def run(store: Store) -> list[str]:
        planned(room, store)
        (started,) = room.runs(store, 180).start_due()
        told(store, started)
        told(store, started)
        return [row.chat for row in store.outbox.caused_by(started.run.cause)]

    assert room.within(run) == [FIRST.chat]
