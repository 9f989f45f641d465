"""The list of matters: what is on it, what is found, what is saved."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec
import pytest

from bot.models import Access, Audience, Kind, Place, Role
from bot.services.appeal_lists import MOST_VIEWS, PAGE
from bot.web.console.appeal_lines import span
from tests.console.kit import COMMUNITY, GRID, STREET, Answer, Clerk, Office
from tests.console.matters import SECOND, XSS, elsewhere, settled, tell

pytestmark = pytest.mark.asyncio(loop_scope="module")


def texts(answer: Answer) -> list[str]:
    """The one-line texts of a list."""
    found = re.findall(r'desk-text">(.*?)</span>\s*<span class="desk-about"', answer.body, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


async def listed(clerk: Clerk, **query: str) -> list[str]:
    answer = await clerk.get("/appeals", **query)
    assert answer.status == 200, answer.text
    return texts(answer)


async def test_an_empty_list_says_what_to_do(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    assert "这里一件也没有" in (await clerk.get("/appeals", unit="没有")).text
    nothing = await clerk.get("/appeals", q="没有人说过的话")
    assert "没有找到「没有人说过的话」" in nothing.text


async def test_the_list_has_what_is_open_the_most_pressing_first(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    await tell(office, "长廊的灯笼歪了", ago=timedelta(days=40))
    await tell(office, "信报箱的锁坏了")
    found = await listed(clerk)
    assert found.index("长廊的灯笼歪了") < found.index("信报箱的锁坏了")
    page = await clerk.get("/appeals", show="overdue")
    assert "长廊的灯笼歪了" in texts(page)
    assert "信报箱的锁坏了" not in texts(page)
    assert re.search(r"超期\d+天", page.text)
    assert 'class="left overdue"' in page.body
    assert "style=" not in page.body


@pytest.mark.parametrize("show", ["fresh", "waiting", "due", "overdue", "parked"])
async def test_the_numbers_of_the_front_page_are_those_of_the_lists(
    office: Office, show: str
) -> None:
    await settled(office)
    clerk = await office.clerk(Role.COMMUNITY)
    await tell(office, "两天就到期的事", ago=timedelta(days=2))
    await tell(office, "今天的表扬", kind=Kind.PRAISE)
    front = await clerk.get("")
    told = re.search(rf'show={show}"><b>(\d+)</b>', front.body)
    assert told, front.body
    assert await how_many(clerk, show) == int(told[1])


async def how_many(clerk: Clerk, show: str) -> int:
    """All rows of a list, over all its pages."""
    pages = [await listed(clerk, show=show, page=str(number)) for number in range(1, 9)]
    return sum(len(page) for page in pages)


async def test_what_is_not_public_says_nothing_in_the_list(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    made = await tell(office, "邻居夜里打骂老人", audience=Audience.PRIVATE)
    page = await clerk.get("/appeals", q="打骂")
    assert made.number in page.body
    assert "打骂老人" not in page.body
    assert texts(page) == ["不公开 内容不公开，点开再看"]
    other = await office.clerk(Role.STEWARD, SECOND)
    assert await listed(other, q="打骂") == []


async def test_nobody_sees_beyond_their_area(office: Office) -> None:
    await elsewhere(office, "隔壁社区的井盖响")
    at_home = await office.clerk(Role.COMMUNITY)
    above = await office.clerk(Role.STREET, STREET)
    steward = await office.clerk(Role.STEWARD, GRID)
    assert "隔壁社区的井盖响" in await listed(above, q="井盖")
    for clerk in (at_home, steward):
        assert await listed(clerk, q="井盖") == []
        assert "隔壁社区的井盖响" not in await listed(clerk, show="all", area=STREET)
        assert "隔壁社区的井盖响" not in await listed(clerk, show="all", area="海棠街道/邻里社区")
    assert "隔壁社区的井盖响" not in await listed(above, area=COMMUNITY, show="all")


async def test_what_one_looks_at_bounds_the_list(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="换着看的人")
    await tell(office, "二网格的水管漏", area=SECOND)
    await clerk.post("/area", area=GRID)
    assert await listed(clerk, q="水管") == []
    await clerk.post("/area", area=COMMUNITY)
    assert await listed(clerk, q="水管") == ["二网格的水管漏"]


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ({"q": "门禁"}, True),
        ({"q": "卡不"}, True),
        ({"q": "7幢"}, True),
        ({"q": "17幢"}, False),
        ({"category": "AQYH"}, True),
        ({"category": "LJFL"}, False),
        ({"building": "7幢"}, True),
        ({"kind": "建议"}, False),
        ({"level": "街道"}, False),
        ({"urgency": "P0"}, False),
        ({"mine": "1"}, False),
        ({"unit": "没有这个单位"}, False),
        ({"sort": "oldest", "show": "waiting"}, True),
        ({"show": "nonsense", "sort": "nonsense", "page": "x", "urgency": "P9"}, True),
    ],
)
async def test_the_sieve(office: Office, query: dict[str, str], hit: bool) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    text = "7幢门禁刷卡不灵"
    if not await listed(clerk, q=text):
        await tell(office, text, category="AQYH", place=Place(building="7幢"))
    assert (text in await listed(clerk, **query)) is hit


async def test_htmx_gets_the_list_alone(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    url = office.url + "/console/appeals"
    async with clerk.session.get(url, headers={"HX-Request": "true"}) as answer:
        body = await answer.text()
    assert "<html" not in body
    assert "诉求清单" in body


async def test_pages(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    for number in range(PAGE + 2):
        await tell(office, f"翻页用的第{number}件")
    first = await clerk.get("/appeals", q="翻页用的")
    second = await clerk.get("/appeals", q="翻页用的", page="2")
    assert (len(texts(first)), len(texts(second))) == (PAGE, 2)
    assert "下一页" in first.text
    assert "下一页" not in second.text
    assert "后面没有了" in (await clerk.get("/appeals", q="翻页用的", page="9")).text
    assert (await clerk.get("/appeals", page="999999")).status == 200


async def test_markup_in_a_matter_is_only_text(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    await tell(office, XSS)
    page = await clerk.get("/appeals", q=XSS[:30], show="all")
    assert "<script>window" not in page.body
    assert (await clerk.get("/appeals", q='"><script>x', category='"><b>')).status == 200


async def test_a_list_is_saved_renamed_and_taken_away(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="爱存的人")
    saved = await clerk.post(
        "/appeals/views", name="物业超期的", wish="unit=物业&show=overdue&page=3&evil=1"
    )
    assert saved.to.startswith("/console/appeals?show=overdue&unit=")
    assert "evil" not in saved.to
    page = await clerk.get("/appeals")
    view = re.search(r"/appeals/views/([^/\"]+)\"", page.body)
    assert view
    assert "物业超期的" in page.text
    again = await clerk.post("/appeals/views", name="物业超期的", wish="show=all")
    assert (again.status, "已经有一个叫「物业超期的」的清单" in again.text) == (409, True)
    assert (await clerk.post("/appeals/views", name="  ", wish="")).status == 400
    assert (await clerk.post("/appeals/views", name="长" * 13, wish="")).status == 400
    await clerk.post(f"/appeals/views/{view[1]}", name="催物业")
    assert "催物业" in (await clerk.get("/appeals")).text
    other = await office.clerk(Role.COMMUNITY, name="别人")
    assert "催物业" not in (await other.get("/appeals")).text
    assert (await other.post(f"/appeals/views/{view[1]}", name="我的了")).status == 404
    assert (await other.post(f"/appeals/views/{view[1]}/remove")).status == 404
    gone = await clerk.post(f"/appeals/views/{view[1]}/remove")
    assert gone.status == 303
    assert "「催物业」不在常用里了" in (await clerk.get("/appeals")).text
    assert "催物业" not in (await clerk.get("/appeals")).text


async def test_there_are_only_so_many_saved_lists(office: Office) -> None:
    reader = await office.clerk(Role.COMMUNITY, COMMUNITY, Access.READER)
    for number in range(MOST_VIEWS):
        done = await reader.post("/appeals/views", name=f"第{number}个", wish="show=all")
        assert done.status == 303
    full = await reader.post("/appeals/views", name="再来一个", wish="show=all")
    assert (full.status, "最多存12个" in full.text) == (409, True)


async def test_what_came_without_a_short_number_is_an_old_one(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    made = await tell(office, "旧台账里的一件")
    old = msgspec.structs.replace(made, short=0)
    await office.scene(lambda scene: scene._store.appeals.save(old))
    assert "旧件" in (await clerk.get("/appeals", q="旧台账里")).text
    assert "旧件" in (await clerk.get(f"/appeals/{made.number}")).text


async def test_spans() -> None:
    told = [span(timedelta(minutes=m)) for m in (0, 59, 60, 47 * 60, 48 * 60, 9 * 24 * 60)]
    assert told == ["1分钟", "59分钟", "1小时", "47小时", "2天", "9天"]
