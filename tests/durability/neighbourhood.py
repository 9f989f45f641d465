"""A made-up neighbourhood on a WeCom app: its files, and what its residents will write.

Many small areas, each with its own steward, so that nobody comes near the platform's limit of
messages a minute; and the more people the longer it goes on, because whoever reports more than
ten matters an hour is answered only once.
"""

from __future__ import annotations

import itertools
import os
import random
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from bot.models import FaqEntry
from bot.services.faq_csv import write_csv
from bot.testing import FakeWecom
from tests.app_section import APP

CHANNEL = "wecom_app/main"
AREAS = 60
KILLS = int(os.environ.get("HAITANG_KILLS", "50"))
RESIDENTS_PER_AREA = 16 * min(4, -(-KILLS // 50))
# Ten matters an hour are answered one by one; a talk may hold four more.
MOST_AN_HOUR = 6
ANSWER = "两针之间至少隔二十八天。"

CONFIG = (
    """
[bot]
community = "{folder}/community.toml"
faq = "{folder}/faq.csv"
[server]
port = 0
[storage]
path = "{folder}/state/haitang.db"
max_waiting = 10
[sandbox]
enabled = false
[log]
level = "warning"
"""
    + APP
)
COMMUNITY = '[community]\nname = "春晓社区"\nstreet = "海棠街道"\n'
PERSON = """
[[people]]
channel = "{channel}"
user = "{user}"
name = "{user}"
role = "{role}"
area = "海棠街道/春晓社区/第{area}微网格"
"""


class Kind(StrEnum):
    """What a line is, and with it what it must cause."""

    COMPLAINT = "complaint"
    VAGUE = "vague"
    PLACE = "place"
    KNOWN = "known"
    UNKNOWN = "unknown"
    CHATTER = "chatter"


class Effects(Struct, frozen=True):
    """How many appeals a line records, steps on an appeal it causes, messages it lets be sent.

    `messages` is None where the bot's manners decide.
    """

    appeals: int
    steps: int
    messages: int | None


EFFECTS = {
    Kind.COMPLAINT: Effects(1, 1, 2),  # the receipt, and a word to the steward
    Kind.VAGUE: Effects(1, 1, 1),  # the one question
    Kind.PLACE: Effects(0, 1, 2),
    Kind.KNOWN: Effects(0, 0, 1),
    Kind.UNKNOWN: Effects(0, 0, 2),
    Kind.CHATTER: Effects(0, 0, None),
}


class Line(Struct, frozen=True):
    """One message as the platform delivers it, as often as it must: the id stays."""

    user: str
    text: str
    kind: Kind
    message_id: str
    create_time: int


def write_files(folder: Path, fake: FakeWecom, url: str) -> Path:
    """Write community, answers and settings; returns the path of the settings."""
    stewards = [(f"steward{area}", "steward", area) for area in range(AREAS)]
    residents = [(user, "resident", number % AREAS) for number, user in enumerate(residents_())]
    people = "".join(
        PERSON.format(channel=CHANNEL, user=user, role=role, area=area)
        for user, role, area in stewards + residents
    )
    (folder / "community.toml").write_text(COMMUNITY + people, "utf-8")
    entry = FaqEntry(
        id="F1", question="疫苗打第二针要隔多久", answer=ANSWER, source="社区卫生服务中心"
    )
    (folder / "faq.csv").write_bytes(write_csv([entry]))
    config = folder / "config.toml"
    config.write_text(CONFIG.format(folder=folder, fake=fake, url=url), "utf-8")
    return config


def residents_() -> list[str]:
    """Everybody who writes."""
    return [f"resident{number}" for number in range(AREAS * RESIDENTS_PER_AREA)]


def talks(rng: random.Random, now: int) -> Iterator[deque[Line]]:
    """Endless short talks, each by one resident, whose lines come one after the other.

    Whoever told as much within an hour as the bot answers one by one only chats for the rest of it.
    """
    numbers = itertools.count(8_000_000_000_000_000_000)
    told: defaultdict[str, deque[float]] = defaultdict(deque)
    for user in itertools.cycle(residents_()):
        hour = told[user]
        while hour and hour[0] < time.monotonic() - 3600:
            hour.popleft()
        topics = [CHAT] if len(hour) >= MOST_AN_HOUR else [_topic(rng), _topic(rng)]
        said = [pair for topic in topics[: rng.randint(1, 2)] for pair in topic]
        hour.extend([time.monotonic()] * sum(kind is not Kind.CHATTER for kind, _ in said))
        yield deque(Line(user, text, kind, str(next(numbers)), now) for kind, text in said)


CHAT = [(Kind.CHATTER, "大家早上好，今天降温")]


def _topic(rng: random.Random) -> list[tuple[Kind, str]]:
    building = rng.randint(1, 60)
    choices: list[list[tuple[Kind, str]]] = [
        [(Kind.COMPLAINT, f"{building}幢{rng.randint(1, 4)}单元楼道灯不亮了")],
        [(Kind.COMPLAINT, f"{building}幢门口下水道堵了，没人管")],
        [(Kind.VAGUE, "楼道灯不亮了"), (Kind.PLACE, f"{building}幢")],
        [(Kind.KNOWN, "疫苗打第二针要隔多久？")],
        [(Kind.UNKNOWN, "火星上有没有社区食堂？")],
        CHAT,
    ]
    return rng.choice(choices)
