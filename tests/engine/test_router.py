"""Which handler gets a message: the first that matches, in an order that safety leads."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import Context, Form, Router, SkipHandler, always, keyword
from bot.engine.router import Kind, in_order
from tests.engine.rig import Rig, echo, rig, says


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "haitang.db"


def do_nothing(ctx: Context) -> None:
    """Claims a message."""


def test_kinds_come_in_their_order_and_routers_in_theirs() -> None:
    first, second, danger = Router("first"), Router("second"), Router("danger", safety=True)
    for router in (first, second):
        router.on(always())(do_nothing)
        router.command(f"令{router.name}", form=Form.ALONE)(do_nothing)
        router.answer("topic")(do_nothing)
    danger.on(always())(do_nothing)
    assert [
        (route.kind, route.name.split(".")[0]) for route in in_order([first, second, danger])
    ] == [
        (Kind.SAFETY, "danger"),
        (Kind.ANSWER, "first"),
        (Kind.ANSWER, "second"),
        (Kind.COMMAND, "first"),
        (Kind.COMMAND, "second"),
        (Kind.TALK, "first"),
        (Kind.TALK, "second"),
    ]


def test_a_route_is_called_by_its_router_and_handler() -> None:
    assert [route.name for route in echo("water").routes] == ["water.repeat"]


def test_decorating_leaves_the_function_as_it_is() -> None:
    router = Router("plain")
    assert router.on(always())(do_nothing) is do_nothing
    assert router.command("清单", form=Form.ALONE)(do_nothing) is do_nothing
    assert router.tick(lambda scene: None)(print) is print


async def answered_by(house: Rig, text: str) -> str:
    receipt = await house.engine.receive(says(text))
    trace = await house.database.read(lambda store: store.traces.get(receipt.message))
    return "" if trace is None else trace.handler


async def test_the_first_match_wins_and_a_skip_hands_on(path: Path) -> None:
    picky = Router("picky")

    @picky.on(keyword("水"))
    def water(ctx: Context) -> None:
        if "矿泉水" in ctx.text:
            raise SkipHandler

    @picky.on(keyword("水", "电"))
    def power(ctx: Context) -> None:
        if "电影" in ctx.text:
            raise SkipHandler

    async with rig(path, picky, echo()) as house:
        assert await answered_by(house, "停水了") == "picky.water"
        assert await answered_by(house, "矿泉水") == "picky.power"
        assert await answered_by(house, "停电了") == "picky.power"
        assert await answered_by(house, "看电影") == "echo.repeat"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("办结 12 已换灯泡", "12 已换灯泡"),
        ("#办结12", "12"),
        ("／完结 12", "12"),
        ("办结楼道灯", None),
        ("大家办结了吗", None),
    ],
)
async def test_a_command_is_found_by_its_words(text: str, rest: str | None, path: Path) -> None:
    found: list[str] = []
    router = Router("desk")

    @router.command("办结", "完结", form=Form.NUMBER)
    def close(ctx: Context) -> None:
        assert ctx.command is not None
        found.append(ctx.command.rest)

    async with rig(path, router) as house:
        await house.engine.receive(says(text))
    assert found == ([] if rest is None else [rest])


async def test_two_commands_cannot_share_a_word(path: Path) -> None:
    one, other = Router("one"), Router("other")
    one.command("清单", form=Form.ALONE)(do_nothing)
    other.command("列表", "清单", form=Form.ALONE)(do_nothing)
    with pytest.raises(ValueError, match="清单"):
        async with rig(path, one, other):
            pass
