"""Chromium, driven over its DevTools protocol: what a page does in a real browser.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

CHROMIUM = shutil.which(os.environ.get("CHROMIUM", "chromium"))
"""The program; None where none is installed."""

_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --hide-scrollbars"
    " --disable-background-networking --disable-component-update --disable-sync"
    " --disable-extensions --mute-audio --remote-debugging-port=0 --remote-allow-origins=*"
).split()
_NOTHING = "about:blank"


@dataclass(slots=True)
class Visit:
    """What happened while a page was shown.

    Attributes:
        console: What it wrote to the console, and errors that the browser told there.
        requests: The addresses that were asked for, but for data that pages hold themselves.
    """

    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


class Tab:
    """A tab of the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Mapping[str, Any]]] = {}
        self._loaded = asyncio.Event()
        self._closing: asyncio.Task[Mapping[str, Any]] | None = None
        self.visit = Visit()

    async def call(self, method: str, **given: Any) -> Mapping[str, Any]:
        """Calls a method of the protocol."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": given})
        told: Mapping[str, Any] = await answer
        return told

    async def listen(self) -> None:
        """Takes what the browser says, until it is gone."""
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told.get("result", told.get("error", {})))
            else:
                self._note(told["method"], told["params"])

    def _note(self, method: str, given: Mapping[str, Any]) -> None:
        match method:
            case "Page.loadEventFired":
                self._loaded.set()
            case "Network.requestWillBeSent":
                address = str(given["request"]["url"])
                if not address.startswith("data:"):
                    self.visit.requests.append(address)
            case "Runtime.consoleAPICalled":
                self.visit.console.append(str([one.get("value") for one in given["args"]]))
            case "Runtime.exceptionThrown":
                self.visit.console.append(str(given["exceptionDetails"]["text"]))
            case "Log.entryAdded":
                self.visit.console.append(str(given["entry"]["text"]))
            case "Page.javascriptDialogOpening":
                self.visit.console.append(f"dialog: {given['message']}")
                self._closing = asyncio.create_task(
                    self.call("Page.handleJavaScriptDialog", accept=False)
                )

    async def show(self, address: str) -> Visit:
        """Shows a page, and returns what happened until it was loaded."""
        self.visit = Visit()
        self._loaded.clear()
        await self.call("Page.navigate", url=address)
        await self._loaded.wait()
        await self.call("Page.getFrameTree")  # what happened before it is told before its answer
        return self.visit

    async def submit(self, form: str) -> Visit:
        """Sends the first form that a selector finds, as its button does; waits for the page."""
        self.visit = Visit()
        self._loaded.clear()
        await self.evaluate(f"document.querySelector({json.dumps(form)}).requestSubmit()")
        await self._loaded.wait()
        await self.call("Page.getFrameTree")
        return self.visit

    async def evaluate(self, script: str) -> Any:
        """Returns what a script comes to in the page."""
        told = await self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        return told.get("result", {}).get("value")

    async def size(self, width: int, height: int) -> None:
        """Makes the window as large as that."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    async def media(self, **features: str) -> None:
        """Sets what a page's style may ask for: `prefers_color_scheme="dark"`."""
        chosen = [{"name": name.replace("_", "-"), "value": one} for name, one in features.items()]
        await self.call("Emulation.setEmulatedMedia", features=chosen)

    async def picture(self, into: Path) -> None:
        """Takes a picture of what the window shows."""
        told = await self.call("Page.captureScreenshot", format="png")
        into.write_bytes(base64.b64decode(told["data"]))


@asynccontextmanager
async def open_tab(flags: Sequence[str] = ()) -> AsyncIterator[Tab]:
    """Starts Chromium, and opens a tab of it."""
    async with open_tabs(1, flags) as (tab,):
        yield tab


@asynccontextmanager
async def open_tabs(count: int, flags: Sequence[str] = ()) -> AsyncIterator[Sequence[Tab]]:
    """Starts Chromium, and opens so many tabs of it, which load pages beside each other."""
    assert CHROMIUM, "there is no Chromium"
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = await asyncio.create_subprocess_exec(
            *(CHROMIUM, *_FLAGS, *flags, f"--user-data-dir={folder}", _NOTHING),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
                told = await _told_address(Path(folder))
                sockets = [await _socket(session, told, number) for number in range(count)]
                tabs = [
                    await stack.enter_async_context(_listening(session, one)) for one in sockets
                ]
                yield tabs
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@asynccontextmanager
async def _listening(session: aiohttp.ClientSession, address: str) -> AsyncIterator[Tab]:
    """Speaks to a tab by its socket."""
    async with session.ws_connect(address, max_msg_size=0) as socket:
        tab = Tab(socket)
        listening = asyncio.create_task(tab.listen())
        for domain in ("Page", "Runtime", "Network", "Log"):
            await tab.call(f"{domain}.enable")
        yield tab
        listening.cancel()


async def _told_address(folder: Path) -> str:
    """Returns where the browser is spoken to, once it has written its port."""
    told = folder / "DevToolsActivePort"
    while not (told.exists() and told.read_text().count("\n")):
        await asyncio.sleep(0.02)
    return f"http://127.0.0.1:{told.read_text().splitlines()[0]}/json"


async def _socket(session: aiohttp.ClientSession, browser: str, number: int) -> str:
    """Returns the address of a tab's socket: of the tab that is open at first, or of a new one."""
    if number:
        async with session.put(f"{browser}/new?{_NOTHING}") as answer:
            return str((await answer.json())["webSocketDebuggerUrl"])
    async with session.get(f"{browser}/list") as answer:
        pages = [one for one in await answer.json() if one["type"] == "page"]
    return str(pages[0]["webSocketDebuggerUrl"])
