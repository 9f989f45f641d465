"""Settings: one TOML file, overridden by `HAITANG_SECTION__KEY`, secrets from `…_FILE`.

Every fault is one Chinese sentence that names the key, its value and what to do; all faults are
told at once, and a wrong file never starts the service.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

from msgspec import Struct, field

from bot import community as communities
from bot.channels.kind import ChannelSettings
from bot.config_channels import channel_keys, read_channels
from bot.config_source import overlay, read
from bot.config_times import hours_faults, ladder_faults, quiet_faults, standing_faults
from bot.config_values import unknown, values
from bot.errors import ConfigError, ImportFault
from bot.models import Standing
from bot.rules.counting import Names
from bot.rules.notice_templates import NoticeTemplates
from bot.rules.standing import TIMED
from bot.rules.workdays import WorkCalendar
from bot.services.faq_csv import read_csv
from bot.shapes import shown

CHANNEL_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")
RATE_NAMES = tuple(Names)
LEVELS = ("debug", "info", "warning", "error")


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all sections: unknown keys are errors."""


class BotSection(Section, frozen=True, kw_only=True):
    """Who the bot is."""

    name: str = "海棠管家"
    aliases: list[str] = field(default_factory=lambda: ["海棠"])
    community: str = ""
    faq: str = ""
    alarms: list[str] = field(default_factory=list)


class ServerSection(Section, frozen=True, kw_only=True):
    """Where it listens."""

    host: str = "127.0.0.1"
    port: int = 8080
    max_body_kib: int = 256
    public_url: str = ""


class StorageSection(Section, frozen=True, kw_only=True):
    """Where its state lives."""

    path: str = "var/haitang.db"
    key_path: str = ""
    max_waiting: int = 2000

    @property
    def file(self) -> Path:
        """The data."""
        return Path(self.path)

    @property
    def key(self) -> Path:
        """The key, kept apart from the data."""
        return Path(self.key_path) if self.key_path else self.file.with_suffix(".key")


class RetentionSection(Section, frozen=True, kw_only=True):
    """How many days things are kept."""

    audit_days: int = 400


class OfficeSection(Section, frozen=True, kw_only=True):
    """When the office works."""

    opens: str = "08:30"
    closes: str = "17:30"
    holidays: str = ""


class NoticesSection(Section, frozen=True, kw_only=True):
    """How notices behave."""

    late_minutes: int = 120
    quiet_from: str = "21:30"
    quiet_until: str = "07:00"
    same_minutes: int = 10
    templates: str = ""


class RemindersSection(Section, frozen=True, kw_only=True):
    """When people are reminded of deadlines."""

    quiet_from: str = "20:00"
    quiet_until: str = "08:30"
    soon_hours: int = 4


class StandingSection(Section, frozen=True, kw_only=True):
    """When staff are told what by itself; empty (or false): not unless they ask for it."""

    morning: str = "08:30"
    daily: str = "18:00"
    weekly: str = "周五 17:00"
    questions: str = "周一 09:00"
    deadlines: bool = True
    holidays: bool = True


class EscalationSection(Section, frozen=True, kw_only=True):
    """How long after a deadline the next above hears of it; empty: never."""

    grid_lead: str = "4h"
    community: str = "1wd"
    street: str = "3wd"


class ReportsSection(Section, frozen=True, kw_only=True):
    """How the ledger is counted."""

    fair_weight: float = 0.9
    rate_names: str = "三率"


class MediaSection(Section, frozen=True, kw_only=True):
    """How large pictures and files may be."""

    max_mb: int = 10
    max_files: int = 20
    max_megapixels: int = 50


class LlmSection(Section, frozen=True, kw_only=True):
    """An optional language model; it only chooses among approved answers or says one again."""

    enabled: bool = False
    base_url: str = ""
    model: str = ""
    api_key: str = ""


class SandboxSection(Section, frozen=True, kw_only=True):
    """The chat-group simulator."""

    enabled: bool = True
    wecom: bool = True


class ConsoleSection(Section, frozen=True, kw_only=True):
    """The pages for the community office and for residents."""

    enabled: bool = True
    idle_minutes: int = 120
    hours: int = 12


class LogSection(Section, frozen=True, kw_only=True):
    """How much is written to the log."""

    level: str = "info"


class Config(Section, frozen=True, kw_only=True):
    """All settings."""

    bot: BotSection = BotSection()
    server: ServerSection = ServerSection()
    storage: StorageSection = StorageSection()
    retention: RetentionSection = RetentionSection()
    office: OfficeSection = OfficeSection()
    notices: NoticesSection = NoticesSection()
    reminders: RemindersSection = RemindersSection()
    standing: StandingSection = StandingSection()
    escalation: EscalationSection = EscalationSection()
    reports: ReportsSection = ReportsSection()
    media: MediaSection = MediaSection()
    llm: LlmSection = LlmSection()
    sandbox: SandboxSection = SandboxSection()
    console: ConsoleSection = ConsoleSection()
    log: LogSection = LogSection()
    channels: dict[str, dict[str, ChannelSettings]] = {}

    def secrets(self) -> tuple[str, ...]:
        """Every secret, so that the log can blot them out wherever they turn up."""
        instances = (one for kind in self.channels.values() for one in kind.values())
        secrets = [secret for one in instances for secret in one.secrets()]
        return tuple(filter(None, [*secrets, self.llm.api_key]))


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
            faults.append(unknown(name))
        elif not isinstance(table, dict):
            faults.append(f"设置「{name}」的值是{shown(name, table)}，应写成 [{name}] 一段。")
        elif name == "channels":
            sections[name] = read_channels(table, faults)
        else:
            sections[name] = hints[name](**values(name, hints[name], table, faults))
    return Config(**sections)


def _check(config: Config) -> list[str]:
    """What types cannot say."""
    faults = _check_numbers(config)
    if not config.bot.name.strip():
        faults.append("设置「bot.name」是空的，请给机器人起个名字，如「海棠管家」。")
    if not config.server.host.strip():
        faults.append("设置「server.host」是空的，只在本机听写 127.0.0.1，对外写 0.0.0.0。")
    url = config.server.public_url
    if url and not url.startswith(("https://", "http://")):
        faults.append(
            f"设置「server.public_url」的值是「{url}」，应写平台回调用的网址，"
            "如 https://bot.example.cn，没有就删掉这一行。"
        )
    if config.log.level not in LEVELS:
        faults.append(
            f"设置「log.level」的值是「{config.log.level}」，应为 debug、info、warning 或 error。"
        )
    if config.reports.rate_names not in RATE_NAMES:
        faults.append(
            f"设置「reports.rate_names」的值是「{config.reports.rate_names}」，"
            f"应为{'或'.join(RATE_NAMES)}。"
        )
    if config.sandbox.enabled and config.sandbox.wecom:
        faults += [
            f"通道名「demo」被模拟器里的假企业微信占用，请给「channels.{kind}.demo」改名，"
            "或把「sandbox.wecom」设为 false。"
            for kind in ("wecom_app", "wecom_aibot")
            if "demo" in config.channels.get(kind, ())
        ]
    if not config.sandbox.enabled and not config.bot.community:
        faults.append(
            "关掉模拟器正式使用，要在「bot.community」写您社区的资料文件，"
            "写法见 docs/reference/community-file.md。"
        )
    faults += _check_llm(config.llm)
    faults += [fault for each in config.bot.alarms for fault in _check_receiver(config, each)]
    return faults + _check_times(config) + _check_files(config)


def _check_llm(llm: LlmSection) -> list[str]:
    if not llm.enabled:
        return []
    faults = []
    if not re.fullmatch(r"https?://[^\s@/?#]+(?:/[^\s?#@]*)?", llm.base_url):
        faults.append("设置「llm.base_url」要写模型服务的地址，如 http://127.0.0.1:8000/v1。")
    if not llm.model.strip():
        faults.append("设置「llm.model」是空的，请写模型的名字。")
    return faults


def _check_receiver(config: Config, receiver: str) -> list[str]:
    channel, _, user = receiver.partition(":")
    kind, _, name = channel.partition("/")
    if not (kind and name and user.strip()):
        return [
            f"设置「bot.alarms」里的「{receiver}」应写成「通道名:账号」，"
            "如 wecom_app/main:ZhangSan。"
        ]
    if name not in config.channels.get(kind, {}):
        return [
            f"设置「bot.alarms」里的「{receiver}」没有这个通道，请检查 channels.{kind}.{name}。"
        ]
    return []


def _check_numbers(config: Config) -> list[str]:
    return [
        f"设置「{key}」的值是「{value}」，应在 {least} 到 {most} 之间。"
        for key, value, least, most in (
            ("server.port", config.server.port, 0, 65_535),
            ("server.max_body_kib", config.server.max_body_kib, 16, 10_240),
            ("storage.max_waiting", config.storage.max_waiting, 10, 1_000_000),
            ("retention.audit_days", config.retention.audit_days, 184, 3650),
            ("notices.late_minutes", config.notices.late_minutes, 0, 10_080),
            ("notices.same_minutes", config.notices.same_minutes, 0, 1_440),
            ("reminders.soon_hours", config.reminders.soon_hours, 1, 24),
            ("console.idle_minutes", config.console.idle_minutes, 5, 720),
            ("console.hours", config.console.hours, 1, 72),
            ("reports.fair_weight", config.reports.fair_weight, 0, 1),
            ("media.max_mb", config.media.max_mb, 1, 100),
            ("media.max_files", config.media.max_files, 1, 100),
            ("media.max_megapixels", config.media.max_megapixels, 1, 200),
        )
        if not least <= value <= most
    ]


def _check_times(config: Config) -> list[str]:
    office, reminders, rungs = config.office, config.reminders, config.escalation
    return [
        *quiet_faults("notices", config.notices.quiet_from, config.notices.quiet_until),
        *hours_faults("office", ("opens", office.opens), ("closes", office.closes)),
        *hours_faults(
            "reminders",
            ("quiet_until", reminders.quiet_until),
            ("quiet_from", reminders.quiet_from),
        ),
        *standing_faults(timed(config)),
        *ladder_faults(
            "escalation",
            (
                ("grid_lead", rungs.grid_lead),
                ("community", rungs.community),
                ("street", rungs.street),
            ),
        ),
    ]


def timed(config: Config) -> dict[Standing, str]:
    """The settings of standing messages that have a time."""
    section = config.standing
    values = (section.morning, section.daily, section.weekly, section.questions)
    return dict(zip(TIMED, values, strict=True))


def _check_files(config: Config) -> list[str]:
    """Whether the files that are named can be used: better known now than at the first start."""
    faults = _check_storage(config.storage)
    for key, value, use in (
        ("bot.community", config.bot.community, _read_community),
        ("bot.faq", config.bot.faq, _read_faq),
        ("office.holidays", config.office.holidays, _read_holidays),
        ("notices.templates", config.notices.templates, _read_templates),
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


def _check_storage(storage: StorageSection) -> list[str]:
    faults = _check_place("storage.path", storage.path, "数据文件的路径，如 var/haitang.db")
    if storage.key_path:
        how = "密钥文件的路径，如 var/haitang.key，空着就在数据旁边"
        faults += _check_place("storage.key_path", storage.key_path, how)
    return faults


def _check_place(key: str, value: str, how: str) -> list[str]:
    path = Path(value)
    if not value.strip() or "\x00" in value or path.is_dir():
        return [f"设置「{key}」的值是「{value}」，应写{how}。"]
    if any(parent.exists() and not parent.is_dir() for parent in path.parents):
        return [f"设置「{key}」的值是「{value}」，它上面的一级是文件，请换一个目录。"]
    return []


def _read_community(path: Path) -> None:
    if not path.is_file():
        raise FileNotFoundError(path)
    communities.read(path)


def _read_faq(path: Path) -> None:
    read_csv(path.read_bytes())


def _read_holidays(path: Path) -> None:
    WorkCalendar.parse(path.read_bytes())


def _read_templates(path: Path) -> None:
    NoticeTemplates.parse(path.read_bytes())


def keys() -> dict[str, str]:
    """Every key with the name of its type, as `config.example.toml` must document them."""
    found: dict[str, str] = {}
    for section, kind in get_type_hints(Config).items():
        if section == "channels":
            continue
        for key, hint in get_type_hints(kind).items():
            found[f"{section}.{key}"] = str(hint)
    return found | channel_keys()
