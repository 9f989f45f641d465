"""`haitang ledger` and `haitang report`, with and without a running service."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import msgspec
import openpyxl
import pytest
import pytest_asyncio
from click.testing import CliRunner, Result

from bot.__main__ import main
from tests.web.doors import Door, opened

OLD = "编号,登记时间,诉求内容,状态,办结时间\n"
LINES = OLD + "K-1,2023-01-05,3幢灯不亮,已办结,2023-01-06\nK-2,2023-01-07,5幢水管漏,在办,\n"
AREA = "海棠街道/春晓社区"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HAITANG_STORAGE__PATH", raising=False)
    return tmp_path


def haitang(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="haitang")


def said(*args: object) -> str:
    result = haitang(*args)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*args: object, code: int = 1) -> str:
    result = haitang(*args)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.stderr


def old_ledger(folder: Path, text: str = LINES) -> Path:
    path = folder / "旧台账.csv"
    path.write_text(text, "utf-8-sig")
    return path


def test_an_older_ledger_comes_in_is_read_out_and_goes_again(folder: Path) -> None:
    path = old_ledger(folder)
    tried = said("ledger", "import", path, "--area", AREA, "--dry-run")
    assert "试读：新的2件，已有的0件。" in tried
    assert "已导入2件（批次 T1）" in said("ledger", "import", path, "--area", AREA)
    assert said("ledger", "import", path, "--area", AREA) == "没有新的，2件都已经导入过。\n"
    out = folder / "台账.xlsx"
    said("ledger", "export", out, "--area", AREA, "--month", "2023-01")
    sheet = openpyxl.load_workbook(out)["诉求台账"]
    assert [sheet["F4"].value, sheet["F5"].value] == ["3幢灯不亮", "5幢水管漏"]
    said("ledger", "export", folder / "台账.csv", "--from", "2023-01-01", "--to", "2023-01-06")
    assert "灯不亮" in (folder / "台账.csv").read_text("utf-8-sig")
    assert "水管" not in (folder / "台账.csv").read_text("utf-8-sig")
    assert "收集居民诉求2个" in said("report", "monthly", "--date", "2023-01-09")
    said("report", "monthly", "--date", "2023-01-09", "--out", folder / "月报.docx")
    said("report", "weekly", "--date", "2023-01-09", "--out", folder / "周报.xlsx")
    assert said("ledger", "undo", "T1") == "批次 T1 的2件已撤回，不再计入台账。\n"
    assert "收集居民诉求0个" in said("report", "monthly", "--date", "2023-01-09")
    trace = said("audit", "show")
    assert trace.count("导出") == 6
    assert "撤销导入" in trace


def test_faults_are_listed_and_nothing_comes_in(folder: Path) -> None:
    path = old_ledger(folder, OLD + "K-1,昨天,灯不亮,在办,\nK-2,2023-01-07,,在办,\n")
    for flags in ([], ["--dry-run"]):
        told = refused("ledger", "import", path, "--area", AREA, *flags)
        assert told == (
            "第2行：登记时间「昨天」看不懂，请写成 2023-01-05 这样。\n第3行：诉求内容没有填。\n"
        )
    assert "收集居民诉求0个" in said("report", "monthly", "--date", "2023-01-09")


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["ledger", "export", "a.pdf"], "文件「a.pdf」看不出格式，文件名请以 .xlsx、.csv 结尾。"),
        (["report", "daily", "--out", "a"], "文件名请以 .txt、.xlsx、.docx 结尾。"),
        (["report", "yearly"], "没有「yearly」这种报表，可以是 daily、weekly、monthly。"),
        (["ledger", "export", "a.csv", "--month", "一月"], "--month 的月份「一月」看不懂"),
        (["ledger", "export", "a.csv", "--from", "2023-01-01"], "--from 和 --to 要一起写"),
        (
            ["ledger", "export", "a.csv", "--month", "2023-01", "--to", "2023-01-01"],
            "只能用一样",
        ),
        (["report", "daily", "--date", "5号"], "--date 的日期「5号」看不懂"),
        (["ledger", "import", "a.csv"], "缺少参数 area"),
    ],
)
def test_what_is_typed_wrong(args: list[str], sentence: str) -> None:
    assert sentence in refused(*args, code=2)


def test_what_cannot_be(folder: Path) -> None:
    out = folder / "a.csv"
    assert "还没有数据" in refused("ledger", "export", out)
    assert "读写不了" in refused("ledger", "import", folder / "no.csv", "--area", AREA)
    said("ledger", "import", old_ledger(folder), "--area", AREA)
    assert "没有导入批次「T9」" in refused("ledger", "undo", "T9")
    days = ["--from", "2023-02-01", "--to", "2023-01-01"]
    assert "结束日期在开始日期前面" in refused("ledger", "export", out, *days)
    assert not out.exists()


# With a running service


@pytest_asyncio.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with opened(tmp_path / "served", sandbox=False) as made:
        yield made


async def test_the_running_service_does_it(door: Door) -> None:
    socket = door.service.database.path.with_suffix(".sock")
    asked = urlencode({"name": "a.csv", "area": AREA})
    wanted = msgspec.json.encode(
        {
            "kind": "ledger", "form": "xlsx", "area": AREA, "first": "2023-01-01",
            "last": "2023-01-31",
        }
    )  # fmt: skip
    async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket))) as session:
        for how, told in (("dry", "试读：新的2件"), ("take", "已导入2件（批次 T1）")):
            url = f"http://haitang/ledger/{how}?{asked}"
            async with session.post(url, data=LINES.encode()) as answer:
                assert told in await answer.text()
        async with session.post("http://haitang/ledger/take?name=a.csv&area=", data=b"x") as answer:
            assert answer.status == 422
        async with session.post("http://haitang/paper", data=wanted) as answer:
            book = openpyxl.load_workbook(io.BytesIO(await answer.read()))
            assert len(book.sheetnames) == 9
        for bad in (b"{}", b"\xff"):
            async with session.post("http://haitang/paper", data=bad) as answer:
                assert answer.status == 400
        async with session.delete("http://haitang/ledger/T1") as answer:
            assert "2件已撤回" in await answer.text()
        async with session.delete("http://haitang/ledger/T1") as answer:
            assert answer.status == 422
