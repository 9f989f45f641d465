from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from bot.models import Article, Card, CardLink, CardRow, File, Image, Markdown, News, Rich, Voice

URL = "https://wx.example/a"
ARTICLE = Article(title="通知", url=URL)
ROW = CardRow(name="时间", value="8:00")
EVERY: tuple[Rich, ...] = (
    Markdown(text="**停水**"),
    Image(ref="a.png"),
    News(articles=(ARTICLE,)),
    File(name="名单.xlsx", ref="f-1"),
    Voice(ref="v.amr"),
    Card(title="停水", url=URL, rows=(ROW,), links=(CardLink(title="看", url=URL),)),
)


@pytest.mark.parametrize("rich", EVERY, ids=lambda rich: type(rich).__name__)
def test_they_survive_the_ledger(rich: Rich) -> None:
    assert msgspec.json.decode(msgspec.json.encode(rich), type=Rich) == rich


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Markdown(text=" "),
        lambda: Markdown(text="水" * 7000),
        lambda: Image(ref="../secret"),
        lambda: Image(ref=".hidden"),
        lambda: Image(ref=""),
        lambda: File(name="a/b", ref="x"),
        lambda: File(name='a".txt', ref="x"),
        lambda: Article(title="水" * 43, url=URL),
        lambda: Article(title="x", url="javascript:alert(1)"),
        lambda: Article(title="x", url="https://a b"),
        lambda: Article(title="x", url=URL, picture="file:///etc/passwd"),
        lambda: News(articles=()),
        lambda: News(articles=(ARTICLE,) * 9),
        lambda: Card(title="", url=URL),
        lambda: Card(title="x", url=URL, rows=(ROW,) * 7),
        lambda: Card(title="x", url=URL, links=(CardLink(title="x", url=URL),) * 4),
        lambda: Card(title="x", url=URL, columns=(ROW,) * 5),
        lambda: Card(title="x", url=URL, aspect=3.0),
        lambda: Card(title="x", url=URL, body="水" * 171),
    ],
)
def test_what_no_platform_takes_cannot_be_built(wrong: Callable[[], Rich]) -> None:
    with pytest.raises(ValueError, match=r"^\w+$"):
        wrong()
