"""A reply's way from the model endpoint to the panel's websocket, against reading the endpoint with plain httpx.

Three processes: the endpoint, a Jupyter server with the extension, and this one, which is the panel in one round and an
httpx client of the endpoint in the next. Each piece of the reply is the time at which the endpoint sent it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from benchmarks.measure import Line, Sample, alternate, percentile, print_table
from benchmarks.reply import Arrival, arrivals, endpoint_process, task
from benchmarks.server import AUTHORIZED, Server, jupyter_server

PACED_DELAY = 0.005
"""Seconds between two pieces: some 200 a second, as a fast model writes."""


@dataclass(frozen=True)
class Task:
    """A reply of so many pieces, so many seconds apart."""

    pieces: int
    delay: float

    def sample(self, came: list[Arrival], sent: float, asked: float) -> Sample:
        """The figures of a reply to a message of the user's that was sent, and that the model was asked for, at those
        times (seconds since the epoch)."""
        if not self.delay:
            return {"whole reply": (came[-1].came - came[0].sent[0]) * 1000}
        late = [(arrival.came - sent) * 1000 for arrival in came for sent in arrival.sent]
        return {
            "median": percentile(late, 50),
            "99th percentile": percentile(late, 99),
            "latest": max(late),
            "first piece, from the model's being asked": (came[0].came - asked) * 1000,
            "first piece, from the user's sending": (came[0].came - sent) * 1000,
        }


class Panel:
    """What a page does: it follows the conversation, and sends messages."""

    def __init__(self, server: Server, client: httpx.AsyncClient) -> None:
        self._server = server
        self._client = client
        self._conversation = ""
        self._kernel = ""
        self._asked = 0.0

    async def open(self) -> None:
        """A notebook's kernel is started, and a conversation about it."""
        notebook = {"path": "analysis.ipynb", "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        self._kernel = (await self._post("/api/sessions", notebook))["kernel"]["id"]
        about = {"notebook_path": "analysis.ipynb", "kernel_id": self._kernel}
        answer = await self._post("/jupyter-codeact/conversations", about)
        self._conversation = f"/jupyter-codeact/conversations/{answer['conversation_id']}"

    async def ask(self, wanted: Task) -> Sample:
        """The figures of a reply, as the page gets it; the run is over."""
        known = (await self._client.get(f"{self._conversation}/events")).raise_for_status().json()
        socket = await self._follow(len(known))
        text = task(wanted.pieces, wanted.delay)
        sent = time.time()
        await self._post(
            f"{self._conversation}/messages", {"message_id": uuid4().hex, "text": text, "kernel_id": self._kernel}
        )
        came = await arrivals(self._deltas(socket), wanted.pieces)
        async for frame in _frames(socket):
            if frame["kind"] == "run_finished":
                break
        socket.close()
        return wanted.sample(came, sent, self._asked)

    async def _deltas(self, socket: WebSocketClientConnection) -> AsyncIterator[str]:
        async for frame in _frames(socket):
            if frame["kind"] == "reply_delta":
                yield frame["text"]
            elif frame.get("state") == "waiting_for_model":
                self._asked = time.time()
            assert frame["kind"] != "run_finished", frame

    async def _follow(self, after: int) -> WebSocketClientConnection:
        url = f"ws://127.0.0.1:{self._server.port}{self._conversation}/follow?after={after}"
        return await websocket_connect(HTTPRequest(url, headers=AUTHORIZED))

    async def _post(self, path: str, body: Any) -> Any:
        return (await self._client.post(path, json=body)).raise_for_status().json()


async def _frames(socket: WebSocketClientConnection) -> AsyncIterator[dict[str, Any]]:
    while (message := await socket.read_message()) is not None:
        yield json.loads(message)


async def read_plainly(client: httpx.AsyncClient, wanted: Task) -> Sample:
    """The figures of the same reply, read from the endpoint itself."""
    message = {"role": "user", "content": task(wanted.pieces, wanted.delay)}
    body = {"model": "timed", "stream": True, "messages": [message]}
    asked = time.time()
    async with client.stream("POST", "chat/completions", json=body) as response:
        contents = _contents(response)
        came = await arrivals(contents, wanted.pieces)
        async for _ in contents:
            pass  # the rest, so that the connection can be used again
    return wanted.sample(came, asked, asked)


async def _contents(response: httpx.Response) -> AsyncIterator[str]:
    async for line in response.aiter_lines():
        if line.startswith("data: {"):
            choice = json.loads(line[6:])["choices"][0]
            yield choice["delta"].get("content", "")


async def compare(rounds: int, paced: Task, burst: Task) -> None:
    """The tables are printed."""
    with endpoint_process() as base_url:
        config = {
            "ServerApp": {"jpserver_extensions": {"jupyter_codeact": True}},
            "CodeAct": {"base_url": base_url, "model": "timed", "api_key": "benchmark", "approval": "auto"},
        }
        async with (
            jupyter_server(config) as server,
            server.client as ours,
            httpx.AsyncClient(base_url=base_url) as plain,
        ):
            panel = Panel(server, ours)
            await panel.open()
            print(f"### {paced.pieces} pieces, {1 / paced.delay:.0f} a second: from sent to received\n")
            pairs = await alternate(rounds, lambda: panel.ask(paced), lambda: read_plainly(plain, paced))
            added = {"median": None, "99th percentile": 2.0, "latest": 10.0}
            added |= {"first piece, from the model's being asked": 3.0, "first piece, from the user's sending": None}
            print_table(pairs, [Line(name, "ms", most_added=goal) for name, goal in added.items()])
            print(f"### {burst.pieces} pieces as fast as possible: from the first sent to the last received\n")
            pairs = await alternate(rounds, lambda: panel.ask(burst), lambda: read_plainly(plain, burst))
            print_table(pairs, [Line("whole reply", "ms")])


def main() -> None:
    """Prints a table for paced replies, and one for replies as fast as possible."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--paced", type=int, default=400, help="pieces of a paced reply")
    parser.add_argument("--burst", type=int, default=5000, help="pieces of a reply as fast as possible")
    options = parser.parse_args()
    asyncio.run(compare(options.rounds, Task(options.paced, PACED_DELAY), Task(options.burst, 0.0)))


if __name__ == "__main__":
    main()
