from __future__ import annotations

import asyncio
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.channels.tokens import Token, TokenKeeper
from bot.channels.wecom_api import WecomApi, check_errcode
from bot.errors import SendDeferred, SendError, SendRefused, SendUncertain
from bot.testing import FakeWecom


@asynccontextmanager
async def api_of(
    fake: FakeWecom, *, secret: str | None = None, corp_id: str | None = None, total: float = 5.0
) -> AsyncIterator[WecomApi]:
    async with fake.serve() as base_url:
        api = WecomApi(
            base_url, corp_id or fake.corp_id, secret or fake.secret, total_seconds=total
        )
        await api.open()
        try:
            yield api
        finally:
            await api.close()


@pytest.mark.parametrize(
    ("errcode", "kind", "after"),
    [
        (-1, SendDeferred, None),
        (45009, SendDeferred, 60),
        (45033, SendDeferred, 60),
        (60020, SendDeferred, 300),
        (40014, SendDeferred, None),
        (42001, SendDeferred, None),
        (40001, SendRefused, None),
        (40003, SendRefused, None),
        (40008, SendRefused, None),
        (40013, SendRefused, None),
        (40035, SendRefused, None),
        (40056, SendRefused, None),
        (40058, SendRefused, None),
        (44004, SendRefused, None),
        (45002, SendRefused, None),
        (48002, SendRefused, None),
        (50002, SendRefused, None),
        (81013, SendRefused, None),
        (99999, SendRefused, None),
    ],
)
def test_what_an_errcode_means(errcode: int, kind: type[SendError], after: float | None) -> None:
    with pytest.raises(kind) as caught:
        check_errcode(errcode, "words of the platform")
    assert getattr(caught.value, "after", None) == after
    assert "platform" not in str(caught.value)


def test_zero_is_no_error() -> None:
    check_errcode(0)


@pytest.mark.parametrize(
    ("errmsg", "shown"),
    [
        ("not allow to access from your ip, hint: [1], from ip: 203.0.113.9, more", "203.0.113.9"),
        ("not allow, from ip: 2001:db8::7, more", "2001:db8::7"),
        ("something else", "本服务器的出口 IP"),
    ],
)
def test_the_address_to_allow_is_shown(errmsg: str, shown: str) -> None:
    with pytest.raises(SendDeferred, match="企业可信IP") as caught:
        check_errcode(60020, errmsg)
    assert shown in str(caught.value)


async def test_one_token_serves_many_messages() -> None:
    fake = FakeWecom()
    async with api_of(fake) as api:
        users = [f"user{number}" for number in range(20)]
        ids = await asyncio.gather(*(api.send_text(fake.agent_id, user, "x") for user in users))
    assert fake.token_calls == 1
    assert sorted(ids) == sorted(message.msgid for message in fake.sent)


@pytest.mark.parametrize("errcode", [40014, 42001])
async def test_a_refused_token_is_renewed_once(errcode: int) -> None:
    fake = FakeWecom()
    async with api_of(fake) as api:
        fake.fail_next(errcode)
        await api.send_text(fake.agent_id, "LiMing", "x")
    assert (fake.token_calls, fake.send_calls, len(fake.sent)) == (2, 2, 1)


async def test_an_expired_token_is_renewed_for_all_at_once() -> None:
    fake = FakeWecom()
    async with api_of(fake) as api:
        await api.send_text(fake.agent_id, "LiMing", "x")
        fake.expire_token()
        users = [f"user{number}" for number in range(10)]
        await asyncio.gather(*(api.send_text(fake.agent_id, user, "x") for user in users))
    assert fake.token_calls == 2
    assert len(fake.sent) == 11


@pytest.mark.parametrize("errcode", [40014, 42001])
async def test_a_platform_that_refuses_every_token_is_left_alone(errcode: int) -> None:
    fake = FakeWecom()
    async with api_of(fake) as api:
        fake.fail_next(errcode, times=100)
        with pytest.raises(SendDeferred, match="access_token"):
            await api.send_text(fake.agent_id, "LiMing", "x")
        assert (fake.token_calls, fake.send_calls) == (2, 2)
        for _ in range(5):
            with pytest.raises(SendDeferred):
                await api.send_text(fake.agent_id, "LiMing", "x")
        assert fake.token_calls == 2


Fault = Callable[[FakeWecom], None]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (lambda fake: fake.fail_next(45009), SendDeferred),
        (lambda fake: fake.fail_next(60020), SendDeferred),
        (lambda fake: fake.fail_next(81013), SendRefused),
        (lambda fake: fake.fail_next(40001), SendRefused),
        (lambda fake: fake.http_error_next(500), SendDeferred),
        (lambda fake: fake.http_error_next(502), SendDeferred),
        (lambda fake: fake.http_error_next(404), SendDeferred),
        (lambda fake: fake.http_error_next(302), SendDeferred),
        (lambda fake: fake.answer_next(b"<html>ok</html>"), SendUncertain),
        (lambda fake: fake.answer_next(b""), SendUncertain),
        (lambda fake: fake.answer_next(b"\xff\xfe"), SendUncertain),
        (lambda fake: fake.answer_next(b"[]"), SendUncertain),
        (lambda fake: fake.answer_next(b'{"msgid":"1"}'), SendUncertain),
        (lambda fake: fake.answer_next(b'{"errcode":0,"invaliduser":"liming"}'), SendRefused),
        (lambda fake: fake.answer_next(b'{"errcode":0,"unlicenseduser":"liming"}'), SendRefused),
        (lambda fake: fake.drop_connection_next(), SendUncertain),
        (lambda fake: fake.drop_connection_next(delivered=True), SendUncertain),
        (lambda fake: fake.fail_next(40001, call="gettoken"), SendRefused),
        (lambda fake: fake.fail_next(40013, call="gettoken"), SendRefused),
        (lambda fake: fake.fail_next(60020, call="gettoken"), SendDeferred),
        (lambda fake: fake.http_error_next(503, call="gettoken"), SendDeferred),
        (lambda fake: fake.answer_next(b"<html>", call="gettoken"), SendDeferred),
        (lambda fake: fake.answer_next(b'{"errcode":0}', call="gettoken"), SendDeferred),
        (lambda fake: fake.drop_connection_next(times=2, call="gettoken"), SendDeferred),
    ],
)
async def test_faults_on_the_way(fault: Fault, kind: type[SendError]) -> None:
    fake = FakeWecom()
    fault(fake)
    async with api_of(fake) as api:
        with pytest.raises(SendError) as caught:
            await api.send_text(fake.agent_id, "LiMing", "x")
    assert type(caught.value) is kind


@pytest.mark.parametrize(("secret", "corp_id"), [("wrong", None), (None, "ww-wrong")])
async def test_wrong_secret_or_corp_is_final(secret: str | None, corp_id: str | None) -> None:
    fake = FakeWecom()
    async with api_of(fake, secret=secret, corp_id=corp_id) as api:
        for _ in range(5):
            with pytest.raises(SendRefused):
                await api.send_text(fake.agent_id, "LiMing", "x")
    assert (fake.token_calls, fake.send_calls) == (1, 0)


async def test_a_redirect_is_not_followed() -> None:
    fake = FakeWecom()
    async with api_of(fake) as api:
        await api.tokens.get()
        elsewhere = api.line.base_url + "message/send"
        fake.redirect_next(elsewhere)
        with pytest.raises(SendDeferred, match="302"):
            await api.send_text(fake.agent_id, "LiMing", "x")
    assert fake.send_calls == 1


async def test_a_slow_answer_is_uncertain() -> None:
    fake = FakeWecom()
    async with api_of(fake, total=0.3) as api:
        await api.tokens.get()
        fake.delay = 1.0
        with pytest.raises(SendUncertain):
            await api.send_text(fake.agent_id, "LiMing", "x")


async def test_a_slow_token_is_only_a_delay() -> None:
    fake = FakeWecom()
    fake.delay = 1.0
    async with api_of(fake, total=0.3) as api:
        with pytest.raises(SendDeferred):
            await api.send_text(fake.agent_id, "LiMing", "x")
    assert fake.send_calls == 0


async def test_a_closed_port_is_only_a_delay() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    api = WecomApi(f"http://127.0.0.1:{port}", "ww", "secret")
    await api.open()
    try:
        with pytest.raises(SendDeferred, match="连不上"):
            await api.send_text(1, "LiMing", "x")
    finally:
        await api.close()


async def test_the_platform_going_away_before_a_send_is_only_a_delay() -> None:
    fake = FakeWecom()
    async with api_of(fake) as api:
        await api.tokens.get()
        base = api.line.base_url
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            api.line.base_url = f"http://127.0.0.1:{closed.getsockname()[1]}/cgi-bin/"
            with pytest.raises(SendDeferred, match="连不上"):
                await api.send_text(fake.agent_id, "LiMing", "x")
        api.line.base_url = base
        await api.send_text(fake.agent_id, "LiMing", "x")
    assert len(fake.sent) == 1


@pytest.mark.parametrize(
    "fault",
    [
        lambda fake: fake.drop_connection_next(),
        lambda fake: fake.drop_connection_next(times=2, call="gettoken"),
        lambda fake: fake.answer_next(b"<html>"),
        lambda fake: fake.http_error_next(500),
        lambda fake: fake.fail_next(40014, times=9),
        lambda fake: fake.fail_next(60020),
    ],
)
async def test_secrets_appear_nowhere(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fake = FakeWecom()
    fault(fake)
    async with api_of(fake) as api:
        with pytest.raises(SendError) as caught:
            await api.send_text(fake.agent_id, "LiMing", "x")
    shown = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(vars(api))
    shown = shown.replace(repr(fake.secret), "")  # vars() shows it by its nature
    for secret in (fake.secret, fake._access_token or "?absent?"):
        assert secret not in shown


def test_a_token_does_not_show_itself() -> None:
    assert "secret-value" not in repr(Token("secret-value", 7200.0))


class Source:
    """A clock and a token counter for `TokenKeeper`."""

    def __init__(self, expires_in: float = 7200.0) -> None:
        self.now = 1000.0
        self.fetched = 0
        self.expires_in = expires_in
        self.error: SendError | None = None
        self.keeper = TokenKeeper(self.fetch, monotonic=lambda: self.now)

    async def fetch(self) -> Token:
        self.fetched += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return Token(f"token-{self.fetched}", self.expires_in)


@pytest.mark.parametrize(
    ("expires_in", "later", "fetched"),
    [(7200.0, 6899.0, 1), (7200.0, 6900.0, 2), (100.0, 49.0, 1), (100.0, 50.0, 2)],
)
async def test_a_token_is_replaced_before_it_ends(
    expires_in: float, later: float, fetched: int
) -> None:
    source = Source(expires_in)
    await source.keeper.get()
    source.now += later
    await source.keeper.get()
    assert source.fetched == fetched


async def test_many_at_once_share_one_fetch() -> None:
    source = Source()
    values = await asyncio.gather(*(source.keeper.get() for _ in range(50)))
    assert set(values) == {"token-1"}
    renewed = await asyncio.gather(*(source.keeper.renew("token-1") for _ in range(50)))
    assert set(renewed) == {"token-2"}
    assert source.fetched == 2


async def test_two_renewals_keep_their_distance() -> None:
    source = Source()
    first = await source.keeper.get()
    second = await source.keeper.renew(first)
    with pytest.raises(SendDeferred) as caught:
        await source.keeper.renew(second)
    assert caught.value.after == 5.0
    source.now += 5
    assert await source.keeper.renew(second) == "token-3"


async def test_a_failed_fetch_is_not_repeated_at_once() -> None:
    source = Source()
    source.error = SendDeferred("忙", after=60)
    for _ in range(3):
        with pytest.raises(SendDeferred, match="忙") as caught:
            await source.keeper.get()
        assert caught.value.after == 60
    assert source.fetched == 1
    source.error = None
    source.now += 5
    assert await source.keeper.get() == "token-2"
