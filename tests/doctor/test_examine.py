"""The whole examination, with platforms on loopback, while the service runs and while not."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.config import load
from bot.models import Finding, Grade, GroupState
from bot.serve import house
from bot.testing import FakeOfficial, FakeRobot, FakeWecom

KEY = "HaitangHaitangHaitangHaitangHaitangHaitang0"
AREA = "海棠街道/春晓社区"


class Town:
    """Three platforms on loopback, and the settings that name them."""

    def __init__(self, folder: Path) -> None:
        self.corp = FakeWecom()
        self.robot = FakeRobot("0123456789abcdef")
        self.official = FakeOfficial(encoding_aes_key=KEY)
        self.folder = folder
        self.bases: tuple[str, str, str] = ("", "", "")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def write(self, *, channels: bool = True, **changes: str) -> None:
        """The settings, with some values replaced.

        No backup at night: it tells of itself, and here in the output of the verb that runs.
        """
        values = {
            "secret": self.corp.secret,
            "token": self.corp.token,
            "key": self.robot.key,
            "public_url": "",
        } | changes
        self.config.write_text(
            f'''
[server]
port = {self.port}
public_url = "{values["public_url"]}"
[storage]
path = "{self.folder}/haitang.db"
[backup]
nightly = ""
[sandbox]
wecom = false
'''
            + (self._channels(values) if channels else "")
        )

    def _channels(self, values: dict[str, str]) -> str:
        corp, robot, official = self.bases
        return f'''
[channels.wecom_app.main]
corp_id = "{self.corp.corp_id}"
agent_id = {self.corp.agent_id}
secret = "{values["secret"]}"
token = "{values["token"]}"
encoding_aes_key = "{self.corp.encoding_aes_key}"
area = "{AREA}"
base_url = "{corp}"
[channels.wecom_robot.three]
key = "{values["key"]}"
group = "三群"
area = "{AREA}"
base_url = "{robot}"
[channels.official_account.street]
app_id = "{self.official.app_id}"
token = "{self.official.token}"
secret = "{self.official.secret}"
encoding_aes_key = "{KEY}"
area = "{AREA}"
base_url = "{official}"
'''

    async def examine(self) -> dict[str, Finding]:
        """What the doctor says, by subject; when there are several, the worst."""
        result = await self.run("doctor", "--json")
        assert "Traceback" not in result.output
        found: dict[str, Finding] = {}
        order = list(Grade)
        for each in json.loads(result.stdout):
            finding = Finding(Grade(each["grade"]), each["subject"], each["sentence"])
            before = found.get(finding.subject)
            if before is None or order.index(finding.grade) >= order.index(before.grade):
                found[finding.subject] = finding
        failed = any(finding.grade is Grade.FAIL for finding in found.values())
        assert result.exit_code == failed
        return found

    async def run(self, *args: str) -> Result:
        """A verb with these settings, in a thread: it has a loop of its own."""
        full = [*args, "--config", str(self.config)]
        return await asyncio.to_thread(CliRunner().invoke, main, full)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    made = Town(tmp_path)
    async with AsyncExitStack() as stack:
        corp = await stack.enter_async_context(made.corp.serve())
        robot = await stack.enter_async_context(made.robot.serve())
        official = await stack.enter_async_context(made.official.serve())
        made.bases = (corp, robot, official)
        made.write()
        yield made


@asynccontextmanager
async def serving(town: Town) -> AsyncIterator[None]:
    async with house(load(town.config, {})):
        yield


async def test_all_is_well_while_the_service_runs(town: Town) -> None:
    async with serving(town):
        found = await town.examine()
    worst = {s: f for s, f in found.items() if f.grade is Grade.FAIL}
    assert worst == {}
    assert {
        "设置", "SQLite", "磁盘", "写入", "词典", "节假日", "数据", "发件箱", "服务", "时钟",
        "wecom_app/main", "wecom_robot/three", "official_account/street",
        "wecom_app/main 回调", "official_account/street 回调",
    } <= set(found)  # fmt: skip
    assert "192.0.2.*" in found["wecom_app/main"].sentence
    assert found["official_account/street 回调"].grade is not Grade.FAIL


async def test_the_services_own_token_is_used(town: Town) -> None:
    """Another one would end the first: an Official Account has one at a time."""
    async with serving(town):
        await town.examine()
        await town.examine()
    assert town.official.calls["token"] == 1
    assert (town.robot.sent, town.corp.sent, town.official.sent) == ([], [], [])


async def test_platforms_are_asked_without_a_service_too(town: Town) -> None:
    found = await town.examine()
    assert found["服务"].grade is Grade.WARN
    assert "haitang run" in found["服务"].sentence
    assert found["wecom_app/main"].grade is Grade.OK
    assert not [subject for subject in found if subject.endswith("回调")]


async def test_nobody_is_asked_who_is_not_configured(town: Town) -> None:
    town.write(channels=False)
    async with serving(town):
        await town.examine()
    await town.examine()
    for fake in (town.corp, town.robot, town.official):
        assert set(fake.calls.values()) == {0}


Fault = Callable[[Town], object]


@pytest.mark.parametrize(
    ("fault", "subject", "words"),
    [
        (lambda t: t.write(secret="wrong-secret"), "wecom_app/main", "Secret"),
        (lambda t: t.corp.fail_next(60020, call="ips"), "wecom_app/main", "192.0.2.7"),
        (lambda t: t.write(key="another-key-00"), "wecom_robot/three", "93000"),
        (lambda t: t.robot.http_error_next(503), "wecom_robot/three", "503"),
        (
            lambda t: t.official.fail_next(40164, call="token"),
            "official_account/street",
            "192.0.2.7",
        ),
        (lambda t: t.write(token="has blank"), "设置", "wecom_app.main.token"),
    ],
)
async def test_each_fault_is_told_with_its_mend(
    town: Town, fault: Fault, subject: str, words: str
) -> None:
    fault(town)
    finding = (await town.examine())[subject]
    assert finding.grade is Grade.FAIL
    assert words in finding.sentence
    assert finding.sentence.endswith("。")
    assert not [s for s in ("wrong-secret", "another-key", town.corp.secret) if s in str(finding)]


async def test_settings_that_changed_since_the_start(town: Town) -> None:
    async with serving(town):
        town.write(token="otherToken")
        finding = (await town.examine())["wecom_app/main 回调"]
    assert finding.grade is Grade.FAIL
    assert "重启服务" in finding.sentence


@pytest.mark.parametrize(
    ("path", "words"), [("http://127.0.0.1:9", "打不开"), ("{corp}", "没有转到海棠")]
)
async def test_the_public_address_is_tried(town: Town, path: str, words: str) -> None:
    async with serving(town):
        town.write(public_url=path.format(corp=town.bases[0]))
        finding = (await town.examine())["wecom_app/main 回调"]
    assert finding.grade is Grade.FAIL
    assert words in finding.sentence


async def test_in_words_for_people(town: Town) -> None:
    result = await town.run("doctor")
    assert result.stdout.startswith("✔ 设置：")
    assert "处要看一下。" in result.stdout.splitlines()[-1]


async def test_another_process_on_the_data(town: Town) -> None:
    import fcntl

    lock = town.folder / "haitang.lock"
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        handle.write("4711")
        handle.flush()
        finding = (await town.examine())["服务"]
    assert (finding.grade, "4711" in finding.sentence) == (Grade.FAIL, True)


# Errands


@pytest.mark.parametrize("runs", [True, False])
async def test_a_group_is_created(town: Town, runs: bool) -> None:
    verb = ("appchat", "create", "春晓管家群", "--owner", "a", "--members", "a, b", "--area", AREA)
    async with AsyncExitStack() as stack:
        if runs:
            await stack.enter_async_context(serving(town))
        result = await town.run(*verb)
    assert result.exit_code == 0, result.output
    ((chat, body),) = town.corp.groups.items()
    assert body["userlist"] == ["a", "b"]
    assert chat in result.stdout
    async with house(load(town.config, {})) as (service, _):
        group = await service.database.read(lambda s: s.people.group("wecom_app/main", chat))
    assert group is not None
    assert (group.name, group.area, group.listen) == ("春晓管家群", AREA, "none")


@pytest.mark.parametrize("runs", [True, False])
async def test_a_group_is_forgotten(town: Town, runs: bool) -> None:
    who = ("--owner", "a", "--members", "b", "--area", AREA)
    assert (await town.run("appchat", "create", "春晓管家群", *who)).exit_code == 0
    async with AsyncExitStack() as stack:
        if runs:
            await stack.enter_async_context(serving(town))
        unknown = await town.run("appchat", "forget", "别的群")
        result = await town.run("appchat", "forget", "春晓管家群")
        again = await town.run("appchat", "forget", "春晓管家群")
    assert (unknown.exit_code, result.exit_code, again.exit_code) == (1, 0, 1)
    assert "群清单" in again.stderr
    async with house(load(town.config, {})) as (service, _):
        groups = await service.database.read(lambda s: s.people.groups())
        (group,) = (g for g in groups if g.channel == "wecom_app/main")
        events = await service.database.read(lambda s: s.events.of(f"group:{group.id}"))
    assert group.state is GroupState.CLOSED
    assert [event.action for event in events] == ["建群", "去掉群"]


async def test_nothing_to_forget_without_data(town: Town) -> None:
    result = await town.run("appchat", "forget", "群")
    assert (result.exit_code, "没有数据" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--owner", "a", "--members", "a", "--area", AREA), "2到2000个成员"),
        (("--owner", "a", "--members", "b|c", "--area", AREA), "英文逗号"),
        (("--owner", "a", "--members", "b", "--area", " "), "哪个网格"),
        (("--owner", "a", "--members", "b", "--area", AREA, "--app", "x"), "不能建群"),
    ],
)
async def test_a_group_that_cannot_be(town: Town, args: tuple[str, ...], words: str) -> None:
    result = await town.run("appchat", "create", "群", *args)
    assert (result.exit_code, words in result.stderr) == (1, True)
    assert town.corp.groups == {}


async def test_a_lost_answer_is_told(town: Town) -> None:
    town.corp.drop_connection_next(call="group")
    verb = ("appchat", "create", "群", "--owner", "a", "--members", "b", "--area", AREA)
    result = await town.run(*verb)
    assert (result.exit_code, "不知道建成没有" in result.stderr) == (1, True)


@pytest.mark.parametrize("runs", [True, False])
async def test_menus_are_pushed(town: Town, runs: bool) -> None:
    async with AsyncExitStack() as stack:
        if runs:
            await stack.enter_async_context(serving(town))
        result = await town.run("menu", "push")
    assert result.exit_code == 0, result.output
    for menu in (town.corp.menu, town.official.menu):
        assert [button["key"] for button in menu["button"]] == ["登记", "进度", "帮助"]


async def test_a_menu_for_what_has_none(town: Town) -> None:
    result = await town.run("menu", "push", "wecom_robot/three")
    assert (result.exit_code, "没有菜单" in result.stderr) == (1, True)
    town.write(channels=False)
    result = await town.run("menu", "push")
    assert (result.exit_code, "没有配置" in result.stderr) == (1, True)
    result = await town.run(
        "appchat", "create", "群", "--owner", "a", "--members", "b", "--area", "x"
    )
    assert (result.exit_code, "还没有配置" in result.stderr) == (1, True)


async def test_the_table_of_channels(town: Town) -> None:
    shown = (await town.run("channels")).stdout
    assert [line.split()[0] for line in shown.splitlines()] == [
        "类型",
        "wecom_app/main",
        "wecom_robot/three",
        "official_account/street",
    ]
    town.write(channels=False)
    assert "--all" in (await town.run("channels")).stdout
    everything = (await town.run("channels", "--all")).stdout
    assert "企业微信群机器人" in everything
