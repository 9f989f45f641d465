"""A tab of Chromium, driven over its DevTools protocol: what a page test needs and no more."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
START_SECONDS = 20.0
STEP_SECONDS = 10.0


def find_chromium() -> str:
    """The browser's program. Raises `FileNotFoundError`, whose words say what to install."""
    for name in NAMES:
        program = shutil.which(name)
        if program is not None:
            return program
    raise FileNotFoundError(
        f"The browser tests need Chromium: apt-get install chromium (looked for {', '.join(NAMES)})"
    )


@contextmanager
def chromium(profile: Path) -> Iterator[str]:
    """A headless browser with an empty profile; gives the address of its DevTools."""
    command = [find_chromium(), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet) as process:
        try:
            yield f"http://127.0.0.1:{_port(process, profile / 'DevToolsActivePort')}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _port(process: subprocess.Popen[bytes], file: Path) -> int:
    """Where DevTools listen, which the browser writes down once they do."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise ChildProcessError(f"Chromium ended at once with code {process.returncode}")
        # The file appears before it is filled: the second line is the last to come.
        lines = file.read_text().splitlines() if file.exists() else []
        if len(lines) > 1:
            return int(lines[0])
        time.sleep(0.05)
    raise TimeoutError(f"Chromium did not open its DevTools within {START_SECONDS:.0f} s")


class Page:
    """One tab. `problems` are its console errors, exceptions and refusals by the CSP so far."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.problems: list[str] = []
        self._socket = socket
        self._numbers = itertools.count(1)

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the protocol; what the tab reports meanwhile is noted."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(STEP_SECONDS):
            while True:
                message: dict[str, Any] = await self._socket.receive_json()
                if message.get("id") == number:
                    assert "error" not in message, f"{method}: {message['error']}"
                    return dict(message["result"])
                self._note(message.get("method", ""), message.get("params", {}))

    async def value(self, expression: str) -> Any:
        """What a JavaScript expression is worth, as JSON; fails when it throws."""
        answer = await self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, f"{expression}: {answer['exceptionDetails']}"
        return answer["result"].get("value")

    async def until(self, expression: str) -> Any:
        """Wait until an expression is true; gives its value."""
        deadline = time.monotonic() + STEP_SECONDS
        while not (value := await self.value(expression)):
            assert time.monotonic() < deadline, f"never came true: {expression}"
            await asyncio.sleep(0.05)
        return value

    async def click(self, selector: str) -> None:
        """Click the first element that fits."""
        await self.until(f"document.querySelector({json.dumps(selector)})?.getClientRects().length")
        await self.value(f"document.querySelector({json.dumps(selector)}).click()")

    async def write(self, selector: str, text: str) -> None:
        """Type into a field as an input method would."""
        await self.until(f"document.querySelector({json.dumps(selector)})?.getClientRects().length")
        await self.value(f"document.querySelector({json.dumps(selector)}).focus()")
        await self.call("Input.insertText", text=text)

    async def go(self, url: str) -> None:
        """Open an address and wait until it is there."""
        await self.value("window.left = 1")
        await self.call("Page.navigate", url=url)
        await self._arrive()

    async def follow(self, selector: str) -> None:
        """Click what leads to another page, or back to this one, and wait until it is there."""
        await self.value("window.left = 1")
        await self.click(selector)
        await self._arrive()

    async def hold(self, url: str, name: str, value: str, path: str) -> None:
        """Give the browser a cookie for the origin of `url`."""
        await self.call("Network.setCookie", name=name, value=value, url=url + path, path=path)

    async def _arrive(self) -> None:
        """A page may go away between two looks at it."""
        deadline = time.monotonic() + STEP_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(AssertionError):
                if await self.value("!window.left && document.readyState === 'complete'"):
                    return
            await asyncio.sleep(0.03)
        raise AssertionError("the page never came")

    def _note(self, event: str, about: dict[str, Any]) -> None:
        if event == "Runtime.exceptionThrown":
            self.problems.append(str(about["exceptionDetails"]))
        elif event == "Runtime.consoleAPICalled" and about["type"] in {"error", "warning"}:
            self.problems.append(str(about["args"]))
        elif event == "Log.entryAdded" and about["entry"]["level"] in {"error", "warning"}:
            self.problems.append(f"{about['entry']['text']} {about['entry'].get('url', '')}")


@asynccontextmanager
async def opened(devtools: str, url: str, width: int, height: int) -> AsyncIterator[Page]:
    """A tab of that size (CSS pixels, a phone's below 760) which shows `url` and forgets all."""
    async with aiohttp.ClientSession() as http:
        async with http.put(f"{devtools}/json/new?about:blank") as answer:
            tab = await answer.json()
        try:
            async with http.ws_connect(tab["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                page = Page(socket)
                for domain in ("Runtime", "Log", "Page"):
                    await page.call(f"{domain}.enable")
                size = {"width": width, "height": height, "deviceScaleFactor": 1}
                await page.call("Emulation.setDeviceMetricsOverride", **size, mobile=width < 760)
                await page.call("Storage.clearDataForOrigin", origin=url, storageTypes="all")
                await page.call("Network.clearBrowserCookies")
                await page.call("Page.navigate", url=url)
                yield page
        finally:
            # An open tab keeps its event stream, and a browser grants few to one address.
            await (await http.get(f"{devtools}/json/close/{tab['id']}")).read()
