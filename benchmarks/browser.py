"""A page in a headless Chromium, driven by the browser's own protocol, without a further dependency."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import shutil
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import httpx
from tornado.websocket import WebSocketClientConnection, websocket_connect

START_SECONDS = 30.0
ANSWER_SECONDS = 180.0
LOOK_AGAIN_SECONDS = 0.05
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync "
    "--disable-component-update --disable-background-timer-throttling --enable-precise-memory-info "
    "--remote-debugging-port=0 --window-size=1440,900"
).split()
_NAMES = ("chromium", "chromium-browser", "google-chrome")


class Page:
    """One tab."""

    def __init__(self, socket: WebSocketClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """What the browser answers; events on the way are dropped. Raises `RuntimeError` with the browser's words."""
        wanted = next(self._ids)
        await self._socket.write_message(json.dumps({"id": wanted, "method": method, "params": params}))
        answer = await asyncio.wait_for(self._answer(wanted), ANSWER_SECONDS)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    async def _answer(self, wanted: int) -> dict[str, Any]:
        while (message := await self._socket.read_message()) is not None:
            answer: dict[str, Any] = json.loads(message)
            if answer.get("id") == wanted:
                return answer
        raise RuntimeError("The browser closed the page.")

    async def run(self, script: str, *arguments: Any) -> Any:
        """The value of the function `script`, called with `arguments` in the page; a promise is waited for."""
        expression = f"({script})({', '.join(json.dumps(argument) for argument in arguments)})"
        answer = await self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"].get("exception", {}).get("description")))
        return answer["result"].get("value")

    async def metrics(self) -> dict[str, float]:
        """The browser's counters for this page: seconds of work, bytes of the heap."""
        answer = await self.call("Performance.getMetrics")
        return {metric["name"]: metric["value"] for metric in answer["metrics"]}

    async def heap(self) -> float:
        """The bytes of the JavaScript heap after its garbage was collected."""
        await self.call("HeapProfiler.collectGarbage")
        return (await self.metrics())["JSHeapUsedSize"]

    async def type(self, text: str) -> None:
        """`text`, then Enter, were typed where the focus is."""
        await self.call("Input.insertText", text=text)
        for kind in ("keyDown", "keyUp"):
            key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
            await self.call("Input.dispatchKeyEvent", type=kind, **key)


@asynccontextmanager
async def browser() -> AsyncIterator[str]:
    """The address at which a browser of our own, with a profile of its own, takes orders.

    CHROMIUM_PATH names it, as for the browser tests; else it is looked for in PATH.
    """
    program = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise RuntimeError("There is no Chromium in PATH: install one, or set CHROMIUM_PATH.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, *FLAGS, f"--user-data-dir={profile}"]
        process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=DEVNULL)
        try:
            yield f"http://127.0.0.1:{await _port(Path(profile))}"
        finally:
            process.terminate()
            await process.wait()


async def _port(profile: Path) -> int:
    """Chromium writes the port that it took into its profile."""
    file = profile / "DevToolsActivePort"
    for _ in range(round(START_SECONDS / LOOK_AGAIN_SECONDS)):
        if file.exists() and "\n" in (text := file.read_text()):
            return int(text.partition("\n")[0])
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    raise RuntimeError("Chromium did not start.")


@asynccontextmanager
async def page(address: str, url: str, clock: Literal["timeTicks", "threadTicks"] = "timeTicks") -> AsyncIterator[Page]:
    """A new tab at `url`, which is closed at the end. With "threadTicks" its counters are processor time."""
    async with httpx.AsyncClient(base_url=address, timeout=START_SECONDS) as client:
        target = (await client.put("/json/new?about:blank")).raise_for_status().json()
        socket = await websocket_connect(target["webSocketDebuggerUrl"], max_message_size=2**28)
        try:
            tab = Page(socket)
            await tab.call("Performance.enable", timeDomain=clock)
            await tab.call("Page.navigate", url=url)
            yield tab
        finally:
            socket.close()
            await client.get(f"/json/close/{target['id']}")
