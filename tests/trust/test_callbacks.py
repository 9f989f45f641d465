"""Forged, oversized and misleading requests: refused without harm."""

from __future__ import annotations

import random
import time
import tracemalloc
from pathlib import Path

import pytest

from bot.channels.wecom_aibot.media import Media
from bot.channels.wecom_app import WecomAppChannel
from bot.engine.clock import SystemClock
from bot.errors import BadCallback
from bot.models import Incoming
from bot.ports import CallbackRequest
from bot.testing import FakeWecom, SignedCallback
from tests.trust.figures import SEED, Ledger, times

pytestmark = [pytest.mark.trust, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


def channel(fake: FakeWecom) -> WecomAppChannel:
    return WecomAppChannel("wecom_app/main", fake.settings("http://127.0.0.1:1"), SystemClock())


def request(callback: SignedCallback) -> CallbackRequest:
    return CallbackRequest(query=callback.query, body=callback.body, headers={}, tail="")


def taken(where: WecomAppChannel, callback: SignedCallback) -> Incoming | None:
    """What a callback is understood as; None when it is refused."""
    try:
        return where.parse(request(callback))
    except BadCallback:
        return None


def test_forged_callbacks(figure: Ledger) -> None:
    """C-17: every byte and every value changed; stale and foreign times and nonces."""
    rng = random.Random(SEED)
    fake, tried, accepted, altered = FakeWecom(), 0, 0, 0
    whole = times(20)
    for number in range(whole):
        good = fake.callback(f"Wang{number}", f"{number}幢楼道灯不亮了")
        right = taken(channel(fake), good)
        assert right is not None
        for at in range(len(good.body)):
            body = bytearray(good.body)
            body[at] ^= 1 << rng.randrange(8)
            found = taken(channel(fake), SignedCallback(good.query, bytes(body)))
            tried += 1
            # What is not signed (names of elements around the sealed part) may change freely.
            accepted += found is not None and found == right
            altered += found is not None and found != right
        for key, value in good.query.items():
            for at in range(len(value)):
                other = value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
                tried += 1
                forged = SignedCallback({**good.query, key: other}, good.body)
                altered += taken(channel(fake), forged) is not None
        now = int(time.time())
        for stamp in (now - 601, now - 86_400, now + 601, 0):
            tried += 1
            stale = fake.seal("<xml></xml>", timestamp=stamp)
            altered += taken(channel(fake), stale) is not None
        foreign = FakeWecom(token="anotherToken", corp_id=fake.corp_id)
        altered += taken(channel(fake), foreign.callback("Wang", "转给我")) is not None
        tried += 1
    figure(
        "C-17",
        "callbacks with one bit, one character, the time, the nonce or the secret changed",
        tried,
        f"{altered} accepted with other content, {accepted} read as what was sent (changed outside"
        " the signed part)",
        altered,
    )
    assert altered == 0


LAUGHS = "".join(
    f"<!ENTITY {chr(98 + n)} '&{chr(97 + n)};&{chr(97 + n)};&{chr(97 + n)};'>" for n in range(20)
)
BOMBS = {
    "billion laughs": f"<!DOCTYPE x [<!ENTITY a 'ha'>{LAUGHS}]><xml><Content>&u;</Content></xml>",
    "external entity": "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><xml>&a;</xml>",
    "remote DTD": "<!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x.dtd'><xml></xml>",
    "deep": "<a>" * 50_000 + "</a>" * 50_000,
    "wide": "<xml>" + "<a/>" * 100_000 + "</xml>",
    "long": "<xml><Content>" + "水" * 80_000 + "</Content></xml>",
    "attributes": "<xml " + " ".join(f"a{n}='1'" for n in range(20_000)) + "/>",
    "nothing": "",
    "no xml": "{}",
    "charset": "<?xml version='1.0' encoding='utf-7'?><xml>+ADw-</xml>",
    "nul": "<xml>\x00</xml>",
}  # fmt: skip


def test_bombs(figure: Ledger) -> None:
    """C-18: bombs inside the sealed message and outside of it, and random XML."""
    rng = random.Random(SEED)
    fake = FakeWecom()
    where = channel(fake)
    tried = crashed = 0
    slowest = most = 0.0
    noise = [
        "<",
        ">",
        "&",
        "]]>",
        "<![CDATA[",
        "<xml>",
        "</xml>",
        "<MsgType>",
        "text",
        "\x00",
        "&#0;",
    ]
    bodies = [*BOMBS.values()] + [
        "".join(rng.choices(noise, k=rng.randint(1, 40))) for _ in range(times(20_000, 500))
    ]
    for text in bodies:
        for callback in (
            fake.seal(text),
            SignedCallback(fake.callback("W", "x").query, text.encode()),
        ):
            measured = tried < 2 * len(BOMBS)
            if measured:
                tracemalloc.start()
            started = time.perf_counter()
            try:
                where.parse(request(callback))
            except BadCallback:
                pass
            except Exception:  # anything else is a crash
                crashed += 1
            if measured:
                slowest = max(slowest, (time.perf_counter() - started) * 1000)
                most = max(most, tracemalloc.get_traced_memory()[1] / 2**20)
                tracemalloc.stop()
            tried += 1
    figure(
        "C-18",
        "entity bombs, external entities, depth, width, wrong charsets, random scraps of XML",
        tried,
        f"{crashed} crashes; a bomb took at most {slowest:.0f} ms and {most:.1f} MiB",
        crashed,
    )
    assert crashed == 0
    assert most < 10


PRIVATE = [
    "127.0.0.1", "localhost", "169.254.169.254", "[::1]", "[::]", "0.0.0.0", "10.0.0.1",  # noqa: S104
    "192.168.1.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]",
    "qq.com.evil.example", "evilqq.com", "qq.com@127.0.0.1", "127.0.0.1#.qq.com",
    "127.0.0.1?.qq.com", "127.0.0.1\\@qq.com", "qq.com:22", "ｑq.com", "qq.com。", "xn--qq-1a.com",
]  # fmt: skip


def test_requests_to_where_they_must_not_go(figure: Ledger) -> None:
    """C-28: addresses in messages; no word of a text is ever fetched."""
    media = Media()
    vectors = [
        f"{scheme}{host}{tail}"
        for scheme in ("https://", "http://", "ftp://", "file://", "gopher://", "//", "")
        for host in PRIVATE
        for tail in ("/a", ":80/a", ":443/a", "")
    ]
    permitted = [vector for vector in vectors if media.permits(vector)]
    figure(
        "C-28",
        "addresses of this machine, of private nets and of lookalike hosts, for a picture",
        len(vectors),
        f"{len(permitted)} would be asked (redirects are never followed)",
        len(permitted),
    )
    assert permitted == []
