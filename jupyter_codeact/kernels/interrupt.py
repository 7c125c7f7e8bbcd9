"""Ending a cell that may not want to end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from .execution import CellExecution
from .waiting import wait_for

GRACES = (1.5, 1.5, 2.0)
"""Seconds before each further interrupt. One that came while IPython still makes the traceback of the first, which
takes a second on a busy machine, would destroy it. A restart would lose the user's variables: never done unasked."""

NUDGE_SECONDS = 0.3
"""Seconds until an interrupt is followed by a message, which wakes a cell that awaits. Other cells end sooner: sent
behind them, it made ipykernel 7.3 on Python 3.10 miss the next request, one time in six."""

FIRST_GRACE = 0.05
"""Seconds from a cell's start to its first interrupt: an earlier one may hit the kernel itself, which never replies."""


IGNORED = "the cell ignored all interrupts for a while"


class Insistence:
    """Asks the kernel, through `ask`, to end a cell, and again as long as that does not help."""

    def __init__(self, ask: Callable[[CellExecution], Awaitable[None]]) -> None:
        self._ask = ask
        self._task: asyncio.Task[None] | None = None

    async def begin(self, cell: CellExecution) -> None:
        """`cell`, which runs, has been asked to end; more asking follows by itself."""
        await self._ask(cell)
        self._continue(cell, GRACES)

    def begin_soon(self, cell: CellExecution) -> None:
        """`cell`, which has just begun, will be asked to end."""
        self._continue(cell, (FIRST_GRACE, *GRACES))

    async def stop(self) -> None:
        """Nobody is asked any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _continue(self, cell: CellExecution, graces: Sequence[float]) -> None:
        if self._task is not None:
            self._task.cancel()
        cell.deaf = False
        self._task = asyncio.create_task(self._insist(cell, graces))

    async def _insist(self, cell: CellExecution, graces: Sequence[float]) -> None:
        for grace in graces:
            if await wait_for(cell.ended, grace):
                return
            await self._ask(cell)
        cell.deaf = True
        cell.news.set()
        if not await wait_for(cell.ended, GRACES[-1]):
            cell.problems.append(IGNORED)
