"""C-32: secrets and residents' numbers, looked for in everything that leaves the program.

Every page and every export for every role, residents' pages, error pages, the traces, what each
command prints and writes, and what a crash leaves behind.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import Struct

from bot.__main__ import main
from bot.models import Access, Role, Trace
from bot.ports import Store
from bot.rules.permissions import STAFF, Deed, may
from bot.services.open_pages import code_of
from bot.testing import FakeWecom
from bot.web.console.doors import Door
from bot.web.console.guard import TOKEN_FIELD
from bot.web.console.visit import HOME
from tests.console import objects
from tests.console.kit import COMMUNITY, STREET, Clerk, Office
from tests.console.matters import FIRST
from tests.trust.canaries import (
    FAR,
    KEY,
    NEAR,
    RESIDENTS,
    SAID,
    Told,
    app,
    readable,
    secrets,
    shown,
    tell_all,
    told_messages,
    write_config,
)
from tests.trust.figures import SCALE, Ledger
from tests.web.doors import logged, opened, until

pytestmark = [pytest.mark.trust, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
MATTER, FULL = "/appeals/{number}", "/ledger/full"
# What stands in a path for something that is no object; all of them are tried.
PARTS = {
    "form": ("xlsx", "csv", "ics", "docx", "txt"),
    "kind": ("daily", "weekly", "monthly"),
    "code": ("GGSS",),
    "channel": ("main",),
}


class Rig(Struct):
    """The house with everything told, what may be shown nowhere, and objects for the doors."""

    office: Office
    told: Told
    hidden: dict[str, str]
    made: dict[str, str]


@asynccontextmanager
async def house(folder: Path, fake: FakeWecom) -> AsyncIterator[Rig]:
    """A running house in which residents told their numbers."""
    async with opened(folder, fake=fake) as door:
        office = Office(door)
        await until(lambda: door.service.ready, 30)
        made = {kind: await make(office) for kind, make in objects.MAKERS.items()}
        yield Rig(office, await tell_all(office), secrets(fake, folder), made)
        await office.close()


def paths(rig: Rig, door: Door) -> Iterator[str]:
    """The ways through a door, below `/console`."""
    names = re.findall(r"\{([^}:]+)[^}]*\}", door.path)
    choices: list[Sequence[str]] = [PARTS.get(name, ("x",)) for name in names]
    if door.about:
        own = [rig.told.public, rig.told.private, rig.told.far]
        choices[0] = own if door.about == "appeal" else [rig.made[door.about]]
    for chosen in itertools.product(*choices):
        found = iter(chosen)
        yield re.sub(r"\{[^}]+\}", lambda _, each=found: next(each), door.path)  # type: ignore[misc]


async def fetch(clerk: Clerk, url: str, door: Door, path: str) -> str:
    """What comes back, readable; a form is sent with its token and the month that runs."""
    if door.is_safe:
        async with clerk.session.get(url + HOME + path, allow_redirects=False) as answer:
            return readable(await answer.read())
    data = {TOKEN_FIELD: clerk.token, "first": "2026-01-01", "last": "2029-12-31"}
    async with clerk.session.post(
        url + HOME + path, data=data, headers={"Origin": url}, allow_redirects=False
    ) as answer:
        return readable(await answer.read())


def may_be_shown(role: Role, door: Door) -> set[str]:
    """The marks of residents that this role may read here: by docs/privacy.md those on duty see
    what was said of a matter of their place; what was said in confidence stands in no page before
    it is asked for by name, and in the whole ledger, which only those in charge may take."""
    if door.path == MATTER:
        return {*NEAR.marks, *(FAR.marks if role is Role.STREET else ())}
    if door.path == FULL and may(role, Deed.OPEN_LEDGER):
        everybody = {mark for each in RESIDENTS for mark in each.marks}
        return everybody - (set() if role is Role.STREET else set(FAR.marks))
    return set()


async def test_every_page_and_export(tmp_path: Path, figure: Ledger) -> None:
    """For every role: the console, its files, its error pages."""
    hits: list[tuple[str, ...]] = []
    right: set[str] = set()
    tried = 0
    marks = [mark for each in RESIDENTS for mark in each.marks]
    accesses = tuple(Access) if SCALE >= 1 else (Access.ADMIN,)
    fake = app()
    with logged("debug", (fake.secret, fake.token, fake.encoding_aes_key)) as log:
        async with house(tmp_path, fake) as rig:
            for role, access in itertools.product(sorted(STAFF), accesses):
                area = STREET if role is Role.STREET else COMMUNITY
                clerk = await rig.office.clerk(role, area, access)
                for door in rig.office.console.doors():
                    if not (door.is_safe or door.path == FULL):
                        continue
                    for path in paths(rig, door):
                        text = await fetch(clerk, rig.office.url, door, path)
                        tried += 1
                        found = {*shown(text, marks)}
                        allowed = may_be_shown(role, door)
                        hits += [(role, path, each) for each in found - allowed]
                        hits += [(role, path, each) for each in shown(text, rig.hidden)]
                        right |= {door.path} if found & allowed else set()
            tried += await elsewhere(rig, hits)
    hits += [("log", each) for each in shown(log.getvalue(), [*marks, *rig.hidden.values()])]
    figure(
        "C-32",
        f"pages and exports (workbooks unpacked) for {len(STAFF)} roles, residents' pages, errors,"
        f" traces, searched for {len(rig.hidden)} secrets and {len(marks)} numbers of residents",
        tried,
        f"{len(hits)} where they must not be; the log of it all ({len(log.getvalue())} signs) is"
        " clean" + ("" if not hits else " but for these"),
        len(hits),
    )
    assert hits == []
    assert right == {MATTER, FULL}  # so that the search is not blind


async def elsewhere(rig: Rig, hits: list[tuple[str, ...]]) -> int:
    """What needs no role: residents' pages, errors, metrics, and the traces in the file."""
    marks = [mark for each in RESIDENTS for mark in each.marks]
    stranger = rig.office.stranger()
    here = f"/h5/{code_of(FIRST)}"
    addresses = [
        *(here + page for page in ("", "/notices", "/appeals", "/faq", "/report", "/mine")),
        *(f"{here}/progress?number={number}" for number in (rig.told.public, rig.told.private)),
        f"{here}/appeals?q=楼道灯", "/h5", "/h5/nowhere", "/metrics", "/readyz", "/healthz",
        f"/console/appeals/{rig.told.public}", f"/console/nowhere?secret={rig.hidden['the token']}",
        "/callback/wecom_app/main?msg_signature=x", "/callback/wecom_app/other",
    ]  # fmt: skip
    pages = []
    for address in addresses:
        async with stranger.session.get(rig.office.url + address) as answer:
            pages.append((address, await answer.text()))
    pages += await broken(rig)
    traces = await rig.office.service.database.read(all_traces)
    pages += [(f"trace {trace.message}", "\n".join(trace.steps)) for trace in traces]
    for where, text in pages:
        wanted = [mark for mark in (*marks, *rig.hidden.values()) if mark not in where]
        hits += [(where, each) for each in shown(text, wanted)]
    assert len(traces) >= len(SAID)
    return len(pages)


def all_traces(store: Store) -> list[Trace]:
    """Why each thing that a resident said was answered, as the program reads it."""
    said = [store.inbox.find(heard) for heard in told_messages(store)]
    found = [store.traces.get(message) for message in said]
    return [trace for trace in found if trace is not None]


async def broken(rig: Rig) -> list[tuple[str, str]]:
    """Pages of a program that fails inside, with everything in the error's words."""
    # An error can quote what was sent or set; the key of the data is neither.
    words = " ".join([*(v for k, v in rig.hidden.items() if k != KEY), NEAR.words])
    database = rig.office.service.database
    clerk = await rig.office.clerk(Role.COMMUNITY)
    whole, found = database.read, []

    async def fails(*args: object) -> None:
        raise ValueError(words)

    with pytest.MonkeyPatch.context() as patch:
        calls = itertools.count()

        async def later(fn: object, *args: object) -> object:
            # Whoever is in is looked up first; the page itself then fails.
            return await (whole(fn, *args) if next(calls) < 2 else fails())  # type: ignore[arg-type]

        patch.setattr(database, "read", later)
        answer = await clerk.get("/appeals")
        found.append((f"error page {answer.status}", answer.body))
        patch.setattr(database, "read", fails)
        for address in (f"/h5/{code_of(FIRST)}/appeals", "/metrics", "/readyz", "/console/appeals"):
            async with clerk.session.get(rig.office.url + address) as failed:
                found.append((f"{address} {failed.status}", await failed.text()))
    assert sum(" 500" in where for where, _ in found) >= 2
    return found


def bytes_below(folder: Path) -> dict[Path, bytes]:
    """All files but the key."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.suffix != ".key"]
    return {file: file.read_bytes() for file in files}


async def test_what_lies_on_the_disk(tmp_path: Path, figure: Ledger) -> None:
    """What somebody reads who has the data, its log and a copy of it without the key."""
    fake = app()
    async with house(tmp_path, fake) as rig:
        hidden = {name: mark for name, mark in rig.hidden.items() if name != KEY}
        await rig.office.service.database.backup(tmp_path / "backups" / "copy.db")
        kept = bytes_below(tmp_path)
    marks = [*(mark for each in RESIDENTS for mark in each.marks), *hidden.values()]
    hits = [
        (str(file.relative_to(tmp_path)), mark)
        for file, octets in kept.items()
        for mark in marks
        if mark.encode() in octets or mark in file.name
    ]
    size = sum(map(len, kept.values()))
    figure(
        "C-32",
        f"the bytes of the data, its log, a copy and {len(kept) - 3} other files"
        f" ({size >> 20} MiB), without the key, searched for {len(hidden)} secrets and"
        f" {len(marks) - len(hidden)} numbers of residents",
        len(kept),
        f"{len(hits)} found",
        len(hits),
    )
    assert hits == []
    assert any(NEAR.name.encode() in octets for octets in kept.values())  # names stand in clear
    assert {"haitang.db", "haitang.db-wal", "copy.db"} <= {file.name for file in kept}


# `{to}` is a file to write.
VERBS = (
    "check-config", "doctor", "doctor --json", "channels", "channels --all", "channels --broken",
    "audit show", "audit verify", "audit export {to}.csv", "console accounts",
    "faq export {to}.csv", "faq export {to}.xlsx", "taxonomy export {to}.csv",
    "holidays export {to}.json", "notices export {to}.ics", "notices export {to}.xlsx",
    "notices export {to}.csv", "ledger export {to}.xlsx", "ledger export {to}.csv",
    *(f"report {kind}" for kind in ("daily", "weekly", "monthly")),
    *(f"report {kind} --out {{to}}.{form}" for kind in ("日报", "周报", "月报")
      for form in ("xlsx", "docx", "txt")),
    "reconnect", "menu", "appchat", "run --no-such", "ledger import {to}.nothing",
)  # fmt: skip


async def test_what_commands_say_and_write(tmp_path: Path, figure: Ledger) -> None:
    """Every verb that shows something, over a file in which residents told their numbers; the
    platform is out of order, so that errors speak of addresses with secrets in them."""
    fake, hits = app(), list[tuple[str, str]]()
    async with house(tmp_path, fake) as rig:
        hidden = rig.hidden
    marks = [mark for each in RESIDENTS for mark in each.marks]
    config = write_config(tmp_path, fake, "http://127.0.0.1:9")
    tried = 0
    for number, verb in enumerate(VERBS):
        to = tmp_path / "out" / f"f{number}"
        to.parent.mkdir(exist_ok=True)
        words = [word.format(to=to) for word in verb.split()]
        result = await asyncio.to_thread(
            CliRunner().invoke, main, [*words, "--config", str(config)], prog_name="haitang"
        )
        text = result.output + repr(result.exception)
        tried += 1
        for file in to.parent.glob(f"f{number}.*"):
            text += readable(file.read_bytes())
            tried += 1
        hits += [(verb, each) for each in shown(text, [*marks, *hidden.values()])]
    figure(
        "C-32",
        f"{len(VERBS)} commands over the same data while the platform is out of order: what they"
        " print and the files that they write",
        tried,
        f"{len(hits)} secrets or numbers of residents",
        len(hits),
    )
    assert hits == []
    full = tmp_path / "out" / "full.xlsx"
    words = ["ledger", "export", str(full), "--full", "--config", str(config)]
    await asyncio.to_thread(CliRunner().invoke, main, words)
    assert NEAR.phone in readable(full.read_bytes())  # so that the search is not blind
