"""Checks that bridges share: secrets compared in constant time, JSON of a known shape, and where
it is safe to send a secret or to fetch a picture."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from bot.channels.line import is_safe_base
from bot.errors import BadCallback

T = TypeVar("T")

MIN_SECRET = 16


def same(given: str, expected: str) -> bool:
    """Whether two secrets are equal, in a time that tells nothing; an empty one never is."""
    return expected != "" and hmac.compare_digest(
        given.encode("utf-8", "surrogatepass"), expected.encode("utf-8", "surrogatepass")
    )


def bearer(headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """The token of `Authorization: Bearer TOKEN` (also `Token`), or of `?access_token=`."""
    kind, _, token = headers.get("Authorization", "").partition(" ")
    if kind.lower() in {"bearer", "token"}:
        return token.strip()
    return query.get("access_token", "")


def require_path_secret(tail: str, secret: str) -> None:
    """For platforms that sign nothing. Raises `BadCallback`."""
    if not same(tail, secret):
        raise BadCallback("地址里的密钥不对", 404)


def read_json(body: bytes | str, shape: type[T]) -> T:
    """Raises `BadCallback` for everything that is not of this shape."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadCallback("JSON 不合格", 400) from None


def is_near(url: str) -> bool:
    """Whether a bridge may be spoken to there: https, or http within one's own network."""
    if is_safe_base(url):
        return True
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme != "http" or parts.username is not None or parts.query or not host:
        return False
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host  # a neighbour's name, as in a Compose file


def secret_faults(full: str, secret: str) -> list[str]:
    """A secret that guards an address must be long enough and fit into one."""
    if not secret:
        return [f"设置「{full}」没有填，请写一串随机字符，如 openssl rand -hex 16 的输出。"]
    if len(secret) < MIN_SECRET or not secret.isascii() or not secret.isalnum():
        return [
            f"设置「{full}」要用至少{MIN_SECRET}个字母和数字，请换成 openssl rand -hex 16 的输出。"
        ]
    return []


def near_faults(full: str, url: str, example: str) -> list[str]:
    """What is wrong with the address of a bridge."""
    if is_near(url):
        return []
    return [
        f"设置「{full}」的值是「{url}」，应是 https 地址，或本机、内网的 http 地址，如 {example}。"
    ]
