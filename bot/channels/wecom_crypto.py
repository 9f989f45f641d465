"""The sealed envelope of WeCom and WeChat callbacks: signature, AES-256-CBC, padding, receiver.

The cipher is wechatpy's. The checks it leaves out are here: constant-time comparison of
signatures, strict base64 and UTF-8, padding, the declared length, the receiver and the age.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

from msgspec import Struct
from wechatpy.crypto.cryptography import WeChatCipher

from bot.errors import BadCallback, ConfigError
from bot.ports import Clock

BLOCK: Final = 16
PAD_BLOCK: Final = 32
PREFIX_LENGTH: Final = 16
HEAD_LENGTH: Final = PREFIX_LENGTH + 4
DEFAULT_WINDOW: Final = 600

_PADS: Final = tuple(bytes([size]) * size for size in range(PAD_BLOCK + 1))


class Sealed(Struct, frozen=True):
    """An encrypted text (base64) with its signature (hex)."""

    encrypt: str
    signature: str


class CallbackCrypto:
    """Opens and seals the callbacks of one app.

    `receive_id` is the corp id of a self-built app and "" for an AI bot. `window` is the age in
    seconds that a request may have either way; without a clock or a window no age is checked.
    Every refusal is a `BadCallback`; a wrong key is a `ConfigError` at construction.
    """

    def __init__(
        self,
        token: str,
        encoding_aes_key: str,
        receive_id: str,
        *,
        clock: Clock | None = None,
        window: float | None = DEFAULT_WINDOW,
    ) -> None:
        self._token = token
        self._receive_id = receive_id.encode()
        # wechatpy's PrpCrypto builds a cipher for every message; one is enough.
        self._cipher = WeChatCipher(decode_key(encoding_aes_key))
        self._clock = clock
        self._window = window

    def verify(self, signature: str, timestamp: str, nonce: str, echostr: str) -> str:
        """The plain text that answers the platform's URL check."""
        return self.decrypt(signature, timestamp, nonce, echostr)

    def decrypt(self, signature: str, timestamp: str, nonce: str, encrypt: str) -> str:
        """The plain text of a request whose signature, age and receiver are right."""
        expected = self._sign(timestamp, nonce, encrypt)
        if not hmac.compare_digest(expected.encode(), _octets(signature)):
            raise BadCallback("签名不对")
        if self._clock is not None and self._window is not None:
            check_age(timestamp, self._clock, self._window)
        return self._open(self._decrypt_blocks(encrypt))

    def encrypt(
        self, plaintext: str, timestamp: str, nonce: str, *, prefix: bytes | None = None
    ) -> Sealed:
        """Seal a text. `prefix` (16 bytes) is random unless a test needs a known result."""
        message = plaintext.encode()
        head = secrets.token_bytes(PREFIX_LENGTH) if prefix is None else prefix
        body = head + len(message).to_bytes(4, "big") + message + self._receive_id
        padded = body + _PADS[PAD_BLOCK - len(body) % PAD_BLOCK]
        sealed = base64.b64encode(self._cipher.encrypt(padded)).decode()
        return Sealed(sealed, self._sign(timestamp, nonce, sealed))

    def _sign(self, timestamp: str, nonce: str, encrypt: str) -> str:
        parts = sorted((self._token, timestamp, nonce, encrypt))
        return hashlib.sha1(_octets("".join(parts)), usedforsecurity=False).hexdigest()

    def _decrypt_blocks(self, encrypt: str) -> bytes:
        try:
            sealed = base64.b64decode(encrypt, validate=True)
        except ValueError:
            raise BadCallback("密文不是 base64", 400) from None
        if not sealed or len(sealed) % BLOCK:
            raise BadCallback("密文长度不是分组的整数倍", 400)
        plain: bytes = self._cipher.decrypt(sealed)
        return plain

    def _open(self, padded: bytes) -> str:
        pad = padded[-1]
        if not 1 <= pad <= PAD_BLOCK or not padded.endswith(_PADS[pad]):
            raise BadCallback("填充不对", 400)
        body_end = len(padded) - pad
        message_end = HEAD_LENGTH + int.from_bytes(padded[PREFIX_LENGTH:HEAD_LENGTH], "big")
        if body_end < HEAD_LENGTH or message_end > body_end:
            raise BadCallback("声明的长度超出密文", 400)
        if not hmac.compare_digest(padded[message_end:body_end], self._receive_id):
            raise BadCallback("接收方不是本应用")
        try:
            return padded[HEAD_LENGTH:message_end].decode()
        except UnicodeDecodeError:
            raise BadCallback("明文不是 UTF-8", 400) from None


def check_age(timestamp: str, clock: Clock, window: float = DEFAULT_WINDOW) -> None:
    """Refuse a request that is older or newer than `window` seconds."""
    # No platform sends more digits; int() would otherwise take its time over thousands.
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise BadCallback("时间戳不是整数", 400)
    if abs(clock.now().timestamp() - int(timestamp)) > window:
        raise BadCallback("时间戳超出允许的范围，请检查服务器时间")


def decode_key(encoding_aes_key: str) -> bytes:
    """The 32 bytes behind an EncodingAESKey. Raises `ConfigError` in words for the operator."""
    fault = "EncodingAESKey 应为 43 位字母和数字，请从企业微信后台重新复制，不要多空格或换行。"
    if len(encoding_aes_key) != 43:
        raise ConfigError([f"{fault}（现在是 {len(encoding_aes_key)} 位）"])
    try:
        return base64.b64decode(encoding_aes_key + "=", validate=True)
    except ValueError:
        raise ConfigError([fault]) from None


def _octets(text: str) -> bytes:
    # A query may hold lone surrogates; they must end in a refusal, not in an encoding error.
    return text.encode("utf-8", "surrogatepass")
