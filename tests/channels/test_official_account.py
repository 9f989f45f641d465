from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.official_account import (
    OfficialAccountChannel,
    OfficialAccountSettings,
    fitting,
)
from bot.channels.official_media import OfficialMedia, on_wechat
from bot.errors import (
    BadCallback,
    ConfigError,
    SendDeferred,
    SendError,
    SendRefused,
    SendUncertain,
)
from bot.models import Attachment, Incoming, MediaKind, Outgoing
from bot.ports import AnsweringChannel, CallbackChannel, CallbackRequest, MediaChannel
from bot.testing import FakeOfficial, SignedCallback

NOW = 1790000000
KEY = "HaitangHaitangHaitangHaitangHaitangHaitang0"
NAME = "official_account/street"


class FixedClock:
    def now(self) -> datetime:
        return datetime.fromtimestamp(NOW, UTC)


PLAIN = FakeOfficial(clock=FixedClock())
SAFE = FakeOfficial(encoding_aes_key=KEY, clock=FixedClock())
FAKES = {"plain": PLAIN, "safe": SAFE}


def setup(
    fake: FakeOfficial, base_url: str = "https://api.weixin.qq.com", *, service: bool = False
) -> OfficialAccountSettings:
    return OfficialAccountSettings(
        app_id=fake.app_id,
        token=fake.token,
        encoding_aes_key=fake.encoding_aes_key,
        secret=fake.secret,
        area="海棠街道/春晓社区",
        customer_service=service,
        base_url=base_url,
    )


def channel_of(fake: FakeOfficial, *, service: bool = False) -> OfficialAccountChannel:
    return OfficialAccountChannel(NAME, setup(fake, service=service), FixedClock())


def request(callback: SignedCallback) -> CallbackRequest:
    return CallbackRequest(callback.query, callback.body)


def heard(fake: FakeOfficial, callback: SignedCallback) -> Incoming:
    incoming = channel_of(fake).parse(request(callback))
    assert incoming is not None
    return incoming


def refusal(fake: FakeOfficial, asked: CallbackRequest) -> int | None:
    """The status of the refusal; None for what is taken. Everything else is a crash."""
    try:
        channel_of(fake).parse(asked)
    except BadCallback as error:
        return error.status
    return None


def row(text: str, number: str = "r1") -> Outgoing:
    return Outgoing(id=number, channel=NAME, chat="", user="oWang", text=text)


@pytest.fixture(params=["plain", "safe"])
def fake(request: pytest.FixtureRequest) -> FakeOfficial:
    """The same account in both modes."""
    return FAKES[request.param]


def test_it_is_what_it_says() -> None:
    channel = channel_of(PLAIN)
    assert isinstance(channel, CallbackChannel)
    assert isinstance(channel, AnsweringChannel)
    assert isinstance(channel, MediaChannel)


def test_the_url_check_is_echoed(fake: FakeOfficial) -> None:
    assert channel_of(fake).verify(request(fake.echo("5837"))) == "5837"


def test_a_known_signature() -> None:
    """From a public test of another project's Official Account login."""
    clock = type("Clock", (), {"now": lambda self: datetime.fromtimestamp(1409735669, UTC)})()
    channel = OfficialAccountChannel(
        NAME, OfficialAccountSettings(app_id="wx1", token="spamtest", area="a"), clock
    )
    query = {
        "signature": "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a",
        "timestamp": "1409735669",
        "nonce": "1320562132",
        "echostr": "ok",
    }
    assert channel.verify(CallbackRequest(query)) == "ok"


def test_a_text_message(fake: FakeOfficial) -> None:
    assert heard(fake, fake.callback("oWang", "3幢楼道灯不亮", "42")) == Incoming(
        channel=NAME,
        chat="",
        sender="oWang",
        message_id="42",
        text="3幢楼道灯不亮",
        sent_at=datetime.fromtimestamp(NOW, UTC),
        mentioned=True,
        reply_token="gh_0123456789ab",
        answerable=True,
    )


@pytest.mark.parametrize(
    ("msg_type", "text", "media"),
    [
        ("image", "[图片]", MediaKind.IMAGE),
        ("voice", "楼道灯不亮", MediaKind.VOICE),
        ("video", "[视频]", MediaKind.VIDEO),
        ("location", "[位置] 东门", None),
        ("link", "[链接] 通知", None),
    ],
)
def test_other_kinds(fake: FakeOfficial, msg_type: str, text: str, media: MediaKind | None) -> None:
    incoming = heard(fake, fake.callback("oWang", msg_type=msg_type))
    assert (incoming.text, [a.kind for a in incoming.attachments]) == (
        text,
        [media] if media else [],
    )


@pytest.mark.parametrize(
    ("event", "key", "expected"),
    [
        ("subscribe", "", ("event:subscribe", "")),
        ("subscribe", "qrscene_3", ("event:subscribe", "")),
        ("SCAN", "3", ("event:enter_agent", "")),
        ("CLICK", "进度", ("click", "进度")),
        ("CLICK", " ", None),
        ("VIEW", "https://mp.example", None),
        ("unsubscribe", "", None),
        ("LOCATION", "", None),
        ("TEMPLATESENDJOBFINISH", "", None),
    ],
)
def test_events(fake: FakeOfficial, event: str, key: str, expected: tuple[str, str] | None) -> None:
    callback = fake.callback("oWang", msg_type="event", fields={"Event": event, "EventKey": key})
    incoming = channel_of(fake).parse(request(callback))
    assert (None if incoming is None else (incoming.kind, incoming.text)) == expected


def test_two_events_in_one_second_are_two(fake: FakeOfficial) -> None:
    ids = {
        heard(
            fake,
            fake.callback("oWang", msg_type="event", fields={"Event": "CLICK", "EventKey": key}),
        ).message_id
        for key in ("进度", "帮助", "进度")
    }
    assert len(ids) == 2


def test_in_compatible_mode_only_the_sealed_half_counts() -> None:
    incoming = heard(SAFE, SAFE.callback("oWang", "帮助", compatible=True))
    assert (incoming.sender, incoming.text) == ("oWang", "帮助")


def test_with_a_key_a_plain_body_is_refused() -> None:
    plain = PLAIN.callback("oWang", "帮助")
    with pytest.raises(BadCallback):
        channel_of(SAFE).parse(request(plain))
    query = SAFE.callback("oWang", "帮助").query
    with pytest.raises(BadCallback):
        channel_of(SAFE).parse(CallbackRequest(query, plain.body))


FORGED: list[tuple[str, str]] = [
    ("signature", "0" * 40),
    ("signature", ""),
    ("signature", "签名\ud800"),
    ("timestamp", str(NOW - 601)),
    ("timestamp", "9" * 5000),
    ("timestamp", ""),
    ("nonce", "other"),
]


@pytest.mark.parametrize(("name", "value"), FORGED)
def test_what_is_forged_is_refused(fake: FakeOfficial, name: str, value: str) -> None:
    callback = fake.callback("oWang", "帮助")
    query = callback.query | ({"msg_signature": value} if name == "signature" else {name: value})
    if fake is PLAIN:
        query = callback.query | {name: value}
    with pytest.raises(BadCallback) as caught:
        channel_of(fake).parse(CallbackRequest(query, callback.body))
    assert 400 <= caught.value.status < 500
    with pytest.raises(BadCallback):
        channel_of(fake).verify(CallbackRequest(callback.query | {name: value, "echostr": "x"}))


@pytest.mark.parametrize("age", [-601, 601])
def test_a_stale_request_is_refused(fake: FakeOfficial, age: int) -> None:
    xml = (
        "<xml><FromUserName>o</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType></xml>"
    )
    with pytest.raises(BadCallback, match="时间戳"):
        channel_of(fake).parse(request(fake.seal(xml, timestamp=NOW + age)))


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<xml></xml>",
        "<xml><MsgType>text</MsgType></xml>",
        "<xml><FromUserName>o</FromUserName><MsgType>text</MsgType></xml>",
        f"<xml><FromUserName>{'o' * 200}</FromUserName><CreateTime>1</CreateTime>"
        "<MsgType>text</MsgType></xml>",
        "<!DOCTYPE x><xml><MsgType>text</MsgType></xml>",
        "<xml><a><b><c><d><e><f><g><h><i/></h></g></f></e></d></c></b></a></xml>",
        "not xml",
    ],
)
def test_what_is_broken_is_refused(fake: FakeOfficial, xml: str) -> None:
    with pytest.raises(BadCallback) as caught:
        channel_of(fake).parse(request(fake.seal(xml)))
    assert 400 <= caught.value.status < 500


@given(st.binary(max_size=300), st.dictionaries(st.text(max_size=15), st.text(max_size=20)))
@settings(max_examples=40, deadline=None)
def test_no_bytes_break_it(body: bytes, query: dict[str, str]) -> None:
    for fake in (PLAIN, SAFE):
        signed = fake.callback("oWang", "x").query
        for given_query in (query, signed, signed | query):
            assert refusal(fake, CallbackRequest(given_query, body)) in {None, *range(400, 500)}


@given(st.text(max_size=200))
@settings(max_examples=40, deadline=None)
def test_any_signed_text_is_a_message_or_a_refusal(inner: str) -> None:
    for fake in (PLAIN, SAFE):
        xml = f"<xml><MsgType>text</MsgType>{inner}</xml>".encode("utf-8", "replace").decode()
        assert refusal(fake, request(fake.seal(xml))) in {None, *range(400, 500)}


def test_the_reply_is_in_the_response(fake: FakeOfficial) -> None:
    channel = channel_of(fake)
    asked = request(fake.callback("oWang", "帮助"))
    answer = channel.answer(asked, channel.parse(asked), [row("一句", "r1"), row("两句", "r2")])
    fields = fake.read(answer.body)
    assert answer.carried == ("r1", "r2")
    assert (fields["ToUserName"], fields["FromUserName"]) == ("oWang", "gh_0123456789ab")
    assert (fields["MsgType"], fields["Content"]) == ("text", "一句\n\n两句")


@pytest.mark.parametrize("evil", ["]]></Content><MsgType>evil", "a]]>b]]>", "\x00控\ud800制"])
def test_no_text_leaves_its_field(fake: FakeOfficial, evil: str) -> None:
    channel = channel_of(fake)
    asked = request(fake.callback("oWang", "x"))
    fields = fake.read(channel.answer(asked, channel.parse(asked), [row(evil)]).body)
    clean = evil.replace("\x00", "").encode("utf-8", "replace").decode()
    assert (fields["MsgType"], fields["Content"]) == ("text", clean)


def test_nothing_to_say_is_success(fake: FakeOfficial) -> None:
    channel = channel_of(fake)
    asked = request(fake.callback("oWang", "x"))
    assert channel.answer(asked, channel.parse(asked), []).body == b"success"
    assert channel.answer(asked, None, [row("x")]).body == b"success"


def test_what_does_not_fit_stays_behind() -> None:
    rows, text = fitting([row("水" * 600, "1"), row("电" * 100, "2")], cut=True)
    assert [r.id for r in rows] == ["1"]
    assert text == "水" * 600


def test_a_reply_too_long_for_any_response() -> None:
    long = [row("今晚检修水管。" * 200)]
    assert fitting(long, cut=False) == ([], "")
    rows, text = fitting(long, cut=True)
    assert len(rows) == 1
    assert text.endswith("请向社区要全文。）")
    assert len(text.encode()) <= 2048


@asynccontextmanager
async def running(
    fake: FakeOfficial, *, service: bool = True
) -> AsyncIterator[OfficialAccountChannel]:
    async with fake.serve() as base_url:
        channel = OfficialAccountChannel(NAME, setup(fake, base_url, service=service), FixedClock())
        await channel.start()
        try:
            yield channel
        finally:
            await channel.stop()


async def test_customer_service_messages() -> None:
    fake = FakeOfficial(quota=2)
    fake.callback("oWang", "x")
    async with running(fake) as channel:
        await channel.send(row("今晚检修水管。" * 120))
        assert [text[-5:] for _, text in fake.sent] == ["（1/2）", "（2/2）"]
        with pytest.raises(SendRefused, match="45047"):
            await channel.send(row("再一句"))
        fake.left.clear()
        with pytest.raises(SendRefused, match=r"48小时.*45015"):
            await channel.send(row("再一句"))


async def test_a_later_part_over_the_quota_is_uncertain() -> None:
    fake = FakeOfficial(quota=1)
    fake.callback("oWang", "x")
    async with running(fake) as channel:
        with pytest.raises(SendUncertain, match="共2段，第2段"):
            await channel.send(row("今晚检修水管。" * 120))


async def test_without_the_right_words_wait_for_the_next_message() -> None:
    fake = FakeOfficial()
    async with running(fake, service=False) as channel:
        with pytest.raises(SendDeferred, match="下次") as caught:
            await channel.send(row("办好了"))
        assert caught.value.after == 6 * 3600
        assert channel.rides_along
    assert set(fake.calls.values()) == {0}


async def test_a_token_that_was_replaced_is_renewed_once() -> None:
    fake = FakeOfficial()
    fake.callback("oWang", "x")
    async with running(fake) as channel:
        await channel.send(row("一"))
        fake.expire_token()
        await channel.send(row("二"))
        assert fake.calls["token"] == 2
        fake.fail_next(40001, times=10)
        with pytest.raises(SendDeferred, match="又被拒绝"):
            await channel.send(row("三"))
        assert fake.calls["token"] == 2


@pytest.mark.parametrize(
    ("errcode", "call", "kind", "words"),
    [
        (-1, "send", SendDeferred, "繁忙"),
        (45009, "send", SendDeferred, "次数"),
        (40003, "send", SendRefused, "没有关注"),
        (48001, "send", SendRefused, "customer_service"),
        (40164, "token", SendDeferred, "192.0.2.7"),
        (40013, "token", SendRefused, "AppID"),
        (40125, "token", SendRefused, "AppSecret"),
        (40001, "token", SendRefused, "AppSecret"),
        (99999, "send", SendRefused, "99999"),
    ],
)
async def test_what_an_errcode_means(
    errcode: int, call: str, kind: type[SendError], words: str
) -> None:
    fake = FakeOfficial()
    fake.callback("oWang", "x")
    fake.fail_next(errcode, call=call)
    async with running(fake) as channel:
        with pytest.raises(kind, match=words):
            await channel.send(row("一"))


async def test_a_group_or_nobody_is_refused() -> None:
    fake = FakeOfficial()
    async with running(fake) as channel:
        for chat, user in (("g", ""), ("", "")):
            with pytest.raises(SendRefused, match="没有群"):
                await channel.send(Outgoing(id="", channel=NAME, chat=chat, user=user, text="x"))


async def test_pictures_by_id() -> None:
    fake = FakeOfficial()
    picture = Attachment(kind=MediaKind.IMAGE, ref="media-1")
    async with running(fake) as channel:
        fetched = await channel.fetch(picture, 1000)
        assert (fetched.name, fetched.mime, len(fetched.data)) == ("p.jpg", "image/jpeg", 103)
        fake.expire_token()
        assert len((await channel.fetch(picture, 1000)).data) == 103
        with pytest.raises(SendRefused, match="太长"):
            await channel.fetch(picture, 50)
        with pytest.raises(SendRefused, match="40007"):
            await channel.fetch(Attachment(kind=MediaKind.IMAGE, ref="gone"), 1000)


async def test_pictures_by_address_come_from_the_platforms_hosts_only() -> None:
    fake = FakeOfficial()
    async with fake.serve() as base_url, running(fake) as channel:
        await channel.api.tokens.get()
        token = fake._access_token
        media = OfficialMedia(channel.api, lambda url: base_url)
        url = f"http://mmbiz.qpic.cn/cgi-bin/media/get?media_id=media-1&access_token={token}"
        fetched = await media.fetch(Attachment(kind=MediaKind.IMAGE, ref=url), 1000)
        await media.close()
        assert len(fetched.data) == 103
        with pytest.raises(SendRefused, match="图片服务器"):
            await channel.fetch(Attachment(kind=MediaKind.IMAGE, ref=f"{base_url}/x"), 1000)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://mmbiz.qpic.cn/mmbiz_jpg/x/0", "https://mmbiz.qpic.cn"),
        ("https://mmbiz.qpic.cn:443/x", "https://mmbiz.qpic.cn"),
        ("https://mmbiz.qpic.cn:8443/x", None),
        ("https://mmbiz.qpic.cn.evil.example/x", None),
        ("https://evil.example/mmbiz.qpic.cn", None),
        ("https://mmbiz.qpic.cn@evil.example/x", None),
        ("http://127.0.0.1/x", None),
        ("http://[", None),
        ("http://mmbiz.qpic.cn:port/x", None),
    ],
)
def test_hosts_of_pictures(url: str, origin: str | None) -> None:
    assert on_wechat(url) == origin


async def test_secrets_stay_out_of_errors() -> None:
    fake = FakeOfficial()
    fake.callback("oWang", "x")
    async with running(fake) as channel:
        told = [repr(setup(fake)), repr(channel)]
        spoils: list[Callable[[], None]] = [
            fake.drop_connection_next,
            lambda: fake.answer_next(b"no"),
            fake.expire_token,
        ]
        for spoil in spoils:
            spoil()
            fake.fail_next(40125, call="token")
            with pytest.raises(SendError) as caught:
                await channel.send(row("一"))
            told += [*traceback.format_exception(caught.value), repr(caught.value)]
    assert not [s for s in (fake.secret, fake.token) if s in "".join(told)]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"app_id": ""}, "app_id"),
        ({"token": ""}, "token"),
        ({"token": "a b"}, "token"),
        ({"encoding_aes_key": "short"}, "encoding_aes_key"),
        ({"encoding_aes_key": "！" * 43}, "encoding_aes_key"),
        ({"secret": "", "customer_service": True}, "secret"),
        ({"base_url": "http://api.weixin.qq.com"}, "base_url"),
    ],
)
def test_wrong_settings_are_told(change: dict[str, str], name: str) -> None:
    wrong = msgspec.structs.replace(setup(SAFE), **change)
    (fault,) = wrong.faults("channels.official_account.street")
    assert f"「channels.official_account.street.{name}」" in fault
    assert "企业微信" not in fault
    with pytest.raises(ConfigError):
        OfficialAccountChannel(NAME, wrong, FixedClock())
