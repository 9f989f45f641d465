"""`haitang notices import|export`: a plan in and out, without and through a running service."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.app import Database
from bot.config import Config, load
from bot.engine.clock import SystemClock
from bot.knowing import build_knowledge
from bot.models import SHANGHAI, NoticeState
from bot.ports import Store
from bot.serve import house
from bot.services.plan import PlansService

DAY = (datetime.now(SHANGHAI) + timedelta(days=40)).date()
GOOD = f"时间,内容,发往\n{DAY} 8:00,停水通知：9点停水,一群\n每周一8:30,垃圾分类,\n"
PEOPLE = """
[community]
name = "春晓社区"
street = "海棠街道"

[[groups]]
chat = "g1"
name = "一群"
area = "海棠街道/春晓社区/第1微网格"

[[people]]
user = "wang"
name = "王芳"
role = "steward"
area = "海棠街道/春晓社区/第1微网格"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The settings of a community with one group and one steward."""
    (tmp_path / "community.toml").write_text(PEOPLE, "utf-8")
    path = tmp_path / "config.toml"
    path.write_text(
        f'[bot]\ncommunity = "{tmp_path}/community.toml"\n[server]\nport = 0\n'
        f'[storage]\npath = "{tmp_path}/haitang.db"\n[sandbox]\nwecom = false\n',
        "utf-8",
    )
    return path


def haitang(*args: object) -> Result:
    return CliRunner().invoke(main, ["notices", *(str(arg) for arg in args)])


def imported(config: Path, text: str, *more: str, author: str = "王芳") -> Result:
    file = config.with_name("plan.csv")
    file.write_text(text, "utf-8")
    return haitang("import", file, "--author", author, "--config", config, *more)


async def in_house(config: Path, *args: object) -> Result:
    """A verb beside a service that runs in this loop."""
    return await asyncio.to_thread(haitang, *args, "--config", config)


def confirm(config: Config) -> None:
    """What the author's 确认 does."""

    def do(store: Store) -> None:
        plans = PlansService(store, build_knowledge(config), SystemClock().now())
        author = plans.author("王芳")
        plans.confirm(plans.find("", author), author, "")

    async def opened() -> None:
        database = Database.open(config.storage.file, config.storage.key)
        try:
            await database.write(do)
        finally:
            await database.close()

    asyncio.run(opened())


async def start_once(config: Path) -> None:
    async with house(load(config, {})):
        pass


def test_in_and_out_without_a_service(config: Path) -> None:
    assert "还没有数据" in imported(config, GOOD).stderr
    asyncio.run(start_once(config))
    told = imported(config, GOOD, "--dry-run")
    assert told.exit_code == 0, told.output
    first, second, last = told.stdout.splitlines()
    assert first.startswith("第2行：")
    assert first.endswith("发往1处，停水通知：9点停水")
    assert "每周一8:30，第一次" in second
    assert last == "2条都没有问题，没有导入。"
    assert imported(config, GOOD).stdout == (
        "已导入 2 条，是1号计划，还没有排上：已私下问王芳，回复「确认」才排上。\n"
    )
    confirm(load(config, {}))
    for name in ("out.ics", "out.xlsx", "out.csv"):
        out = config.with_name(name)
        assert haitang("export", out, "--config", config).stdout == f"已导出到 {out}。\n"
        again = haitang("import", out, "--author", "王芳", "--config", config)
        assert again.exit_code == 1
        assert again.stderr.count("请删掉一个") == 2, again.stderr


@pytest.mark.parametrize(
    ("text", "author", "words"),
    [
        (GOOD, "没有这个人", "没有叫「没有这个人」的工作人员，请用 --author 写姓名或账号。"),
        (
            GOOD.replace("一群", "九群"),
            "王芳",
            "第2行：没有叫「九群」的群（或不止一个），有：一群。",
        ),
        ("什么,都不是\n", "王芳", "表头缺少：时间、内容"),
    ],
)
def test_faults_are_told_and_nothing_is_kept(
    config: Path, text: str, author: str, words: str
) -> None:
    asyncio.run(start_once(config))
    told = imported(config, text, author=author)
    assert told.exit_code == 1
    assert words in told.stderr
    assert "Traceback" not in told.output
    told = haitang("export", config.with_name("out.doc"), "--config", config)
    assert told.stderr == "文件名要以 .ics（日历）、.xlsx 或 .csv 结尾。\n"
    assert "读写不了" in haitang("import", "no.ics", "--author", "王芳", "--config", config).stderr


async def test_through_the_running_service(config: Path) -> None:
    file = config.with_name("plan.csv")
    file.write_text(GOOD, "utf-8")
    async with house(load(config, {})) as (service, _):
        told = await in_house(config, "import", file, "--author", "wang")
        assert "是1号计划" in told.stdout, told.output
        told = await in_house(config, "import", file, "--author", "别人")
        assert told.stderr.startswith("没有叫「别人」的工作人员")
        told = await in_house(config, "export", config.with_name("out.ics"))
        assert told.exit_code == 0, told.output
        drafts = await service.database.read(
            lambda store: store.notices.by_state(NoticeState.DRAFT, 9)
        )
        assert len(drafts) == 2
        assert (await service.database.read(lambda store: store.audit.verify())).faults == ()
