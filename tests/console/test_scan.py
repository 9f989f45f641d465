"""Coming in by scanning with WeCom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio

from bot.engine.context import Scene
from bot.models import Person, Role
from bot.web.console.scan import LASTS, MOST, Pending, ScanPages
from tests.console.kit import GRID, Answer, Clerk, Office, office_in

pytestmark = pytest.mark.asyncio(loop_scope="module")
HERE = "https://bot.example.cn"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with office_in(tmp_path_factory.mktemp("office"), public_url=HERE) as made:
        for user, role in (("ZhangSan", Role.STEWARD), ("ChenXin", Role.RESIDENT)):
            person = Person(
                id=f"wecom_app/main:{user}",
                channel="wecom_app/main",
                user=user,
                name=user,
                role=role,
                area=GRID,
            )
            await made.scene(lambda scene, one=person: scene._store.people.save(one))
        yield made


async def out(clerk: Clerk, to: str = "") -> tuple[str, dict[str, list[str]]]:
    """Click the button: where the browser is sent, and with what."""
    answer = await clerk.get("/scan/main", to=to)
    assert answer.status == 303, answer.text
    url = urlsplit(answer.to)
    return f"{url.scheme}://{url.netloc}{url.path}#{url.fragment}", parse_qs(url.query)


async def scan(office: Office, clerk: Clerk, user: str, to: str = "") -> Answer:
    """Out, scanned by `user` there, and back."""
    _, asked = await out(clerk, to)
    office.door.fake.scanned(f"code-of-{user}", user)
    return await clerk.get("/scan/main/back", code=f"code-of-{user}", state=asked["state"][0])


async def test_the_button_leads_to_the_platform_with_what_it_asks_for(office: Office) -> None:
    assert "企业微信扫码登录" in (await office.stranger().get("/sign-in")).text
    page, asked = await out(office.stranger())
    assert page == "https://login.work.weixin.qq.com/wwlogin/sso/login#"
    assert asked["login_type"] == ["CorpApp"]
    assert asked["appid"] == [office.door.fake.corp_id]
    assert asked["agentid"] == [str(office.door.fake.agent_id)]
    assert asked["redirect_uri"] == [f"{HERE}/console/scan/main/back"]
    assert asked["state"][0].isalnum()


async def test_inside_wecom_there_is_nothing_to_scan(office: Office) -> None:
    clerk = office.stranger()
    clerk.session.headers["User-Agent"] = "Mozilla/5.0 MicroMessenger/7.0 wxwork/4.1"
    page, asked = await out(clerk)
    assert page == "https://open.weixin.qq.com/connect/oauth2/authorize#wechat_redirect"
    assert (asked["scope"], asked["response_type"]) == (["snsapi_base"], ["code"])


async def test_a_steward_who_scans_is_in_where_they_wanted_to_go(office: Office) -> None:
    clerk = office.stranger()
    answer = await scan(office, clerk, "ZhangSan", "/console/people")
    assert (answer.status, answer.to) == (303, "/console/people")
    assert "ZhangSan" in (await clerk.get("/me")).text
    lines = await office.service.database.read(lambda store: store.audit.lines(limit=50))
    assert "登录" in [line.action for line in lines]


async def test_a_state_is_good_once_and_in_its_own_browser(office: Office) -> None:
    victim, thief = office.stranger(), office.stranger()
    _, asked = await out(thief)
    office.door.fake.scanned("stolen", "ZhangSan")
    lured = await victim.get("/scan/main/back", code="stolen", state=asked["state"][0])
    assert (lured.status, "已经过期了" in lured.text) == (410, True)
    again = await thief.get("/scan/main/back", code="stolen", state=asked["state"][0])
    assert again.status == 410
    assert (await thief.get("/scan/main/back", code="stolen", state="guessed")).status == 410


@pytest.mark.parametrize(
    ("user", "openid", "says"),
    [
        ("ChenXin", "", "还没登记成工作人员"),
        ("Unknown", "", "还没登记成工作人员"),
        ("", "o-outside", "不是这个企业的成员"),
    ],
)
async def test_who_may_not_come_in_is_told_why(
    office: Office, user: str, openid: str, says: str
) -> None:
    clerk = office.stranger()
    _, asked = await out(clerk)
    office.door.fake.scanned("code-1", user, openid)
    answer = await clerk.get("/scan/main/back", code="code-1", state=asked["state"][0])
    assert (answer.status, says in answer.text) == (403, True)
    assert (await clerk.get("")).to.startswith("/console/sign-in")


async def test_a_closed_account_stays_closed(office: Office) -> None:
    await scan(office, office.stranger(), "ZhangSan")

    def close(scene: Scene, disabled: bool) -> None:
        account, person = next(both for both in scene.accounts.all() if both[0].name == "ZhangSan")
        scene.accounts.change(account, person, access=account.access, disabled=disabled)

    await office.scene(lambda scene: close(scene, True))
    refused = await scan(office, office.stranger(), "ZhangSan")
    assert (refused.status, "已停用" in refused.text) == (403, True)
    await office.scene(lambda scene: close(scene, False))


async def test_a_wrong_code_and_a_platform_that_is_away(office: Office) -> None:
    clerk = office.stranger()
    _, asked = await out(clerk)
    wrong = await clerk.get("/scan/main/back", code="never-given", state=asked["state"][0])
    assert (wrong.status, "没有扫成" in wrong.text) == (401, True)
    _, asked = await out(clerk)
    none = await clerk.get("/scan/main/back", state=asked["state"][0])
    assert none.status == 401
    _, asked = await out(clerk)
    office.door.fake.http_error_next(502, call="scan")
    away = await clerk.get("/scan/main/back", code="any", state=asked["state"][0])
    assert (away.status, "暂时连不上" in away.text) == (503, True)


async def test_there_is_no_other_channel(office: Office) -> None:
    assert (await office.stranger().get("/scan/demo")).status == 404


async def test_who_never_comes_back_is_forgotten(office: Office) -> None:
    pages = ScanPages(dict)
    now = office.service.clock.now()
    for number in range(MOST + 5):
        pages._remember(str(number), Pending("main", "", now + LASTS), now)
    assert len(pages._pending) == MOST
    pages._remember("last", Pending("main", "", now + timedelta(days=1)), now + LASTS)
    assert list(pages._pending) == ["last"]
