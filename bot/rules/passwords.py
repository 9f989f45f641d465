"""Which passwords are good enough. Length is what counts; rules about signs only annoy people."""

from __future__ import annotations

SHORTEST = 10
LONGEST = 128
_FEW = 4
_COMMON = ("1234567890", "0123456789", "password", "qwertyuiop", "haitang", "woaini", "111111")


def password_fault(password: str, name: str) -> str:
    """Why a password is refused: `short`, `long`, `plain` (too few different signs, a common one,
    or the account's own name); empty when it is good.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    rest = password.lower()
    for word in (name.lower(), *_COMMON):
        rest = rest.replace(word, "") if word else rest
    return "plain" if len(set(password)) < _FEW or len(rest) < _FEW else ""
