"""50 conversations at once on one server, with 200 pages that follow them: nobody waits for anybody else.

    python -m benchmarks.load [--minutes 10] [--conversations 50] [--followers 200]

A real Jupyter server; a model endpoint over HTTP whose replies come word by word; five real kernels, and for the other
conversations `light_kernel`, which a server cannot tell from a real one. First the server is asked for its status while
it has nothing else to do, then while all runs are live. Prints a table; exits 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psutil
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from benchmarks.light_kernel import kernelspec
from benchmarks.measure import percentile
from benchmarks.prober import Prober, prober
from benchmarks.reply import endpoint_process
from benchmarks.server import AUTHORIZED, Server, jupyter_server
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.replies import Answer, Reply
from jupyter_codeact.tests.wire import Request

REAL_KERNELS = 5
IDLE_SECONDS = 20.0
LOOK_SECONDS = 5.0
WARM_UP = 0.25
"""This part of the time is not counted in the slope of the memory."""

WARM_UP_LOOKS = 3
"""While the first runs begin, the client of the model is imported: in a thread, but Python has one lock for all."""

MOST_BLOCKED_MS = 50.0
MOST_STATUS_RATIO = 2.0
MOST_BYTES_A_BYTE = 12.0
"""What the server's memory may grow by for each byte of new journal: events are kept, and nothing else may pile up."""

CODE = "import time\nfor number in range(20):\n    print('part {part}', number, flush=True)\n    time.sleep(0.02)"
PROSE = "The next step looks at one more part of the data and says what is in it. " * 4


def reply(request: Request) -> Answer:
    """Three of four replies ask for a cell, each for another one; they come as a fast model writes."""
    choice, part = random.random(), random.randrange(10**9)  # noqa: S311 - no secrets
    return Reply(
        cell(CODE.format(part=part), PROSE) if choice < 0.75 else f"{PROSE}That is all.", chunk_chars=12, delay=0.1
    )


@dataclass
class Look:
    """The server at one moment: seconds since the runs began, megabytes."""

    at: float
    memory: float
    journals: float


@dataclass
class Load:
    """The users of one server and their pages."""

    server: Server
    directory: Path
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    cores: float = 0.0
    lags: list[dict[str, Any]] = field(default_factory=list)

    async def run(self, conversations: int, followers: int, seconds: float, asking: Prober) -> list[float]:
        """Everybody has worked for so long, and the last runs are over; what a request took meanwhile (ms)."""
        process = psutil.Process(self.server.process.pid)
        async with self.server.client as client:
            users = [User(self, client, number) for number in range(conversations)]
            for user in users:
                await user.open()
            following = [asyncio.create_task(users[number % conversations].follow()) for number in range(followers)]
            await client.get("/benchmarks/lag")  # what came before is forgotten
            await asyncio.to_thread(asking.take)
            began, busy = time.monotonic(), sum(process.cpu_times()[:2])
            logged = self.server.log.stat().st_size
            working = [asyncio.create_task(user.work(began + seconds)) for user in users]
            while not all(task.done() for task in working):
                await asyncio.sleep(LOOK_SECONDS)
                self.lags.append((await client.get("/benchmarks/lag")).json())
                self._look(time.monotonic() - began)
            taken = await asyncio.to_thread(asking.take)
            self.cores = (sum(process.cpu_times()[:2]) - busy) / (time.monotonic() - began)
            for task in following:
                task.cancel()
            outcomes = await asyncio.gather(*working, *following, return_exceptions=True)
            self.problems += [repr(outcome) for outcome in outcomes if isinstance(outcome, Exception)]
        log = self.server.log.read_bytes()[logged:].decode()
        if "Traceback" in log:
            self.problems.append(f"the server's log has a traceback: {log[log.index('Traceback') :][:2000]}")
        return taken

    def _look(self, at: float) -> None:
        memory = psutil.Process(self.server.process.pid).memory_info().rss
        journals = sum(path.stat().st_size for path in self.directory.glob("data/codeact/conversations/*.jsonl"))
        self.looks.append(Look(at, memory / 1e6, journals / 1e6))


class User:
    """One conversation: a message, its run's end, the next message; and each page that looks on."""

    def __init__(self, load: Load, client: httpx.AsyncClient, number: int) -> None:
        self._load = load
        self._client = client
        self._name = f"c{number}"
        self._kernel = "python3" if number < REAL_KERNELS else "light"
        self._kernel_id = ""
        self._ended = asyncio.Event()

    async def open(self) -> None:
        """The kernel runs, and the conversation is there."""
        session = {"path": f"{self._name}.ipynb", "name": "", "type": "notebook", "kernel": {"name": self._kernel}}
        self._kernel_id = (await self._post("/api/sessions", session))["kernel"]["id"]
        about = {"notebook_path": f"{self._name}.ipynb", "conversation_id": self._name, "kernel_id": self._kernel_id}
        await self._post("/jupyter-codeact/conversations", about)

    async def work(self, until: float) -> None:
        """Messages were sent until then; the last one's run is over."""
        await asyncio.sleep(random.uniform(0, 3))  # noqa: S311
        number = 0
        while time.monotonic() < until:
            number += 1
            self._ended.clear()
            message = {"message_id": f"{self._name}-{number}", "text": "Go on.", "kernel_id": self._kernel_id}
            await self._post(f"/jupyter-codeact/conversations/{self._name}/messages", message)
            await asyncio.wait_for(self._ended.wait(), 180)

    async def follow(self) -> None:
        """One more page, until it is cancelled: every event came once and in order, every reply whole."""
        path = f"/jupyter-codeact/conversations/{self._name}/follow"
        url = f"ws://127.0.0.1:{self._load.server.port}{path}"
        socket = await websocket_connect(HTTPRequest(url, headers=AUTHORIZED))
        seq, streamed = 0, ""
        while (frame := await socket.read_message()) is not None:
            self._load.counts["frames"] += 1
            event: dict[str, Any] = json.loads(frame)
            if event["kind"] == "reply_delta":
                streamed = event["text"] if event["restart"] else streamed + event["text"]
            if "seq" in event:
                if event["seq"] != seq + 1:
                    self._load.problems.append(f"{self._name}: event {event['seq']} came after {seq}")
                seq = event["seq"]
                streamed = self._take(event, streamed)
        self._load.problems.append(f"{self._name}: a follower was dropped at {seq}")

    def _take(self, event: dict[str, Any], streamed: str) -> str:
        """What is streamed of the reply behind `event`."""
        match event["kind"]:
            case "model_replied":
                if not (streamed.startswith(event["text"]) or event["text"].startswith(streamed)):
                    self._load.problems.append(f"{self._name}: the reply of step {event['step']} had gaps on its way")
                return ""
            case "cell_finished":
                self._load.counts[f"cells {event['status']}, heard"] += 1
                self._load.problems += [f"{self._name}: {problem}" for problem in event["problems"]]
            case "run_finished":
                self._load.counts[f"runs {event['reason']}, heard"] += 1
                if event["reason"] not in ("answered", "limit"):
                    self._load.problems.append(f"{self._name}: {event['reason']}: {event['detail']}")
                self._ended.set()
        return streamed

    async def _post(self, path: str, body: Any) -> Any:
        answer = await self._client.post(path, json=body)
        if not answer.is_success:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:200]}")
        return answer.json()


def slope(looks: Sequence[Look]) -> tuple[float, float]:
    """What memory and journals grew by after the warm-up, in megabytes a minute: least squares, and the difference."""
    counted = [look for look in looks if look.at >= looks[-1].at * WARM_UP]
    middle = sum(look.at for look in counted) / len(counted)
    square = sum((look.at - middle) ** 2 for look in counted)
    memory = sum((look.at - middle) * look.memory for look in counted) / square if square else 0.0
    seconds = counted[-1].at - counted[0].at or 1.0
    return memory * 60, (counted[-1].journals - counted[0].journals) / seconds * 60


def report(load: Load, idle: Sequence[float], busy: Sequence[float]) -> bool:
    """The table is on standard output; whether every goal is met."""
    memory, journals = slope(load.looks)
    first, lags = load.lags[:WARM_UP_LOOKS], load.lags[WARM_UP_LOOKS:] or load.lags
    blocked = max(lag["blocked_ms"] for lag in lags)
    p99 = percentile(busy, 99) / percentile(idle, 99)
    rows = [
        ("errors, and events out of order", f"{len(load.problems)}", "0", not load.problems),
        (
            "the event loop blocked, longest (ms)",
            f"{blocked:.0f}",
            f"<= {MOST_BLOCKED_MS:g}",
            blocked <= MOST_BLOCKED_MS,
        ),
        (
            "of it computed by the loop's own thread, longest (ms)",
            f"{max(lag['worked_ms'] for lag in lags):.0f}",
            "",
            True,
        ),
        ("of it one garbage collection, longest (ms)", f"{max(lag['collected_ms'] for lag in lags):.0f}", "", True),
        ("blocked, and the machine busy elsewhere (ms)", f"{max(lag['late_ms'] for lag in lags):.0f}", "", True),
        ("blocked while the first runs began (ms)", f"{max(lag['blocked_ms'] for lag in first):.0f}", "", True),
        ("blocked, the middle of each look's p99 (ms)", f"{median(lag['p99_ms'] for lag in lags):.1f}", "", True),
        (f"GET /api/status, p99 of {len(idle):,}, idle (ms)", f"{percentile(idle, 99):.1f}", "", True),
        (f"GET /api/status, p99 of {len(busy):,}, loaded (ms)", f"{percentile(busy, 99):.1f}", "", True),
        ("their ratio", f"{p99:.2f}", f"<= {MOST_STATUS_RATIO:g}", p99 <= MOST_STATUS_RATIO),
        ("processors that the server kept busy", f"{load.cores:.2f}", "", True),
        ("memory at the end (MB)", f"{load.looks[-1].memory:.0f}", "", True),
        ("memory's slope after the warm-up (MB a minute)", f"{memory:+.2f}", "", True),
        ("journals' growth (MB a minute)", f"{journals:+.2f}", "", True),
        (
            "memory a byte of journal (bytes)",
            f"{memory / journals if journals else 0:.1f}",
            f"<= {MOST_BYTES_A_BYTE:g}",
            memory <= MOST_BYTES_A_BYTE * journals,
        ),
    ]
    print("| measure | value | goal | |\n| --- | ---: | --- | --- |")
    for name, value, goal, met in rows:
        print(f"| {name} | {value} | {goal} | {('met' if met else 'missed') if goal else ''} |")
    print("\n" + "\n".join(f"{count:10,}  {what}" for what, count in sorted(load.counts.items())))
    print("\n".join(load.problems[:30]))
    where = sum((Counter(lag["where"]) for lag in lags), Counter[str]())
    print("\n".join(f"late {times} times at {stack}" for stack, times in where.most_common(10)))
    return all(met for *_, met in rows)


async def measure(options: argparse.Namespace) -> bool:
    """Whether every goal is met; the table has been printed."""
    with tempfile.TemporaryDirectory() as folder, endpoint_process(reply) as base_url:
        kernelspec(Path(folder) / "data")
        extensions = {"jupyter_codeact": True, "benchmarks.lag": True}
        config = {
            "ServerApp": {"jpserver_extensions": extensions, "log_level": "ERROR"},
            "CodeAct": {"base_url": base_url, "model": "load", "approval": "auto", "max_steps": 25},
        }
        async with jupyter_server(config, directory=Path(folder)) as server:
            with prober(server.port) as asking:
                await asyncio.sleep(IDLE_SECONDS)
                idle = await asyncio.to_thread(asking.take)
                load = Load(server, Path(folder))
                busy = await load.run(options.conversations, options.followers, options.minutes * 60, asking)
    return report(load, idle, busy)


def main() -> None:
    """The load has been borne, or not; what it was is on standard output."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--conversations", type=int, default=50)
    parser.add_argument("--followers", type=int, default=200)
    with suppress(KeyboardInterrupt):
        sys.exit(0 if asyncio.run(measure(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
