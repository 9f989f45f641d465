"""Starting and ending: whatever fails where, nothing stays locked, open or half begun."""

from __future__ import annotations

import asyncio
import socket
import stat
import threading
import time
from pathlib import Path

import aiohttp
import pytest

from bot.config_sections import BotSection, Config, SandboxSection, ServerSection, StorageSection
from bot.errors import ConfigError, HaitangError, StorageError
from bot.serve import bind, house
from storage.lock import Lock
from tests.web.doors import opened, until


def settings(folder: Path, port: int = 0, **bot: str) -> Config:
    return Config(
        bot=BotSection(**bot),  # type: ignore[arg-type]
        server=ServerSection(port=port),
        storage=StorageSection(path=str(folder / "haitang.db")),
        sandbox=SandboxSection(enabled=False),
    )


def test_a_taken_port_is_told() -> None:
    taken = bind("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with pytest.raises(ConfigError, match=rf"「server.port」的值是「{port}」.*已被别的程序占用"):
        bind("127.0.0.1", port)
    taken.close()
    bind("127.0.0.1", port).close()


@pytest.mark.parametrize("host", ["192.0.2.1", "a..b", "2001:db8::1"])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    with pytest.raises(ConfigError, match=r"「server.host」的值是.*不是本机的地址"):
        bind(host, 0)


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:")],  # noqa: S104
)
async def test_the_address_that_is_told_can_be_opened(
    tmp_path: Path, host: str, address: str
) -> None:
    config = Config(
        server=ServerSection(host=host, port=0),
        storage=StorageSection(path=str(tmp_path / "haitang.db")),
    )
    async with house(config) as (_, url), aiohttp.ClientSession() as session:
        assert url.startswith(address)
        async with session.get(f"{url}/healthz") as answer:
            assert answer.status == 200


def free(folder: Path, port: int) -> None:
    """Nothing of a house is left: the lock, the port and the control socket can be had."""
    Lock(folder / "haitang.lock").acquire().release()
    bind("127.0.0.1", port).close()
    assert not (folder / "haitang.sock").exists()


@pytest.fixture
def port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def test_a_broken_community_leaves_nothing_behind(tmp_path: Path, port: int) -> None:
    broken = tmp_path / "community.toml"
    broken.write_text("[community]\nname = 1\n", "utf-8")
    with pytest.raises(ConfigError, match="社区资料文件"):
        async with house(settings(tmp_path, port, community=str(broken))):
            pytest.fail("it started")
    free(tmp_path, port)
    assert not [t.name for t in threading.enumerate() if t.name.startswith("haitang")]


async def test_a_broken_bank_leaves_nothing_behind(tmp_path: Path, port: int) -> None:
    broken = tmp_path / "faq.csv"
    broken.write_text("编号\n1\n", "utf-8")
    with pytest.raises(HaitangError, match="表头缺少"):
        async with house(settings(tmp_path, port, faq=str(broken))):
            pytest.fail("it started")
    free(tmp_path, port)


@pytest.mark.parametrize(
    "part", ["bot.app.Service.start", "bot.app.Service.web", "bot.web.control.Control.start"]
)
async def test_a_failure_halfway_leaves_nothing_behind(
    tmp_path: Path, port: int, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("halfway")

    with monkeypatch.context() as broken:
        broken.setattr(part, fail)
        with pytest.raises(RuntimeError, match="halfway"):
            async with house(settings(tmp_path, port)):
                pytest.fail("it started")
    free(tmp_path, port)
    async with house(settings(tmp_path, port)):
        pass
    free(tmp_path, port)


async def test_a_second_service_on_the_same_data_is_refused(tmp_path: Path, port: int) -> None:
    async with house(settings(tmp_path)):
        with pytest.raises(StorageError, match="另一个海棠进程"):
            async with house(settings(tmp_path, port)):
                pytest.fail("it started")
        bind("127.0.0.1", port).close()
        assert (tmp_path / "haitang.sock").exists()


async def test_the_control_socket_is_the_owners_alone(tmp_path: Path) -> None:
    async with house(settings(tmp_path)):
        mode = (tmp_path / "haitang.sock").stat().st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o600
    assert not (tmp_path / "haitang.sock").exists()


async def test_a_path_too_long_for_a_socket_only_costs_the_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    async with house(settings(deep)) as (_, url), aiohttp.ClientSession() as session:
        async with session.get(f"{url}/healthz") as answer:
            assert answer.status == 200
        assert not (deep / "haitang.sock").exists()


async def test_open_pages_do_not_hold_up_the_end(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as session:
        async with opened(tmp_path) as door:
            streams = [await session.get(door.url + "/sandbox/api/events") for _ in range(5)]
            started = time.perf_counter()
        assert time.perf_counter() - started < 3.0
        for stream in streams:
            assert (await stream.content.read()).endswith(b"\n\n")


async def test_dawdlers_do_not_hold_up_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.serve.REQUEST_SECONDS", 0.2)
    async with opened(tmp_path) as door:
        host, port = door.url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /sandbox/api/say HTTP/1.1\r\nHost: x\r\nX-Haitang-Sandbox: 1\r\n")
        writer.write(b"Content-Length: 50\r\n\r\n{")
        await asyncio.sleep(0.05)
        started = time.perf_counter()
    assert time.perf_counter() - started < 1.5
    writer.close()


async def test_what_was_said_is_there_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path, sandbox=False) as door:
        await door.post(door.fake.callback("steady", "帮助", "1"))
        await until(lambda: bool(door.heard("steady")))
        fake = door.fake
    async with opened(tmp_path, sandbox=False, fake=fake) as door:
        assert await door.stored("steady") == ["帮助"]
        await door.post(door.fake.callback("steady", "帮助", "1"))
        await asyncio.sleep(0.1)
        assert len(door.heard("steady")) == 1
