"""Questions to a current notice, answered with its own lines; nothing when it is not certain.

Certain means: the question asks after a thing that notices say (when, where, what to bring, for
whom, which buildings, how to join), it names what one notice alone is about, and that notice says
it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from bot.language.dates import Moment, find_time
from bot.language.text import normalise

LONGEST = 60
OPEN_END = timedelta(days=3)
"""How long a notice that names no day is taken for current."""
_TIME = re.compile(r"什么时[候间]|啥时候|啥辰光|何时|几时|几点|哪[一几]?天|几月几[号日]|几号(?!楼)")
_ASKS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (_TIME, re.compile(r"时间|日期|\d{1,2}(?:[点:时]|月\d)|上午|下午|晚上")),
    (
        re.compile(r"在哪|哪里|哪儿|什么地方|啥地方|地址|去哪|到哪"),
        re.compile(
            r"地[点址]|[到在于][^，。\n]{2,12}(?:站|室|中心|广场|门口?|厅|院|楼|亭|馆|处|校)"
        ),
    ),
    (re.compile(r"带什么|带啥|带哪些|要带|需要带|准备什么"), re.compile(r"带|准备|空腹")),
    (
        re.compile(r"谁[能可要]|哪些人|什么人|多大[年岁]|几岁|对象|年龄"),
        re.compile(r"对象|岁|人员|[\d一-十]+幢居民"),
    ),
    (re.compile(r"哪[些几](?:幢|栋|座|号?楼|个?小区)|范围"), re.compile(r"范围|[幢栋]|号楼")),
    (
        re.compile(r"[怎如]么?(?:样|何)?报名|在哪报名|报名.{0,4}(?:吗|方式|电话)|还能报"),
        re.compile("报名|名额"),
    ),
)
_SUBJECT = re.compile(
    "停水|停电|停气|停暖|体检|义诊|疫苗|接种|打针|核酸|讲座|电影|演出|培训|招聘|理发|磨刀|团购|活动|比赛|消杀"
    "|灭蟑|灭鼠|大扫除|入户|上门|走访|选举|议事"
)
_HEAD = re.compile(r"【([^】\n]{2,20})】([^，。\n]{0,20})")
_COMMON = re.compile(
    r"通知|预告|提醒|公告|解读|时间|什么|时候|社区|小区|我们|大家|今天|明天|地点|几点"
)
_SENTENCE = re.compile(r"[^。；;\n]+[。；;]?")
_SHARED = 3


class Current(Struct, frozen=True):
    """A notice that was heard at `at`."""

    text: str
    at: datetime


class Found(Struct, frozen=True):
    """Which of the notices answers, and with which of its sentences."""

    index: int
    lines: tuple[str, ...]


def asked_of(question: str) -> re.Pattern[str] | None:
    """What a sentence must show to answer this; None when it asks for nothing that notices say."""
    if len(question) > LONGEST:
        return None
    return next((shows for asks, shows in _ASKS if asks.search(question)), None)


def answer(question: str, notices: Sequence[Current], now: datetime) -> Found | None:
    """The one current notice that the question names and that says it."""
    shows = asked_of(question)
    if shows is None:
        return None
    about = [
        index
        for index, notice in enumerate(notices)
        if _names(question, notice.text) and not is_over(notice, now)
    ]
    if len(about) != 1:
        return None
    text = notices[about[0]].text
    lines = [line.strip() for line in _SENTENCE.findall(text) if shows.search(normalise(line))]
    return Found(about[0], tuple(lines)) if lines else None


def is_over(notice: Current, now: datetime) -> bool:
    """Whether what it announces lies behind; without a day, whether it is old."""
    times = [find_time(normalise(line), notice.at) for line in _SENTENCE.findall(notice.text)]
    ends = [
        time.until or time.at.replace(hour=23, minute=59)
        for time in times
        if isinstance(time, Moment) and time.dated
    ]
    return max(ends) < now if ends else now - notice.at > OPEN_END


def _names(question: str, text: str) -> bool:
    """Whether they share what the notice is about."""
    first = text.split("\n", 1)[0]
    head = _HEAD.match(text.strip())
    about = normalise("".join(head.groups()) if head is not None else first)[:40]
    if set(_SUBJECT.findall(question)) & set(_SUBJECT.findall(about)):
        return True
    return any(
        _COMMON.search(piece) is None and piece in question
        for piece in (about[i : i + _SHARED] for i in range(len(about) - _SHARED + 1))
        if re.fullmatch(r"[\u4e00-\u9fff]+", piece)
    )
