"""How long a plain request takes, asked again and again by a process that does nothing else."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from multiprocessing.connection import Connection

from benchmarks.server import AUTHORIZED

PAUSE_SECONDS = 0.02


def _probe(port: int, ours: Connection) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    taken: list[float] = []
    while True:
        started = time.perf_counter()
        connection.request("GET", "/api/status", headers=AUTHORIZED)
        connection.getresponse().read()
        taken.append((time.perf_counter() - started) * 1000)
        if ours.poll():
            ours.recv()
            ours.send(taken)
            taken = []
        time.sleep(PAUSE_SECONDS)


class Prober:
    """Asks `GET /api/status` all the time."""

    def __init__(self, theirs: Connection) -> None:
        self._theirs = theirs

    def take(self) -> list[float]:
        """The milliseconds that each request since the last call took; waits for the one that is under way."""
        self._theirs.send(None)
        taken: list[float] = self._theirs.recv()
        return taken


@contextmanager
def prober(port: int) -> Iterator[Prober]:
    """A prober of the server at `port`."""
    theirs, ours = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_probe, args=(port, ours), daemon=True)
    process.start()
    try:
        yield Prober(theirs)
    finally:
        process.terminate()
        process.join()
