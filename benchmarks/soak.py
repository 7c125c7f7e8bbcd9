"""Many conversations at once under random faults: nothing is lost, nothing runs twice.

    python -m benchmarks.soak [--seconds 1800] [--conversations 20] [--seed 1]

A real Jupyter server, real kernels, a model endpoint that answers 429 and 500 and cuts streams, and for each
conversation what a page does: it follows and writes the notebook. Meanwhile, at random: tabs are closed and others
opened in their place, sockets are dropped, kernels are killed, runs are stopped, the server is killed or asked to end,
and started again. Each cell leaves a mark of its own in a file.

At the end every journal must be valid, every event must have come once and in order, what the page knows must be what
the journal folds to, and its notebook on the disk what that projects to. No mark may stand twice, each cell that is
called ok must have left its own, and no mark may be of a cell that was not in a journal first. Exits 1 when one of this
is not so. The notebook is written by Python's twin of the browser's projector; the browser's own is tested there.
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
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
from tornado.httpclient import HTTPClientError

from benchmarks.invariants import check, marking
from benchmarks.server import Server, jupyter_server
from benchmarks.tab import Tab
from jupyter_codeact.journal.fold import State
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Answer, Fault
from jupyter_codeact.tests.wire import Request

FAULTS = {
    "close a tab": 6,
    "drop sockets": 6,
    "kill a kernel": 6,
    "stop a run": 6,
    "kill the server": 1,
    "end the server": 1,
}
"""What happens to whom, and how often in proportion."""

FAULT_SECONDS = (1.0, 6.0)
SETTLE_SECONDS = 300.0
END_SECONDS = 30.0
"""A server that was asked to end has ended its kernels and itself within this, on a busy machine."""


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
        self.tabs: dict[str, Tab] = {}
        self._ends = 0.0
        self._marks = 0

    async def run(self, seconds: float) -> None:
        """Everybody has worked for so long; then the faults have ended and everybody's runs, too."""
        async with Endpoint([self._reply], repeat=True) as endpoint:
            users = [asyncio.create_task(self._use(name)) for name in self.names]
            followers = [asyncio.create_task(self._follow(name)) for name in self.names]
            while not all(user.done() for user in users):
                await self._serve(endpoint.base_url, users, seconds)
            self.ended.set()
            for follower in followers:
                follower.cancel()
            outcomes = await asyncio.gather(*users, *followers, return_exceptions=True)
            self.problems += [f"a user ended: {error!r}" for error in outcomes if isinstance(error, Exception)]

    async def _serve(self, base_url: str, users: list[asyncio.Task[None]], seconds: float) -> None:
        """A server has lived, until it was killed or everybody was done."""
        config = {
            "ServerApp": {"jpserver_extensions": {"jupyter_codeact": True}, "log_level": "ERROR"},
            "CodeAct": {"base_url": base_url, "model": "soak", "approval": "auto", "max_steps": 12},
        }
        async with jupyter_server(config, directory=self.directory) as server:
            self._server = server
            self._ends = (
                self._ends or time.monotonic() + seconds
            )  # the first start, however long it took, is not counted
            while server.process.returncode is None and not all(user.done() for user in users):
                await asyncio.sleep(self.random.uniform(*FAULT_SECONDS))
                if time.monotonic() < self._ends:
                    (fault,) = self.random.choices(list(FAULTS), list(FAULTS.values()))
                    self.counts[fault] += 1
                    await self._strike(fault, server)
            self._server = None

    async def _strike(self, fault: str, server: Server) -> None:
        match fault:
            case "close a tab":
                name = self.random.choice(self.names)
                if name in self.tabs:
                    self.tabs.pop(name).close()
            case "drop sockets":
                for tab in self.random.sample(list(self.tabs.values()), len(self.tabs) // 2):
                    tab.drop()
            case "kill a kernel":
                if kernels := [child for child in _children(server) if _is_kernel(child)]:
                    self.random.choice(kernels).send_signal(signal.SIGKILL)
            case "kill the server":
                children = _children(server)
                server.process.send_signal(signal.SIGKILL)
                await server.process.wait()
                await asyncio.sleep(self.random.uniform(0, 1))  # the kernels work on, and nobody hears them
                for child in children:
                    with suppress(psutil.NoSuchProcess):
                        child.send_signal(signal.SIGKILL)  # else they would see to it themselves, a little later
            case "end the server":
                server.process.send_signal(signal.SIGTERM)
                try:
                    await asyncio.wait_for(server.process.wait(), END_SECONDS)
                except asyncio.TimeoutError:
                    self.problems.append(f"the server lived on for {END_SECONDS:g} s")
                    server.process.send_signal(signal.SIGKILL)
                    await server.process.wait()
            case "stop a run":
                await self._call("POST", f"conversations/{self.random.choice(self.names)}/stop", {})

    async def _use(self, name: str) -> None:
        """One user: a message, its run's end, the next message; at least one that the server took."""
        path = f"{name}.ipynb"
        made = None
        while made is None:  # until there is a server
            made = await self._call("POST", "conversations", {"notebook_path": path, "conversation_id": name})
        number = taken = 0
        while not taken or time.monotonic() < self._ends:
            number += 1
            message = {"message_id": f"{name}-{number}", "text": f"Task {number}", "notebook": {"path": path}}
            if await self._call("POST", f"conversations/{name}/messages", message) is not None:
                self.counts["messages"] += 1
                taken += 1
            await self._idle(name)
        seq = await self._idle(name)
        for _ in range(int(SETTLE_SECONDS)):
            if name in self.tabs and self.tabs[name].state.seq >= seq:
                break
            await asyncio.sleep(1)

    async def _idle(self, name: str) -> int:
        """No run of the conversation is live; the number of its last event."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline:
            state = await self._call("GET", f"conversations/{name}")
            if state is not None and not state["live"]:
                return int(state["seq"])
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
                if answer.status_code == 503:
                    self.counts["refused by a server that ends"] += 1
                elif answer.status_code >= 500:
                    self.problems.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
                if answer.is_success:
                    return answer.json()
        await asyncio.sleep(0.3)
        return None

    async def _follow(self, name: str) -> None:
        """Somebody looks at the conversation: the same page connects again and again, until it is another."""
        while not self.ended.is_set():
            if self._server is not None:
                tab = self.tabs.get(name) or Tab(name, self.directory, self.problems)
                self.tabs[name] = tab
                heard = tab.heard
                with suppress(OSError, HTTPClientError):
                    await tab.follow(self._server.port)
                self.counts["events heard"] += tab.heard - heard
            await asyncio.sleep(0.2)

    def _reply(self, request: Request) -> Answer:
        """What the model says, or how its endpoint fails."""
        self._marks += 1
        code = marking(f"mark-{self._marks}", self.random.uniform(0, 1))
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
        if isinstance(answer, Fault):
            self.counts[f"endpoint: {answer.status if answer.kind == 'status' else answer.kind}"] += 1
        return answer


def _children(server: Server) -> list[psutil.Process]:
    return psutil.Process(server.process.pid).children()


def _is_kernel(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return any("ipykernel" in part for part in process.cmdline())
    return False


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
        known = {name: soak.tabs[name].state if name in soak.tabs else State() for name in soak.names}
        problems = [*soak.problems, *check(soak.directory, known, soak.counts)]
    print(f"seed {options.seed}, {options.conversations} conversations, {options.seconds:g} s\n")
    for what, count in sorted(soak.counts.items()):
        print(f"{count:8,}  {what}")
    print(f"\n{len(problems)} problems")
    print("\n".join(problems[:50]))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
