"""One step of the agent, `1+1`, from the code's sending to its observation, journal on disk included.

Against the same code over a stock Jupyter server's websocket, and over jupyter_client with nothing around it: until
reply and idle are there. Each of the three has a kernel of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median
from uuid import uuid4

from jupyter_client.manager import AsyncKernelManager

from benchmarks.measure import Line, Sample, alternate, print_table
from benchmarks.raw import RawKernel, SocketKernel, raw_kernel, socket_kernel
from benchmarks.server import jupyter_server
from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.events import ConversationStarted, Event, Limits, RunStarted
from jupyter_codeact.journal.file_journal import E, FileJournal
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.local import local_kernel
from jupyter_codeact.testing import ScriptedModel, begin_run, cell

CODES = [f"1+{number}" for number in range(30)]
"""Not one code again and again: that would be a run that goes in circles."""


class TimedJournal(FileJournal):
    """A journal on disk; `steps` has the seconds from each cell's submission to the observation of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.steps: list[float] = []
        self._submitted = 0.0

    async def append(self, event: E) -> E:
        self._begins(event)
        stored = await super().append(event)
        if stored.kind == "observation_made":
            self.steps.append(time.perf_counter() - self._submitted)
        return stored

    def _begins(self, event: Event) -> None:
        if event.kind == "cell_submitted":
            self._submitted = time.perf_counter()


async def agent_steps(manager: AsyncKernelManager, folder: Path) -> Sample:
    """What the steps of a run took."""
    name = uuid4().hex
    journal = TimedJournal(folder / f"{name}.jsonl")
    environment = KernelEnvironment(manager)
    await environment.connect()
    try:
        await journal.append(ConversationStarted(conversation_id=name, notebook_path="a.ipynb", kernel_name="python3"))
        run = RunStarted(run_id=name, model="scripted", approval="auto", limits=Limits(steps=len(CODES) + 1))
        await begin_run(journal, "Go.", run)
        finished = await Agent(journal, ScriptedModel([*map(cell, CODES), "Done."]), environment).run()
        assert finished.reason == "answered", finished.detail
    finally:
        await environment.close()
        journal.close()
    return {"step": median(journal.steps) * 1000}


async def executions(kernel: RawKernel | SocketKernel) -> Sample:
    """What as many plain executions took."""
    return {"step": median([await kernel.execute(code) for code in CODES]) * 1000}


async def compare(rounds: int) -> None:
    """Both tables are printed."""
    with tempfile.TemporaryDirectory() as folder:
        async with local_kernel() as ours:

            async def steps() -> Sample:
                return await agent_steps(ours, Path(folder))

            print("### `1+1` as a step, against the websocket of a stock Jupyter server (P1)\n")
            async with jupyter_server({}) as server, socket_kernel(server) as stock:
                pairs = await alternate(rounds, steps, lambda: executions(stock))
            print_table(pairs, [Line("step", "ms", most_ratio=0.20)])
            print("### The same, against jupyter_client, reply and idle (P2)\n")
            async with local_kernel() as theirs, raw_kernel(theirs) as raw:
                pairs = await alternate(rounds, steps, lambda: executions(raw))
            print_table(pairs, [Line("step", "ms", most_ratio=1.05)])


def main() -> None:
    """Prints a table for each baseline."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    asyncio.run(compare(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
