"""What `/metrics` of the Jupyter server tells about the copilot; no label holds anything of a user."""

from __future__ import annotations

import asyncio

from prometheus_client import Counter, Gauge, Histogram

RUNS = Counter("codeact_runs", "Runs that ended, by reason", ["reason"])
LIVE_RUNS = Gauge("codeact_live_runs", "Runs that are at work or wait for the user")
STEPS = Counter("codeact_steps", "Replies of models")
CELLS = Counter("codeact_cells", "Cells that ended, by status", ["status"])
TOKENS = Counter("codeact_tokens", "Tokens of prompts and replies", ["kind"])
REPLY_SECONDS = Histogram(
    "codeact_reply_seconds", "How long a model took for a reply", buckets=(0.5, 1, 2, 5, 10, 30, 60, 120, 300)
)
LAG_SECONDS = Histogram(
    "codeact_event_loop_lag_seconds",
    "How late the server's event loop was, looked at once a second while a run is live",
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5),
)

_LOOK_SECONDS = 1.0


async def measure_lag() -> None:
    """Goes on until cancelled: an event loop that other code blocks shows here."""
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        await asyncio.sleep(_LOOK_SECONDS)
        LAG_SECONDS.observe(max(0.0, clock() - began - _LOOK_SECONDS))
