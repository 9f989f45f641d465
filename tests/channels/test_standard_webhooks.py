"""Signatures that another's library (PyPI standardwebhooks) makes and takes."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict
from standardwebhooks import Webhook, WebhookVerificationError

from bot.channels.standard_webhooks import check, decode_secret, sign
from bot.errors import BadCallback
from tests.channels.bridges import HandClock

SECRET = "whsec_" + base64.b64encode(b"a key of at least 24 bytes").decode()
KEY = b"a key of at least 24 bytes"
NOW = HandClock().now()
BODY = '{"text":"停水"}'.encode()


def headers(**changes: str) -> CIMultiDict[str]:
    made = CIMultiDict(sign(KEY, "msg_1", NOW, BODY))
    made.update({name.replace("_", "-"): value for name, value in changes.items()})
    return made


def test_another_librarys_signature_is_taken() -> None:
    signature = Webhook(SECRET).sign("msg_1", NOW, BODY.decode())
    assert sign(KEY, "msg_1", NOW, BODY)["webhook-signature"] == signature
    assert check(KEY, headers(webhook_signature=signature), BODY, NOW) == "msg_1"


def test_another_library_takes_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    class Now:
        @staticmethod
        def now(tz: object) -> object:
            return NOW

        fromtimestamp = staticmethod(type(NOW).fromtimestamp)

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Now)
    assert Webhook(SECRET).verify(BODY, dict(headers())) == {"text": "停水"}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY + b" ", dict(headers()))


def test_names_of_headers_in_any_case_and_several_signatures() -> None:
    good = headers()["webhook-signature"]
    for signature in (f"v1,AAAA {good}", f"v2,AAAA  {good} ", good):
        made = CIMultiDict({k.upper(): v for k, v in headers(webhook_signature=signature).items()})
        assert check(KEY, made, BODY, NOW) == "msg_1"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"webhook_signature": ""}, 401),
        ({"webhook_signature": "v1,"}, 401),
        ({"webhook_signature": "v1,签"}, 401),
        ({"webhook_signature": "AAAA"}, 401),
        ({"webhook_signature": "v1,AAAA " * 10}, 401),
        ({"webhook_id": "msg_2"}, 401),
        ({"webhook_id": ""}, 400),
        ({"webhook_id": "x" * 129}, 400),
        ({"webhook_id": "编号"}, 400),
        ({"webhook_timestamp": ""}, 400),
        ({"webhook_timestamp": "soon"}, 400),
        ({"webhook_timestamp": "-1"}, 400),
        ({"webhook_timestamp": "１"}, 400),
        ({"webhook_timestamp": "9" * 12}, 400),
        ({"webhook_timestamp": str(int(NOW.timestamp()) + 1)}, 401),
        ({"webhook_timestamp": "1"}, 403),
    ],
)
def test_what_is_refused(changes: dict[str, str], status: int) -> None:
    with pytest.raises(BadCallback) as caught:
        check(KEY, headers(**changes), BODY, NOW)
    assert caught.value.status == status


@pytest.mark.parametrize("seconds", [-301, 301])
def test_the_window(seconds: int) -> None:
    assert check(KEY, headers(), BODY, NOW + timedelta(seconds=seconds // 301 * 300)) == "msg_1"
    with pytest.raises(BadCallback, match="时间戳"):
        check(KEY, headers(), BODY, NOW + timedelta(seconds=seconds))


def test_every_altered_byte_is_noticed() -> None:
    for place in range(len(BODY)):
        altered = bytes([*BODY[:place], BODY[place] ^ 1, *BODY[place + 1 :]])
        with pytest.raises(BadCallback, match="签名"):
            check(KEY, headers(), altered, NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!", "密钥", "x" * 50])
def test_what_is_no_secret(secret: str) -> None:
    assert decode_secret(secret) is None


def test_secrets_with_and_without_the_prefix() -> None:
    assert decode_secret(SECRET) == decode_secret(SECRET.removeprefix("whsec_")) == KEY


@given(st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]),
                       st.text(max_size=20)), st.binary(max_size=20))  # fmt: skip
@settings(deadline=None, max_examples=60)
def test_anything_else_is_refused(made: dict[str, str], body: bytes) -> None:
    with pytest.raises(BadCallback):
        check(KEY, CIMultiDict(made), body, NOW)
