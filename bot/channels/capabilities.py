"""What a platform honestly allows, so that nobody promises more: one row of the table of channels.

The words are here in both languages, because the command line and the documents say the same.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from msgspec import Struct


class Hears(StrEnum):
    """What of a group's talk reaches the bot."""

    NOTHING = "nothing"
    MENTIONS = "mentions"
    EVERYTHING = "everything"


class Speaks(StrEnum):
    """When the bot may say something of its own accord."""

    NEVER = "never"
    REPLIES = "replies"
    OWN = "own"
    AFTER_TALK = "after_talk"
    FREELY = "freely"


class Capabilities(Struct, frozen=True, kw_only=True):
    """`group_*` and `private_*` are about chats of either kind. `residents`: whether people who
    only have WeChat can be reached. `official`: whether the platform offers and supports it.
    """

    title: str
    title_en: str
    group_hears: Hears
    group_speaks: Speaks
    private_hears: bool
    private_speaks: Speaks
    residents: bool
    limits: str
    limits_en: str
    official: bool = True


HEARS: Final = {
    Hears.NOTHING: ("不能", "no"),
    Hears.MENTIONS: ("只有 @ 它的话", "only when @-mentioned"),
    Hears.EVERYTHING: ("全部", "everything"),
}
SPEAKS: Final = {
    Speaks.NEVER: ("不能", "no"),
    Speaks.REPLIES: ("只能回话", "replies only"),
    Speaks.OWN: ("只在自己建的群里", "only groups that it created"),
    Speaks.AFTER_TALK: ("要先有人对它说过话", "after somebody wrote to it there"),
    Speaks.FREELY: ("能", "yes"),
}
HEAD: Final = (
    (
        "类型",
        "通道",
        "听得到群里的话",
        "能在群里说话",
        "听得到私聊",
        "能私聊",
        "够得到只用微信的居民",
        "官方支持",
        "限制",
    ),
    (
        "Kind",
        "Channel",
        "Hears a group",
        "Speaks into a group",
        "Hears private chats",
        "Speaks privately",
        "Reaches residents who only have WeChat",
        "Official",
        "Limits",
    ),
)
CHINESE, ENGLISH = 0, 1


def row(kind: str, can: Capabilities, language: int = CHINESE) -> tuple[str, ...]:
    """One line of the table, in the order of `HEAD`."""

    def yes(value: bool) -> str:
        return (("不能", "能"), ("no", "yes"))[language][value]

    official = (("不是", "是"), ("no", "yes"))[language][can.official]
    return (
        kind,
        (can.title, can.title_en)[language],
        HEARS[can.group_hears][language],
        SPEAKS[can.group_speaks][language],
        yes(can.private_hears),
        SPEAKS[can.private_speaks][language],
        yes(can.residents),
        official,
        (can.limits, can.limits_en)[language],
    )
