"""Fails when something is undocumented, or documented and gone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
from msgspec import Struct

from bot import community, config, transcript
from bot.__main__ import main
from bot.channels.registry import KINDS
from bot.language.commands import CommandTable
from bot.metrics import Metrics
from bot.models import JobState, Role
from bot.ports import Trouble
from bot.rules.permissions import ROLE_NAMES, STAFF, Deed, may
from bot.services.faq_table import HEADER, REQUIRED
from handlers import ROUTERS
from storage.closed import CLOSED
from tests.docs import pages

COMMANDS = [command for router in ROUTERS for command in router.commands]


# Settings


def defaults() -> dict[str, Any]:
    """Every key with its default; keys without one are missing."""
    found: dict[str, Any] = {}
    for section, values in msgspec.to_builtins(config.Config()).items():
        if section != "channels":
            found |= {f"{section}.{key}": value for key, value in values.items()}
    for kind in KINDS.values():
        for field in msgspec.structs.fields(kind.settings):
            key = f"channels.{kind.name}.*.{field.name}"
            if field.default is not msgspec.NODEFAULT:
                found[key] = field.default
            elif field.default_factory is not msgspec.NODEFAULT:
                found[key] = field.default_factory()
    return found


def example() -> str:
    """The example with its commented settings switched on."""
    setting = re.compile(r"^# (?=\[[a-z0-9_.]+\]$|[a-z_]+ = )", re.MULTILINE)
    return setting.sub("", pages.read("config.example.toml"))


def flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        name = "*" if re.fullmatch(r"channels\.\w+\.", prefix) else key
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{key}", value


def test_the_example_names_every_setting_and_no_other() -> None:
    assert {key for key, _ in flat(tomllib.loads(example()))} == set(config.keys())


def test_the_example_shows_the_defaults() -> None:
    shown = dict(flat(tomllib.loads(example())))
    assert {key: shown[key] for key in defaults()} == defaults()


def test_the_example_starts(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(pages.read("config.example.toml"), "utf-8")
    assert config.load(path, {}) == config.Config()


def test_the_reference_lists_every_setting_with_its_default() -> None:
    documented = {
        pages.code(row[0])[0]: row[1]
        for row in pages.rows(pages.read("docs/reference/config.md"))
        if pages.code(row[0])
    }
    assert set(documented) == set(config.keys())
    for key, cell in documented.items():
        if key not in defaults():
            assert cell == "必填"
        else:
            assert tomllib.loads(f"v = {pages.code(cell)[0]}")["v"] == defaults()[key], key


# Commands in chats


def command_rows() -> list[list[str]]:
    return [row for row in pages.rows(pages.read("docs/reference/commands.md")) if len(row) == 5]


def test_the_reference_lists_every_command_with_its_aliases() -> None:
    documented = {pages.code(row[0])[0]: set(pages.code(row[1])) for row in command_rows()}
    assert documented == {command.name: set(command.aliases) for command in COMMANDS}


def test_the_examples_of_commands_are_understood_without_a_sign() -> None:
    table = CommandTable()
    for command in COMMANDS:
        table.add(command.name, command.aliases, command.form)
    for row in command_rows():
        for shown in pages.code(row[3]):
            parsed = table.parse(shown, addressed=False)
            assert parsed is not None, shown
            assert parsed.name == pages.code(row[0])[0]


NAMES = {
    "所有人": frozenset(Role),
    "海棠先锋": {Role.VOLUNTEER},
    "共建单位": {Role.PARTNER},
    "工作人员": STAFF,
    "微网管家": {Role.STEWARD},
    "网格长": {Role.GRID_LEAD},
    "社区": {Role.COMMUNITY},
    "街道": {Role.STREET},
}


@pytest.mark.parametrize(
    ("command", "deed"),
    [
        ("登记", Deed.RECORD),
        ("清单", Deed.LIST),
        ("受理", Deed.HANDLE),
        ("转办", Deed.HANDLE),
        ("办结", Deed.HANDLE),
        ("发布", Deed.ANNOUNCE),
        ("通知清单", Deed.ANNOUNCE),
        ("绑定", Deed.BIND),
        ("解绑", Deed.BIND),
        ("群清单", Deed.BIND),
        ("本群只听@", Deed.BIND),
        ("学习", Deed.TEACH),
        ("收录", Deed.APPROVE),
        ("不收录", Deed.APPROVE),
        ("不用答", Deed.TEACH),
    ],
)
def test_the_reference_says_who_may(command: str, deed: Deed) -> None:
    (cell,) = (row[2] for row in command_rows() if pages.code(row[0]) == [command])
    documented = {role for name in cell.split("、") for role in NAMES[name]}
    assert documented == {role for role in Role if may(role, deed)}


def test_every_module_of_phrases_is_named() -> None:
    text = pages.read("docs/howto/change-words.md")
    documented = {pages.code(row[0])[0] for row in pages.rows(text)}
    modules = (pages.ROOT / "handlers" / "phrases").glob("*.py")
    assert documented == {path.name for path in modules} - {"__init__.py"}


# The command line


def verbs(group: click.Group, path: str = "haitang") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from verbs(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_the_reference_lists_every_verb_with_its_parameters() -> None:
    documented = {
        verb: {pages.code(row[0])[0] for row in pages.rows(text)}
        for verb, text in pages.sections("docs/reference/cli.md", "##").items()
    }
    real = {
        verb: {
            parameter.opts[0] if isinstance(parameter, click.Option) else _shown(parameter)
            for parameter in command.params
        }
        for verb, command in verbs(main)
    }
    assert documented == real


def _shown(parameter: click.Parameter) -> str:
    return (parameter.name or "").upper()


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readmes_name_every_verb(page: str) -> None:
    text = pages.read(page)
    assert [verb for verb, _ in verbs(main) if verb not in text] == []


# Metrics


def test_the_reference_lists_every_metric_with_its_labels() -> None:
    documented = {
        pages.code(row[0])[0]: pages.code(row[2])[:1]
        for row in pages.rows(pages.read("docs/reference/metrics.md"))
    }
    metrics = Metrics()
    assert set(documented) == set(metrics.names())
    metrics.refused("wecom_app/main")
    metrics.unstored("wecom_app/main")
    metrics.connected("wecom_aibot/main", True)
    metrics.trouble(Trouble.LOST)
    metrics.outbox.labels("sent").set(1)
    metrics.job(JobState.DONE)
    metrics.job_rows.labels("done").set(1)
    for metric in metrics.registry.collect():
        labels = {label for sample in metric.samples for label in sample.labels} - {"le"}
        assert set(documented[metric.name]) == labels, metric.name


# Files that people write


@pytest.mark.parametrize(
    ("heading", "entry"),
    [
        ("[community]", community.CommunityName),
        ("[[groups]]", community.GroupEntry),
        ("[[people]]", community.PersonEntry),
        ("[[notices]]", community.NoticeEntry),
    ],
)
def test_the_reference_lists_every_key_of_the_community_file(
    heading: str, entry: type[Struct]
) -> None:
    text = pages.sections("docs/reference/community-file.md", "##")[heading]
    tables = pages.rows(text.partition("| `role` 的值")[0])
    fields = msgspec.structs.fields(entry)
    assert {pages.code(row[0])[0]: row[1] == "是" for row in tables} == {
        field.encode_name: field.required for field in fields
    }


def test_the_reference_lists_every_role() -> None:
    text = pages.read("docs/reference/community-file.md").partition("| `role` 的值")[2]
    rows = pages.rows(text.partition("## ")[0])
    assert {pages.code(row[0])[0]: row[1] for row in rows} == {
        role.value: name for role, name in ROLE_NAMES.items()
    }


def test_the_reference_lists_every_key_of_a_transcript() -> None:
    text = (
        pages.read("docs/reference/transcripts.md").partition("## 输入")[2].partition("## 输出")[0]
    )
    documented = {pages.code(row[1])[0] for row in pages.rows(text)}
    kinds = (
        transcript.GroupLine,
        transcript.PersonLine,
        transcript.SayLine,
        transcript.WaitLine,
        transcript.UntilLine,
        transcript.FaqLine,
    )
    assert documented == {
        field.encode_name for kind in kinds for field in msgspec.structs.fields(kind)
    }


def test_the_reference_lists_every_column_of_the_faq_table() -> None:
    table = pages.rows(pages.read("docs/reference/faq-csv.md"))
    assert [row[0] for row in table] == list(HEADER)
    assert {row[0] for row in table if row[1] == "是"} == set(REQUIRED)


def test_the_page_on_privacy_lists_every_closed_column() -> None:
    """One row a table, or one for several."""
    text = pages.read("docs/privacy.md").partition("## 什么是加密的")[2].partition("## ")[0]
    shown = [(pages.code(row[0]), set(pages.code(row[1]))) for row in pages.rows(text)]
    assert sorted(table for tables, _ in shown for table in tables) == sorted(
        closed.table for closed in CLOSED
    )
    for tables, columns in shown:
        assert columns == {
            column for closed in CLOSED if closed.table in tables for column in closed.columns
        }
