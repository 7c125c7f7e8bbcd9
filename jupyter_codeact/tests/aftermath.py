"""What holds after every fault, whatever it was.

The journal replays to the same state; no task, thread, descriptor or socket is left; the notebook is valid and the
user's cells are as they were; the run has finished or is parked with a reason; the key is nowhere; the server answers.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from jupyter_codeact.events import Event, EventAdapter
from jupyter_codeact.journal.file_journal import read
from jupyter_codeact.journal.fold import State, fold
from jupyter_codeact.tests.server.conftest import SECRET, Client

LEAVE_SECONDS = 15.0
"""How long what is being closed may take, on a busy machine: zmq and executors do that in threads of their own."""

_EXECUTOR = "asyncio_"
"""Begins the names of the threads of the loop's executor, which stay for the next call."""

OWN_CELLS: list[dict[str, Any]] = [
    {
        "cell_type": "code",
        "id": "own-0",
        "metadata": {},
        "source": ["mine = 1"],
        "execution_count": 7,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["mine\n"]}],
    },
    {"cell_type": "markdown", "id": "own-1", "metadata": {}, "source": ["# Mine"]},
]
"""Of the user, as Jupyter writes them to a file."""


def _tasks() -> Counter[str]:
    """How many tasks there are of each kind, but this one: a connection that was closed may have a successor."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    return Counter(getattr(task.get_coro(), "__qualname__", "?") for task in tasks)


def _threads() -> int:
    """All threads of the process, zmq's included, but those that the executor keeps."""
    kept = sum(thread.name.startswith(_EXECUTOR) for thread in threading.enumerate())
    tasks = Path("/proc/self/task")
    return (len(list(tasks.iterdir())) if tasks.exists() else threading.active_count()) - kept


def _descriptors() -> dict[str, str]:
    """What each open descriptor is of, where the system tells."""
    found: dict[str, str] = {}
    folder = Path("/proc/self/fd")
    for link in folder.iterdir() if sys.platform == "linux" else ():
        try:
            found[link.name] = str(link.readlink())
        except OSError:  # closed meanwhile, as that of this listing is
            continue
    return found


@dataclass
class _Held:
    """What the process has open."""

    tasks: Counter[str] = field(default_factory=_tasks)
    threads: int = field(default_factory=_threads)
    descriptors: dict[str, str] = field(default_factory=_descriptors)

    def more_than(self, before: _Held) -> list[str]:
        """A line for everything that is here and was not there before; empty where that is nothing."""
        threads = self.threads - before.threads
        found = [f"task {name}" for name in self.tasks - before.tasks] + ([f"{threads} threads"] if threads > 0 else [])
        for is_socket in (True, False):
            now, then = (
                [name for name, target in held.descriptors.items() if target.startswith("socket:") is is_socket]
                for held in (self, before)
            )
            if len(now) > len(then):
                new = [self.descriptors[name] for name in now if name not in then]
                found.append(f"{len(now) - len(then)} descriptors of {new}")
        return found


@asynccontextmanager
async def nothing_left() -> AsyncIterator[None]:
    """After the block there is no task, thread, descriptor or socket more than before it.

    What is made once and kept, such as the client of a model, is to be made before the block.
    """
    before = _Held()
    yield
    end = asyncio.get_running_loop().time() + LEAVE_SECONDS
    while more := _Held().more_than(before):
        assert asyncio.get_running_loop().time() < end, more
        await asyncio.sleep(0.02)


def check_journal(path: Path, state: State) -> list[Event]:
    """The journal in `path` replays to `state`, and written anew is the same bytes; its events."""
    events, size = read(path)
    assert size == path.stat().st_size, "the last line is torn"
    assert fold(events) == state
    assert b"".join(event.model_dump_json().encode() + b"\n" for event in events) == path.read_bytes()
    assert [EventAdapter.validate_json(event.model_dump_json()) for event in events] == events
    return events


def check_run(state: State, *, live: bool = False) -> None:
    """The latest run has ended, with an answer or in words; a `live` one waits for the user. Every cell is settled,
    also of a run that nobody works on any more."""
    run, step = state.run, state.step
    assert run is not None
    if live:
        assert step is not None
        assert step.proposal is not None
        assert step.proposal.decision is None
    if run.reason == "answered":
        assert run.answer
    elif run.reason is not None:
        assert_in_words(run.detail)
    for cell in state.cells.values():
        assert cell.status != "running"
        for problem in cell.problems:
            assert_in_words(problem)


def assert_in_words(text: str) -> None:
    """`text` is one line that a user understands: no traceback, no bare exception."""
    assert text.strip()
    assert "\n" not in text
    assert "Traceback" not in text
    assert "Internal error" not in text


def user_notebook(path: Path) -> Path:
    """A notebook with two cells of the user is at `path`; it is returned."""
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": OWN_CELLS}
    path.write_text(json.dumps(notebook), "utf-8")
    return path


def check_notebook(path: Path) -> None:
    """The notebook at `path` is valid, and the cells of `user_notebook` are in it as they were."""
    notebook = json.loads(path.read_text("utf-8"))
    nbformat.validate(notebook)
    own = [cell for cell in notebook["cells"] if cell["id"].startswith("own-")]
    for cell, before in zip(own, OWN_CELLS, strict=True):
        assert {name: cell[name] for name in before} == before


def check_secret(places: Iterable[Path | str], secret: str = SECRET) -> None:
    """`secret` is in none of these texts, files and folders."""
    for place in places:
        for name, content in _contents(place):
            assert secret.encode() not in content, name


def _contents(place: Path | str) -> Sequence[tuple[str, bytes]]:
    if isinstance(place, str):
        return [("a text", place.encode("utf-8", "surrogatepass"))]
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    return [(str(path), path.read_bytes()) for path in files]


async def check_server(client: Client, log: str = "") -> State:
    """The server of `client` answers, and all of the above holds for its conversation; its state. `log` is what was
    logged so far."""
    assert (await client.call("GET", "status"))["version"]
    answer = await client.state()
    live = answer.pop("live")
    state = State.model_validate(answer)
    folder = Path(client.settings().journal_dir)
    check_journal(folder / f"{client.conversation_id}.jsonl", state)
    check_run(state, live=live)
    if (client.root / client.path).exists():
        check_notebook(client.root / client.path)
    check_secret([folder, client.root, state.model_dump_json(), log])
    assert "Traceback" not in log
    return state
