"""Settings: one TOML file, overridden by `HAITANG_SECTION__KEY`, secrets from `…_FILE`.

Every fault is one Chinese sentence that names the key, its value and what to do; all faults are
told at once, and a wrong file never starts the service.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Struct, field

from bot import community as communities
from bot.channels.wecom_app import WecomAppSettings
from bot.config_source import overlay, read
from bot.errors import ConfigError, ImportFault
from bot.rules.workdays import WorkCalendar
from bot.services.faq_csv import read_csv
from bot.shapes import explain, shown

CHANNEL_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")
CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
LEVELS = ("debug", "info", "warning", "error")


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all sections: unknown keys are errors."""


class BotSection(Section, frozen=True, kw_only=True):
    """Who the bot is."""

    name: str = "海棠管家"
    aliases: list[str] = field(default_factory=lambda: ["海棠"])
    community: str = ""
    faq: str = ""


class ServerSection(Section, frozen=True, kw_only=True):
    """Where it listens."""

    host: str = "127.0.0.1"
    port: int = 8080
    max_body_kib: int = 256


class StorageSection(Section, frozen=True, kw_only=True):
    """Where its state lives."""

    path: str = "var/haitang.db"
    max_waiting: int = 2000


class OfficeSection(Section, frozen=True, kw_only=True):
    """When the office works."""

    opens: str = "08:30"
    closes: str = "17:30"
    holidays: str = ""


class NoticesSection(Section, frozen=True, kw_only=True):
    """How notices behave."""

    late_minutes: int = 120


class SandboxSection(Section, frozen=True, kw_only=True):
    """The chat-group simulator."""

    enabled: bool = True
    wecom: bool = True


class LogSection(Section, frozen=True, kw_only=True):
    """How much is written to the log."""

    level: str = "info"


class ChannelsSection(Section, frozen=True, kw_only=True):
    """Platforms, each instance under a name of its own."""

    wecom_app: dict[str, WecomAppSettings] = {}


class Config(Section, frozen=True, kw_only=True):
    """All settings."""

    bot: BotSection = BotSection()
    server: ServerSection = ServerSection()
    storage: StorageSection = StorageSection()
    office: OfficeSection = OfficeSection()
    notices: NoticesSection = NoticesSection()
    sandbox: SandboxSection = SandboxSection()
    log: LogSection = LogSection()
    channels: ChannelsSection = ChannelsSection()

    def secrets(self) -> tuple[str, ...]:
        """Every secret, so that the log can blot them out wherever they turn up."""
        apps = self.channels.wecom_app.values()
        return tuple(s for app in apps for s in (app.secret, app.token, app.encoding_aes_key) if s)


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the settings; without a file the defaults hold. Raises `ConfigError`."""
    data = read(path) if path is not None else {}
    faults: list[str] = []
    overlay(data, environ, Config.__struct_fields__, faults)
    config = _convert(data, faults)
    faults += _check(config)
    if faults:
        raise ConfigError(faults)
    return config


def _convert(data: Mapping[str, Any], faults: list[str]) -> Config:
    """All values that are right in kind; the wrong ones are told and keep their defaults."""
    sections: dict[str, Any] = {}
    hints = get_type_hints(Config)
    for name, table in data.items():
        if name not in hints:
            faults.append(_unknown(name))
        elif not isinstance(table, dict):
            faults.append(f"设置「{name}」的值是{shown(name, table)}，应写成 [{name}] 一段。")
        elif name == "channels":
            sections[name] = ChannelsSection(wecom_app=_channels(table, faults))
        else:
            sections[name] = hints[name](**_values(name, hints[name], table, faults))
    return Config(**sections)


def _values(
    prefix: str, kind: type[Struct], table: Mapping[str, Any], faults: list[str]
) -> dict[str, Any]:
    hints = get_type_hints(kind)
    values = {}
    for key, value in table.items():
        full = f"{prefix}.{key}"
        if key not in hints:
            faults.append(_unknown(full))
            continue
        try:
            values[key] = msgspec.convert(value, hints[key], strict=False)
        except msgspec.ValidationError as error:
            words = explain(str(error), value, full)
            faults.append(f"设置{words}，写法见 config.example.toml。")
    return values


def _channels(table: Mapping[str, Any], faults: list[str]) -> dict[str, WecomAppSettings]:
    """Each instance with its faults, told with the full key; a faulty one is left out."""
    found = {}
    faults += [_unknown(f"channels.{kind}") for kind in table if kind != "wecom_app"]
    instances = table.get("wecom_app", {})
    if not isinstance(instances, dict):
        faults.append(_not_a_table("channels.wecom_app", "channels.wecom_app.main", instances))
        return {}
    for name, values in instances.items():
        full = f"channels.wecom_app.{name}"
        if not isinstance(values, dict):
            faults.append(_not_a_table(full, "channels.wecom_app.main", values))
            continue
        if not CHANNEL_NAME.match(name):
            faults.append(f"通道名「{name}」只能用小写字母、数字、- 和 _，请改名。")
        found[name] = _wecom_app(full, values, faults)
    return found


def _wecom_app(full: str, values: Mapping[str, Any], faults: list[str]) -> WecomAppSettings:
    good = _values(full, WecomAppSettings, values, faults)
    blank: dict[str, Any] = dict.fromkeys(("corp_id", "secret", "token", "encoding_aes_key"), "")
    settings = WecomAppSettings(**(blank | {"agent_id": 0} | good))
    # What was told with its wrong value need not be told again as missing.
    told = [f"「{full}.{key}」" for key in values if key not in good]
    missing = [*settings.faults(full), *_area_fault(f"{full}.area", settings.area)]
    faults += [fault for fault in missing if not any(key in fault for key in told)]
    return settings


def _area_fault(key: str, area: str) -> list[str]:
    if area.strip("/ "):
        return []
    return [
        f"设置「{key}」没有填，请写用户所在的网格，如「海棠街道/春晓社区」，"
        "不然没有人会收到他们反映的事。"
    ]


def _unknown(key: str) -> str:
    return f"没有「{key}」这个设置，请检查拼写，可用的键见 config.example.toml。"


def _not_a_table(key: str, example: str, value: object) -> str:
    return f"设置「{key}」的值是{shown(key, value)}，应写成 [{example}] 一段。"


def _check(config: Config) -> list[str]:
    """What types cannot say."""
    faults = _check_numbers(config)
    if not config.bot.name.strip():
        faults.append("设置「bot.name」是空的，请给机器人起个名字，如「海棠管家」。")
    if not config.server.host.strip():
        faults.append("设置「server.host」是空的，只在本机听写 127.0.0.1，对外写 0.0.0.0。")
    if config.log.level not in LEVELS:
        faults.append(
            f"设置「log.level」的值是「{config.log.level}」，应为 debug、info、warning 或 error。"
        )
    if config.sandbox.enabled and config.sandbox.wecom and "demo" in config.channels.wecom_app:
        faults.append(
            "通道名「demo」被模拟器里的假企业微信占用，请给「channels.wecom_app.demo」改名，"
            "或把「sandbox.wecom」设为 false。"
        )
    if not config.sandbox.enabled and not config.bot.community:
        faults.append(
            "关掉模拟器正式使用，要在「bot.community」写您社区的资料文件，"
            "写法见 docs/reference/community-file.md。"
        )
    return faults + _check_office(config.office) + _check_files(config)


def _check_numbers(config: Config) -> list[str]:
    return [
        f"设置「{key}」的值是「{value}」，应在 {least} 到 {most} 之间。"
        for key, value, least, most in (
            ("server.port", config.server.port, 0, 65_535),
            ("server.max_body_kib", config.server.max_body_kib, 16, 10_240),
            ("storage.max_waiting", config.storage.max_waiting, 10, 1_000_000),
            ("notices.late_minutes", config.notices.late_minutes, 0, 10_080),
        )
        if not least <= value <= most
    ]


def _check_office(office: OfficeSection) -> list[str]:
    faults = [
        f"设置「office.{key}」的值是「{value}」，应写成 08:30 这样的时间。"
        for key, value in (("opens", office.opens), ("closes", office.closes))
        if not CLOCK.fullmatch(value)
    ]
    if not faults and office.opens >= office.closes:
        faults.append(
            f"设置「office.closes」的值是「{office.closes}」，应晚于上班时间「{office.opens}」。"
        )
    return faults


def _check_files(config: Config) -> list[str]:
    """Whether the files that are named can be used: better known now than at the first start."""
    faults = _check_storage(config.storage.path)
    for key, value, use in (
        ("bot.community", config.bot.community, _read_community),
        ("bot.faq", config.bot.faq, _read_faq),
        ("office.holidays", config.office.holidays, _read_holidays),
    ):
        if not value:
            continue
        try:
            use(Path(value))
        except (OSError, ValueError):
            faults.append(
                f"设置「{key}」指的文件「{value}」不存在或读不了，请检查路径，"
                "或删掉这一行用自带的。"
            )
        except (ConfigError, ImportFault) as error:
            faults += [f"设置「{key}」指的文件有误：{fault}" for fault in error.faults]
    return faults


def _check_storage(value: str) -> list[str]:
    path = Path(value)
    if not value.strip() or "\x00" in value or path.is_dir():
        return [f"设置「storage.path」的值是「{value}」，应写数据文件的路径，如 var/haitang.db。"]
    if any(parent.exists() and not parent.is_dir() for parent in path.parents):
        return [f"设置「storage.path」的值是「{value}」，它上面的一级是文件，请换一个目录。"]
    return []


def _read_community(path: Path) -> None:
    if not path.is_file():
        raise FileNotFoundError(path)
    communities.read(path)


def _read_faq(path: Path) -> None:
    read_csv(path.read_bytes())


def _read_holidays(path: Path) -> None:
    WorkCalendar.parse(path.read_bytes())


def keys() -> dict[str, str]:
    """Every key with the name of its type, as `config.example.toml` must document them."""
    found: dict[str, str] = {}
    for section, kind in get_type_hints(Config).items():
        for key, hint in get_type_hints(kind).items():
            if section == "channels":
                settings = get_args(hint)[1]
                for inner, inner_hint in get_type_hints(settings).items():
                    found[f"channels.{key}.*.{inner}"] = str(inner_hint)
            else:
                found[f"{section}.{key}"] = str(hint)
    return found
