"""The key that is kept apart from the data: it seals the audit and closes private columns.

Whoever has the data file alone, a backup for example, can neither read those columns nor forge a
line. One key of 32 random bytes in a file; every use has its own key derived from it (HKDF).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.errors import StorageError

SIZE = 32
NONCE = 12
# No text of a message begins with them: controls are taken out before anything is stored.
CLOSED = "\x03"
CLOSED_BEFORE = "\x02"  # as 0.2 wrote it: a nonce of chance, in base 85
PIECE = 5
VEIL = 16
KNOWN_PIECES = 16_384


class Keyring:
    """Keys derived from one secret."""

    def __init__(self, secret: bytes) -> None:
        self._seal = derived(secret, b"haitang audit")
        self._alias = derived(secret, b"haitang alias")
        self._cipher = AESGCM(derived(secret, b"haitang columns"))
        self._nonces = derived(secret, b"haitang nonces")
        self._pieces = derived(secret, b"haitang pieces")
        self._veils = derived(secret, b"haitang veils")
        self.piece = lru_cache(KNOWN_PIECES)(self._piece)
        """What stands in the index of words for a piece of them: the same for the same piece."""

    def seal(self, *parts: object) -> str:
        """Proves that whoever wrote these parts had the key."""
        return _mac(self._seal, "\x1f".join(map(str, parts))).hex()

    def alias(self, person: str) -> str:
        """The same name for the same person, from which nobody without the key finds the person."""
        return "居民-" + _mac(self._alias, person).hex()[:16]

    def veil(self, told: str) -> str:
        """The same for the same, so that it is known again, and nothing to guess by."""
        octets = told.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(octets, key=self._veils, digest_size=VEIL).hexdigest()

    def close(self, text: str, place: str) -> str:
        """Text as it may stand in a column (AES-256-GCM); `place` names table, column and row, so
        that nobody can put it elsewhere. Nothing stays nothing.

        The nonce is made of the text and its place: what did not change looks the same as before,
        so that a trigger sees what changed, and no two texts of one place share a nonce.
        """
        if not text:
            return ""
        octets, where = text.encode("utf-8", "surrogatepass"), place.encode()
        nonce = hashlib.blake2b(
            where + b"\0" + octets, key=self._nonces, digest_size=NONCE
        ).digest()
        sealed = self._cipher.encrypt(nonce, octets, where)
        return CLOSED + binascii.b2a_base64(nonce + sealed, newline=False).decode("ascii")

    def open(self, kept: str, place: str) -> str:
        """What `close` took. Older rows, that stand in clear, come back as they are.

        Raises `StorageError` when it was altered, moved, or closed with another key.
        """
        if not is_closed(kept):
            return kept
        try:
            octets = _octets(kept)
            plain = self._cipher.decrypt(octets[:NONCE], octets[NONCE:], place.encode())
        except (InvalidTag, ValueError):
            raise StorageError(
                f"数据里的 {place} 解不开：密钥文件不是原来的那个，或者数据被改过。"
                "请换回原来的密钥文件，或用 haitang restore 从备份恢复。"
            ) from None
        return plain.decode("utf-8", "surrogatepass")

    def _piece(self, text: str) -> str:
        octets = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(octets, key=self._pieces, digest_size=PIECE).hexdigest()


def is_closed(kept: str) -> bool:
    """Whether a column holds closed text."""
    return kept.startswith((CLOSED, CLOSED_BEFORE))


def _octets(kept: str) -> bytes:
    if kept.startswith(CLOSED_BEFORE):
        return base64.b85decode(kept[1:])
    return binascii.a2b_base64(kept[1:])


def derived(secret: bytes, purpose: bytes) -> bytes:
    """A key for one purpose."""
    return HKDF(algorithm=SHA256(), length=SIZE, salt=None, info=purpose).derive(secret)


def load(path: Path) -> Keyring:
    """The key in a file; made when there is none. Raises `StorageError`."""
    try:
        return Keyring(_read(path) if path.exists() else _make(path))
    except OSError as error:
        raise StorageError(
            f"密钥文件 {path} 读写不了（{error.strerror}），请检查路径和权限。"
        ) from error


def _read(path: Path) -> bytes:
    try:
        secret = base64.b64decode(path.read_bytes().strip(), validate=True)
    except binascii.Error:
        secret = b""
    if len(secret) != SIZE:
        raise StorageError(f"密钥文件 {path} 的内容不对，请从备份里取回原来的密钥文件。")
    return secret


def _make(path: Path) -> bytes:
    """Whole or not at all; nobody else on the machine may read it."""
    secret = os.urandom(SIZE)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secret) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return secret


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
