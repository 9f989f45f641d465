"""What is a reply to a notice, and what only looks like one."""

from __future__ import annotations

import pytest

from bot.language.notice_replies import notice_number, read_replies
from bot.models import ReplyKind

R, N, G, H = ReplyKind.RECEIVED, ReplyKind.NUMBER, ReplyKind.GROUPS, ReplyKind.HOUSEHOLDS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("收到", [(R, 1)]),
        ("收到!", [(R, 1)]),
        ("已收到,谢谢管家", [(R, 1)]),
        ("好的 收到", [(R, 1)]),
        ("收到了", [(R, 1)]),
        ("3", [(N, 3)]),
        ("5人", [(N, 5)]),
        ("已转发到5个群", [(G, 5)]),
        ("转发了三个群,转达3户", [(G, 3), (H, 3)]),
        ("3号通知已通知到十二户", [(H, 12)]),
        ("打电话告诉了2家老人", [(H, 2)]),
    ],
)
def test_volunteered(text: str, found: list[tuple[ReplyKind, int]]) -> None:
    assert [(reply.kind, reply.number) for reply in read_replies(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "收到快递了吗",
        "收到短信让我转账",
        "没收到通知",
        "转发到几个群?",
        "请转发到5个群",
        "3幢",
        "3号",
        "1234",
        "转发到0个群",
        "9点",
        "我家3户都停水了",
        "通知3家电器店搬走",
        "麻烦通知3户",
    ],
)
def test_other_talk(text: str) -> None:
    assert read_replies(text) == ()


@pytest.mark.parametrize(
    ("text", "number"),
    [("3号通知已转发到5个群", "3"), ("通知3户", ""), ("n12通知 转达3户", "12"), ("3户转达", "")],
)
def test_which_notice(text: str, number: str) -> None:
    assert notice_number(text) == number
