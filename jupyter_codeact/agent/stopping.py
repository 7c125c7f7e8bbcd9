"""What a stop by the user sets in motion."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

from jupyter_codeact.journal.journal import Journal
from jupyter_codeact.kernels.environment import Environment


async def stop_requested(journal: Journal) -> None:
    """The user wants the open run of `journal` to end."""
    async with aclosing(journal.follow(journal.state.seq)) as news:
        while journal.state.run is None or not journal.state.run.stop_requested:
            await anext(news)


async def interrupt_when_asked(
    journal: Journal, environment: Environment, stopped: asyncio.Future[None], again: Callable[[], None]
) -> None:
    """Once the run is `stopped` its cell is asked to end; and, after `again`, with each further wish of the user, until
    this is cancelled."""
    await asyncio.wait([stopped])
    seq = journal.state.seq
    await environment.interrupt()
    async with aclosing(journal.follow(seq)) as news:
        async for event in news:
            if event.kind == "stop_requested":
                again()
                await environment.interrupt()


async def cancel(task: asyncio.Future[Any]) -> None:
    """`task` has ended; what it raised stays in it."""
    task.cancel()
    await asyncio.wait([task])
