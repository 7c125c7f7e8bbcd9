"""Runs of different conversations start beside each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from jupyter_codeact.conversations.runs import Accepted, Runs, new_run
from jupyter_codeact.events import ConversationStarted, Limits, UserMessage
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.testing import FakeEnvironment, ScriptedModel


class SlowKernels:
    """Kernels that take leave only when they are `let`."""

    def __init__(self) -> None:
        self.let = asyncio.Event()

    @asynccontextmanager
    async def environment(self, kernel_id: str) -> AsyncIterator[FakeEnvironment]:
        yield FakeEnvironment()
        await self.let.wait()


async def conversation(name: str) -> MemoryJournal:
    journal = MemoryJournal()
    await journal.append(ConversationStarted(conversation_id=name, notebook_path=f"{name}.ipynb"))
    return journal


def sent(runs: Runs, journal: MemoryJournal, text: str) -> asyncio.Task[Accepted]:
    model, name = ScriptedModel(["Done."]), journal.state.conversation_id
    run = new_run(model=model, approval="auto", limits=Limits())
    return asyncio.create_task(runs.send(journal, UserMessage(message_id=text, text=text), run, model, name))


async def test_nobody_waits_for_another_conversation_to_leave_its_kernel() -> None:
    kernels = SlowKernels()
    runs = Runs(kernels)
    slow, other = await conversation("slow"), await conversation("other")
    await sent(runs, slow, "First")
    async for event in slow.follow():
        if event.kind == "run_finished":
            break
    again = sent(runs, slow, "Again")
    await asyncio.sleep(0.01)
    await asyncio.wait_for(sent(runs, other, "Hello"), 5)
    assert not again.done()
    kernels.let.set()
    await again
    await runs.shutdown()
