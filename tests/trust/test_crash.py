"""C-32: what a process that dies leaves behind says no secret and nobody's number."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.trust.canaries import NEAR, app, shown, write_config
from tests.trust.figures import Ledger

pytestmark = [pytest.mark.trust, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]


CRASH = """
import sys
import bot.serve
from bot.__main__ import main
async def serve(config, on_ready):
    local = {phone!r}
    raise RuntimeError(f"{{config}} {{local}} {{config.channels}}")
async def later(config, on_ready):
    import asyncio
    async def fails():
        await serve(config, on_ready)
    task = asyncio.create_task(fails())
    await asyncio.sleep(0.1)
    del task
    import gc; gc.collect()
    await asyncio.sleep(0.1)
def thread(config, on_ready):
    import threading
    def fails():
        raise RuntimeError(f"{{config}} {phone}")
    async def nothing():
        one = threading.Thread(target=fails); one.start(); one.join()
    return nothing()
bot.serve.serve = {{"dies": serve, "unnoticed": later, "thread": thread}}[sys.argv.pop(1)]
main()
"""


@pytest.mark.parametrize("log", ["", "file"])
def test_what_a_crash_leaves(tmp_path: Path, figure: Ledger, log: str) -> None:
    """The process dies of an error that nobody foresaw, with all settings in its words."""
    fake, hits, size = app(), [], 0
    config = write_config(tmp_path, fake, "http://127.0.0.1:9")
    if log:
        text = config.read_text("utf-8").replace(
            'level = "debug"', f'level = "debug"\nfile = "{tmp_path}/haitang.log"'
        )
        config.write_text(text, "utf-8")
    ways = ("dies",) if log else ("dies", "unnoticed", "thread")
    for way in ways:
        done = subprocess.run(
            [sys.executable, "-c", CRASH.format(phone=NEAR.phone), way, "run",
             "--config", str(config)],
            capture_output=True, text=True, timeout=60, check=False, cwd=ROOT,
        )  # fmt: skip
        left = done.stdout + done.stderr
        left += "".join(each.read_text("utf-8") for each in tmp_path.glob("haitang.log*"))
        size += len(left)
        assert "RuntimeError" in left, way
        wanted = (fake.secret, fake.token, fake.encoding_aes_key, NEAR.phone)
        hits += [(way, each) for each in shown(left, wanted)]
    figure(
        "C-32",
        "crashes of the process with all settings and a phone in the error's words"
        + (", logged to a file" if log else ", on standard error"),
        len(ways),
        f"{len(hits)} hits in the {size} signs of their tracebacks",
        len(hits),
    )
    assert hits == []
