"""What the bot knows of its community when it starts: shipped tables and settings."""

from __future__ import annotations

from datetime import time, timedelta
from importlib.resources import files
from pathlib import Path

from bot.channels.build import carries
from bot.channels.sandbox import NAME as SANDBOX
from bot.config import Config
from bot.config_checks import timed
from bot.models import Carries, Standing
from bot.rules.counting import Names
from bot.rules.notice_templates import SHIPPED as TEMPLATES
from bot.rules.notice_templates import NoticeTemplates
from bot.rules.quiet import QuietHours
from bot.rules.reminders import Policy, Stage
from bot.rules.standing import Hour, Timetable, read_hour
from bot.rules.taxonomy import SHIPPED, Taxonomy
from bot.rules.workdays import read_tables
from bot.rules.worktime import OfficeHours
from bot.services.faq import FaqBook
from bot.services.keeping import Terms
from bot.services.knowledge import ConsoleKnown, Knowledge
from bot.services.pictures import Bounds
from bot.services.sign_in import Limits
from bot.services.tables import Tables

WORKDAYS = "data/workdays.json"


def build_knowledge(config: Config, here: str = "") -> Knowledge:
    """Read the shipped or configured tables; rows of the database are laid over them later.

    `here` is where the service listens, for links when no public address is set.
    """
    taxonomy = Taxonomy.parse(files("bot").joinpath(SHIPPED).read_bytes())
    own = config.office.holidays
    days = Path(own).read_bytes() if own else files("bot").joinpath(WORKDAYS).read_bytes()
    ready = config.notices.templates
    templates = Path(ready).read_bytes() if ready else files("bot").joinpath(TEMPLATES).read_bytes()
    return Knowledge(
        names=(config.bot.name, *config.bot.aliases),
        tables=Tables(taxonomy, read_tables(days)),
        hours=OfficeHours(
            time.fromisoformat(config.office.opens), time.fromisoformat(config.office.closes)
        ),
        book=FaqBook(),
        reminding=_reminding(config),
        standing=_timetable(config),
        bounds=Bounds(
            file_bytes=config.media.max_mb * 1024 * 1024,
            pixels=config.media.max_megapixels * 1_000_000,
            files=config.media.max_files,
        ),
        keeping=_terms(config),
        tells_privacy=config.bot.privacy_line,
        notice_grace=timedelta(minutes=config.notices.late_minutes),
        notice_approval=config.notices.approval,
        approved_tags=frozenset(filter(None, config.notices.approved)),
        notice_quiet=_quiet(config),
        same_words=timedelta(minutes=config.notices.same_minutes),
        carries={SANDBOX: Carries(pictures=True)} | carries(config.channels),
        templates=NoticeTemplates.parse(templates),
        rephrases=config.llm.enabled,
        console=ConsoleKnown(
            (config.server.public_url or here).rstrip("/") if config.console.enabled else "",
            Limits(
                timedelta(minutes=config.console.idle_minutes),
                timedelta(hours=config.console.hours),
            ),
        ),
        fair_weight=config.reports.fair_weight,
        rate_names=Names(config.reports.rate_names),
    )


def _timetable(config: Config) -> Timetable:
    hours = {standing: _hour(standing, value) for standing, value in timed(config).items()}
    return Timetable(
        morning=hours[Standing.MORNING],
        daily=hours[Standing.DAILY],
        weekly=hours[Standing.WEEKLY],
        questions=hours[Standing.QUESTIONS],
        deadlines=config.standing.deadlines,
        holidays=config.standing.holidays,
    )


def _hour(standing: Standing, value: str) -> Hour | None:
    usual = Timetable().hour(standing)
    return read_hour(value, standing, usual) if value and usual is not None else None


def _quiet(config: Config) -> QuietHours:
    since, until = config.notices.quiet_from, config.notices.quiet_until
    if not since:
        return QuietHours(time(0), time(0))
    return QuietHours(time.fromisoformat(since), time.fromisoformat(until))


def _terms(config: Config) -> Terms:
    kept = config.retention
    return Terms(
        chatter=timedelta(days=kept.chatter_days),
        messages=timedelta(days=kept.messages_days),
        appeals=timedelta(days=kept.appeals_days),
        audit=timedelta(days=kept.audit_days),
    )


def _reminding(config: Config) -> Policy:
    rungs = (
        (Stage.GRID, config.escalation.grid_lead),
        (Stage.COMMUNITY, config.escalation.community),
        (Stage.STREET, config.escalation.street),
    )
    return Policy(
        quiet_from=time.fromisoformat(config.reminders.quiet_from),
        quiet_until=time.fromisoformat(config.reminders.quiet_until),
        soon=timedelta(hours=config.reminders.soon_hours),
        ladder=tuple((stage, term) for stage, term in rungs if term),
    )
