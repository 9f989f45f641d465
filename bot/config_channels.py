"""The section `[channels.KIND.NAME]`: any number of instances of every platform."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.channels.kind import ChannelKind, ChannelSettings
from bot.channels.registry import KINDS
from bot.config_values import fields, unknown, values
from bot.shapes import shown

CHANNEL_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")

Channels = dict[str, dict[str, ChannelSettings]]


def read_channels(table: Mapping[str, Any], faults: list[str]) -> Channels:
    """Each instance with its faults, told with the full key."""
    found: Channels = {}
    for name, instances in table.items():
        kind = KINDS.get(name)
        example = f"channels.{name}.main"
        if kind is None:
            faults.append(unknown(f"channels.{name}"))
        elif not isinstance(instances, dict):
            faults.append(_not_a_table(f"channels.{name}", example, instances))
        else:
            found[name] = _instances(kind, instances, faults)
    return found


def channel_keys() -> dict[str, str]:
    """Every key of every platform with the name of its type."""
    return {
        f"channels.{kind.name}.*.{key}": str(hint)
        for kind in KINDS.values()
        for key, hint in fields(kind.settings).items()
    }


def _instances(
    kind: ChannelKind, table: Mapping[str, Any], faults: list[str]
) -> dict[str, ChannelSettings]:
    found = {}
    for name, given in table.items():
        full = f"channels.{kind.name}.{name}"
        if not isinstance(given, dict):
            faults.append(_not_a_table(full, f"channels.{kind.name}.main", given))
            continue
        if not CHANNEL_NAME.match(name):
            faults.append(f"通道名「{name}」只能用小写字母、数字、- 和 _，请改名。")
        found[name] = _instance(full, kind.settings, given, faults)
    return found


def _instance(
    full: str, kind: type[ChannelSettings], given: Mapping[str, Any], faults: list[str]
) -> ChannelSettings:
    good = values(full, kind, given, faults)
    settings = kind(**(_blank(kind) | good))
    # What was told with its wrong value need not be told again as missing.
    told = [f"「{full}.{key}」" for key in given if key not in good]
    missing = settings.faults(full)
    if kind.needs_area:
        missing += _area_fault(f"{full}.area", settings.area)
    faults += [fault for fault in missing if not any(key in fault for key in told)]
    return settings


def _blank(kind: type[ChannelSettings]) -> dict[str, Any]:
    """Empty values for what must be given, so that all that is missing is told at once."""
    required = (field for field in msgspec.structs.fields(kind) if field.required)
    return {field.name: field.type() for field in required}


def _area_fault(key: str, area: str) -> list[str]:
    if area.strip("/ "):
        return []
    return [
        f"设置「{key}」没有填，请写用户所在的网格，如「海棠街道/春晓社区」，"
        "不然没有人会收到他们反映的事。"
    ]


def _not_a_table(key: str, example: str, value: object) -> str:
    return f"设置「{key}」的值是{shown(key, value)}，应写成 [{example}] 一段。"
