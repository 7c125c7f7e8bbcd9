"""Reading the variables of a kernel, against a silent request for `None` made in the same way.

The kernel holds 200 variables: a DataFrame of 1 GB, 20 small ones, and numbers, texts and lists. Both open their own
connection to the kernel, ask, and close it; the difference is what looking at the variables costs.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from jupyter_client.manager import AsyncKernelManager

from benchmarks.measure import Line, Sample, alternate, print_table
from jupyter_codeact.kernels.environment import ExecutionDone
from jupyter_codeact.kernels.inquiry import inquire
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.local import local_kernel
from jupyter_codeact.kernels.variables import read_variables

VARIABLES = 200
MOST_MS = 50.0
SETUP = f"""
import numpy as np, pandas as pd
for _index in range({VARIABLES} - 21):
    globals()[f"value{{_index}}"] = [_index, str(_index) * 100, list(range(_index)), {{"a": _index}}][_index % 4]
for _index in range(20):
    globals()[f"table{{_index}}"] = pd.DataFrame({{"name": ["a", "b"] * 500, "price": np.arange(1000.0)}})
huge = pd.DataFrame(np.zeros((4_000_000, 32)), columns=[f"column{{_index}}" for _index in range(32)])
assert huge.memory_usage().sum() > 1e9
"""


async def prepare(manager: AsyncKernelManager) -> None:
    """The kernel holds the variables."""
    environment = KernelEnvironment(manager)
    await environment.connect()
    try:
        async for item in environment.execute(SETUP, "setup"):
            assert not isinstance(item, ExecutionDone) or item.status == "ok"
    finally:
        await environment.close()


async def read(manager: AsyncKernelManager) -> Sample:
    """What a reading took."""
    started = time.perf_counter()
    reading = await read_variables(manager, "python")
    seconds = time.perf_counter() - started
    assert len(reading.variables) == VARIABLES, reading.note
    return {"reading": seconds * 1000}


async def ask_for_nothing(manager: AsyncKernelManager) -> Sample:
    """What a request for `None` took."""
    started = time.perf_counter()
    answer = await inquire(manager, {"nothing": "None"}, 10)
    seconds = time.perf_counter() - started
    assert answer.expressions is not None
    return {"reading": seconds * 1000}


async def compare(rounds: int) -> None:
    """The table is printed."""
    async with local_kernel() as manager:
        await prepare(manager)
        pairs = await alternate(rounds, lambda: read(manager), lambda: ask_for_nothing(manager))
    print(f"### {VARIABLES} variables, one of them a DataFrame of 1 GB\n")
    print_table(pairs, [Line("reading", "ms", most_added=MOST_MS)])


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    asyncio.run(compare(parser.parse_args().rounds))


if __name__ == "__main__":
    main()
