"""What `jupyter codeact run` prints while it works: followers of the journal."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from typing import TextIO

from jupyter_codeact.cli.summary import duration, summary
from jupyter_codeact.events import (
    Activity,
    CellFinished,
    CellSubmitted,
    Event,
    HistoryReduced,
    ModelNudged,
    ModelReplied,
    Notice,
    ReplyRejected,
    RunFinished,
    Unsaved,
)
from jupyter_codeact.journal.journal import Journal
from jupyter_codeact.journal.state import State

WORDS = {
    "waiting_for_model": "waiting for the model",
    "waiting_for_kernel": "waiting for the kernel",
    "interrupt_ignored": "the cell does not react to interrupts; Ctrl-C again ends all",
    "running_cell": "running the cell",
    "waiting_for_approval": "waiting for approval",
    "idle": "",
}
FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
TITLE_CHARS = 70


async def print_events(journal: Journal) -> None:
    """The events are on standard output, a JSON object a line, as they happen."""
    async with aclosing(journal.follow()) as events:
        async for event in events:
            if hasattr(event, "seq"):
                sys.stdout.write(event.model_dump_json() + "\n")
                sys.stdout.flush()
            if isinstance(event, RunFinished):
                return


async def show_progress(journal: Journal, stream: TextIO = sys.stderr) -> None:
    """A line a step on standard error, one for the run at its end, and a spinner where that is a terminal."""
    spinner = Spinner(stream)
    turning = asyncio.create_task(spinner.turn()) if stream.isatty() else None
    try:
        async with aclosing(journal.follow()) as events:
            async for event in events:
                match event:
                    case Activity():
                        spinner.text = event.detail or WORDS[event.state]
                        if event.detail:
                            spinner.line(event.detail)
                    case Unsaved(detail=detail) if detail:
                        spinner.line(f"not saved: {detail}")
                    case ModelReplied() | CellSubmitted():
                        spinner.step = event.step
                    case _ if line := _line(event, journal.state):
                        spinner.line(line)
                    case _:
                        pass
                if isinstance(event, RunFinished):
                    return
    finally:
        if turning is not None:
            turning.cancel()
            await asyncio.wait([turning])
        spinner.clear()


def _line(event: Event | Notice, state: State) -> str:
    """What is printed of `event`; empty where nothing is."""
    match event:
        case ReplyRejected():
            return f"step {event.step}: the reply was not understood: {event.problem}"
        case CellFinished():
            count = "" if event.execution_count is None else f" [{event.execution_count}]"
            title = title_of(state.cells[event.cell_id].source)
            return f"step {event.step}: {title}{count} {event.status}, {duration(event.seconds)}"
        case ModelNudged():
            return f"step {event.step}: the model was told: {event.text}"
        case HistoryReduced():
            return "The conversation had become too long for the model: it is shown less of what came before."
        case RunFinished():
            return summary(state, state.runs[-1])
        case _:
            return ""


def title_of(source: str) -> str:
    """What a cell does: its first comment, else its first line."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    comments = [line.lstrip("#/- ") for line in lines if line.startswith(("#", "//", "--")) and line.strip("#/- ")]
    return (comments or lines or [""])[0][:TITLE_CHARS]


class Spinner:
    """One line at the bottom of a terminal that says what is going on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self.text = ""
        self.step = 0

    async def turn(self) -> None:
        """Turns until cancelled."""
        frame = 0
        while True:
            if self.text:
                self._stream.write(f"\r\x1b[2K{FRAMES[frame % len(FRAMES)]} step {self.step + 1}: {self.text}")
                self._stream.flush()
            frame += 1
            await asyncio.sleep(0.1)

    def line(self, text: str) -> None:
        """`text` stands on a line of its own, above the spinner."""
        self.clear()
        self._stream.write(text + "\n")
        self._stream.flush()

    def clear(self) -> None:
        """The spinner's line is empty."""
        if self._terminal:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
