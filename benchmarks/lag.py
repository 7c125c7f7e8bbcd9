"""A server extension that only benchmarks load: how long the event loop of the Jupyter server was kept from its work.

    ServerApp.jpserver_extensions = {"benchmarks.lag": True}

`GET /benchmarks/lag` answers, and forgets, the longest time since the last call by which a timer was late:
`late_ms` in all, `blocked_ms` without the time in which the thread was ready to run and the machine ran something else
(from Linux's `schedstat`; elsewhere both are the same). `p99_ms` is the 99th percentile of the latter.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web

from benchmarks.measure import percentile

LOOK_SECONDS = 0.01
_SCHEDSTAT = Path("/proc/thread-self/schedstat")


def _waited() -> float:
    """Seconds for which this thread could have run, and had no processor."""
    return int(_SCHEDSTAT.read_text("ascii").split()[1]) / 1e9 if _SCHEDSTAT.exists() else 0.0


class Watch:
    """Looks every 10 ms how late it is."""

    def __init__(self) -> None:
        self._late: list[tuple[float, float]] = []
        self.task = asyncio.get_running_loop().create_task(self._look())

    def take(self) -> dict[str, float]:
        """What was found since the last call, in milliseconds."""
        found, self._late = self._late or [(0.0, 0.0)] * 2, []
        blocked = [without for _, without in found]
        return {
            "late_ms": max(late for late, _ in found) * 1000,
            "blocked_ms": max(blocked) * 1000,
            "p99_ms": percentile(blocked, 99) * 1000 if len(blocked) > 1 else blocked[0] * 1000,
        }

    async def _look(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            began, waited = clock(), _waited()
            await asyncio.sleep(LOOK_SECONDS)
            late = clock() - began - LOOK_SECONDS
            self._late.append((late, max(0.0, late - (_waited() - waited))))


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
