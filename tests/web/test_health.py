"""What a monitor asks: alive, ready, numbers."""

from __future__ import annotations

import asyncio
import resource
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.web.doors import Door, logged, opened, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with opened(tmp_path_factory.mktemp("health"), sandbox=False) as made:
        await until(lambda: made.service.ready)
        yield made


async def test_alive_and_ready(door: Door) -> None:
    assert await door.get("/healthz") == (200, b"ok")
    assert await door.get("/readyz") == (200, b"ok")


async def test_not_ready_before_the_dictionary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = threading.Event()
    monkeypatch.setattr("bot.app.load_dictionary", lambda state: loaded.wait(10))
    async with opened(tmp_path, sandbox=False) as door:
        assert await door.get("/readyz") == (503, "词典还在加载".encode())
        assert await door.get("/healthz") == (200, b"ok")
        loaded.set()
        await until(lambda: door.service.ready)
        assert await door.get("/readyz") == (200, b"ok")


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process may grow beyond a page: what SQLite meets on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


async def test_not_ready_while_the_disk_is_full(door: Door) -> None:
    """A transaction could still begin: only a real write shows it."""
    with logged() as log, full_disk():
        status, body = await door.get("/readyz")
        refused = await door.post(door.fake.callback("unlucky", "帮助", "1"))
    assert (status, body.decode()) == (503, "数据库写不进去，请检查磁盘和日志")
    assert refused == (503, b"")
    assert "message not stored" in log.getvalue()
    unstored = 'haitang_unstored_messages_total{channel="wecom_app/main"}'
    assert await door.metric(unstored) == 1
    assert await door.get("/readyz") == (200, b"ok")
    assert await door.post(door.fake.callback("unlucky", "帮助", "1")) == (200, b"")
    assert await door.stored("unlucky") == ["帮助"]
    await until(lambda: bool(door.heard("unlucky")))


async def test_not_ready_when_there_is_hardly_any_room(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await door.metric("haitang_disk_free_bytes") > 0
    with monkeypatch.context() as full:
        full.setattr("bot.web.health.ROOM", 2**80)
        status, body = await door.get("/readyz")
    assert status == 503
    assert "磁盘快满了，只剩" in body.decode()
    assert await door.get("/readyz") == (200, b"ok")


async def test_not_ready_when_the_database_does_not_answer(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*args: object) -> None:
        await asyncio.sleep(0.5)

    with monkeypatch.context() as broken:
        broken.setattr(door.service.database, "write", hang)
        broken.setattr("bot.web.health.PATIENCE", 0.1)
        assert (await door.get("/readyz"))[0] == 503


async def test_metrics_are_prometheus_text(door: Door) -> None:
    await door.post(door.fake.callback("counted", "帮助"))
    await until(lambda: bool(door.heard("counted")))
    async with door.session.get(door.url + "/metrics") as answer:
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        text = await answer.text()
    assert 'haitang_messages_total{outcome="answered"}' in text
    assert 'haitang_outbox_rows{state="queued"} 0.0' in text
    assert "haitang_acknowledge_seconds_count" in text
    for name in door.service.metrics.names():
        assert f"# HELP {name}" in text
    for private in ("counted", door.fake.corp_id, door.fake.token):
        assert private not in text


async def test_metrics_outlive_the_database(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*args: object) -> None:
        raise OSError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(door.service.database, "read", fail)
        status, body = await door.get("/metrics")
    assert status == 200
    assert b"haitang_messages_total" in body
