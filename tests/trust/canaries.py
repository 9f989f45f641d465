"""Words that must not turn up where they have no business, and everything that could show them.

Secrets of the machine may be shown nowhere. What a resident told of themselves may be shown to
those on duty for the place, where the pages say so, and nowhere else.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from bot.engine.context import Scene
from bot.models import Audience, Group, Incoming, Notice, NoticeState, Place, Targets
from bot.ports import Store
from bot.testing import FakeWecom
from tests.app_section import APP
from tests.console.kit import ELSEWHERE, Office
from tests.console.matters import FIRST, recorded

KEY = "the key of the data"
THERE = ELSEWHERE + "/第9微网格"


class Resident(Struct, frozen=True):
    """Somebody with a phone and an identity card."""

    name: str
    phone: str
    card: str

    @property
    def words(self) -> str:
        """What they tell of themselves."""
        return f"电话{self.phone}，身份证{self.card}"

    @property
    def marks(self) -> tuple[str, ...]:
        """What gives them away."""
        return (self.phone, self.card)


NEAR = Resident("金丝雀", "13912340077", "320501199001017777")
FAR = Resident("云雀", "13756780066", "320501198502026666")
IN_CONFIDENCE = Resident("夜莺", "15867890055", "320501197803035555")
RESIDENTS = (NEAR, FAR, IN_CONFIDENCE)


class Told(Struct, frozen=True):
    """Numbers of the matters: one that a group may read, one that it may not, one elsewhere."""

    public: str
    private: str
    far: str


def app() -> FakeWecom:
    """A platform whose secrets can be told from anything else."""
    return FakeWecom(secret="canary-secret-of-the-app-0077", token="canaryToken0077")


def secrets(fake: FakeWecom, folder: Path) -> dict[str, str]:
    """Name → what no output may hold: of the platform, and the key of the data."""
    return {
        "the app's secret": fake.secret,
        "the token": fake.token,
        "the AES key": fake.encoding_aes_key,
        KEY: (folder / "haitang.key").read_text("ascii").strip(),
    }


def readable(data: bytes) -> str:
    """What is in an answer or a file; every member of a workbook or a Word document."""
    if data[:2] != b"PK":
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "\n".join([*archive.namelist(), *members])


def shown(text: str, marks: Mapping[str, str] | Sequence[str]) -> list[str]:
    """Those that are in a text."""
    if isinstance(marks, Mapping):
        return [name for name, mark in marks.items() if mark in text]
    return [mark for mark in marks if mark in text]


def group_line(group: Group, who: Resident, text: str, number: int) -> Incoming:
    """One line in a group, as its channel brings it."""
    return Incoming(
        channel=group.channel,
        chat=group.chat,
        sender=f"canary-{who.name}",
        sender_name=who.name,
        message_id=f"canary-{number}",
        text=text,
        kind="text",
        sent_at=datetime.now(UTC),
    )


def told_messages(store: Store) -> list[Incoming]:
    """Everything that was said in the group of the first micro-grid."""
    group = next(each for each in store.people.groups() if each.area == FIRST)
    return [group_line(group, NEAR, text, number) for number, text in enumerate(SAID)]


SAID = (
    "3幢2单元502室楼道灯不亮了，{}", "{}", "@海棠管家 {}怎么办居住证", "进度 {}", "@海棠管家 找{}",
    "我家孩子抑郁，求助，{}", "着火了，5幢，{}", "更正 住处 3幢 {}", "#办洁 {}", "建议装充电桩，{}",
)  # fmt: skip


async def tell_all(office: Office) -> Told:
    """Matters, a notice and talk, with somebody's numbers in them."""

    def tell(scene: Scene) -> Told:
        public = recorded(
            scene,
            f"3幢2单元的楼道灯不亮了，老人上下楼看不见，请来看看，{NEAR.words}",
            area=FIRST,
            by=NEAR.name,
        )
        private = recorded(
            scene,
            f"我家孩子抑郁，求助，{IN_CONFIDENCE.words}",
            area=FIRST,
            by=IN_CONFIDENCE.name,
            audience=Audience.PRIVATE,
        )
        far = recorded(
            scene,
            f"9幢门口的井盖车一过就响，夜里睡不着，请来看看，{FAR.words}",
            area=THERE,
            by=FAR.name,
            place=Place(building="9幢", unit="1单元", room="901室"),
        )
        scene._store.notices.save(
            Notice(
                id="n9001",
                author="sandbox:居民甲",
                text="明早停水，请储水。",
                targets=Targets(areas=(FIRST,)),
                planned_at=scene.now,
                state=NoticeState.DRAFT,
                created_at=scene.now,
            )
        )
        return Told(public.number, private.number, far.number)

    told: Told = await office.scene(tell)
    for line in await office.service.database.read(told_messages):
        words = line.text.format(NEAR.words)
        await office.service.engine.receive(msgspec.structs.replace(line, text=words))
    return told


CONFIG = (
    """
[bot]
community = "{folder}/community.toml"
[server]
port = 0
[storage]
path = "{folder}/haitang.db"
[log]
level = "debug"
"""
    + APP
)


def write_config(folder: Path, fake: FakeWecom, url: str) -> Path:
    """Settings of a house with one app."""
    (folder / "community.toml").write_text(
        '[community]\nname = "春晓社区"\nstreet = "海棠街道"\n', "utf-8"
    )
    config = folder / "config.toml"
    config.write_text(CONFIG.format(folder=folder, fake=fake, url=url), "utf-8")
    return config
