"""Personal data: not into groups, not into logs, not after it was erased."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from bot.language.mask import mask, mask_name
from bot.models import Role
from bot.testing import FakeWecom
from bot.testing.conversation import World
from tests.handlers.test_privacy import on_disk, tables_with
from tests.trust.figures import SEED, Ledger, times
from tests.web.doors import logged, opened, until

pytestmark = [pytest.mark.trust, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")
SURNAMES = ("张", "王", "欧阳", "诸葛", "李", "顾")


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def mobile(rng: random.Random) -> tuple[str, str]:
    """A number as people write it, and what must not be left of it."""
    number = f"1{rng.choice('3456789')}{digits(rng, 5)}"
    # Nothing alike in what may stay.
    number += "".join(str((int(sign) + 1) % 10) for sign in number[3:7])
    gap = rng.choice(("", " ", "-", "."))
    shown = gap.join((number[:3], number[3:7], number[7:]))
    match rng.randrange(6):
        case 0:
            shown = f"+86{rng.choice(('', ' ', '-'))}{shown}"
        case 1:
            shown = f"0086{shown}"
        case 2:
            shown = number.translate(CHINESE)
        case 3:
            shown = shown.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
        case 4:
            shown = " ".join(number)
    return shown, number[3:7]


def identity(rng: random.Random) -> tuple[str, str]:
    born = f"{rng.randint(1940, 2020)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    number = f"3205{digits(rng, 2)}{born}{digits(rng, 3)}{rng.choice('0123456789X')}"
    return number, born


def card(rng: random.Random) -> tuple[str, str]:
    number = f"62{digits(rng, rng.choice((14, 17)))}"
    shown = number if rng.random() < 0.5 else " ".join(re.findall(".{1,4}", number))
    return shown, number[4:10]


def plate(rng: random.Random) -> tuple[str, str]:
    # Letters and digits as real plates have them: at least one digit.
    tail = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(4)) + rng.choice(
        "0123456789"
    )
    gap = rng.choice(("", "·", " "))
    return f"{rng.choice('苏沪京浙')}{rng.choice('ABCDE')}{gap}{tail}", tail[:4]


def mail(rng: random.Random) -> tuple[str, str]:
    name = "".join(rng.choice("abcdefghijk") for _ in range(8))
    return f"{name}@example.com", name


def room(rng: random.Random) -> tuple[str, str]:
    number = f"{rng.randint(1, 30)}0{rng.randint(1, 9)}"
    form = rng.choice(
        ("{b}幢{u}单元{r}室", "{b}-{r}", "{b}号楼{u}单元{r}", "{b}栋{r}", "{b}幢{r}室")
    )
    return form.format(b=rng.randint(1, 60), u=rng.randint(1, 4), r=number), number


def person(rng: random.Random) -> tuple[str, str]:
    given = "".join(chr(rng.randrange(0x9100, 0x9800)) for _ in range(rng.randint(1, 2)))
    cue = rng.choice(("我叫", "姓名：", "联系人", "联系人：", "名字叫"))
    # A surname stays to be seen: of 欧阳阳 that leaves 欧阳*, in which 阳 is no leak.
    surname = rng.choice([each for each in SURNAMES if given not in each])
    return f"{cue}{surname}{given}", given


KINDS = {
    "手机": mobile, "身份证": identity, "银行卡": card, "车牌": plate, "邮箱": mail, "门牌": room,
    "姓名": person,
}  # fmt: skip
AROUND = (
    "我的是{}，麻烦看看", "联系{}", "{}", "楼道灯不亮了，{}，谢谢", "（{}）",
    "电话：{}。", "找{}，{}",
)  # fmt: skip
SMALL = str.maketrans("零〇幺一二三四五六七八九０１２３４５６７８９", "0011234567890123456789")


def left(shown: str, secret: str) -> bool:
    """Whether a piece of what must not be seen is still there, in whatever digits."""
    flat = re.sub(r"[\s.·-]", "", shown.translate(SMALL))
    return secret in flat


OUR_NUMBERS = re.compile(r"(?<!\d)\d{1,4}号(?!楼)|「\w\w \d{1,4}」")
"""Numbers of matters, which the bot gives itself: 1110号 is no room 1110."""


def test_masking(figure: Ledger) -> None:
    """C-31: made-up personal data in made-up sentences; every occurrence."""
    rng = random.Random(SEED)
    whole = times(100_000, 5000)
    leaks = dict.fromkeys(KINDS, 0)
    tried = dict.fromkeys(KINDS, 0)
    for _ in range(whole):
        kind = rng.choice(list(KINDS))
        shape = rng.choice(AROUND[:-2] if kind == "门牌" else AROUND)
        found = [KINDS[kind](rng) for _ in range(shape.count("{}"))]
        shown = mask(shape.format(*(each for each, _ in found)))
        tried[kind] += 1
        leaks[kind] += any(left(shown, secret) for _, secret in found)
        again = mask(shown)
        assert again == shown
    names = ["张三", "欧阳明", "3-502王姐", "李", "诸葛孔明", "12幢301室赵大爷"]
    bare = sum(len(mask_name(name)) > 3 or "0" in mask_name(name) for name in names)
    told = "，".join(f"{kind} {leaks[kind]}/{tried[kind]}" for kind in KINDS)
    wrong = sum(leaks.values()) + bare
    figure("C-31", "sentences with personal data, masked as a group would read them", whole,
           f"left to be seen: {told}", wrong)  # fmt: skip
    assert wrong == 0


def test_masking_leaves_the_rest(figure: Ledger) -> None:
    """C-31: ordinary sentences stay as they are, but for rooms."""
    said = [
        str(json.loads(line)["text"])
        for line in (ROOT / "tests/data/utterances.jsonl").read_text("utf-8").split("\n")
        if line
    ]
    changed = [
        text
        for text in said
        if mask(text) != text and not re.search(r"\d{3,}|[@＠]|单元|\d[-—]\d", text)
    ]
    figure("C-31", "everyday sentences of the labelled set without a unit or a long number",
           len(said), f"{len(changed)} altered", len(changed))  # fmt: skip
    assert changed == []


def test_groups_read_nothing_personal(world: World, figure: Ledger) -> None:
    """C-31: through the whole program: what a group reads of what residents say."""
    rng = random.Random(SEED)
    chat = world.group("一群")
    world.person("管家", Role.STEWARD)
    whole = times(3000, 200)
    leaks: list[str] = []
    for number in range(whole):
        kind = rng.choice(list(KINDS))
        shown, secret = KINDS[kind](rng)
        text = rng.choice((
            "{b}幢楼道灯不亮了，{p}", "登记 {b}幢电梯坏了 {p}", "@海棠管家 {p}",
            "{p} 的车挡路了，{b}幢门口",
            "我是{p}，{b}幢下水道堵了", "建议{b}幢装充电桩 {p}",
        )).format(b=rng.randint(1, 60), p=shown)  # fmt: skip
        said = chat.says(f"居民{number}", text)
        if number % 10 == 0 and chat.said and "号" in chat.said[-1]:
            said += chat.says("管家", f"办结 {number} 已联系 {shown}")
            world.wait("3h")
        leaks += [answer for answer in said if left(OUR_NUMBERS.sub("", answer), secret)]
    figure("C-31", "messages with personal data to a group, through the whole program", whole,
           f"{len(leaks)} answers in the group repeat it", len(leaks))  # fmt: skip
    assert leaks == []


def names_below(folder: Path) -> str:
    return " ".join(str(path.relative_to(folder)) for path in folder.rglob("*"))


CANARIES = {
    "phone": "13912340077", "identity": "320501199001017777", "spoken": "一三九一二三四零零七七",
}  # fmt: skip


async def test_canaries(tmp_path: Path, figure: Ledger) -> None:
    """C-32: secrets and personal data through every path; what logs, metrics and names show."""
    fake = FakeWecom(secret="canary-secret-of-the-app", token="canaryToken")
    secrets = (fake.secret, fake.token, fake.encoding_aes_key)
    pushed = 0
    with logged("debug", secrets) as log:
        async with opened(tmp_path, sandbox=False, fake=fake) as door:
            for number, canary in enumerate(CANARIES.values()):
                for text in (
                    "3幢楼道灯不亮了，{c}",
                    "{c}",
                    "#办洁 {c}",
                    "办结 {c}",
                    "@海棠管家 {c}怎么办",
                    "着火了 {c}",
                ):
                    await door.post(fake.callback(f"User{number}", text.format(c=canary)))
                    pushed += 1
            fake.fail_next(40013)
            fake.http_error_next(500, 2)
            fake.drop_connection_next()
            fake.answer_next(b"{not json " + CANARIES["phone"].encode())
            fake.expire_token()
            for text in ("帮助", "谢谢", "进度"):
                await door.post(fake.callback("User0", text))
                pushed += 1
            broken = fake.callback("User0", "x")
            for query in (
                {**broken.query, "msg_signature": fake.token},
                {"access_token": fake.secret},
            ):
                await door.session.post(
                    f"{door.url}/callback/wecom_app/main", params=query, data=b"x"
                )
                pushed += 1
            await door.session.get(
                f"{door.url}/{CANARIES['phone']}", params={"secret": fake.secret}
            )
            await until(lambda: len(fake.sent) > 3, 20)

            def fails(store: object) -> None:
                raise ValueError(f"{fake.secret} {CANARIES['phone']} {CANARIES['identity']}")

            try:
                await door.service.database.write(fails)
            except ValueError as error:
                import structlog

                structlog.get_logger().exception("canary", error=str(error), text=CANARIES["phone"])
                pushed += 1
            _, metrics = await door.get("/metrics")
            await door.service.database.backup(tmp_path / "backups" / "copy.db")
    outputs = {
        "log": log.getvalue(),
        "metrics": metrics.decode(),
        "names of files": names_below(tmp_path),
    }
    wanted = [*secrets, CANARIES["phone"], CANARIES["identity"], CANARIES["spoken"]]
    hits = [
        f"{where}: {canary[:6]}…"
        for where, text in outputs.items()
        for canary in wanted
        if canary in text
    ]
    figure("C-32", f"{len(wanted)} canaries (secrets, phones) through callbacks, errors, sends",
           pushed, f"{len(hits)} hits in log ({len(outputs['log'])} signs), metrics, names",
           len(hits))  # fmt: skip
    assert hits == []
    assert outputs["log"]


def test_erased_is_gone(world: World, figure: Ledger) -> None:
    """C-33: residents with much to erase; every table and, after the night, every byte."""
    rng = random.Random(SEED)
    chat = world.group("一群")
    world.person("管家", Role.STEWARD)
    whole = times(60, 5)
    needles: list[str] = []
    for number in range(whole):
        name = f"欧阳{person(rng)[1]}{number}"
        phone = f"139{digits(rng, 8)}"
        chat.says(name, f"{rng.randint(1, 60)}幢楼道灯不亮了，我叫{name}，{phone}")
        private = world.private(name)
        private.says(name, f"我家孩子抑郁，求助，{phone}")
        private.says(name, f"@海棠管家 {name}问居住证怎么办")
        world.private("管家").says("管家", f"备注 {2 * number + 1} 联系过{name}{phone}")
        world.private("管家").says("管家", f"详情 {2 * number + 1}")
        if rng.random() < 0.5:
            world.private("管家").says("管家", f"办结 {2 * number + 1} 已回{name}")
        private.says(name, "删除")
        private.says(name, "确认删除")
        needles += [name, phone]
    world.wait("5m")
    kept = sum(bool(tables_with(world, needle)) for needle in needles)
    world.wait("1d")
    bytes_left = sum(bool(on_disk(world, needle)) for needle in needles)
    figure("C-33", "residents erased with appeals, private matters, remarks and answers of staff",
           whole, f"{kept} of {len(needles)} needles left in a table, {bytes_left} in the bytes"
           " of the files after the night", kept + bytes_left)  # fmt: skip
    assert (kept, bytes_left) == (0, 0)
