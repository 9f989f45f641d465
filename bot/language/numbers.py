"""Numbers as people write them: 16, 十六, 廿一, 一百零三, 一二三."""

from __future__ import annotations

MAX_DIGITS = 4

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_TENS = str.maketrans({"廿": "二十", "卅": "三十"})


def parse_number(text: str) -> int | None:
    """The number that the whole text says (0 to 9999), or None."""
    text = text.strip()
    if not text or len(text) > 2 * MAX_DIGITS:
        return None
    if text.isdecimal():
        return int(text) if len(text) <= MAX_DIGITS else None
    text = text.translate(_TENS)
    if all(sign in _DIGITS for sign in text):
        return _by_digits(text)
    if all(sign in _DIGITS or sign in _UNITS for sign in text):
        return _by_units(text)
    return None


def _by_digits(text: str) -> int | None:
    """一二三 → 123."""
    if len(text) > MAX_DIGITS:
        return None
    return int("".join(str(_DIGITS[sign]) for sign in text))


def _by_units(text: str) -> int | None:
    """一百零三 → 103; 一百二 → 120 as people say it; None when the units are out of order."""
    total, unit = 0, 10_000
    digit: int | None = None
    zero = False
    for sign in text:
        if sign in _UNITS:
            size = _UNITS[sign]
            if size >= unit or (digit is None and size != 10):
                return None
            total += size * (1 if digit is None else digit)
            digit, unit, zero = None, size, False
        elif digit:
            return None
        else:
            zero = zero or _DIGITS[sign] == 0
            digit = _DIGITS[sign] or None
    return total + (digit or 0) * (1 if zero or unit == 10 else unit // 10)
