"""The statements that count and list, put together from constants alone.

`a` is the table that has an area. Each statement ends where a caller adds its order.
"""
# ruff: noqa: S608 - every part is a constant of this file

from __future__ import annotations

from storage.appeal_rows import READ

BELOW = " AND (? = '' OR a.area = ? OR substr(a.area, 1, length(?) + 1) = ? || '/')"
SEEN = " AND (? OR a.audience = 'public')"
COUNTED = "a.kind = '诉求' AND a.state NOT IN ('已合并', '已撤回', '不受理')"
CLOSED = "a.state IN ('已办结', '已销号')"
OPEN = "a.state IN ('待受理', '待补充', '办理中', '挂账')"
RUNNING = "a.state IN ('待受理', '办理中')"
RECORDED = "a.created_at >= ? AND a.created_at < ?"

COUNTS = (
    "SELECT count(*) FILTER (WHERE " + COUNTED + "),"
    " count(*) FILTER (WHERE a.kind = '诉求' AND a.state = '已合并'),"
    " count(*) FILTER (WHERE a.kind = '诉求' AND a.state = '已撤回'),"
    " count(*) FILTER (WHERE a.kind = '诉求' AND a.state = '不受理'),"
    " count(*) FILTER (WHERE " + COUNTED + " AND a.audience <> 'public'),"
    " count(*) FILTER (WHERE " + COUNTED + " AND a.contacted_at <= a.contact_due_at),"
    " count(*) FILTER (WHERE " + COUNTED + " AND a.contacted_at IS NULL AND a.closed_at IS NULL"
    " AND (a.contact_due_at > ? OR a.stopped_at IS NOT NULL)),"
    " count(*) FILTER (WHERE " + COUNTED + " AND " + CLOSED + "),"
    " count(*) FILTER (WHERE " + COUNTED + " AND " + CLOSED + " AND a.closed_at <= a.due_at),"
    " count(*) FILTER (WHERE " + COUNTED + " AND " + RUNNING + " AND a.due_at < ?),"
    " count(*) FILTER (WHERE " + COUNTED + " AND a.rating = '满意'),"
    " count(*) FILTER (WHERE " + COUNTED + " AND a.rating = '基本满意'),"
    " count(*) FILTER (WHERE " + COUNTED + " AND a.rating = '不满意'),"
    " count(*) FILTER (WHERE " + COUNTED + " AND " + CLOSED + " AND a.rating = ''),"
    " count(*) FILTER (WHERE " + COUNTED + " AND a.reopened > 0),"
    " count(*) FILTER (WHERE a.kind = '建议' AND a.state NOT IN ('已合并', '已撤回')),"
    " count(*) FILTER (WHERE a.kind = '建议' AND a.verdict = '采纳'),"
    " count(*) FILTER (WHERE a.kind = '建议' AND a.verdict = '列入议事'),"
    " count(*) FILTER (WHERE a.kind = '建议' AND a.verdict = '不采纳'),"
    " count(*) FILTER (WHERE a.kind = '表扬' AND a.state <> '已撤回'),"
    " count(*) FILTER (WHERE " + COUNTED + " AND a.contact_due_at IS NOT NULL)"
    " FROM appeals a WHERE " + RECORDED + BELOW
)
# Named so, the planner takes the range of time instead of everything that was ever closed.
_ENDED = "coalesce(a.state, '') IN ('已办结', '已销号')"
MEDIAN = (
    "SELECT a.closed_at - a.created_at AS took FROM appeals a WHERE "
    + RECORDED + BELOW + " AND " + COUNTED + " AND " + _ENDED
    + " ORDER BY took LIMIT ? OFFSET ?"
)  # fmt: skip
TRANSFERRED = (
    "SELECT count(DISTINCT a.id) FROM events e JOIN appeals a ON a.id = substr(e.subject, 8)"
    " WHERE e.action = '转办' AND e.at >= ? AND e.subject LIKE 'appeal:%' AND "
    + RECORDED + BELOW + " AND " + COUNTED
)  # fmt: skip
MONTH = (
    "SELECT count(*), count(*) FILTER (WHERE " + CLOSED + ") FROM appeals a WHERE "
    + RECORDED + BELOW + " AND " + COUNTED
)  # fmt: skip
CELLS = (
    "SELECT a.category, a.building, count(*) FROM appeals a WHERE "
    + RECORDED + BELOW + SEEN + " AND " + COUNTED
    + " GROUP BY a.category, a.building ORDER BY a.category, a.building"
)  # fmt: skip
LINE = (
    READ + ", coalesce(g.name, ''), coalesce(r.name, ''), coalesce(h.name, ''),"
    " (SELECT count(*) FROM appeal_supporters s WHERE s.appeal = a.id),"
    " coalesce((SELECT m.number FROM appeals m WHERE m.id = a.merged_into), ''),"
    " coalesce((SELECT m.number FROM appeals m WHERE m.id = a.parent), '')"
    " FROM appeals a LEFT JOIN chat_groups g ON g.id = a.group_id"
    " LEFT JOIN people r ON r.id = a.reporter LEFT JOIN people h ON h.id = a.handler WHERE "
)
# Each part has an index of its own; one condition with OR would look at everything.
TO_CONTACT = (
    "a.id IN (SELECT a.id FROM appeals a WHERE " + OPEN + " UNION"
    " SELECT a.id FROM appeals a WHERE a.recheck_at IS NOT NULL AND a.recheck_at < ? UNION"
    " SELECT a.id FROM appeals a WHERE a.closed_at >= ? AND a.closed_at < ?"
    " AND a.kind = '诉求' AND a.rating = '' AND " + _ENDED + ") AND a.kind <> '表扬'"
)
STEPS = (
    "SELECT a.id, e.id, e.at, e.actor, e.subject, e.action, e.reason, e.after FROM appeals a"
    " JOIN events e ON e.subject = 'appeal:' || a.id WHERE "
    + RECORDED + BELOW + SEEN + " AND a.kind = ? ORDER BY e.id"
)  # fmt: skip
LOADS = (
    "SELECT coalesce(p.name, a.handler), count(*),"
    " count(*) FILTER (WHERE " + RUNNING + " AND a.due_at < ?)"
    " FROM appeals a LEFT JOIN people p ON p.id = a.handler"
    " WHERE " + OPEN + BELOW + " AND a.handler <> '' GROUP BY a.handler ORDER BY 1"
)
RUNS = (
    "SELECT r.notice, r.planned_at, r.started_at, r.receivers, coalesce(p.name, '')"
    " FROM notice_runs r JOIN notices n ON n.id = r.notice"
    " LEFT JOIN people p ON p.id = n.author WHERE r.started_at >= ? AND r.started_at < ?"
    " ORDER BY r.started_at, r.notice LIMIT ?"
)
TOLD = (
    "SELECT o.state, count(*) FROM outbox o"
    " JOIN chat_groups a ON a.channel = o.channel AND a.chat = o.chat WHERE o.cause = ?"
    + BELOW + " GROUP BY o.state"
)  # fmt: skip
TODAY = (
    "SELECT count(*) FILTER (WHERE a.state = '待补充'),"
    " count(*) FILTER (WHERE " + RUNNING + " AND a.due_at >= ? AND a.due_at < ?),"
    " count(*) FILTER (WHERE " + RUNNING + " AND a.due_at < ?),"
    " count(*) FILTER (WHERE a.state = '挂账')"
    " FROM appeals a WHERE " + OPEN + " AND a.kind = '诉求'" + BELOW
)
CHOSEN = "a.id IN (SELECT a.id FROM appeals a WHERE "
"""Sorting is done over ids; the wide rows are read when they are chosen."""
FIRST = "SELECT min(a.created_at) FROM appeals a WHERE 1 = 1" + BELOW
RECORDED_IN = RECORDED + BELOW + " AND " + COUNTED
CLOSED_IN = "a.closed_at >= ? AND a.closed_at < ?" + BELOW + " AND a.kind = '诉求' AND " + _ENDED
REACHED = BELOW + SEEN
COUNT = "SELECT count(*) FROM appeals a WHERE "
