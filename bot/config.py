"""Settings: one TOML file, overridden by `HAITANG_SECTION__KEY`, secrets from `…_FILE`.

Every fault is one Chinese sentence that names the key, its value and what to do; all faults are
told at once, and a wrong file never starts the service.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

from bot.config_channels import channel_keys, read_channels
from bot.config_checks import check
from bot.config_sections import Config
from bot.config_source import overlay, read
from bot.config_values import unknown, values
from bot.errors import ConfigError
from bot.shapes import shown

__all__ = ["Config", "keys", "load"]


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the settings; without a file the defaults hold. Raises `ConfigError`."""
    data = read(path) if path is not None else {}
    faults: list[str] = []
    overlay(data, environ, Config.__struct_fields__, faults)
    config = _convert(data, faults)
    faults += check(config)
    if faults:
        raise ConfigError(faults)
    return config


def _convert(data: Mapping[str, Any], faults: list[str]) -> Config:
    """All values that are right in kind; the wrong ones are told and keep their defaults."""
    sections: dict[str, Any] = {}
    hints = get_type_hints(Config)
    for name, table in data.items():
        if name not in hints:
            faults.append(unknown(name))
        elif not isinstance(table, dict):
            faults.append(f"设置「{name}」的值是{shown(name, table)}，应写成 [{name}] 一段。")
        elif name == "channels":
            sections[name] = read_channels(table, faults)
        else:
            sections[name] = hints[name](**values(name, hints[name], table, faults))
    return Config(**sections)


def keys() -> dict[str, str]:
    """Every key with the name of its type, as `config.example.toml` must document them."""
    found: dict[str, str] = {}
    for section, kind in get_type_hints(Config).items():
        if section == "channels":
            continue
        for key, hint in get_type_hints(kind).items():
            found[f"{section}.{key}"] = str(hint)
    return found | channel_keys()
