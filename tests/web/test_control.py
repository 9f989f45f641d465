"""The socket by which the command line reaches the running service."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from bot.errors import HaitangError
from bot.models import Access, Role
from bot.services.accounts import AccountsService
from bot.services.faq_csv import read_csv
from bot.services.faq_table import HEADER
from bot.web import control
from tests.web.doors import Door, opened, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEAD = ",".join(HEADER)
ROW = "A1,怎么办证,,到窗口办,社区,,,,,"
URL = "http://haitang/faq"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with opened(tmp_path_factory.mktemp("control"), sandbox=False) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def session(door: Door) -> AsyncIterator[aiohttp.ClientSession]:
    path = door.service.database.path.with_suffix(".sock")
    async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path))) as made:
        yield made


async def imported(session: aiohttp.ClientSession, *rows: str) -> tuple[int, str]:
    data = "\n".join([HEAD, *rows]).encode()
    async with session.post(URL, data=data) as answer:
        return answer.status, await answer.text()


async def test_the_bank_goes_in_and_out(session: aiohttp.ClientSession) -> None:
    assert await imported(session, ROW) == (200, "1")
    async with session.get(URL) as answer:
        assert answer.content_type == "text/csv"
        assert [entry.id for entry in read_csv(await answer.read())] == ["A1"]


async def test_an_imported_answer_is_given_at_once(
    door: Door, session: aiohttp.ClientSession
) -> None:
    await imported(session, "A1,居住证怎么续签,,到三号窗口,社区,,,,,")
    await door.post(door.fake.callback("asker", "居住证怎么续签"))
    await until(lambda: bool(door.heard("asker")))
    assert "到三号窗口" in "".join(door.heard("asker"))


async def test_one_faulty_row_keeps_all_out(session: aiohttp.ClientSession) -> None:
    status, told = await imported(session, ROW.replace("A1", "B1"), "B2,,,,")
    assert (status, told) == (422, "第3行：问题、答案、来源没有填。")
    async with session.get(URL) as answer:
        assert b"B1" not in await answer.read()


async def test_a_file_that_is_too_large_is_refused(
    session: aiohttp.ClientSession, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.sheet.MAX_BYTES", 1000)
    status, told = await imported(session, *(ROW.replace("A1", f"C{n}") for n in range(100)))
    assert status == 422
    assert "请分几个文件导入" in told
    assert control.MAX_BODY > 1000


async def test_a_database_that_cannot_write_is_told(
    session: aiohttp.ClientSession, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*args: object) -> None:
        raise HaitangError("数据库写不进去")

    with monkeypatch.context() as broken:
        broken.setattr(door.service.database, "write", fail)
        assert await imported(session, ROW) == (422, "数据库写不进去")


async def test_nothing_else_is_behind_the_socket(session: aiohttp.ClientSession) -> None:
    for path in ("/", "/sandbox", "/metrics", "/callback/wecom_app/main"):
        async with session.get("http://haitang" + path) as answer:
            assert answer.status == 404


async def test_the_kinds_of_matters_go_out_and_in(session: aiohttp.ClientSession) -> None:
    url = "http://haitang/taxonomy"
    async with session.get(url) as answer:
        table = await answer.read()
    async with session.post(
        url, data=table.replace("环境卫生".encode(), "楼道卫生".encode())
    ) as answer:
        assert (answer.status, await answer.text()) == (200, "21")
    async with session.get(url) as answer:
        assert "楼道卫生" in (await answer.read()).decode()
    async with session.post(url, data=table) as answer:
        assert answer.status == 200
    async with session.post("http://haitang/anything", data=b"") as answer:
        assert answer.status == 404


async def test_a_link_for_an_account_is_made_while_the_service_runs(
    door: Door, session: aiohttp.ClientSession
) -> None:
    async with session.get("http://haitang/console/accounts") as answer:
        assert (answer.status, await answer.json()) == (200, [])
    async with session.post("http://haitang/console/link", data="陈敏".encode()) as answer:
        assert (answer.status, "还没有账号" in await answer.text()) == (422, True)
    now = door.service.clock.now()
    await door.service.database.write(
        lambda store: AccountsService(store, now).create("陈敏", Role.STREET, "街", Access.ADMIN)
    )
    async with session.post("http://haitang/console/link", data="陈敏".encode()) as answer:
        path = await answer.text()
    async with door.session.get(door.url + path) as answer:
        assert (answer.status, "设一个新密码" in await answer.text()) == (200, True)
