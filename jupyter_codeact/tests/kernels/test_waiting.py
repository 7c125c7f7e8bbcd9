"""Waiting ends when it should."""

from __future__ import annotations

import asyncio

import pytest

from jupyter_codeact.kernels.waiting import wait_for


async def test_a_task_that_is_cancelled_as_its_event_is_set_ends() -> None:
    event = asyncio.Event()

    async def work() -> None:
        while True:
            await wait_for(event, 0.05)
            event.clear()

    task = asyncio.create_task(work())
    await asyncio.sleep(0.01)
    event.set()
    await asyncio.sleep(0)  # what waits knows, and nobody else has had a turn
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=1)
    assert done
    with pytest.raises(asyncio.CancelledError):
        task.result()


async def test_the_answer_is_whether_the_event_was_set() -> None:
    event = asyncio.Event()
    assert not await wait_for(event, 0.01)
    event.set()
    assert await wait_for(event, None)
