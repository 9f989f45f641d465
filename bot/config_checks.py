"""What types cannot say of settings: each fault is one Chinese sentence that says what to do."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path

from bot import community as communities
from bot.config_sections import BackupSection, Config, LlmSection, StorageSection
from bot.config_times import hours_faults, ladder_faults, quiet_faults, standing_faults
from bot.errors import ConfigError, ImportFault
from bot.models import Standing
from bot.receivers import Receiver
from bot.rules.counting import Names
from bot.rules.notice_templates import NoticeTemplates
from bot.rules.standing import TIMED
from bot.rules.workdays import WorkCalendar
from bot.services.faq_csv import read_csv

RATE_NAMES = tuple(Names)
APPROVALS = ("wide", "always", "never")
LEVELS = ("debug", "info", "warning", "error")


def check(config: Config) -> list[str]:
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
    if config.notices.approval not in APPROVALS:
        faults.append(
            f"设置「notices.approval」的值是「{config.notices.approval}」，"
            "应为 wide（跨社区和标了的才审）、always（都审）或 never（都不审）。"
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
    faults += _check_backup(config.backup)
    if config.log.file:
        faults += _check_place("log.file", config.log.file, "日志文件的路径，如 var/haitang.log")
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
    named = Receiver.parse(receiver)
    if not named.whole:
        return [
            f"设置「bot.alarms」里的「{receiver}」应写成「通道名:账号」，"
            "如 wecom_app/main:ZhangSan，或「通道名:#群名」，如 wecom_app/main:#春晓管家群。"
        ]
    kind, _, name = named.channel.partition("/")
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
            ("bot.silent_hours", config.bot.silent_hours, 0, 12),
            ("backup.days", config.backup.days, 1, 366),
            ("backup.weeks", config.backup.weeks, 0, 520),
            ("backup.months", config.backup.months, 0, 120),
            ("log.max_mb", config.log.max_mb, 1, 1024),
            ("log.keep", config.log.keep, 1, 100),
            ("retention.chatter_days", config.retention.chatter_days, 1, 180),
            ("retention.messages_days", config.retention.messages_days, 7, 3650),
            ("retention.appeals_days", config.retention.appeals_days, 30, 3650),
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


def _check_backup(backup: BackupSection) -> list[str]:
    try:
        time.fromisoformat(backup.nightly or "03:00")
    except ValueError:
        return [
            f"设置「backup.nightly」的值是「{backup.nightly}」，应写 03:00 这样，空着就不备份。"
        ]
    return []


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
