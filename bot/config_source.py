"""Where settings come from: a TOML file and the environment, still without a meaning."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.errors import ConfigError

PREFIX = "HAITANG_"


def read(path: Path) -> dict[str, Any]:
    """The tables of a TOML file. Raises `ConfigError`."""
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError([f"找不到配置文件 {path}。用 haitang init 生成一份。"]) from None
    except OSError as error:
        reason = error.strerror
        raise ConfigError([f"配置文件 {path} 读不了（{reason}），请检查路径和权限。"]) from None
    except UnicodeDecodeError:
        raise ConfigError([f"配置文件 {path} 不是 UTF-8 编码，请另存为 UTF-8。"]) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = f"第{found[1]}行" if found else "结尾"
        raise ConfigError([f"配置文件 {path} 的{line}写法有误，请检查引号、等号和括号。"]) from None


def overlay(
    data: dict[str, Any], environ: Mapping[str, str], sections: Sequence[str], faults: list[str]
) -> None:
    """Put `HAITANG_SERVER__PORT=9000` and `…__SECRET_FILE=/path` over the file's values.

    `sections` are the names of the settings' sections; what cannot be used goes to `faults`.
    """
    for name, value in sorted(environ.items()):
        if not name.startswith(PREFIX):
            continue
        if "__" not in name:
            faults += _one_underscore(name, sections)
            continue
        *tables, key = name.removeprefix(PREFIX).lower().split("__")
        content = value
        if key.endswith("_file"):
            key = key.removesuffix("_file")
            try:
                content = Path(value).read_text("utf-8").strip()
            except (OSError, ValueError) as error:
                faults.append(_unreadable(name, error))
                continue
        _put(data, [*tables, key], _parse(content), faults, name)


def _one_underscore(name: str, sections: Sequence[str]) -> list[str]:
    """`HAITANG_SERVER_PORT` looks like a setting and is none; other names are not our business."""
    section, _, key = name.removeprefix(PREFIX).lower().partition("_")
    if section not in sections or not key:
        return []
    meant = f"{PREFIX}{section}__{key}".upper()
    return [f"环境变量 {name} 不起作用，段名和键名之间要两个下划线，应写成 {meant}。"]


def _unreadable(name: str, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else "不是文本"
    return f"环境变量 {name} 指的文件读不到（{reason}），请检查路径和权限。"


def _put(
    data: dict[str, Any], path: Sequence[str], value: object, faults: list[str], name: str
) -> None:
    table = data
    for part in path[:-1]:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            faults.append(f"环境变量 {name} 用不上：配置文件里「{part}」不是一段设置，请检查。")
            return
    table[path[-1]] = value


def _parse(content: str) -> Any:
    """A list where the text is one in TOML; numbers and truth values are converted by their key."""
    if content[:1] == "[":
        try:
            return tomllib.loads(f"value = {content}")["value"]
        except tomllib.TOMLDecodeError:
            return content
    return content
