"""A resident's phone: reading without coming in, bringing something up, finding it again."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.models import H5, Role, Urgency
from bot.services.open_pages import code_of
from bot.web.console.guard import TOKEN_FIELD
from bot.web.console.refs import ref
from bot.web.h5.reporting import MOST_AN_HOUR, Reporting
from tests.console.kit import COMMUNITY, Answer, Office
from tests.pictures import jpeg

pytestmark = pytest.mark.asyncio(loop_scope="module")

GRID = f"{COMMUNITY}/第1微网格"
HERE = f"/h5/{code_of(GRID)}"


class Phone:
    """A browser that keeps its cookies, as WeChat's does."""

    def __init__(self, office: Office) -> None:
        self._clerk = office.stranger()
        self._url = office.url
        self.token = ""

    async def get(self, path: str) -> Answer:
        async with self._clerk.session.get(self._url + path, allow_redirects=False) as answer:
            return await self._answer(answer)

    async def post(self, path: str, origin: str = "", photo: bytes = b"", **fields: Any) -> Answer:
        form = aiohttp.FormData(quote_fields=False)
        for name, value in {TOKEN_FIELD: self.token, **fields}.items():
            form.add_field(name, value)
        if photo:
            form.add_field("photo", photo, filename="a.jpg")
        async with self._clerk.session.post(
            self._url + path,
            data=form,
            headers={"Origin": origin or self._url},
            allow_redirects=False,
        ) as answer:
            return await self._answer(answer)

    async def _answer(self, answer: aiohttp.ClientResponse) -> Answer:
        body = await answer.text()
        found = re.search(rf'name="{TOKEN_FIELD}" value="([^"]+)"', body)
        self.token = found[1] if found else self.token
        return Answer(answer.status, body, answer.headers.get("Location", ""), dict(answer.headers))


@pytest_asyncio.fixture(loop_scope="module")
async def phone(office: Office) -> Phone:
    return Phone(office)


async def test_everybody_reads_without_coming_in(phone: Phone) -> None:
    places = await phone.get("/h5")
    assert HERE in places.body
    for page in ("", "/notices", "/appeals", "/progress", "/faq", "/report", "/mine"):
        answer = await phone.get(HERE + page)
        assert answer.status == 200, page
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "<script" not in answer.body


@pytest.mark.parametrize("path", ["/h5/0000000000", "/h5/x/y/z", "/h5/%F0%9F%98%80", HERE + "/no"])
async def test_an_address_that_leads_nowhere_says_so(phone: Phone, path: str) -> None:
    answer = await phone.get(path)
    assert (answer.status, "没有这个地方的网页" in answer.text) == (404, True)


async def report(browser: Phone, text: str, **fields: Any) -> Answer:
    await browser.get(HERE + "/report")
    return await browser.post(HERE + "/report", text=text, agree="1", **fields)


async def test_a_matter_goes_the_way_of_every_message_and_is_found_again(
    phone: Phone, office: Office
) -> None:
    sent = await report(
        phone, "楼道灯不亮，晚上看不见台阶", place="3幢", name="王女士", phone="13800000000"
    )
    assert (sent.status, sent.to) == (303, HERE + "/mine")
    page = await phone.get(HERE + "/mine")
    assert "已登记" in page.text
    assert "3幢" in page.text
    number = re.search(r"SQ\d+-\d+", page.text)
    assert number is not None
    appeal = await office.service.database.read(lambda s: s.appeals.by_number(number[0]))
    assert appeal is not None
    assert (appeal.source, appeal.area, appeal.place.building) == ("网页", GRID, "3幢")
    notes = await office.service.database.read(lambda s: s.notes.of(appeal.id))
    assert [note.text for note in notes] == ["王女士留的电话：13800000000"]
    elsewhere = await Phone(office).get(f"{HERE}/progress?number={number[0]}")
    assert "收到，已登记" in elsewhere.text
    for secret in ("13800000000", "王女士"):
        assert secret not in elsewhere.text
        assert secret not in (await Phone(office).get(HERE + "/appeals")).text
    assert number[0] not in (await Phone(office).get(HERE + "/mine")).text


async def test_what_is_missing_is_asked_and_given_on_the_page(phone: Phone) -> None:
    await report(phone, "路灯坏了，晚上黑漆漆的")
    page = await phone.get(HERE + "/mine")
    assert "还差一点" in page.text
    number = re.search(r"SQ\d+-\d+", page.text)
    assert number is not None
    await phone.post(f"{HERE}/mine/{number[0]}", what="supply", text="5幢门口")
    assert "还差一点" not in (await phone.get(HERE + "/mine")).text


async def test_the_one_who_asked_says_how_it_went(phone: Phone, office: Office) -> None:
    await report(phone, "垃圾桶满了没人清", place="7幢")
    page = await phone.get(HERE + "/mine")
    number = re.search(r"SQ\d+-\d+", page.text)
    assert number is not None
    clerk = await office.account(Role.COMMUNITY)
    person = await office.scene(lambda s: s.people.by_id(clerk.person))
    appeal = await office.service.database.read(lambda s: s.appeals.by_number(number[0]))
    await office.scene(lambda s: s.desk.close(appeal, "物业已清运", person, ""))
    done = await phone.get(HERE + "/mine")
    assert "已办好：物业已清运" in done.text
    assert "办得怎么样" in done.text
    stranger = Phone(office)
    await stranger.get(HERE + "/report")
    refused = await stranger.post(f"{HERE}/mine/{number[0]}", what="rate", rating="满意")
    assert refused.status == 404
    await phone.post(f"{HERE}/mine/{number[0]}", what="rate", rating="满意")
    rated = await office.service.database.read(lambda s: s.appeals.by_number(number[0]))
    assert rated is not None
    assert rated.rating == "满意"


async def test_a_private_matter_is_nowhere_to_be_seen(phone: Phone, office: Office) -> None:
    await report(phone, "隔壁一家天天打孩子，求你们管管", place="9幢")
    number = re.search(r"SQ\d+-\d+", (await phone.get(HERE + "/mine")).text)
    assert number is not None
    other = Phone(office)
    asked = await other.get(f"{HERE}/progress?number={number[0]}")
    absent = await other.get(f"{HERE}/progress?number=SQ20200101-9999")
    assert "没有查到公开的进度" in asked.text
    assert asked.text.replace(number[0], "") == absent.text.replace("SQ20200101-9999", "")
    assert "打孩子" not in (await other.get(HERE + "/appeals")).text


async def test_danger_is_answered_first(phone: Phone, office: Office) -> None:
    await report(phone, "楼下车棚着火了，好多烟", place="6幢")
    assert "119" in (await phone.get(HERE + "/mine")).text
    newest = await office.service.database.read(
        lambda s: [a for a in s.open_pages.appeals(GRID, 30, 0) if "6幢" in a.place.building]
    )
    assert all(appeal.urgency is Urgency.P0 for appeal in newest)


async def test_a_picture_loses_what_the_camera_put_into_it(phone: Phone, office: Office) -> None:
    await report(phone, "单元门坏了关不上", place="2幢", photo=jpeg())
    number = re.search(r"SQ\d+-\d+", (await phone.get(HERE + "/mine")).text)
    assert number is not None
    appeal = await office.service.database.read(lambda s: s.appeals.by_number(number[0]))
    assert appeal is not None
    media = await office.scene(lambda s: s.media.of(f"appeal:{appeal.id}"))
    assert [each.channel for each in media] == [H5]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "还没写是什么事"),
        ({"text": "灯" * 501}, "控制在500字以内"),
        ({"text": "灯坏了", "agree": ""}, "请先勾选同意"),
    ],
)
async def test_a_form_that_lacks_something_says_what(
    phone: Phone, fields: dict[str, Any], words: str
) -> None:
    await phone.get(HERE + "/report")
    answer = await phone.post(HERE + "/report", **({"agree": "1"} | fields))
    assert (answer.status, words in answer.text) == (400, True)


async def test_what_is_no_picture_is_refused(phone: Phone) -> None:
    await phone.get(HERE + "/report")
    form = aiohttp.FormData()
    for name, value in ((TOKEN_FIELD, phone.token), ("text", "灯坏了"), ("agree", "1")):
        form.add_field(name, value)
    form.add_field("photo", b"MZ", filename="virus.exe")
    async with phone._clerk.session.post(
        phone._url + HERE + "/report", data=form, headers={"Origin": phone._url}
    ) as answer:
        assert "只能传照片" in await answer.text()


async def test_a_form_from_elsewhere_is_refused(phone: Phone) -> None:
    await phone.get(HERE + "/report")
    for origin, token in (("https://evil.example", phone.token), ("", "guessed")):
        phone.token = token
        answer = await phone.post(HERE + "/report", origin=origin, text="灯坏了", agree="1")
        assert answer.status == 403


async def test_large_type_is_one_tap_and_leads_back(phone: Phone) -> None:
    answer = await phone.get(f"/h5/large?on=1&back={HERE}/faq")
    assert answer.to == f"{HERE}/faq"
    assert 'class="large"' in (await phone.get(HERE)).body
    assert (await phone.get("/h5/large?on=0&back=https://evil.example")).to == "/h5"


async def test_questions_are_answered_from_what_everybody_may_read(phone: Phone) -> None:
    answer = await phone.get(f"{HERE}/faq?q=老年人免费体检什么时候开始")
    assert "空腹带身份证" in answer.text
    nothing = await phone.get(f"{HERE}/faq?q=火星上有没有水")
    assert "这个我还不会答" in nothing.text


async def test_a_flood_from_one_address_is_slowed_down(office: Office) -> None:
    console = office.console
    reporting = Reporting(console.speaker, lambda: 0.0)
    assert not any(reporting._is_often("10.0.0.1") for _ in range(MOST_AN_HOUR))
    assert reporting._is_often("10.0.0.1")
    assert not reporting._is_often("10.0.0.2")


async def test_hostile_words_are_only_words(phone: Phone) -> None:
    for text in ("<script>alert(1)</script>灯坏了", "{{7*7}} 灯坏了", "灯坏了\u202e\u0000"):
        await report(phone, text, place="3幢")
    page = await phone.get(HERE + "/mine")
    assert "<script>alert" not in page.body
    assert "{{7*7}}" in page.text or "49" not in page.text


async def test_a_poster_leads_to_the_groups_page(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    group = await office.scene(
        lambda s: next(g for g in s._store.people.groups() if g.area == GRID)
    )
    page = await clerk.get(f"/groups/{ref(group.id)}/poster")
    assert HERE in page.text
    code = await clerk.get(f"/groups/{ref(group.id)}/qr.svg")
    assert code.body.startswith("<svg")
    stranger = await office.clerk(Role.COMMUNITY, "海棠街道/邻里社区")
    assert (await stranger.get(f"/groups/{ref(group.id)}/poster")).status == 404
