"""Coming in and going out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.engine.context import Scene
from bot.models import Access, Incoming, Role
from bot.services.sign_in import TRIES
from bot.web.console.guard import TOKEN_FIELD
from tests.console.kit import COMMUNITY, QUICK, STREET, Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOOD = "小区里的玉兰花三月开"


async def form_of(clerk: Clerk, path: str) -> None:
    """Open a page with a form, as a browser would before it posts."""
    page = await clerk.get(path)
    found = re.search(rf'name="{TOKEN_FIELD}" value="([^"]+)"', page.body)
    assert found, page.text
    clerk.token = found[1]


async def test_without_an_account_the_start_prints_a_link_that_makes_the_first(
    office: Office,
) -> None:
    link = await office.console.invite_first()
    assert link is not None
    path = link.removeprefix("/console")
    clerk = office.stranger()
    await form_of(clerk, path)
    fields = {"name": "陈敏", "area": COMMUNITY, "password": GOOD, "again": GOOD}
    short = await clerk.post(path, **(fields | {"password": "123", "again": "123"}))
    assert (short.status, "至少要10个字符" in short.text) == (400, True)
    differs = await clerk.post(path, **(fields | {"again": GOOD + "吗"}))
    assert "两次输入的密码不一样" in differs.text
    done = await clerk.post(path, **fields)
    assert (done.status, done.to) == (303, "/console")
    assert "陈敏" in (await clerk.get("")).text
    assert "系统管理员" in (await clerk.get("")).text
    again = await office.stranger().get(path)
    assert (again.status, "链接不能用了" in again.text) == (410, True)
    assert await office.console.invite_first() is None


async def test_nobody_gets_in_without_a_session(office: Office) -> None:
    answer = await office.stranger().get("")
    assert (answer.status, answer.to) == (303, "/console/sign-in?to=%2Fconsole")


async def test_a_password_opens_and_the_wrong_one_says_nothing_of_whose(office: Office) -> None:
    await office.account(Role.COMMUNITY, name="林工")
    secret = await QUICK.make(GOOD)
    await office.scene(
        lambda s: s.accounts.set_secret(
            next(a for a, _ in s.accounts.all() if a.name == "林工"), secret, None
        )
    )
    clerk = office.stranger()
    await form_of(clerk, "/sign-in")
    wrong = await clerk.post("/sign-in", name="林工", password="不是这个密码呀")
    nobody = await clerk.post("/sign-in", name="没有此人", password="不是这个密码呀")
    assert (wrong.status, nobody.status) == (401, 401)
    assert wrong.text.replace("林工", "") == nobody.text.replace("没有此人", "")
    right = await clerk.post("/sign-in", name="林工", password=GOOD, to="/console/me")
    assert (right.status, right.to) == (303, "/console/me")
    assert (await clerk.get("/me")).status == 200


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/console\\evil"])
async def test_one_is_never_sent_elsewhere(office: Office, to: str) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    assert (await clerk.get("/sign-in", to=to)).to == "/console"


async def test_too_many_wrong_passwords_shut_the_account(office: Office) -> None:
    await office.account(Role.COMMUNITY, name="被试的人")
    clerk = office.stranger()
    await form_of(clerk, "/sign-in")
    for _ in range(TRIES):
        answer = await clerk.post("/sign-in", name="被试的人", password="猜一猜这个密码")
        assert answer.status == 401
    shut = await clerk.post("/sign-in", name="被试的人", password="猜一猜这个密码")
    assert (shut.status, "过15分钟再来" in shut.text) == (429, True)


async def test_a_link_works_once_and_only_by_its_button(office: Office) -> None:
    link = await office.scene(
        lambda s: s.accounts.offer_entry(s.people.on_duty(COMMUNITY + "/第3微网格")[0])
    )
    looking = office.stranger()
    for _ in range(2):  # a chat that looks in advance uses nothing up
        assert (await looking.get(f"/enter/{link}")).status == 200
    clerk = office.stranger()
    await form_of(clerk, f"/enter/{link}")
    assert (await clerk.post(f"/enter/{link}")).to == "/console"
    assert (await clerk.get("")).status == 200
    late = office.stranger()
    assert (await late.get(f"/enter/{link}")).status == 410


async def test_a_steward_gets_the_link_in_their_private_chat(office: Office) -> None:
    steward = await office.scene(lambda s: s.people.on_duty(COMMUNITY + "/第3微网格")[0])
    asked = Incoming(
        channel=steward.channel,
        chat="",
        sender=steward.user,
        message_id="sign-in-1",
        text="登录",
        sent_at=office.service.clock.now(),
    )
    receipt = await office.service.engine.receive(asked)
    rows = await office.service.database.read(lambda s: s.outbox.caused_by(receipt.message))
    link = re.search(r"/console(/enter/[\w-]+)", rows[0].text)
    assert link, rows[0].text
    assert (await office.stranger().get(link[1])).status == 200


async def test_going_out_ends_the_session_on_the_server(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="下班的人")
    kept = {cookie.key: cookie.value for cookie in clerk.session.cookie_jar}
    assert (await clerk.post("/sign-out")).to == "/console/sign-in"
    thief = office._browser("", kept)
    assert (await thief.get("")).to.startswith("/console/sign-in")


async def test_the_session_changes_its_name_at_sign_in(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="换名的人")
    before = {c.key: c.value for c in clerk.session.cookie_jar}
    person = await office.scene(
        lambda s: next(p for a, p in s.accounts.all() if a.name == "换名的人")
    )
    link = await office.scene(lambda s: s.accounts.offer_entry(person))
    assert (await clerk.post(f"/enter/{link}")).status == 303
    after = {c.key: c.value for c in clerk.session.cookie_jar}
    assert before["haitang_session"] != after["haitang_session"]
    old = office._browser("", before)
    assert (await old.get("")).to.startswith("/console/sign-in")


async def test_a_session_ends_when_nobody_clicks(office: Office) -> None:
    await office.clerk(Role.COMMUNITY, name="走开的人")

    def held_after(scene: Scene, passed: timedelta) -> bool:
        account = next(a for a, _ in scene.accounts.all() if a.name == "走开的人")
        held = scene.sign_in.open(account)
        later = Scene(scene._store, scene.knowledge, scene.now + passed)
        return later.sign_in.inside(held) is not None

    assert await office.scene(lambda s: held_after(s, timedelta(minutes=119)))
    assert not await office.scene(lambda s: held_after(s, timedelta(minutes=121)))


async def test_a_closed_account_is_out_at_once(office: Office) -> None:
    boss = await office.clerk(Role.STREET, STREET, Access.ADMIN)
    clerk = await office.clerk(Role.COMMUNITY, name="离职的人")
    account = await office.account(Role.COMMUNITY, name="离职的人")
    done = await boss.post(f"/accounts/{account.id}", access="staff", disabled="1")
    assert done.status == 303
    assert (await clerk.get("")).to.startswith("/console/sign-in")


async def test_an_administrator_opens_an_account_and_its_owner_sets_the_password(
    office: Office,
) -> None:
    boss = await office.clerk(Role.STREET, STREET, Access.ADMIN)
    made = await boss.post(
        "/accounts", name="新来的小周", role="community", area=COMMUNITY, access="staff"
    )
    link = re.search(r"/console(/password/[\w-]+)", made.body)
    assert link, made.text
    clerk = office.stranger()
    await form_of(clerk, link[1])
    plain = await clerk.post(link[1], password="aaaaaaaaaaaa", again="aaaaaaaaaaaa")
    assert "太容易猜" in plain.text
    assert (await clerk.post(link[1], password=GOOD, again=GOOD)).status == 303
    assert "新来的小周" in (await clerk.get("/me")).text
    assert (await office.stranger().get(link[1])).status == 410


async def test_changing_the_password_asks_for_the_old_one(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="新来的小周")
    new = "换一句更加长的话来用"
    wrong = await clerk.post("/me/password", old="不对的旧密码", password=new, again=new)
    assert "现在的密码不对" in wrong.text
    assert (await clerk.post("/me/password", old=GOOD, password=new, again=new)).status == 303
