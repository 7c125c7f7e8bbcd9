"""Many conversations at once under random faults: nothing is lost, nothing runs twice.

    python -m benchmarks.soak [--seconds 1800] [--conversations 20] [--seed 1]

A real Jupyter server, real kernels, a model endpoint that answers 429 and 500 and drops streams. Meanwhile, at random:
followers are dropped, kernels and the server are killed, runs are stopped. Each cell leaves a mark of its own in a
file. At the end every journal must be valid and whole, every follower must have seen each event once and in order, no
mark may stand twice, each cell that the journal calls ok must have left one, and every journal must project to a valid
notebook. Exits 1 when one of this is not so. No page is open; that pages write what the journal says is tested in the
browser.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import nbformat
import psutil
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from benchmarks.server import AUTHORIZED, Server, jupyter_server
from jupyter_codeact.documents.document import project
from jupyter_codeact.journal.file_journal import read
from jupyter_codeact.journal.fold import State, fold
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Answer, Fault
from jupyter_codeact.tests.wire import Request

FAULTS = {"drop followers": 6, "kill a kernel": 2, "kill the server": 2, "stop a run": 3}
"""What happens to whom, and how often in proportion."""

FAULT_SECONDS = (1.0, 6.0)
SETTLE_SECONDS = 120.0
MARK = "with open('marks.txt', 'a') as file: file.write('{mark}\\n')"


class Soak:
    """The users of one server, and what happens to them."""

    def __init__(self, directory: Path, conversations: int, seed: int) -> None:
        self.directory = directory
        self.random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.names = [f"c{number}" for number in range(conversations)]
        self.counts: Counter[str] = Counter()
        self.problems: list[str] = []
        self.ended = asyncio.Event()
        self._server: Server | None = None
        self._sockets: dict[str, WebSocketClientConnection] = {}
        self._seen: dict[str, int] = dict.fromkeys(self.names, 0)
        self._marks = 0

    async def run(self, seconds: float) -> None:
        """Everybody has worked for so long; then the faults have ended and everybody's runs, too."""
        async with Endpoint([self._reply], repeat=True) as endpoint:
            endings = time.monotonic() + seconds
            users = [asyncio.create_task(self._use(name, endings)) for name in self.names]
            followers = [asyncio.create_task(self._follow(name)) for name in self.names]
            while not all(user.done() for user in users):
                await self._serve(endpoint.base_url, users, endings)
            self.ended.set()
            for follower in followers:
                follower.cancel()
            await asyncio.gather(*followers, return_exceptions=True)
            for user in users:
                if (error := user.exception()) is not None:
                    self.problems.append(f"a user ended: {error!r}")

    async def _serve(self, base_url: str, users: list[asyncio.Task[None]], endings: float) -> None:
        """A server has lived, until it was killed or everybody was done."""
        config = {
            "ServerApp": {"jpserver_extensions": {"jupyter_codeact": True}, "log_level": "ERROR"},
            "CodeAct": {"base_url": base_url, "model": "soak", "approval": "auto", "max_steps": 12},
        }
        async with jupyter_server(config, directory=self.directory) as server:
            self._server = server
            while server.process.returncode is None and not all(user.done() for user in users):
                await asyncio.sleep(self.random.uniform(*FAULT_SECONDS))
                if time.monotonic() < endings:
                    (fault,) = self.random.choices(list(FAULTS), list(FAULTS.values()))
                    self.counts[fault] += 1
                    await self._strike(fault, server)
            self._server = None

    async def _strike(self, fault: str, server: Server) -> None:
        match fault:
            case "drop followers":
                for socket in list(self._sockets.values()):
                    socket.close()
            case "kill a kernel":
                kernels = [child for child in psutil.Process(server.process.pid).children() if _is_kernel(child)]
                if kernels:
                    self.random.choice(kernels).send_signal(signal.SIGKILL)
            case "kill the server":
                for child in psutil.Process(server.process.pid).children():
                    child.send_signal(signal.SIGKILL)  # else they would see to it themselves, a little later
                server.process.send_signal(signal.SIGKILL)
                await server.process.wait()
            case "stop a run":
                await self._call("POST", f"conversations/{self.random.choice(self.names)}/stop", {})

    async def _use(self, name: str, endings: float) -> None:
        """One user: a message, its run's end, the next message."""
        path = f"{name}.ipynb"
        made = None
        while made is None:  # until there is a server
            made = await self._call("POST", "conversations", {"notebook_path": path, "conversation_id": name})
        number = 0
        while time.monotonic() < endings:
            number += 1
            message = {"message_id": f"{name}-{number}", "text": f"Task {number}", "notebook": {"path": path}}
            if await self._call("POST", f"conversations/{name}/messages", message) is not None:
                self.counts["messages"] += 1
            await self._idle(name)
        await self._idle(name)

    async def _idle(self, name: str) -> None:
        """No run of the conversation is live."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline:
            state = await self._call("GET", f"conversations/{name}")
            if state is not None and not state["live"]:
                return
            await asyncio.sleep(0.3)
        raise RuntimeError(f"{name} still runs after {SETTLE_SECONDS:g} s")

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON answer; None when there is no server, or it refused."""
        server = self._server
        if server is None:
            await asyncio.sleep(0.3)
            return None
        with suppress(httpx.HTTPError):
            async with server.client as client:
                answer = await client.request(method, f"/jupyter-codeact/{path}", json=body)
                if answer.status_code >= 500:
                    self.problems.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
                if answer.is_success:
                    return answer.json()
        await asyncio.sleep(0.3)
        return None

    async def _follow(self, name: str) -> None:
        """A page: it connects again and again, from where it was."""
        while not self.ended.is_set():
            server = self._server
            if server is None:
                await asyncio.sleep(0.2)
                continue
            url = f"ws://127.0.0.1:{server.port}/jupyter-codeact/conversations/{name}/follow?after={self._seen[name]}"
            with suppress(OSError, HTTPClientError):
                socket = await websocket_connect(HTTPRequest(url, headers=AUTHORIZED))
                self._sockets[name] = socket
                while (frame := await socket.read_message()) is not None:
                    self._take(name, str(frame))
            await asyncio.sleep(0.2)

    def _take(self, name: str, frame: str) -> None:
        event = httpx.Response(200, text=frame).json()
        if "seq" in event:
            if event["seq"] != self._seen[name] + 1:
                self.problems.append(f"{name}: event {event['seq']} came after {self._seen[name]}")
            self._seen[name] = event["seq"]
            self.counts["events followed"] += 1

    def _reply(self, request: Request) -> Answer:
        """What the model says, or how its endpoint fails."""
        self._marks += 1
        mark = f"mark-{self._marks}"
        code = f"import time\n{MARK.format(mark=mark)}\ntime.sleep({self.random.uniform(0, 1):.2f})\nprint({mark!r})"
        whole = cell(code)
        choices: list[tuple[Answer, int]] = [
            (whole, 20),
            (cell(f"{code}\n1 / 0"), 4),
            ("That is all.", 6),
            (Fault("status", status=429, headers={"Retry-After": "1"}), 1),
            (Fault("status", status=500), 1),
            (Fault("cut", text=whole[: self.random.randrange(len(whole) - 8)]), 2),
        ]
        answers, weights = zip(*choices, strict=True)
        answer: Answer = self.random.choices(answers, weights)[0]
        return answer


def _is_kernel(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return any("ipykernel" in part for part in process.cmdline())
    return False


def check(soak: Soak) -> Iterator[str]:
    """What is not as it must be, a line each."""
    file = soak.directory / "marks.txt"
    marks = Counter(file.read_text("utf-8").split() if file.exists() else [])
    yield from (f"{mark} ran {times} times" for mark, times in marks.items() if times > 1)
    for name in soak.names:
        events, size = read(soak.directory / "data" / "codeact" / "conversations" / f"{name}.jsonl")
        state = fold(events)
        soak.counts["events"] += len(events)
        soak.counts["cells"] += len(state.cells)
        for made in state.cells.values():
            soak.counts[f"cells {made.status}"] += 1
            mark = made.source.rpartition("print('")[2].partition("'")[0]
            if made.status == "ok" and marks[mark] != 1:
                yield f"{name}: cell {made.cell_id} is ok and left no mark"
            if made.status == "running":
                yield f"{name}: cell {made.cell_id} never ended"
        soak.counts.update(f"runs {run.reason or 'cut off'}" for run in state.runs)
        if size == 0 or not state.runs:
            yield f"{name}: nothing happened"
        yield from _not_projected(name, state)


def _not_projected(name: str, state: State) -> Iterator[str]:
    notebook: Any = nbformat.v4.new_notebook()
    project(notebook, state)
    if project(notebook, state):
        yield f"{name}: the notebook changes when the same journal is projected again"
    nbformat.validate(notebook)
    if [made["id"] for made in notebook.cells] and len(notebook.cells) != len(state.cells):
        yield f"{name}: the notebook has {len(notebook.cells)} of {len(state.cells)} cells"


def main() -> None:
    """The soak has run; its counts and problems are on standard output."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--conversations", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        soak = Soak(Path(directory), options.conversations, options.seed)
        asyncio.run(soak.run(options.seconds))
        problems = [*soak.problems, *check(soak)]
    print(f"seed {options.seed}, {options.conversations} conversations, {options.seconds:g} s\n")
    for what, count in sorted(soak.counts.items()):
        print(f"{count:8,}  {what}")
    print(f"\n{len(problems)} problems")
    print("\n".join(problems[:50]))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
