"""A cell that prints more than anybody reads: until its observation, against clients of Jupyter that drain it.

First 100,000 flushed prints, against jupyter_client reading until idle: time, and nothing lost. Then much text
(`--mb`), against nbclient: what this process's memory grows by at most, and how much of the text each has in the end:
ours its beginning and its end, nbclient what did not get lost on the way. In both, how late the event loop was.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import time
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import nbformat
import psutil
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from benchmarks.measure import Line, Sample, alternate, percentile, print_table
from benchmarks.raw import RawKernel, raw_kernel
from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.events import Limits, RunStarted
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.local import local_kernel
from jupyter_codeact.testing import ScriptedModel, begin_run, cell

LOOK_SECONDS = 0.01
T = TypeVar("T")


def prints(number: int) -> str:
    """So many lines, each a message of its own as far as the kernel lets it."""
    return f"for number in range({number}):\n    print(number, flush=True)"


def megabytes(number: int) -> str:
    """So many megabytes, a thousand characters a line."""
    return f"line = 'x' * 999\nfor number in range({number * 1000}):\n    print(line)"


class Watch:
    """Looks every 10 ms, while `during` waits, how late the event loop is and how much memory there is."""

    def __init__(self) -> None:
        gc.collect()
        self._process = psutil.Process(os.getpid())
        self._before = self._memory()
        self._most = self._before
        self._late: list[float] = []

    async def during(self, work: Awaitable[T]) -> T:
        """The result of `work`."""
        looking = asyncio.create_task(self._look())
        try:
            return await work
        finally:
            looking.cancel()

    def sample(self, seconds: float) -> Sample:
        """What was found; `growth` in MB is at least one page, so that it can be divided by."""
        growth = max(self._most - self._before, 0.004)
        late = self._late or [0.0]
        lag = percentile(late, 99) if len(late) > 1 else late[0]
        return {"time": seconds, "growth": growth, "loop's lag, p99": lag * 1000}

    async def _look(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            await asyncio.sleep(LOOK_SECONDS)
            self._late.append(max(0.0, clock() - began - LOOK_SECONDS))
            self._most = max(self._most, self._memory())

    def _memory(self) -> float:
        return float(self._process.memory_info().rss) / 1e6


@asynccontextmanager
async def connected(manager: AsyncKernelManager) -> AsyncIterator[KernelEnvironment]:
    """The kernel as the agent's environment."""
    environment = KernelEnvironment(manager)
    await environment.connect()
    try:
        yield environment
    finally:
        await environment.close()


async def observe(environment: KernelEnvironment, code: str, last: str) -> Sample:
    """What a run took whose one cell is `code`; the last line is there, and no problem was seen."""
    journal = MemoryJournal()
    await begin_run(journal, "Go.", RunStarted(run_id="r", model="scripted", approval="auto", limits=Limits(steps=2)))
    watch = Watch()
    started = time.perf_counter()
    await watch.during(Agent(journal, ScriptedModel([cell(code), "Done."]), environment).run())
    seconds = time.perf_counter() - started
    (ran,) = journal.state.cells.values()
    assert ran.status == "ok" and not ran.problems, (ran.status, ran.problems)  # noqa: PT018 - shown together
    assert ran.outputs[-1]["text"].rstrip().endswith(last), ran.outputs[-1]["text"][-100:]
    return {**watch.sample(seconds), "text kept": text_of(ran.outputs)}


def text_of(outputs: Iterable[Mapping[str, Any]]) -> float:
    """Megabytes of printed text; at least a byte, so that it can be divided by."""
    return max(sum(len(output.get("text", "")) for output in outputs), 1) / 1e6


async def drain(raw: RawKernel, code: str) -> Sample:
    """What jupyter_client took to read everything."""
    watch = Watch()
    return watch.sample(await watch.during(raw.execute(code)))


async def keep(manager: AsyncKernelManager, code: str) -> Sample:
    """What nbclient took to execute a notebook of one cell."""
    notebook: Any = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, km=manager)
    channels = await client.async_start_new_kernel_client()
    try:
        watch = Watch()
        started = time.perf_counter()
        await watch.during(client.async_execute_cell(notebook["cells"][0], 0))
        kept = text_of(notebook["cells"][0]["outputs"])
        return {**watch.sample(time.perf_counter() - started), "text kept": kept}
    finally:
        channels.stop_channels()


async def compare(rounds: int, lines: int, mb: int) -> None:
    """Both tables are printed."""
    lag = Line("loop's lag, p99", "ms")
    async with local_kernel() as ours, local_kernel() as theirs, connected(ours) as environment:
        print(f"### {lines:,} flushed prints until they are observed, against jupyter_client (P6, P8)\n")
        async with raw_kernel(theirs) as raw:
            pairs = await alternate(
                rounds,
                lambda: observe(environment, prints(lines), str(lines - 1)),
                lambda: drain(raw, prints(lines)),
            )
        print_table(pairs, [Line("time", "s", most_ratio=1.0), lag])
        print(f"### {mb:,} MB printed, against nbclient (P7, P8)\n")
        pairs = await alternate(
            rounds, lambda: observe(environment, megabytes(mb), "x" * 90), lambda: keep(theirs, megabytes(mb))
        )
        print_table(pairs, [Line("growth", "MB", most_ratio=0.02), Line("time", "s"), lag, Line("text kept", "MB")])


def main() -> None:
    """Prints a table for many prints, and one for much text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--mb", type=int, default=100, help="megabytes of text; 1000 is the goal's own")
    options = parser.parse_args()
    asyncio.run(compare(options.rounds, options.lines, options.mb))


if __name__ == "__main__":
    main()
