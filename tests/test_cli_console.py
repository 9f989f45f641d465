"""`haitang console`: a way in for who is shut out; nothing secret on the screen but the link."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.app import Database
from bot.models import Access, Role
from bot.ports import Store
from bot.services.accounts import AccountsService

AREA = "海棠街道/春晓社区"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("HAITANG_")]:
        monkeypatch.delenv(name)
    return tmp_path


def haitang(*args: str) -> Result:
    return CliRunner().invoke(main, list(args), prog_name="haitang")


@pytest.fixture
def office(folder: Path) -> None:
    """Two accounts in a database that no service holds."""

    def fill(store: Store) -> None:
        accounts = AccountsService(store, datetime.now(UTC))
        boss = accounts.create("陈敏", Role.STREET, AREA, Access.ADMIN, secret="$argon2id$x")
        gone = accounts.create("离职的人", Role.COMMUNITY, AREA, Access.STAFF)
        person = store.people.by_id(boss.person)
        assert person is not None
        accounts.change(gone, person, access=Access.STAFF, disabled=True)

    async def make() -> None:
        (folder / "var").mkdir()
        database = Database.open(folder / "var/haitang.db", folder / "var/haitang.key")
        try:
            await database.write(fill)
        finally:
            await database.close()

    asyncio.run(make())


@pytest.mark.usefixtures("office")
def test_accounts_are_listed_without_anything_secret() -> None:
    told = haitang("console", "accounts").stdout
    assert f"陈敏：系统管理员，街道工作人员，{AREA}\n" in told
    assert "离职的人：工作人员，社区工作人员" in told
    assert "已停用，没有密码" in told
    assert "argon2" not in told


@pytest.mark.usefixtures("office")
def test_a_link_for_a_new_password_is_made_and_written_down() -> None:
    told = haitang("console", "link", "陈敏").stdout
    assert "http://127.0.0.1:8080/console/password/" in told
    assert "命令行 发设密码链接 account:" in haitang("audit", "show", "--last", "1").stdout


@pytest.mark.usefixtures("office")
def test_a_name_that_nobody_has_is_told_with_those_there_are() -> None:
    result = haitang("console", "link", "陈名")
    assert result.exit_code == 1
    assert result.stderr == "没有名叫「陈名」的账号。现有：离职的人、陈敏。\n"


@pytest.mark.parametrize("args", [("accounts",), ("link", "陈敏")])
def test_without_data_one_is_told_what_to_do(args: tuple[str, ...]) -> None:
    result = haitang("console", *args)
    assert (result.exit_code, "先运行 haitang run" in result.stderr) == (1, True)
