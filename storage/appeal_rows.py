"""An appeal as a row: its statements and their columns, all in one order.

Whatever writes an appeal sets `look_at` to 0: what changed is looked at again for its deadlines.
Words and rooms are closed on the way in and opened on the way out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.models import Appeal, Audience, Kind, Level, Place, Rating, State, Track, Urgency, Verdict
from storage.codec import from_ms, maybe_at, maybe_ms, to_ms
from storage.keys import Keyring

READ = (
    "SELECT a.number, a.short, a.group_id, a.area, a.reporter, a.source, a.text, a.summary,"
    " a.category, a.building, a.unit_no, a.room, a.spot, a.urgency, a.audience, a.unit,"
    " a.state, a.created_at, a.due_at, a.handler, a.result, a.started_at, a.closed_at, a.kind,"
    " a.track, a.level, a.contact_due_at, a.contacted_at, a.feedback_due_at, a.stopped_at,"
    " a.parked_until, a.recheck_at, a.parent, a.merged_into, a.claimant, a.claimed_by,"
    " a.claimed_at, a.claim_confirmed_at, a.venue, a.escalated_at, a.answer, a.answered_at,"
    " a.rating, a.rated_at, a.reopened, a.verdict, a.id"
)
"""What `appeal_of` reads, of a table called `a`."""
SELECT = READ + " FROM appeals a "
STATE = 16
"""Where the state stands in what was read."""
INSERT = (
    "INSERT INTO appeals (number, short, group_id, area, reporter, source, text, summary,"
    " category, building, unit_no, room, spot, urgency, audience, unit, state, created_at, due_at,"
    " handler, result, started_at, closed_at, kind, track, level, contact_due_at, contacted_at,"
    " feedback_due_at, stopped_at, parked_until, recheck_at, parent, merged_into, claimant,"
    " claimed_by, claimed_at, claim_confirmed_at, venue, escalated_at, answer, answered_at, rating,"
    " rated_at, reopened, verdict, id, look_at)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
    "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)"
)
UPDATE = (
    "UPDATE appeals SET number=?, short=?, group_id=?, area=?, reporter=?, source=?, text=?,"
    " summary=?, category=?, building=?, unit_no=?, room=?, spot=?, urgency=?, audience=?, unit=?,"
    " state=?, created_at=?, due_at=?, handler=?, result=?, started_at=?, closed_at=?, kind=?,"
    " track=?, level=?, contact_due_at=?, contacted_at=?, feedback_due_at=?, stopped_at=?,"
    " parked_until=?, recheck_at=?, parent=?, merged_into=?, claimant=?, claimed_by=?,"
    " claimed_at=?, claim_confirmed_at=?, venue=?, escalated_at=?, answer=?, answered_at=?,"
    " rating=?, rated_at=?, reopened=?, verdict=?, look_at=0 WHERE id=?"
)


def values(appeal: Appeal, keys: Keyring) -> tuple[Any, ...]:
    """All columns in the order of the statements above, the id last."""
    place, row = appeal.place, appeal.id
    text = keys.close(appeal.text, f"appeals.text {row}")
    summary = keys.close(appeal.summary, f"appeals.summary {row}")
    unit_no = keys.close(place.unit, f"appeals.unit_no {row}")
    room = keys.close(place.room, f"appeals.room {row}")
    spot = keys.close(place.spot, f"appeals.spot {row}")
    result = keys.close(appeal.result, f"appeals.result {row}")
    answer = keys.close(appeal.answer, f"appeals.answer {row}")
    return (
        appeal.number, appeal.short, appeal.group, appeal.area, appeal.reporter, appeal.source,
        text, summary, appeal.category, place.building, unit_no, room, spot, appeal.urgency,
        appeal.audience, appeal.unit, appeal.state,
        to_ms(appeal.created_at), to_ms(appeal.due_at), appeal.handler, result,
        maybe_ms(appeal.started_at), maybe_ms(appeal.closed_at), appeal.kind, appeal.track,
        appeal.level, maybe_ms(appeal.contact_due_at), maybe_ms(appeal.contacted_at),
        maybe_ms(appeal.feedback_due_at), maybe_ms(appeal.stopped_at),
        maybe_ms(appeal.parked_until), maybe_ms(appeal.recheck_at), appeal.parent,
        appeal.merged_into, appeal.claimant, appeal.claimed_by, maybe_ms(appeal.claimed_at),
        maybe_ms(appeal.claim_confirmed_at), appeal.venue, maybe_ms(appeal.escalated_at),
        answer, maybe_ms(appeal.answered_at), appeal.rating or "",
        maybe_ms(appeal.rated_at), appeal.reopened, appeal.verdict or "", appeal.id,
    )  # fmt: skip


def appeal_of(row: Sequence[Any], keys: Keyring) -> Appeal:
    """The appeal that a selected row holds."""
    key = row[46]
    return Appeal(
        number=row[0], short=row[1], group=row[2], area=row[3], reporter=row[4], source=row[5],
        text=keys.open(row[6], f"appeals.text {key}"),
        summary=keys.open(row[7], f"appeals.summary {key}"),
        category=row[8], place=_place(row, keys), urgency=Urgency(row[13]),
        audience=Audience(row[14]), unit=row[15], state=State(row[16]),
        created_at=from_ms(row[17]), due_at=from_ms(row[18]), handler=row[19],
        result=keys.open(row[20], f"appeals.result {key}"),
        started_at=maybe_at(row[21]), closed_at=maybe_at(row[22]), kind=Kind(row[23]),
        track=Track(row[24]), level=Level(row[25]), contact_due_at=maybe_at(row[26]),
        contacted_at=maybe_at(row[27]), feedback_due_at=maybe_at(row[28]),
        stopped_at=maybe_at(row[29]), parked_until=maybe_at(row[30]), recheck_at=maybe_at(row[31]),
        parent=row[32], merged_into=row[33], claimant=row[34], claimed_by=row[35],
        claimed_at=maybe_at(row[36]), claim_confirmed_at=maybe_at(row[37]), venue=row[38],
        escalated_at=maybe_at(row[39]), answer=keys.open(row[40], f"appeals.answer {key}"),
        answered_at=maybe_at(row[41]), rating=Rating(row[42]) if row[42] else None,
        rated_at=maybe_at(row[43]), reopened=row[44],
        verdict=Verdict(row[45]) if row[45] else None, id=key,
    )  # fmt: skip


def _place(row: Sequence[Any], keys: Keyring) -> Place:
    return Place(
        building=row[9],
        unit=keys.open(row[10], f"appeals.unit_no {row[46]}"),
        room=keys.open(row[11], f"appeals.room {row[46]}"),
        spot=keys.open(row[12], f"appeals.spot {row[46]}"),
    )
