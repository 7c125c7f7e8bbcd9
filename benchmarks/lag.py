"""A server extension that only benchmarks load: how long the event loop of the Jupyter server was kept from its work.

    ServerApp.jpserver_extensions = {"benchmarks.lag": True}

`GET /benchmarks/lag` answers, and forgets, the longest time since the last call by which a timer was late:
`late_ms` in all, `blocked_ms` without the time in which the thread was ready to run and the machine ran something else
(from Linux's `schedstat`; elsewhere both are the same). `p99_ms` is the 99th percentile of the latter. `worked_ms` is
the longest time for which the thread itself computed while a timer was late, `collected_ms` the longest garbage
collection. `where` has what the thread was at when it was late for 50 ms, innermost first, and how often.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from benchmarks.measure import percentile

LOOK_SECONDS = 0.01
LATE_SECONDS = 0.05
FRAMES = 8
_SCHEDSTAT = Path("/proc/thread-self/schedstat")


def _waited() -> float:
    """Seconds for which this thread could have run, and had no processor."""
    return int(_SCHEDSTAT.read_text("ascii").split()[1]) / 1e9 if _SCHEDSTAT.exists() else 0.0


class Late(NamedTuple):
    """How late a timer was, without the time in which the machine ran something else, and what of it was work here."""

    late: float
    blocked: float
    worked: float


class Watch:
    """Looks every 10 ms how late it is."""

    def __init__(self) -> None:
        self._late: list[Late] = []
        self._collected = [0.0]
        self._collecting = 0.0
        gc.callbacks.append(self._collect)
        self._where: Counter[str] = Counter()
        self._looked = time.monotonic()
        threading.Thread(target=self._peer, args=(threading.get_ident(),), daemon=True).start()
        self.task = asyncio.get_running_loop().create_task(self._look())

    def take(self) -> dict[str, Any]:
        """What was found since the last call, in milliseconds."""
        found, self._late = self._late or [Late(0.0, 0.0, 0.0)], []
        where, self._where = self._where, Counter()
        collected, self._collected = self._collected, [0.0]
        blocked = [at.blocked for at in found]
        return {
            "late_ms": max(at.late for at in found) * 1000,
            "blocked_ms": max(blocked) * 1000,
            "worked_ms": max(at.worked for at in found) * 1000,
            "collected_ms": max(collected) * 1000,
            "p99_ms": percentile(blocked, 99) * 1000 if len(blocked) > 1 else blocked[0] * 1000,
            "where": dict(where.most_common(5)),
        }

    async def _look(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            began, waited, worked = clock(), _waited(), time.thread_time()
            await asyncio.sleep(LOOK_SECONDS)
            late = clock() - began - LOOK_SECONDS
            self._looked = time.monotonic()
            blocked = max(0.0, late - (_waited() - waited))
            self._late.append(Late(late, blocked, min(blocked, time.thread_time() - worked)))

    def _collect(self, phase: str, _about: dict[str, int]) -> None:
        if phase == "start":
            self._collecting = time.perf_counter()
        else:
            self._collected.append(time.perf_counter() - self._collecting)

    def _peer(self, thread: int) -> None:
        """Looks at `thread`, once for each time that it is late."""
        seen = 0.0
        while True:
            time.sleep(LOOK_SECONDS)
            if self._looked != seen and time.monotonic() - self._looked > LATE_SECONDS + LOOK_SECONDS:
                seen = self._looked
                stack = traceback.extract_stack(sys._current_frames()[thread])[-FRAMES:]  # noqa: SLF001
                self._where[
                    " < ".join(f"{Path(at.filename).name}:{at.lineno} {at.name}" for at in reversed(stack))
                ] += 1


class LagRoute(JupyterHandler):
    """What the watch found."""

    @web.authenticated
    def get(self) -> None:
        self.finish(self.settings["benchmarks_lag"].take())


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "benchmarks.lag"}]


def _load_jupyter_server_extension(server: Any) -> None:
    route = url_path_join(server.base_url, "benchmarks", "lag")
    server.web_app.add_handlers(".*$", [(route, LagRoute)])


async def _start_jupyter_server_extension(server: Any) -> None:
    server.web_app.settings["benchmarks_lag"] = Watch()
