"""Settings: each fault one Chinese sentence with key, value and mend; no secret ever shown."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.channels.wecom_app import WecomAppSettings
from bot.config import Config, keys, load
from bot.errors import ConfigError
from bot.example import EXAMPLE

KEY = "HaitangHaitangHaitangHaitangHaitangHaitang0"
APP = f"""
[channels.wecom_app.main]
corp_id = "ww0000000000000000"
area = "海棠街道/春晓社区"
agent_id = 1000002
secret = "canary-secret"
token = "canaryToken"
encoding_aes_key = "{KEY}"
"""
CANARIES = ("canary-secret", "canaryToken", KEY)


def main_app(config: Config) -> WecomAppSettings:
    """The one app of these tests."""
    found = config.channels["wecom_app"]["main"]
    assert isinstance(found, WecomAppSettings)
    return found


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def faults(folder: Path, text: str, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(written(folder, text), environ)
    return list(caught.value.faults)


def uncommented(text: str) -> str:
    """The example with its commented section switched on."""
    return re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)


def test_the_example_holds_nothing_but_defaults() -> None:
    assert load(EXAMPLE, {}) == load(None, {}) == Config()


def test_the_example_documents_every_key_and_no_other() -> None:
    data = tomllib.loads(uncommented(EXAMPLE.read_text("utf-8")))
    kinds = data.pop("channels")
    documented = {f"{section}.{key}" for section, table in data.items() for key in table}
    documented |= {
        f"channels.{kind}.*.{key}"
        for kind, instances in kinds.items()
        for one in instances.values()
        for key in one
    }
    assert documented == set(keys())


def test_every_key_of_the_example_is_explained() -> None:
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if re.match(r"(# )?[a-z_]+ = ", line):
            assert re.search(r"[^#]# *\S|base_url", line), line


WRONG: list[tuple[str, str, str]] = [
    ("bot.name", "5", "文字"),
    ("bot.name", '" "', "请给机器人起个名字"),
    ("bot.aliases", '"海棠"', "列表"),
    ("bot.aliases", "[1]", "文字"),
    ("bot.community", "[]", "文字"),
    ("bot.community", '"no/such.toml"', "检查路径"),
    ("bot.alarms", '"wecom_app/main:a"', "列表"),
    ("bot.alarms", '["ZhangSan"]', "通道名:账号"),
    ("bot.alarms", '["wecom_app/main:"]', "通道名:账号"),
    ("bot.alarms", '["wecom_app/other:ZhangSan"]', "没有这个通道"),
    ("bot.alarms", '["wecom_app/main:#"]', "通道名:#群名"),
    ("bot.alarms", '["wecom_app/other:#春晓管家群"]', "没有这个通道"),
    ("bot.faq", "true", "文字"),
    ("bot.faq", '"no/such.csv"', "检查路径"),
    ("server.host", "1", "文字"),
    ("server.host", '""', "127.0.0.1"),
    ("server.port", '"web"', "整数"),
    ("server.port", "80.5", "整数"),
    ("server.port", "true", "整数"),
    ("server.port", "-1", "0 到 65535"),
    ("server.port", "65536", "0 到 65535"),
    ("server.public_url", '"bot.example.cn"', "https://bot.example.cn"),
    ("server.max_body_kib", "[]", "整数"),
    ("server.max_body_kib", "15", "16 到 10240"),
    ("server.max_body_kib", "10241", "16 到 10240"),
    ("storage.path", "7", "文字"),
    ("storage.path", '""', "var/haitang.db"),
    ("storage.path", '"/"', "var/haitang.db"),
    ("storage.path", '"a\\u0000b"', "var/haitang.db"),
    ("storage.path", '"config.toml/haitang.db"', "换一个目录"),
    ("storage.key_path", "7", "文字"),
    ("storage.key_path", '"/"', "var/haitang.key"),
    ("storage.key_path", '"config.toml/haitang.key"', "换一个目录"),
    ("bot.silent_hours", "13", "0 到 12"),
    ("backup.nightly", '"3点"', "03:00"),
    ("backup.days", "0", "1 到 366"),
    ("backup.weeks", "-1", "0 到 520"),
    ("backup.months", "121", "0 到 120"),
    ("log.file", '"/"', "var/haitang.log"),
    ("log.max_mb", "0", "1 到 1024"),
    ("log.keep", "0", "1 到 100"),
    ("bot.privacy_line", "2", "true 或 false"),
    ("retention.chatter_days", "0", "1 到 180"),
    ("retention.messages_days", "6", "7 到 3650"),
    ("retention.appeals_days", "29", "30 到 3650"),
    ("retention.audit_days", '"long"', "整数"),
    ("retention.audit_days", "183", "184 到 3650"),
    ("retention.audit_days", "3651", "184 到 3650"),
    ("storage.max_waiting", '"many"', "整数"),
    ("storage.max_waiting", "9", "10 到 1000000"),
    ("office.opens", "830", "文字"),
    ("office.opens", "08:30:00", "文字"),
    ("office.opens", '"8:30"', "08:30 这样"),
    ("office.opens", '"08:30+08:00"', "08:30 这样"),
    ("office.opens", '"24:00"', "08:30 这样"),
    ("office.closes", '"五点半"', "08:30 这样"),
    ("office.closes", '"08:30"', "应晚于"),
    ("office.closes", '"07:00"', "应晚于"),
    ("office.holidays", "2026", "文字"),
    ("office.holidays", '"no/such.json"', "检查路径"),
    ("notices.late_minutes", '"2h"', "整数"),
    ("notices.late_minutes", "-1", "0 到 10080"),
    ("notices.late_minutes", "10081", "0 到 10080"),
    ("notices.quiet_from", '"9pm"', "21:30 这样"),
    ("notices.quiet_until", '""', "两个都空着"),
    ("notices.same_minutes", "-1", "0 到 1440"),
    ("notices.approval", '"some"', "wide（跨社区和标了的才审）"),
    ("notices.approved", '"政策"', "列表"),
    ("notices.templates", '"no/such.toml"', "检查路径"),
    ("reminders.quiet_from", '"8pm"', "08:30 这样"),
    ("reminders.quiet_from", '"08:00"', "应晚于"),
    ("reminders.quiet_until", "830", "文字"),
    ("reminders.soon_hours", "0", "1 到 24"),
    ("standing.morning", '"06:30"', "08:30 这样"),
    ("standing.daily", '"周五 18:00"', "18:00 这样"),
    ("standing.weekly", '"没有"', "周五 17:00 这样"),
    ("standing.questions", "9", "文字"),
    ("standing.deadlines", '"是"', "true"),
    ("standing.holidays", "2", "true"),
    ("escalation.grid_lead", '"半天"', "4h 或 1wd"),
    ("escalation.community", '"2h"', "长"),
    ("escalation.street", '"1wd"', "长"),
    ("reports.fair_weight", "1.5", "0 到 1"),
    ("reports.fair_weight", '"nine"', "数"),
    ("reports.rate_names", '"北京"', "三率或苏州12345"),
    ("media.max_mb", '"10MB"', "整数"),
    ("media.max_mb", "0", "1 到 100"),
    ("media.max_files", "101", "1 到 100"),
    ("media.max_megapixels", "0", "1 到 200"),
    ("sandbox.enabled", '"yes"', "true 或 false"),
    ("sandbox.wecom", "2", "true 或 false"),
    ("console.enabled", "2", "true 或 false"),
    ("console.idle_minutes", "0", "5 到 720"),
    ("console.hours", "100", "1 到 72"),
    ("llm.enabled", "2", "true 或 false"),
    ("llm.base_url", "5", "文字"),
    ("llm.model", "5", "文字"),
    ("llm.api_key", "5", "文字"),
    ("log.level", "1", "文字"),
    ("log.level", '"loud"', "debug、info、warning 或 error"),
]


@pytest.mark.parametrize(("key", "value", "mend"), WRONG)
def test_a_wrong_value_is_told_with_its_key_and_the_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, value: str, mend: str
) -> None:
    monkeypatch.chdir(tmp_path)
    section, name = key.split(".")
    found = faults(tmp_path, f"[{section}]\n{name} = {value}\n")
    assert len(found) == 1
    assert f"「{key}" in found[0]
    assert mend in found[0]
    assert found[0].endswith("。")
    shown = tomllib.loads(f"v = {value}")["v"]
    if isinstance(shown, str) and shown.strip():
        assert shown in found[0]


def test_every_key_is_tried() -> None:
    tried = {key for key, _, _ in WRONG}
    assert tried == {key for key in keys() if not key.startswith("channels.")}


APP_WRONG: list[tuple[str, str, str]] = [
    ("corp_id", '""', "没有填，请从企业微信后台"),
    ("corp_id", '"ww 1"', "空格或换行"),
    ("corp_id", "5", "文字"),
    ("agent_id", "0", "AgentId"),
    ("agent_id", "-3", "「-3」"),
    ("agent_id", '"abc"', "整数"),
    ("secret", '""', "没有填"),
    ("secret", '"canary-secret\\n"', "空格或换行"),
    ("secret", "12345678", "文字"),
    ("token", '""', "没有填"),
    ("token", '" canaryToken"', "空格或换行"),
    ("token", "true", "文字"),
    ("encoding_aes_key", '""', "没有填"),
    ("encoding_aes_key", f'"{KEY[:-1]}"', "43 位"),
    ("encoding_aes_key", f'"{KEY}="', "43 位"),
    ("encoding_aes_key", f'"{KEY[:-1]}！"', "43 位"),
    ("encoding_aes_key", f'"{KEY[:-1]}-"', "43 位"),
    ("encoding_aes_key", "1", "文字"),
    ("area", "1", "文字"),
    ("names", '"maybe"', "true 或 false"),
    ("base_url", '"qyapi.weixin.qq.com"', "https://"),
    ("base_url", "1", "文字"),
]


@pytest.mark.parametrize(("name", "value", "mend"), APP_WRONG)
def test_a_wrong_app_is_told_with_its_full_key(
    tmp_path: Path, name: str, value: str, mend: str
) -> None:
    text = re.sub(rf"^{name} = .*$", "", APP, flags=re.MULTILINE) + f"{name} = {value}\n"
    found = faults(tmp_path, text)
    assert len(found) == 1
    assert f"「channels.wecom_app.main.{name}」" in found[0]
    assert mend in found[0]
    assert not [canary for canary in CANARIES if canary in found[0]]


def test_every_key_of_an_app_is_tried() -> None:
    tried = {f"channels.wecom_app.*.{name}" for name, _, _ in APP_WRONG}
    assert tried == {key for key in keys() if key.startswith("channels.wecom_app.")}


ROBOT = """
[channels.wecom_robot.three]
key = "canary-693a91f6"
group = "三群"
area = "海棠街道/春晓社区"
"""


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("key", '""', "消息推送"),
        ("key", '"canary secret"', "不完整"),
        ("key", "12345678", "文字"),
        ("group", '" "', "群的名字"),
        ("area", '""', "哪个网格"),
        ("base_url", '"http://wecom.example"', "https://"),
    ],
)
def test_a_wrong_robot_is_told_without_its_key(
    tmp_path: Path, name: str, value: str, mend: str
) -> None:
    text = re.sub(rf"^{name} = .*$", "", ROBOT, flags=re.MULTILINE) + f"{name} = {value}\n"
    (fault,) = faults(tmp_path, text)
    assert f"「channels.wecom_robot.three.{name}」" in fault
    assert mend in fault
    assert not [word for word in ("canary", "12345678") if word in fault]


def test_a_robots_key_is_blotted_out_of_logs(tmp_path: Path) -> None:
    assert "canary-693a91f6" in load(written(tmp_path, ROBOT), {}).secrets()


@pytest.mark.parametrize("name", ["corp_id", "agent_id", "secret", "token", "encoding_aes_key"])
def test_a_missing_key_of_an_app_is_told(tmp_path: Path, name: str) -> None:
    (found,) = faults(tmp_path, re.sub(rf"^{name} = .*$", "", APP, flags=re.MULTILINE))
    assert f"「channels.wecom_app.main.{name}」没有填" in found


AIBOT = """
[channels.wecom_aibot.main]
bot_id = "aib1"
secret = "canary-aibot"
area = "海棠街道/春晓社区"
"""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("prot = 1", "没有「prot」这个设置"),
        ("[srever]\nport = 1", "没有「srever」这个设置"),
        ("[server]\nprot = 1", "没有「server.prot」这个设置"),
        ("[channels.onebot.main]\na = 1", "没有「channels.onebot」这个设置"),
        (APP + 'tokne = "x"', "没有「channels.wecom_app.main.tokne」这个设置"),
        ("server = 3", "应写成 [server] 一段"),
        ("channels = 3", "应写成 [channels] 一段"),
        ("[channels]\nwecom_app = 3", "应写成 [channels.wecom_app.main] 一段"),
        ('[channels.wecom_app]\ntoken = "canaryToken"', "「channels.wecom_app.token」"),
        (APP.replace("main", "Main"), "通道名「Main」只能用"),
        (APP.replace("main", '"m.n"'), "通道名「m.n」只能用"),
        (APP.replace("main", "demo"), "通道名「demo」被模拟器里的假企业微信占用"),
        (AIBOT.replace("main", "demo"), "请给「channels.wecom_aibot.demo」改名"),
    ],
)
def test_what_does_not_belong_is_told(tmp_path: Path, text: str, sentence: str) -> None:
    (found,) = faults(tmp_path, text)
    assert sentence in found
    assert "canaryToken" not in found


def test_the_name_demo_is_free_without_the_stand_in(tmp_path: Path) -> None:
    text = "[sandbox]\nwecom = false\n" + APP.replace("main", "demo")
    assert set(load(written(tmp_path, text), {}).channels["wecom_app"]) == {"demo"}


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        '[server]\nport = "x"\nprot = 1\n[office]\nopens = "x"\n[log]\nlevel = "x"\n'
        + APP.replace("canaryToken", ""),
        HAITANG_STORAGE__MAX_WAITING="1",
        HAITANG_FOO__BAR="1",
    )
    named = ("server.port", "server.prot", "office.opens", "log.level", "main.token")
    for key in (*named, "storage.max_waiting", "foo"):
        assert sum(f"{key}」" in fault for fault in found) == 1
    assert len(found) == 7


@pytest.mark.parametrize(
    ("octets", "sentence"),
    [
        (b"[server\nport = 1", "第1行写法有误"),
        (b"[server]\nport = ", "的结尾写法有误"),
        (b"[server]\nport = \nhost = 1", "第2行写法有误"),
        (b'name = "open', "写法有误"),
        ("[bot]\nname = '海棠'".encode("gbk"), "不是 UTF-8 编码"),
    ],
)
def test_a_broken_file_is_told(tmp_path: Path, octets: bytes, sentence: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(octets)
    with pytest.raises(ConfigError, match=sentence):
        load(path, {})


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"找不到配置文件.*haitang init"):
        load(tmp_path / "config.toml", {})
    with pytest.raises(ConfigError, match="读不了"):
        load(tmp_path, {})


def test_a_bom_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes("\ufeff[server]\nport = 9000\n".encode())
    assert load(path, {}).server.port == 9000


@pytest.mark.parametrize(
    ("key", "content", "sentence"),
    [
        ("bot.community", "[community]\nname = 1\n", "「community.name」的值是「1」"),
        ("bot.community", "[[groups]]\n", "缺少「groups[0].chat」"),
        ("bot.faq", "编号,问题\n1,2\n", "表头缺少：答案、来源"),
        ("office.holidays", "[]", "节假日表读不出来"),
        ("notices.templates", "[[template]]\n", "模板表看不懂"),
    ],
)
def test_the_files_that_are_named_are_read_too(
    tmp_path: Path, key: str, content: str, sentence: str
) -> None:
    named = tmp_path / "named"
    named.write_text(content, "utf-8")
    section, name = key.split(".")
    (found,) = faults(tmp_path, f"[{section}]\n{name} = '{named}'\n")
    assert f"「{key}」" in found
    assert sentence in found


@pytest.mark.parametrize(
    ("name", "value", "key", "expected"),
    [
        ("HAITANG_SERVER__PORT", "9000", "server.port", 9000),
        ("HAITANG_SERVER__HOST", "::1", "server.host", "::1"),
        ("HAITANG_BOT__NAME", "12345", "bot.name", "12345"),
        ("HAITANG_BOT__ALIASES", '["甲", "乙"]', "bot.aliases", ["甲", "乙"]),
        ("HAITANG_SANDBOX__ENABLED", "true", "sandbox.enabled", True),
        ("HAITANG_SANDBOX__WECOM", "0", "sandbox.wecom", False),
        ("HAITANG_LOG__LEVEL", "debug", "log.level", "debug"),
        ("haitang_server__port", "9000", "server.port", 8080),
    ],
)
def test_the_environment_goes_over_the_file(
    tmp_path: Path, name: str, value: str, key: str, expected: object
) -> None:
    text = "[server]\nport = 8080\n"
    config: Any = load(written(tmp_path, text), {name: value, "PATH": "/bin"})
    section, field = key.split(".")
    assert getattr(getattr(config, section), field) == expected


def test_without_the_simulator_a_community_is_needed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"bot\.community"):
        load(written(tmp_path, "[sandbox]\nenabled = false\n"), {})


def test_an_app_without_an_area_reaches_nobody(tmp_path: Path) -> None:
    text = APP.replace('area = "海棠街道/春晓社区"', 'area = "/"')
    with pytest.raises(ConfigError, match="没有人会收到"):
        load(written(tmp_path, text), {})


def test_an_app_may_come_from_the_environment_alone(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("12345678\n", "utf-8")
    prefix = "HAITANG_CHANNELS__WECOM_APP__MAIN__"
    config = load(
        None,
        {
            f"{prefix}CORP_ID": "ww0000000000000000",
            f"{prefix}AGENT_ID": "1000002",
            f"{prefix}SECRET_FILE": str(secret),
            f"{prefix}TOKEN": "123456",
            f"{prefix}ENCODING_AES_KEY": KEY,
            f"{prefix}AREA": "海棠街道/春晓社区",
        },
    )
    app = main_app(config)
    assert (app.agent_id, app.secret, app.token) == (1000002, "12345678", "123456")


def test_a_secret_file_goes_over_the_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from-the-file\n", "utf-8")
    config = load(
        written(tmp_path, APP), {"HAITANG_CHANNELS__WECOM_APP__MAIN__SECRET_FILE": str(secret)}
    )
    assert main_app(config).secret == "from-the-file"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HAITANG_FOO__BAR", "1", "没有「foo」这个设置"),
        ("HAITANG_SERVER__PROT", "1", "没有「server.prot」这个设置"),
        ("HAITANG_SERVER_PORT", "1", "应写成 HAITANG_SERVER__PORT"),
        ("HAITANG_SERVER__PORT", "many", "「server.port」的值是「many」，应为整数"),
        ("HAITANG_SERVER__PORT__DEEP", "1", "「server.port」"),
        ("HAITANG_BOT__ALIASES", "海棠", "「bot.aliases」的值是「海棠」，应为列表"),
        ("HAITANG_BOT__ALIASES", "[海棠", "「bot.aliases」"),
        ("HAITANG_CHANNELS__WECOM_APP__MAIN", "canaryToken", "「channels.wecom_app.main」"),
        ("HAITANG_CHANNELS__WECOM_APP__TOKEN", "canaryToken", "「channels.wecom_app.token」"),
        ("HAITANG_CHANNELS__WECOM_APP__MAIN__TOKEN_FILE", "/no/such/file", "指的文件读不到"),
    ],
)
def test_a_wrong_environment_is_told(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    text = "[server]\nhost = '127.0.0.1'\n"
    found = "\n".join(faults(tmp_path, text, **{name: value}))
    assert sentence in found
    assert "canaryToken" not in found or "TOKEN" not in name


def test_the_environment_cannot_go_through_a_value(tmp_path: Path) -> None:
    found = faults(tmp_path, "server = 3\n", HAITANG_SERVER__PORT="1")
    assert any("HAITANG_SERVER__PORT 用不上" in fault for fault in found)


@pytest.mark.parametrize("name", ["HAITANG_VERSION", "HAITANG_HOME", "HAITANG", "OTHER__KEY"])
def test_names_of_others_are_left_alone(name: str) -> None:
    assert load(None, {name: "1"}) == Config()


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    config = load(written(tmp_path, APP), {})
    shown = f"{config} {config!r} {config.channels!r} {config.channels['wecom_app']}"
    assert not [canary for canary in CANARIES if canary in shown]
    assert set(config.secrets()) == set(CANARIES)


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        Config().server.port = 1  # type: ignore[misc]
    assert msgspec.structs.replace(Config()) == Config()
