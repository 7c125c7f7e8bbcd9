"""What an event costs a journal that is long, against one that has begun: appended to the file, folded, followed."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from itertools import count
from pathlib import Path

from benchmarks.conversation import events
from benchmarks.measure import Line, Sample, alternate, print_table
from jupyter_codeact.events import UserMessage
from jupyter_codeact.journal.file_journal import FileJournal

BATCH = 50


async def filled(path: Path, steps: int) -> FileJournal:
    """A journal of so many steps."""
    journal = FileJournal(path)
    for event in events(path.stem, str(path.parent), steps, 0):
        await journal.append(event)
    return journal


async def append(folder: Path, number: int, steps: int) -> Sample:
    """What the messages behind so many steps took, each."""
    journal = await filled(folder / f"j{number}-{steps}.jsonl", steps)
    messages = [UserMessage(message_id=f"m{index}", text=f"Message {index}.") for index in range(BATCH)]
    started = time.perf_counter()
    for message in messages:
        await journal.append(message)
    seconds = time.perf_counter() - started
    journal.close()
    return {"append": seconds / BATCH * 1e6}


async def compare(rounds: int, steps: int) -> None:
    """The table is printed."""
    numbers = count()
    with tempfile.TemporaryDirectory() as folder:
        pairs = await alternate(
            rounds,
            lambda: append(Path(folder), next(numbers), steps),
            lambda: append(Path(folder), next(numbers), 1),
        )
    print(f"### A message behind {steps:,} steps, against one behind the first (P14)\n")
    print_table(pairs, [Line("append", "µs", most_ratio=1.10)])


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=1000)
    options = parser.parse_args()
    asyncio.run(compare(options.rounds, options.steps))


if __name__ == "__main__":
    main()
