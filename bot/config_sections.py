"""The settings as sections, each key with its kind and its default."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct, field

from bot.channels.kind import ChannelSettings


class Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all sections: unknown keys are errors."""


class BotSection(Section, frozen=True, kw_only=True):
    """Who the bot is."""

    name: str = "海棠管家"
    aliases: list[str] = field(default_factory=lambda: ["海棠"])
    community: str = ""
    faq: str = ""
    alarms: list[str] = field(default_factory=list)
    privacy_line: bool = True
    silent_hours: int = 6


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


class BackupSection(Section, frozen=True, kw_only=True):
    """When a backup is made by itself ("" : never), and how many are kept."""

    nightly: str = "03:00"
    days: int = 7
    weeks: int = 4
    months: int = 12


class RetentionSection(Section, frozen=True, kw_only=True):
    """How many days things are kept."""

    chatter_days: int = 1
    messages_days: int = 180
    appeals_days: int = 365
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
    approval: str = "wide"
    approved: list[str] = field(default_factory=lambda: ["政策"])
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
    file: str = ""
    max_mb: int = 20
    keep: int = 10


class Config(Section, frozen=True, kw_only=True):
    """All settings."""

    bot: BotSection = BotSection()
    server: ServerSection = ServerSection()
    storage: StorageSection = StorageSection()
    backup: BackupSection = BackupSection()
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
