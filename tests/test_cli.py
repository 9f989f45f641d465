"""The command line: Chinese, one sentence a fault, nothing half done."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.config import load
from bot.models import FaqEntry
from bot.services.faq_csv import read_csv, write_csv
from bot.services.faq_table import HEADER

HEAD = ",".join(HEADER)
ROW = "A1,怎么办证,,到窗口办,社区,,,,,"
GROUP = '{"group":"一群","area":"海棠街道/春晓社区/第1微网格"}\n'
SAY = '{"say":"3幢楼道灯不亮","who":"居民甲","in":"一群"}\n'
NO_SUCH_LATIN = re.compile(r"Usage|Options|Commands|Show this|Error|Missing|No such|Try ")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("HAITANG_")]:
        monkeypatch.delenv(name)
    return tmp_path


def haitang(*args: object) -> Result:
    """Run a verb in this process."""
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="haitang")


def refused(*args: object, code: int = 1) -> str:
    """What a verb says that must fail, without a traceback."""
    result = haitang(*args)
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result.stderr


def verbs(group: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [path]
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            found += verbs(command, (*path, name))
    return found


@pytest.mark.parametrize("verb", verbs(main), ids=" ".join)
def test_help_is_chinese(verb: tuple[str, ...]) -> None:
    result = haitang(*verb, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"用法：{' '.join(('haitang', *verb))}")
    assert "--help" in result.stdout
    assert "显示这份帮助" in result.stdout
    assert not NO_SUCH_LATIN.search(result.stdout)


def test_the_verbs_are_those_of_the_manual() -> None:
    assert set(main.commands) == {
        *("run", "init", "check-config", "replay", "faq", "doctor", "channels", "appchat", "menu"),
        *("understand", "backup", "restore", "version", "reconnect"),
            *("taxonomy", "holidays", "audit", "console", "ledger", "report", "notices"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["rnu"], "没有「rnu」这个命令。\n用法见 haitang --help"),
        (["--loud"], "没有 --loud 这个选项"),
        (["run", "--confg", "x"], "没有 --confg 这个选项，是 --config 吗？"),
        (["run", "now"], "多出了参数：now"),
        (["run", "--config"], "选项 --config 的用法不对"),
        (["restore"], "缺少参数 备份文件"),
        (["replay"], "缺少参数 剧本…"),
        (["faq", "improt"], "没有「improt」这个命令。\n用法见 haitang faq --help"),
        (["faq", "import"], "缺少参数 文件"),
        (["replay", "--start", "昨天", "a"], "--start 不对：「昨天」不是带时区的时间"),
        (["replay", "--start", "2026-11-21T09:00:00", "a"], "不是带时区的时间"),
        (["replay", "--start", "1999-11-21T09:00:00+08:00", "a"], "2000年到2100年"),
        (["replay", "--start", "2100-01-01T09:00:00+08:00", "a"], "2000年到2100年"),
    ],
)
def test_a_wrong_command_line_is_explained(args: list[str], sentence: str) -> None:
    told = refused(*args, code=2)
    assert sentence in told
    assert not NO_SUCH_LATIN.search(told)


def test_version() -> None:
    result = haitang("version")
    assert re.fullmatch(r"haitang \d+\.\d+\.\d+\n", result.stdout)


def test_init_writes_a_file_that_passes(folder: Path) -> None:
    result = haitang("init")
    assert result.exit_code == 0
    assert "config.toml" in result.stdout
    assert stat.S_IMODE((folder / "config.toml").stat().st_mode) == 0o600
    assert "用的是 config.toml" in haitang("check-config").stdout
    assert load(folder / "config.toml", {}) == load(None, {})


def test_init_never_overwrites(folder: Path) -> None:
    (folder / "config.toml").write_text("mine")
    assert "已经有了，不覆盖" in refused("init")
    assert (folder / "config.toml").read_text() == "mine"
    (folder / "link.toml").symlink_to(folder / "nowhere.toml")
    assert "已经有了，不覆盖" in refused("init", "link.toml")
    assert not (folder / "nowhere.toml").exists()


def test_init_in_a_folder_that_is_not_there() -> None:
    assert "no/such/config.toml 读写不了" in refused("init", "no/such/config.toml")


def test_check_config_without_a_file() -> None:
    result = haitang("check-config")
    assert result.stdout.startswith("没有 config.toml，全用默认值。\n配置没有问题。")


def test_check_config_tells_every_fault(folder: Path) -> None:
    (folder / "config.toml").write_text('[server]\nport = "x"\nprot = 1\n')
    told = refused("check-config").splitlines()
    assert len(told) == 2
    assert "server.port" in told[0]
    assert "server.prot" in told[1]
    assert "找不到配置文件" in refused("check-config", "--config", "other.toml")


def settings(folder: Path, **server: object) -> Path:
    """A config file of its own state."""
    path = folder / "settings.toml"
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in server.items())
    path.write_text(f"[storage]\npath = 'state/haitang.db'\n[server]\n{lines}", "utf-8")
    return path


def bank(folder: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path = folder / "bank.csv"
    path.write_bytes("\r\n".join([HEAD, *rows]).encode(encoding))
    return path


def exported(folder: Path, config: Path) -> tuple[FaqEntry, ...]:
    result = haitang("faq", "export", "--config", config, folder / "out.csv")
    assert result.exit_code == 0, result.output
    return read_csv((folder / "out.csv").read_bytes())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_the_bank_goes_in_and_out(folder: Path, encoding: str) -> None:
    config = settings(folder)
    second = "A2,怎么退税,退税|个税退税,=1+1 不是公式,税务所,2026-11-01,,2026-12-31,税,"
    path = bank(folder, ROW, second, encoding=encoding)
    result = haitang("faq", "import", "--config", config, path)
    assert (result.exit_code, result.stdout) == (0, "已导入 2 条问答。\n")
    assert exported(folder, config) == read_csv(path.read_bytes())
    assert "'=1+1 不是公式" in (folder / "out.csv").read_text("utf-8-sig")
    haitang("faq", "import", "--config", config, folder / "out.csv")
    assert exported(folder, config) == read_csv(path.read_bytes())


def test_an_import_replaces_by_number_and_keeps_the_rest(folder: Path) -> None:
    config = settings(folder)
    haitang("faq", "import", "--config", config, bank(folder, ROW, ROW.replace("A1", "A2")))
    haitang("faq", "import", "--config", config, bank(folder, ROW.replace("到窗口办", "网上办")))
    assert [entry.answer for entry in exported(folder, config)] == ["网上办", "到窗口办"]


def test_a_faulty_row_keeps_everything_out(folder: Path) -> None:
    config = settings(folder)
    haitang("faq", "import", "--config", config, bank(folder, ROW))
    told = refused(
        "faq",
        "import",
        "--config",
        config,
        bank(folder, ROW.replace("A1", "B1"), "B2,,,,", "B3,问"),
    ).splitlines()
    assert [line.partition("：")[0] for line in told] == ["第3行", "第4行"]
    assert [entry.id for entry in exported(folder, config)] == ["A1"]


def test_nothing_to_import_or_export(folder: Path) -> None:
    config = settings(folder)
    assert "读不了" in refused("faq", "import", "--config", config, folder / "nowhere.csv")
    assert "还没有数据" in refused("faq", "export", "--config", config, folder / "out.csv")
    assert not (folder / "state").exists()
    haitang("faq", "import", "--config", config, bank(folder, ROW))
    assert "写不了" in refused("faq", "export", "--config", config, folder / "no" / "out.csv")


def test_a_socket_left_by_a_killed_service_is_no_obstacle(folder: Path) -> None:
    config = settings(folder)
    (folder / "state").mkdir()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind("state/haitang.sock")
    result = haitang("faq", "import", "--config", config, bank(folder, ROW))
    assert (result.exit_code, result.stdout) == (0, "已导入 1 条问答。\n")


def counted(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM faq").fetchone()[0])


def test_backup_and_restore_while_stopped(folder: Path) -> None:
    config = settings(folder)
    haitang("faq", "import", "--config", config, bank(folder, ROW))
    result = haitang("backup", "--config", config, folder / "copy.db")
    first, key = result.stdout.splitlines()
    assert first == f"已备份到 {folder / 'copy.db'}，校验完好。"
    assert key.startswith("密钥文件 state/haitang.key 不在备份里，请另外保管一份")
    assert counted(folder / "copy.db") == 1
    haitang("faq", "import", "--config", config, bank(folder, ROW.replace("A1", "A2")))
    result = haitang("restore", "--config", config, folder / "copy.db")
    kept = re.search(r"原来的数据另存为 (\S+)。", result.stdout)
    assert kept is not None
    assert counted(folder / "state" / "haitang.db") == 1
    assert counted(folder / kept[1]) == 2


def test_a_backup_brings_the_pictures_along_and_back(folder: Path) -> None:
    config = settings(folder)
    haitang("faq", "import", "--config", config, bank(folder, ROW))
    picture = folder / "state" / "media" / "ab" / ("ab" * 32)
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"picture")
    copies = folder / "elsewhere"
    copies.mkdir()
    assert "新增 1 个照片文件" in haitang("backup", "--config", config, copies / "a.db").stdout
    assert "照片" not in haitang("backup", "--config", config, copies / "b.db").stdout
    copied = copies / "media" / "ab" / picture.name
    assert stat.S_IMODE(copied.stat().st_mode) == 0o600
    picture.unlink()
    haitang("restore", "--config", config, copies / "a.db")
    assert picture.read_bytes() == b"picture"


def test_a_restore_without_the_key_says_so(folder: Path) -> None:
    config = settings(folder)
    haitang("faq", "import", "--config", config, bank(folder, ROW))
    haitang("backup", "--config", config, folder / "copy.db")
    (folder / "state" / "haitang.key").unlink()
    result = haitang("restore", "--config", config, folder / "copy.db")
    assert "还缺密钥文件 state/haitang.key" in result.stdout
    sentence = refused("faq", "export", "--config", config, folder / "out.csv")
    assert "找不到密钥文件" in sentence


def test_a_restore_with_another_key_says_so(folder: Path) -> None:
    config = settings(folder)
    haitang("faq", "import", "--config", config, bank(folder, ROW))
    haitang("backup", "--config", config, folder / "copy.db")
    key = folder / "state" / "haitang.key"
    kept = key.read_bytes()
    key.write_bytes(b64encode(b"x" * 32))
    result = haitang("restore", "--config", config, folder / "copy.db")
    assert "密钥文件 state/haitang.key 不是这份备份的" in result.stdout
    assert "不是这份数据的" in refused("faq", "export", "--config", config, folder / "out.csv")
    key.write_bytes(kept)
    assert "密钥" not in haitang("restore", "--config", config, folder / "copy.db").stdout


def test_a_backup_has_a_name_of_its_own(folder: Path) -> None:
    config = settings(folder)
    haitang("faq", "import", "--config", config, bank(folder, ROW))
    haitang("backup", "--config", config)
    (made,) = (folder / "state" / "backups").glob("haitang-*.db")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    (folder / "elsewhere").mkdir()
    haitang("backup", "--config", config, folder / "elsewhere")
    assert len(list((folder / "elsewhere").glob("haitang-*.db"))) == 1


def test_the_live_data_is_never_replaced_by_its_backup(folder: Path) -> None:
    config = settings(folder)
    haitang("faq", "import", "--config", config, bank(folder, ROW))
    live = folder / "state" / "haitang.db"
    (folder / "link.db").symlink_to(live)
    before = live.stat().st_ino
    for target in ("state/haitang.db", folder / "link.db"):
        assert "就是正在用的数据文件" in refused("backup", "--config", config, target)
    assert live.stat().st_ino == before


@pytest.mark.parametrize("octets", [b"no database", bytes(8192)], ids=["text", "zeros"])
def test_a_broken_backup_changes_nothing(folder: Path, octets: bytes) -> None:
    config = settings(folder)
    haitang("faq", "import", "--config", config, bank(folder, ROW))
    (folder / "broken.db").write_bytes(octets)
    assert "broken.db" in refused("restore", "--config", config, folder / "broken.db")
    assert counted(folder / "state" / "haitang.db") == 1


def test_no_data_no_backup(folder: Path) -> None:
    config = settings(folder)
    assert "没有可备份的数据" in refused("backup", "--config", config)
    assert "找不到备份文件" in refused("restore", "--config", config, "nowhere.db")


def test_a_state_folder_that_is_a_file(folder: Path) -> None:
    config = settings(folder)
    (folder / "state").write_text("not a folder")
    assert "storage.path" in refused("faq", "import", "--config", config, bank(folder, ROW))


def transcript(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def heard(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_replay_prints_what_the_bot_said(folder: Path) -> None:
    play = transcript(folder, "a.jsonl", GROUP + SAY)
    (said,) = heard(haitang("replay", play, "--start", "2026-11-21T09:00:00+08:00"))
    assert {key: said[key] for key in ("line", "at", "in", "to")} == {
        "line": 2,
        "at": "2026-11-21T09:00:00+08:00",
        "in": "一群",
        "to": None,
    }
    assert "已登记" in str(said["text"])


def test_replay_keeps_a_world_where_it_is_told(folder: Path) -> None:
    first = transcript(folder, "a.jsonl", GROUP + SAY)
    second = transcript(folder, "b.jsonl", SAY)
    heard(haitang("replay", first, "--data", folder / "world"))
    assert len(heard(haitang("replay", second, "--data", folder / "world"))) == 1
    assert len(heard(haitang("replay", first, second, "--data", folder / "other"))) == 2
    assert "没有登记过「一群」" in refused("replay", first, second)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nonsense\n", "第3行：不是 JSON"),
        ('{"wait":"soon"}\n', "第3行：wait「soon」看不懂"),
        ('{"say":"在吗","who":"甲","in":"二群"}\n', "第3行：没有登记过「二群」"),
        ('{"until":"2020-01-01T00:00:00+08:00"}\n', "第3行：until 早于此刻"),
    ],
)
def test_a_bad_line_stops_everything_before_it_begins(
    folder: Path, text: str, sentence: str
) -> None:
    good = transcript(folder, "good.jsonl", GROUP + SAY)
    bad = transcript(folder, "bad.jsonl", GROUP + SAY + text)
    result = haitang("replay", good, bad, "--data", folder / "world")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert sentence in result.stderr
    assert "bad.jsonl" in result.stderr
    assert not (folder / "world" / "replay.db").exists()


def test_a_transcript_that_cannot_be_read(folder: Path) -> None:
    assert "读不了" in refused("replay", folder / "nowhere.jsonl")
    (folder / "gbk.jsonl").write_bytes(GROUP.encode("gbk"))
    assert "不是 UTF-8" in refused("replay", folder / "gbk.jsonl")
    good = transcript(folder, "a.jsonl", GROUP)
    assert "读写不了" in refused("replay", good, "--data", good)


class Running:
    """A service in a process of its own."""

    def __init__(self, folder: Path, config: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run", "--config", str(config)],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.greeting = self.process.stdout.readline()
        self.url = self.greeting.partition("：")[2].strip().removesuffix("/sandbox")

    def end(self) -> tuple[int, str]:
        """Exit code and standard error of one that ends by itself."""
        _, told = self.process.communicate(timeout=20)
        return self.process.returncode, told

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> tuple[int, str, float]:
        """Exit code, standard error, seconds it took."""
        started = time.monotonic()
        self.process.send_signal(sign)
        return *self.end(), time.monotonic() - started


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    found = Running(folder, settings(folder, port=0))
    yield found
    if found.process.poll() is None:
        found.process.kill()
        found.end()


def test_run_serves_until_it_is_told_to_stop(running: Running, folder: Path) -> None:
    """The whole life of one service, because each start costs a second."""
    config = folder / "settings.toml"
    assert re.fullmatch(r"海棠管家已启动：http://127\.0\.0\.1:\d+/sandbox\n", running.greeting)
    with urllib.request.urlopen(f"{running.url}/healthz", timeout=5) as answer:  # noqa: S310
        assert answer.read() == b"ok"
    stream = urllib.request.urlopen(f"{running.url}/sandbox/api/events", timeout=5)  # noqa: S310
    assert stream.readline() == b"event: ping\n"

    # The bank, through the running service.
    before = exported(folder, config)
    assert len(before) >= 60
    result = haitang("faq", "import", "--config", config, bank(folder, ROW))
    assert (result.exit_code, result.stdout) == (0, "已导入 1 条问答。\n")
    assert {entry.id for entry in exported(folder, config)} == {e.id for e in before} | {"A1"}
    told = refused("faq", "import", "--config", config, bank(folder, "B1,,,,"))
    assert told == "第2行：问题、答案、来源没有填。\n"
    (folder / "huge.csv").write_bytes(write_csv([]) + bytes(17 * 1024 * 1024))
    assert "MiB" in refused("faq", "import", "--config", config, folder / "huge.csv")

    # A copy while it runs; nothing that would pull the data from under it.
    assert "校验完好" in haitang("backup", "--config", config, folder / "copy.db").stdout
    assert counted(folder / "copy.db") == len(before) + 1
    assert "另一个海棠进程" in refused("restore", "--config", config, folder / "copy.db")

    # A second service: the same port, then the same data.
    port = running.url.rpartition(":")[2]
    code, told = Running(folder, settings(folder, port=int(port))).end()
    assert (code, told.count("\n"), f"「{port}」" in told, "占用" in told) == (1, 1, True, True)
    code, told = Running(folder, settings(folder, port=0)).end()
    assert (code, told.count("\n"), "另一个海棠进程" in told) == (1, 1, True)

    # A busy machine may still be loading the dictionary, which is waited for.
    code, told, seconds = running.stop()
    assert (code, "Traceback" in told, seconds < 8.0) == (0, False, True), told
    assert not (folder / "state" / "haitang.sock").exists()
    stream.close()


def test_ctrl_c_is_a_quiet_end_too(running: Running) -> None:
    # The dictionary may still be loading and is waited for: how long that takes is the machine's.
    code, told, _ = running.stop(signal.SIGINT)
    assert (code, "Traceback" in told) == (0, False), told


def test_run_tells_wrong_settings(folder: Path) -> None:
    (folder / "config.toml").write_text("[server]\nport = 'x'\n")
    assert "「server.port」" in refused("run")


# What was done


def test_the_audit_is_shown_checked_and_taken_out(folder: Path) -> None:
    haitang("faq", "import", bank(folder, ROW))
    assert "1 条留痕完好，第 1 到第 1 条。" in haitang("audit", "verify").stdout
    assert "命令行 导入 table:faq" in haitang("audit", "show").stdout
    assert haitang("audit", "show", "--by", "别人").stdout == "没有这样的留痕。\n"
    assert haitang("audit", "export", "audit.csv").exit_code == 0
    assert "table:faq" in Path("audit.csv").read_text("utf-8-sig")
    assert "导出 table:audit" in haitang("audit", "show", "--about", "table:audit").stdout


def test_an_altered_audit_ends_with_a_fault(folder: Path) -> None:
    haitang("faq", "import", bank(folder, ROW))
    with closing(sqlite3.connect("var/haitang.db")) as connection, connection:
        connection.execute("UPDATE audit SET actor = '别人'")
    assert "第1条被改过" in refused("audit", "verify")


def test_an_audit_without_its_key_is_not_read(folder: Path) -> None:
    assert "还没有数据" in refused("audit", "verify")
    haitang("faq", "import", bank(folder, ROW))
    Path("var/haitang.key").unlink()
    assert "密钥文件" in refused("audit", "verify")


@pytest.mark.parametrize("days", ["183", "0", "3651"])
def test_an_audit_is_never_kept_too_short(days: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAITANG_RETENTION__AUDIT_DAYS", days)
    assert "184" in refused("check-config")
