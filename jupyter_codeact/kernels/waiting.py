"""Waiting for an event, but not for ever."""

from __future__ import annotations

import asyncio


async def wait_for(event: asyncio.Event, seconds: float | None) -> bool:
    """Whether `event` was set within `seconds`; None waits as long as it takes.

    `asyncio.wait_for`, before Python 3.12, forgets that it was cancelled when the event is set at the same moment: a
    task that was told to end then goes on for ever.
    """
    waiting = asyncio.ensure_future(event.wait())
    try:
        done, _ = await asyncio.wait([waiting], timeout=seconds)
        return bool(done)
    finally:
        waiting.cancel()
