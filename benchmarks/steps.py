"""Steps of the whole loop, against nbclient executing the same cells.

A step is all that the product does for one: the request's messages are made, a model that answers at once is read, the
cell runs in a local kernel, its events are in a journal on disk (with `fsync` where the product has it), the
observation is made, and the notebook file is projected and saved, atomically, after every cell. nbclient executes the
cells and keeps their outputs; it saves nothing. Starting kernels and connecting to them is left out on both sides.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from benchmarks.measure import Line, Sample, alternate, print_table
from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.agent.nonce import new_nonce
from jupyter_codeact.documents.file_document import FileDocument
from jupyter_codeact.events import ConversationStarted, Limits, RunStarted
from jupyter_codeact.journal.file_journal import FileJournal
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.local import local_kernel
from jupyter_codeact.testing import ScriptedModel, begin_run, cell


def small_cells(number: int) -> list[str]:
    """Cells that cost the kernel nothing: what is measured is everything around them."""
    return [f"print('step', {index})\n{index} + 1" for index in range(number)]


def working_cells(number: int) -> list[str]:
    """Cells that compute for some 50 ms, as light data work does."""
    return [f"total = sum(value * value % 7 for value in range(450_000))\ntotal + {index}" for index in range(number)]


CELLS = {"small": small_cells, "working": working_cells}


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._processor = time.process_time()

    def sample(self, steps: int) -> Sample:
        """What a step took; the processor's time is this process's, all threads, without the kernel's."""
        seconds, processor = time.perf_counter() - self._started, time.process_time() - self._processor
        return {
            "step": seconds / steps * 1000,
            "steps per second": steps / seconds,
            "processor time a step": processor / steps * 1000,
        }


async def run_agent(sources: Sequence[str], manager: AsyncKernelManager, directory: Path) -> Sample:
    """What the agent took for a run whose steps execute `sources`; everything is on the disk at the end."""
    name = uuid4().hex
    journal = FileJournal(directory / f"{name}.jsonl")
    document = FileDocument(directory / f"{name}.ipynb")
    environment = KernelEnvironment(manager)
    await environment.connect()
    try:
        document.open({"name": "python3", "display_name": "Python 3"})
        await journal.append(
            ConversationStarted(
                conversation_id=name, notebook_path=document.path.name, kernel_name="python3", nonce=new_nonce()
            )
        )
        limits = Limits(steps=len(sources) + 1)
        await begin_run(journal, "Go.", RunStarted(run_id=name, model="scripted", approval="auto", limits=limits))
        model = ScriptedModel([*map(cell, sources), "Done."])
        following = asyncio.create_task(document.follow(journal))
        stopwatch = Stopwatch()
        finished = await Agent(journal, model, environment).run()
        await following
        sample = stopwatch.sample(len(sources))
    finally:
        await environment.close()
        journal.close()
    assert finished.reason == "answered", finished.detail
    assert all(known.status == "ok" and known.outputs for known in journal.state.cells.values())
    return sample


async def run_nbclient(sources: Sequence[str], manager: AsyncKernelManager) -> Sample:
    """What nbclient took for `sources`."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, km=manager)
    channels = await client.async_start_new_kernel_client()
    try:
        stopwatch = Stopwatch()
        for index, code in enumerate(notebook["cells"]):
            await client.async_execute_cell(code, index)
        sample = stopwatch.sample(len(sources))
    finally:
        channels.stop_channels()
    assert all(code["outputs"] for code in notebook["cells"])
    return sample


async def compare(sources: Sequence[str], rounds: int) -> None:
    """The table for `sources` is printed."""
    with tempfile.TemporaryDirectory() as directory:
        async with local_kernel() as ours, local_kernel() as theirs:
            pairs = await alternate(
                rounds, lambda: run_agent(sources, ours, Path(directory)), lambda: run_nbclient(sources, theirs)
            )
    lines = [Line("step", "ms", most_ratio=1.10), Line("steps per second", "1/s"), Line("processor time a step", "ms")]
    print_table(pairs, lines)


def main() -> None:
    """Prints a table for cells that cost nothing, one for cells that compute, or both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=20, help="cells a round")
    parser.add_argument("--cells", choices=[*CELLS], action="append", help="which cells; both by default")
    options = parser.parse_args()
    for name in options.cells or CELLS:
        print(f"### {options.steps} steps with {name} cells\n")
        asyncio.run(compare(CELLS[name](options.steps), options.rounds))


if __name__ == "__main__":
    main()
