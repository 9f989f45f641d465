"""Passwords: argon2id, in threads, a few at a time, and as slow for a name that does not exist."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2


class Hashing:
    """Makes and compares hashes beside the loop. Each takes some 64 MiB for a moment."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._nobody = ""

    async def make(self, password: str) -> str:
        """The hash of a new password."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, secret: str, password: str) -> bool:
        """Whether a password has this hash. An empty hash takes as long, and never matches."""
        async with self._turn:
            if not self._nobody:
                self._nobody = await asyncio.to_thread(self._hasher.hash, "nobody")
            right = await asyncio.to_thread(self._verify, secret or self._nobody, password)
        return right and secret != ""

    def _verify(self, secret: str, password: str) -> bool:
        try:
            return self._hasher.verify(secret, password)
        except (VerificationError, InvalidHashError):
            return False
