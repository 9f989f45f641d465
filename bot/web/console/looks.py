"""How pages look: templates, what they may call, and static files with names that may be cached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.models import SHANGHAI
from bot.rules.permissions import covers
from bot.web.console.refs import ref
from bot.web.static_files import static

WEB = Path(str(files("bot.web")))
WEEKDAYS = "一二三四五六日"


class Looks:
    """Renders the templates in `bot/web/templates`. Everything that is shown is escaped."""

    def __init__(self, version: str) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(WEB / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "day": day,
            "moment": moment,
            "clock": clock,
            "stamp": stamp,
            "short_area": short_area,
            "called": called,
            "part": part,
            "ref": ref,
            "num": num,
        }
        self._environment.tests["under"] = lambda area, own: covers(own, area)
        self._environment.globals |= {"static": static, "version": version}
        self._names: dict[str, str] = {}

    def add(self, **names: Any) -> None:
        """Functions and tables that every template may use."""
        self._environment.globals |= names

    def render(self, template: str, shown: Mapping[str, Any]) -> str:
        """A template with its names filled in."""
        return self._environment.get_template(template).render(shown)


def day(at: datetime) -> str:
    """11月22日（周日）"""
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）"


def moment(at: datetime) -> str:
    """11月22日（周日）8:00"""
    return f"{day(at)}{clock(at)}"


def clock(at: datetime) -> str:
    """8:00"""
    local = at.astimezone(SHANGHAI)
    return f"{local.hour}:{local.minute:02}"


def stamp(at: datetime) -> str:
    """2026-11-22 08:00, for tables."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def called(short: int) -> str:
    """12号; matters of an older ledger that were over when they came have no short number."""
    return f"{short}号" if short else "旧件"


def short_area(area: str) -> str:
    """The last part of an area path: 第3微网格."""
    return area.rpartition("/")[2]


def part(text: str) -> str:
    """A text as one part of a path, whatever is in it."""
    return quote(text, safe="")


def num(notice: str) -> str:
    """A notice's id as people say it, as one part of a path."""
    return part(notice.removeprefix("n"))


def ago(at: datetime, now: datetime) -> str:
    """How long since: 刚刚, 5分钟前, 3小时前, 2天前."""
    passed = now - at
    if passed < timedelta(minutes=1):
        return "刚刚"
    if passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)}分钟前"
    if passed < timedelta(days=1):
        return f"{passed // timedelta(hours=1)}小时前"
    return f"{passed.days}天前"
