"""A plan as a calendar (RFC 5545), by the library `icalendar`.

What comes in is bounded before the library sees it: size, lines, depth. Zones that a file defines
itself are cut out unread, because their rules may never end; known names are enough. A rule is
never expanded: it is one of ours or it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

import msgspec
from icalendar import Calendar, Event, Timezone, vRecur

from bot.errors import ImportFault
from bot.language.text import clean
from bot.models import SHANGHAI, Recurrence
from bot.services.plan.recurring import in_words, of_rule, rule_of
from bot.services.plan.rows import MOST, Planned, PlanRow

MAX_LINES = 60_000
LONGEST_LINE = 100_000
LONGEST = 4000
USUAL = time(8)
"""The hour of a whole day's event."""
TITLE = 30
TO, BEAT = "X-HAITANG-TO", "X-HAITANG-RECURRENCE"
DAYS_OFF = ("RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID")
_OWN_ZONES = re.compile(
    r"^BEGIN:VTIMEZONE[ \t]*$.*?^END:VTIMEZONE[ \t]*$\n?", re.MULTILINE | re.DOTALL | re.IGNORECASE
)
_BEGINS = re.compile(r"^BEGIN:", re.MULTILINE | re.IGNORECASE)


def read_calendar(data: bytes) -> Sequence[PlanRow]:
    """The events of a calendar. Raises `ImportFault` with one Chinese sentence a faulty one."""
    events = _events(_bounded(data))
    faults: list[str] = []
    found: list[PlanRow] = []
    for number, event in enumerate(events, 1):
        where = f"第{number}个日程"
        try:
            found.append(_row(where, event))
        except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
            faults.append(f"{where}{_named(event)}：{_told(error)}")
    if faults:
        raise ImportFault(faults)
    return found


def write_calendar(plan: Sequence[Planned], now: datetime) -> bytes:
    """A calendar that others can subscribe to: folded, escaped, with the zone of Shanghai."""
    calendar = Calendar()
    calendar.add("prodid", "-//Haitang//haitang//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", "通知计划")
    calendar.add("x-wr-timezone", SHANGHAI.key)
    calendar.add_component(_shanghai())
    for planned in plan:
        calendar.add_component(_event(planned, now))
    return bytes(calendar.to_ical())


def _bounded(data: bytes) -> str:
    """The text without its own zones. Raises `ImportFault`."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise ImportFault(["这个日历不是 UTF-8 编码，请重新导出。"]) from None
    lines = text.split("\n")
    if "BEGIN:VCALENDAR" not in text[:10_000].upper() or "\x00" in text:
        raise ImportFault(["这不是日历文件（.ics）：里面没有 BEGIN:VCALENDAR。"])
    if len(lines) > MAX_LINES or max(map(len, lines)) > LONGEST_LINE:
        raise ImportFault(["这个日历太大，请只导出一个月的日程。"])
    text = _OWN_ZONES.sub("", text)
    # Alarms within events are the only second level that is common.
    if sum(1 for _ in _BEGINS.finditer(text)) > MOST * 3:
        raise ImportFault([f"一次最多导入 {MOST} 条通知，请只导出一个月的日程。"])
    return text


def _events(text: str) -> Sequence[Event]:
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        found = [event for each in calendars for event in each.walk("VEVENT")]
        events = [event for event in found if isinstance(event, Event)]
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError) as error:
        reason = " ".join(str(error).split())[:80]
        raise ImportFault([f"这个日历读不出来（{reason}），请重新导出一份。"]) from None
    if not events:
        raise ImportFault(["日历里没有日程。"])
    if len(events) > MOST:
        raise ImportFault([f"一次最多导入 {MOST} 条通知，请只导出一个月的日程。"])
    return events


def _row(where: str, event: Event) -> PlanRow:
    """Raises ValueError with a Chinese reason, or what the library raises for broken values."""
    first = _start(event)
    recurrence = _recurrence(event, first)
    return PlanRow(
        where=where,
        text=_text(event),
        at=first,
        recurrence=recurrence,
        to=_one(event, TO),
        source=_one(event, "X-HAITANG-SOURCE"),
        link=_one(event, "URL"),
    )


def _start(event: Event) -> datetime:
    found = event.get("DTSTART")
    if found is None or isinstance(found, list):
        raise ValueError("没有（或不止一个）开始时间。")
    at = found.dt
    if isinstance(at, datetime):
        zone = found.params.get("TZID")
        if at.tzinfo is None and zone and zone.upper() not in {"ASIA/SHANGHAI", "PRC"}:
            raise ValueError(f"时区「{str(zone)[:30]}」不认识，请改成北京时间再导出。")
        return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)
    if isinstance(at, date):
        return datetime.combine(at, USUAL, SHANGHAI)
    raise ValueError("开始时间看不懂。")


def _recurrence(event: Event, first: datetime) -> Recurrence | None:
    """Raises ValueError for a rule that we do not have."""
    own = _one(event, BEAT)
    if own:
        try:
            return in_words(own)
        except msgspec.DecodeError:
            raise ValueError("重复的方式被改过，读不出来，请从计划里重新导出。") from None
    rule = event.get("RRULE")
    if any(event.get(name) is not None for name in DAYS_OFF) or isinstance(rule, list):
        raise ValueError("重复里有例外的日子，排不了，请拆成单独的日程。")
    if event.errors:
        raise ValueError(f"「{str(event.errors[0][0])[:20]}」看不懂，请改好再导出。")
    return None if rule is None else of_rule(rule, first)


def _text(event: Event) -> str:
    """The words of the description, with the title in front when they do not begin with it."""
    title, body = _one(event, "SUMMARY").strip(), _one(event, "DESCRIPTION").strip()
    if not body:
        return title
    return body if not title or body.startswith(title.rstrip("…")) else f"{title}\n{body}"


def _one(event: Event, name: str) -> str:
    """A property's text; "" when there is none. Raises ValueError when there are several."""
    value = event.get(name)
    if isinstance(value, list):
        raise ValueError(f"有不止一个「{name}」，请只留一个。")
    return "" if value is None else clean(str(value), LONGEST)


def _named(event: Event) -> str:
    title = event.get("SUMMARY")
    return "" if title is None or isinstance(title, list) else f"「{str(title)[:TITLE]}」"


def _told(error: Exception) -> str:
    """Our own reasons are Chinese; the library's are not for people."""
    words = str(error)
    ours = re.search(r"[\u4e00-\u9fff]", words) is not None
    return words if ours else "时间或内容看不懂，请改好再导出。"


def _shanghai() -> Timezone:
    """The zone as it has been since 1991: no summer time."""
    lines = (
        "BEGIN:VTIMEZONE", f"TZID:{SHANGHAI.key}", "BEGIN:STANDARD", "DTSTART:19910915T020000",
        "TZNAME:CST", "TZOFFSETFROM:+0800", "TZOFFSETTO:+0800", "END:STANDARD", "END:VTIMEZONE", "",
    )  # fmt: skip
    zone = Timezone.from_ical("\r\n".join(lines))
    if not isinstance(zone, Timezone):
        raise TypeError("a zone is a zone")
    return zone


def _event(planned: Planned, now: datetime) -> Event:
    row, first = planned.row, planned.times[0].astimezone(SHANGHAI)
    event = Event()
    event.add("uid", planned.uid)
    event.add("dtstamp", now.astimezone(SHANGHAI))
    event.add("created", planned.created_at)
    event.add("dtstart", first)
    event.add("duration", timedelta(minutes=15))
    event.add("summary", _title(row.text))
    event.add("description", row.text)
    event.add("transp", "TRANSPARENT")
    for name, value in _extras(row):
        event.add(name, value)
    if row.recurrence is not None:
        event.add(BEAT, msgspec.json.encode(row.recurrence).decode())
        rule = rule_of(row.recurrence)
        if rule is not None:
            event.add("rrule", vRecur(rule))
        else:  # no rule says 工作日 or 节前: the next ones by name
            event.add("rdate", [at.astimezone(SHANGHAI) for at in planned.times[1:]])
    return event


def _extras(row: PlanRow) -> Iterator[tuple[str, str]]:
    if row.to:
        yield TO, row.to
    if row.source:
        yield "X-HAITANG-SOURCE", row.source
    if row.link:
        yield "URL", row.link


def _title(text: str) -> str:
    line = text.split("\n", 1)[0]
    return line if len(line) <= TITLE else line[: TITLE - 1] + "…"
