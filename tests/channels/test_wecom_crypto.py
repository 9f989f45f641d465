from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto.cryptography import WeChatCipher
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.channels.wecom_crypto import CallbackCrypto, Sealed, decode_key
from bot.errors import BadCallback, ConfigError

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).with_name("vectors.json").read_text(encoding="utf-8")
)
TOKEN = "fakeToken"
KEY = "HaitangHaitangHaitangHaitangHaitangHaitang0"
CORP = "ww00000000haitang"
STAMP = "1790000000"


class FixedClock:
    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


def crypto_of(vector: dict[str, str]) -> CallbackCrypto:
    return CallbackCrypto(vector["token"], vector["encoding_aes_key"], vector["receive_id"])


def seal_raw(padded: bytes, token: str = TOKEN) -> Sealed:
    """Encrypt bytes as they are (padding included) and sign the result rightly."""
    encrypt = base64.b64encode(WeChatCipher(decode_key(KEY)).encrypt(padded)).decode()
    return Sealed(encrypt, CallbackCrypto(token, KEY, CORP)._sign(STAMP, "n", encrypt))


def body(message: bytes, receive_id: bytes = b"", declared: int | None = None) -> bytes:
    length = len(message) if declared is None else declared
    return b"0123456789abcdef" + length.to_bytes(4, "big") + message + receive_id


def padded(plain: bytes) -> bytes:
    size = 32 - len(plain) % 32
    return plain + bytes([size]) * size


@pytest.mark.parametrize("vector", VECTORS["positive"], ids=lambda v: v["name"])
def test_published_vectors_open(vector: dict[str, str]) -> None:
    plain = crypto_of(vector).decrypt(
        vector["msg_signature"], vector["timestamp"], vector["nonce"], vector["encrypt"]
    )
    assert plain == vector["plaintext"]


@pytest.mark.parametrize("vector", VECTORS["positive"], ids=lambda v: v["name"])
def test_published_vectors_are_sealed_alike(vector: dict[str, str]) -> None:
    sealed = crypto_of(vector).encrypt(
        vector["plaintext"],
        vector["timestamp"],
        vector["nonce"],
        prefix=vector["random16"].encode(),
    )
    assert sealed == Sealed(vector["encrypt"], vector["msg_signature"])


@pytest.mark.parametrize("vector", VECTORS["negative"], ids=lambda v: v["name"])
def test_signed_junk_is_refused(vector: dict[str, str]) -> None:
    with pytest.raises(BadCallback):
        crypto_of(vector).decrypt(
            vector["msg_signature"], vector["timestamp"], vector["nonce"], vector["encrypt"]
        )


@pytest.mark.parametrize(
    ("plain", "reason"),
    [
        (body(b"hi", CORP.encode()) + bytes([33]) * 33, "填充"),
        (body(b"hi", CORP.encode())[:-8].ljust(47, b"x") + b"\x00", "填充"),
        (body(b"hi" * 3, CORP.encode()) + b"\x04\x05\x05\x05\x05", "填充"),
        (bytes([32]) * 16, "填充"),
        (padded(b""), "长度"),
        (padded(body(b"hi", CORP.encode(), declared=22)), "长度"),
        (padded(body(b"hi", CORP.encode(), declared=2**32 - 1)), "长度"),
        (padded(body(b"hi", b"ww00000000other00")), "接收方"),
        (padded(body(b"hi", b"")), "接收方"),
        (padded(body(b"hi", CORP.encode() + b"x")), "接收方"),
        (padded(body(b"hi", CORP.encode(), declared=1)), "接收方"),
        (padded(body(b"\xff\xfe", CORP.encode())), "UTF-8"),
        (padded(body(b"\xed\xa0\x80", CORP.encode())), "UTF-8"),
    ],
)
def test_rightly_signed_but_broken_inside(plain: bytes, reason: str) -> None:
    sealed = seal_raw(plain[: len(plain) // 16 * 16] if len(plain) % 16 else plain)
    with pytest.raises(BadCallback, match=reason):
        CallbackCrypto(TOKEN, KEY, CORP).decrypt(sealed.signature, STAMP, "n", sealed.encrypt)


@pytest.mark.parametrize("size", range(33))
def test_every_padding_length_opens(size: int) -> None:
    crypto = CallbackCrypto(TOKEN, KEY, CORP)
    sealed = crypto.encrypt("x" * size, STAMP, "n")
    assert crypto.verify(sealed.signature, STAMP, "n", sealed.encrypt) == "x" * size


@pytest.mark.parametrize(
    "encrypt", ["", "@@@", "YWJj", "YWJjZA", "=" * 4, "三号楼", "\ud800", "A" * 21 + "==="]
)
def test_what_is_not_a_ciphertext(encrypt: str) -> None:
    crypto = CallbackCrypto(TOKEN, KEY, CORP)
    with pytest.raises(BadCallback):
        crypto.decrypt(crypto._sign(STAMP, "n", encrypt), STAMP, "n", encrypt)


@pytest.mark.parametrize("signature", ["", "0" * 40, "é" * 40, "\ud800", "x" * 100_000])
def test_wrong_signatures(signature: str) -> None:
    crypto = CallbackCrypto(TOKEN, KEY, CORP)
    sealed = crypto.encrypt("hi", STAMP, "n")
    with pytest.raises(BadCallback, match="签名") as caught:
        crypto.decrypt(signature, STAMP, "n", sealed.encrypt)
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("skew", "accepted"),
    [(0, True), (600, True), (-600, True), (601, False), (-601, False), (10**9, False)],
)
def test_age_window(skew: int, accepted: bool) -> None:
    crypto = CallbackCrypto(TOKEN, KEY, CORP, clock=FixedClock(int(STAMP) + skew))
    sealed = crypto.encrypt("hi", STAMP, "n")
    if accepted:
        assert crypto.decrypt(sealed.signature, STAMP, "n", sealed.encrypt) == "hi"
        return
    with pytest.raises(BadCallback, match="时间"):
        crypto.decrypt(sealed.signature, STAMP, "n", sealed.encrypt)


def test_window_can_be_switched_off() -> None:
    crypto = CallbackCrypto(TOKEN, KEY, CORP, clock=FixedClock(0), window=None)
    sealed = crypto.encrypt("hi", STAMP, "n")
    assert crypto.decrypt(sealed.signature, STAMP, "n", sealed.encrypt) == "hi"


@pytest.mark.parametrize("stamp", ["", "abc", "-1", "1.5", "１７９", "1_0", "9" * 5000])
def test_timestamps_that_are_no_seconds(stamp: str) -> None:
    crypto = CallbackCrypto(TOKEN, KEY, CORP, clock=FixedClock(int(STAMP)))
    sealed = crypto.encrypt("hi", stamp, "n")
    with pytest.raises(BadCallback, match="时间戳"):
        crypto.decrypt(sealed.signature, stamp, "n", sealed.encrypt)


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "=", KEY + "A", "-" * 43, "海" * 43])
def test_wrong_keys_are_explained(key: str) -> None:
    with pytest.raises(ConfigError, match="EncodingAESKey 应为 43 位") as caught:
        CallbackCrypto(TOKEN, key, CORP)
    assert not key or key not in str(caught.value)


def test_random_prefix_differs() -> None:
    crypto = CallbackCrypto(TOKEN, KEY, CORP)
    assert len({crypto.encrypt("hi", STAMP, "n").encrypt for _ in range(20)}) == 20


def test_wechatpy_agrees() -> None:
    sealed = CallbackCrypto(TOKEN, KEY, CORP).encrypt("三号楼", STAMP, "n")
    theirs = WeChatCrypto(TOKEN, KEY, CORP)
    plain = theirs.check_signature(sealed.signature, STAMP, "n", sealed.encrypt)
    assert (plain if isinstance(plain, str) else plain.decode()) == "三号楼"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_decrypted_bytes_open_or_are_refused(plain: bytes) -> None:
    sealed = seal_raw(plain[: len(plain) // 16 * 16])
    try:
        CallbackCrypto(TOKEN, KEY, CORP).decrypt(sealed.signature, STAMP, "n", sealed.encrypt)
    except BadCallback:
        return
    assert CORP.encode() in plain


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text(), st.text(), st.text())
def test_any_four_strings_are_refused(a: str, b: str, c: str, d: str) -> None:
    with pytest.raises(BadCallback):
        CallbackCrypto(TOKEN, KEY, CORP).decrypt(a, b, c, d)
