"""Pictures of a matter: brought by a form, given back as they may be, to those who may see them."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.models import Appeal, Audience, MediaRole, MediaState, Role
from tests.console.kit import GRID, Answer, Clerk, Office
from tests.console.matters import FIRST, elsewhere, tell
from tests.console.objects import photo_in
from tests.pictures import png

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def send(clerk: Clerk, made: Appeal, files: dict[str, bytes], **fields: str) -> Answer:
    page = await clerk.get(f"/appeals/{made.number}")
    seen = re.search(r'name="seen" value="([^"]*)"', page.body)
    assert seen
    form = clerk.files({}, seen=seen[1], **fields)
    for name, data in files.items():
        form.add_field("photo", data, filename=name)
    return await clerk.post(f"/appeals/{made.number}", form)


async def kept(office: Office, made: Appeal, count: int) -> list[tuple[str, MediaRole]]:
    """The pictures of a matter, once the job has taken them."""
    for _ in range(200):
        found = await office.scene(lambda s: s.media.of(f"appeal:{made.id}"))
        if len(found) == count and all(m.state is MediaState.STORED for m in found):
            return [(media.id, media.role) for media in found]
        await asyncio.sleep(0.02)
    raise AssertionError(f"{found}")


async def test_pictures_of_before_and_after(office: Office) -> None:
    clerk = await office.clerk(Role.STEWARD, FIRST, name="拍照的管家")
    made = await tell(office, "墙皮掉了")
    picture = png()
    before = await send(clerk, made, {"前.png": picture}, act="加照片", role="办理前")
    assert before.status == 303
    done = await send(
        clerk, made, {"后.png": picture, "后二.png": picture}, act="办结", words="补好了"
    )
    assert done.status == 303
    found = await kept(office, made, 3)
    assert [role for _, role in found] == [MediaRole.BEFORE, MediaRole.AFTER, MediaRole.AFTER]
    page = await clerk.get(f"/appeals/{made.number}")
    assert page.text.index("办理前") < page.text.index("办好后")
    for media, _ in found:
        assert f'src="/console/photos/{media}?small=1"' in page.body


async def test_what_comes_back_is_inert_and_not_kept_on_the_way(office: Office) -> None:
    clerk = await office.clerk(Role.STEWARD, FIRST, name="拍照的管家")
    made = await tell(office, "水管锈了")
    await send(clerk, made, {"看.png": png()}, act="加照片", role="办理前")
    ((media, _),) = await kept(office, made, 1)
    url = f"{office.url}/console/photos/{media}"
    async with clerk.session.get(url) as answer:
        data, headers = await answer.read(), answer.headers
    assert data.startswith(b"\x89PNG")
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].endswith("sandbox")
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Disposition"].startswith("inline; filename*=UTF-8''")
    async with clerk.session.get(url + "?small=1") as answer:
        assert (await answer.read()).startswith(b"\xff\xd8\xff")
        assert answer.headers["Content-Type"] == "image/jpeg"


async def test_others_do_not_get_them(office: Office) -> None:
    clerk = await office.clerk(Role.STEWARD, GRID)
    near = await photo_in(office, FIRST)
    assert (await clerk.get(f"/photos/{near}")).status == 404
    assert (await clerk.post(f"/photos/{near}/remove")).status == 404
    assert (await clerk.get("/photos/m999999")).status == 404
    far = await elsewhere(office, "别处的照片")
    assert (await clerk.get(f"/appeals/{far.number}")).status == 404
    stranger = office.stranger()
    assert (await stranger.get(f"/photos/{near}")).to.startswith("/console/sign-in")


async def test_looking_at_one_that_is_not_public_is_written_down(office: Office) -> None:
    clerk = await office.clerk(Role.STEWARD, FIRST, name="拍照的管家")
    made = await tell(office, "家里的事", audience=Audience.PRIVATE)
    await send(clerk, made, {"看.png": png()}, act="加照片", role="办理前")
    ((media, _),) = await kept(office, made, 1)
    masked = await clerk.get(f"/appeals/{made.number}")
    assert f"/photos/{media}" not in masked.body
    assert "有1张照片或文件" in masked.text

    assert await looks(office, made) == 0
    await clerk.get(f"/photos/{media}")
    assert await looks(office, made) == 1


async def looks(office: Office, made: Appeal) -> int:
    """How often the audit says that somebody read it."""
    lines = await office.scene(lambda s: s._store.audit.lines(subject=f"appeal:{made.id}"))
    return [line.action for line in lines].count("查看原文")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({f"{n}.png": b"x" for n in range(7)}, "一次最多传6张照片"),
        ({"空.png": b""}, "还没有选照片"),
    ],
)
async def test_what_cannot_be_taken(office: Office, files: dict[str, bytes], words: str) -> None:
    clerk = await office.clerk(Role.STEWARD, FIRST, name="拍照的管家")
    made = await tell(office, "照片太多的事")
    answer = await send(clerk, made, files, act="加照片", role="办理前")
    assert (answer.status, words in answer.text) == (400, True)
    assert await office.scene(lambda s: s.media.of(f"appeal:{made.id}")) == []


async def test_what_is_no_picture_is_not_kept(office: Office) -> None:
    clerk = await office.clerk(Role.STEWARD, FIRST, name="拍照的管家")
    made = await tell(office, "照片是假的")
    fake = b"<svg onload=alert(1)>" + b"x" * 64
    assert (await send(clerk, made, {"假.png": fake}, act="加照片", role="办理前")).status == 303
    for _ in range(200):
        if await office.scene(lambda s: s.media.of(f"appeal:{made.id}")) == []:
            break
        await asyncio.sleep(0.02)
    assert await office.scene(lambda s: s.media.of(f"appeal:{made.id}")) == []


async def test_a_picture_is_taken_away_for_good(office: Office) -> None:
    clerk = await office.clerk(Role.STEWARD, FIRST, name="拍照的管家")
    made = await tell(office, "拍错了的事")
    await send(clerk, made, {"错.png": png()}, act="加照片", role="办理前")
    ((media, _),) = await kept(office, made, 1)
    gone = await clerk.post(f"/photos/{media}/remove")
    assert gone.to == f"/console/appeals/{made.number}"
    assert (await clerk.get(f"/photos/{media}")).status == 404
