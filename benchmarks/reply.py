"""A model endpoint in a process of its own, whose replies carry the time at which each piece was sent."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import EVENT_STREAM, Answer, Reply, delta, event
from jupyter_codeact.tests.wire import Request, Wire

LINE_PIECES = 16
"""So many pieces make a line of the reply, which is prose: it has no code."""


@dataclass(frozen=True)
class Timed(Reply):
    """A reply of `pieces`, each the time (seconds since the epoch) at which it is sent, `delay` seconds apart.

    Without a delay all but the first piece were encoded before, with the first one's time: the endpoint is not what is
    measured.
    """

    pieces: int = 0

    async def serve(self, wire: Wire, request: Request) -> None:
        rest = [] if self.delay else [_piece(number, time.time()) for number in range(1, self.pieces)]
        await wire.head(200, EVENT_STREAM, framing="chunked")
        await wire.write(event(delta({"role": "assistant", "content": ""})))
        await wire.write(_piece(0, time.time()))
        for number in range(1, self.pieces):
            if self.delay:
                await asyncio.sleep(self.delay)
            await wire.write(_piece(number, time.time()) if self.delay else rest[number - 1])
        await wire.write(event(delta({}, "stop")) + b"data: [DONE]\n\n")
        await wire.end()


def _piece(number: int, moment: float) -> bytes:
    return event(delta({"content": f"{moment:.6f}" + ("\n" if (number + 1) % LINE_PIECES == 0 else " ")}))


def task(pieces: int, delay: float) -> str:
    """What to ask the model for a reply of so many pieces, so many seconds apart."""
    return json.dumps({"pieces": pieces, "delay": delay})


def timed(request: Request) -> Answer:
    """The reply that the latest message asks for."""
    content = str(request.body["messages"][-1]["content"])
    wanted: dict[str, Any] = json.loads(content[content.rindex("{") : content.rindex("}") + 1])
    return Timed(**wanted)


async def _serve(ready: Connection, answer: Callable[[Request], Answer]) -> None:
    async with Endpoint([answer], repeat=True) as endpoint:
        ready.send(endpoint.base_url)
        await asyncio.Event().wait()


def _run(ready: Connection, answer: Callable[[Request], Answer]) -> None:
    asyncio.run(_serve(ready, answer))


@contextmanager
def endpoint_process(answer: Callable[[Request], Answer] = timed) -> Iterator[str]:
    """The base URL of an endpoint in a process of its own, which replies to each request with what `answer`, a function
    of a module, says."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(theirs, answer), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


@dataclass(frozen=True)
class Arrival:
    """Pieces that arrived together: when they were sent, and when they came."""

    sent: tuple[float, ...]
    came: float


async def arrivals(texts: AsyncIterator[str], pieces: int) -> list[Arrival]:
    """The arrivals of the first `pieces` of a reply, whose text comes in parts."""
    result: list[Arrival] = []
    count, rest = 0, ""
    async for text in texts:
        came = time.time()
        whole = rest + text
        end = max(whole.rfind(" "), whole.rfind("\n")) + 1
        rest = whole[end:]
        sent = tuple(float(moment) for moment in whole[:end].split())
        if sent:
            result.append(Arrival(sent, came))
        count += len(sent)
        if count >= pieces:
            return result
    raise RuntimeError(f"the reply ended after {count} of {pieces} pieces")
