"""The Protocol of what a conversation's cells are written into, and how they are put there."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from itertools import takewhile
from math import floor
from typing import Any, Protocol, TypeAlias

from jupyter_codeact.journal.fold import Cell, State
from jupyter_codeact.journal.journal import Journal

METADATA = "jupyter_codeact"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

Json: TypeAlias = MutableMapping[str, Any]


class Document(Protocol):
    """A notebook that follows a journal."""

    async def follow(self, journal: Journal, after: int = 0) -> None:
        """Everything is saved up to and with the first `run_finished` after number `after`, or the journal's end.

        Await it beside the run: when both are done, the notebook holds what the journal holds. Raises
        `DocumentError`.
        """
        ...


def project(notebook: Json, state: State) -> bool:
    """`notebook` (nbformat 4.5) holds the cells of `state`; True when that changed it. Idempotent.

    The notebook remembers how far it took the conversation in: the *record* is the number at
    `metadata.jupyter_codeact.conversations[<conversation_id>]`, or 0; of a branch at least
    `state.inherited_seq`, as what came before is the other conversation's to write. The cells of `state` are taken in
    order of submission, each by its id:

    1. Its run finished (`finished_seq`) at or before the record: it was taken in, and what became of it since is the
       user's. Nothing is done.
    2. The notebook has it. It is *ours to write* when it is a code cell whose source is exactly what was submitted
       and whose `execution_count` is null or the one in `state`; else the user edited it or ran it again, and all of
       it is left alone. In ours, `outputs`, `execution_count` and `metadata.execution` become what `state` says; the
       rest of its metadata stays.
    3. The notebook does not have it, and its `submitted_seq` is at most the record: the user deleted it. Nothing is
       done.
    4. Otherwise it is new. It is inserted behind the cell named by `after_cell_id`, or at the end where that is null.
       Where the notebook has no such cell: behind the nearest earlier cell of this conversation that the notebook
       has, or at the end where there is none. Its metadata holds `jupyter_codeact: {conversation, step}`.

    At last the record becomes the largest of itself, every `submitted_seq`, and the `finished_seq` of the runs before
    the first that has not finished. Proposals that wait for approval are not put into the notebook.
    """
    metadata = notebook.setdefault("metadata", {})
    record = max(recorded(metadata, state.conversation_id), state.inherited_seq)
    taken_in = _taken_in(state, record)
    cells: list[Json] = notebook["cells"]
    by_id = {cell.get("id"): cell for cell in reversed(cells)}
    changed = False
    previous: Json | None = None
    for cell in state.cells.values():
        present = by_id.get(cell.cell_id)
        if present is None and cell.submitted_seq > record:
            anchor = by_id.get(cell.after_cell_id, previous) if cell.after_cell_id is not None else None
            place = place_for(cells, anchor)
            cells.insert(place, _new(cell, state.conversation_id))
            present = by_id[cell.cell_id] = cells[place]
            changed = True
        if present is not None:
            changed |= cell.cell_id not in taken_in and _update(present, cell)
            previous = present
    latest = _latest(state)
    if latest > record:
        remember(metadata, state.conversation_id, latest)
    return changed or latest > record


def _taken_in(state: State, record: int) -> set[str]:
    """The ids of the cells whose runs had finished when the record was made."""
    over = {run.run_id for run in state.runs if run.reason is not None and run.finished_seq <= record}
    return {step.cell_id for step in state.steps if step.cell_id is not None and step.run_id in over}


def _latest(state: State) -> int:
    finished = takewhile(lambda run: run.reason is not None, state.runs)
    numbers = [cell.submitted_seq for cell in state.cells.values()] + [run.finished_seq for run in finished]
    return max(numbers, default=0)


def execution_times(cell: Cell) -> dict[str, str]:
    """`metadata.execution` as JupyterLab writes it: UTC, ISO 8601, milliseconds; empty where the times are not known.

    The reply and idle are the time of `cell_finished`; input and busy lie `floor(seconds * 1000 + 0.5)`
    milliseconds before. Cells that still run, were aborted or lost have none.
    """
    if cell.status not in {"ok", "error", "interrupted"} or not cell.finished_at:
        return {}
    started, finished = _times(cell.finished_at, cell.seconds)
    return {
        "iopub.execute_input": started,
        "iopub.status.busy": started,
        "iopub.status.idle": finished,
        "shell.execute_reply": finished,
    }


@lru_cache(maxsize=4096)
def _times(finished_at: str, seconds: float) -> tuple[str, str]:
    """When a cell was begun and ended; remembered, since every save asks it of every cell."""
    end = datetime.fromisoformat(finished_at.replace("Z", "+00:00"))
    return _iso(end - timedelta(milliseconds=floor(seconds * 1000 + 0.5))), _iso(end)


def _iso(time: datetime) -> str:
    milliseconds = (time - _EPOCH) // timedelta(milliseconds=1) * timedelta(milliseconds=1)
    return (_EPOCH + milliseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def source_of(cell: Json) -> str:
    """The source of a notebook's cell, which nbformat also allows to be a list of lines."""
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def _new(cell: Cell, conversation_id: str) -> Json:
    return {
        "cell_type": "code",
        "id": cell.cell_id,
        "metadata": {METADATA: {"conversation": conversation_id, "step": cell.step}},
        "source": cell.source,
        "outputs": [],
        "execution_count": None,
    }


def _update(present: Json, cell: Cell) -> bool:
    """`present` shows what came of `cell`, if it is ours to write; True when that changed it."""
    if present.get("cell_type") != "code" or source_of(present) != cell.source:
        return False
    if present.get("execution_count") not in (None, cell.execution_count):
        return False
    times = execution_times(cell)
    metadata = present.setdefault("metadata", {})
    now = (present.get("outputs"), present.get("execution_count"), metadata.get("execution", {}))
    if now == (cell.outputs, cell.execution_count, times):
        return False
    present["outputs"] = list(cell.outputs)
    present["execution_count"] = cell.execution_count
    if metadata.get("execution", {}) != times:
        metadata.pop("execution", None)
        if times:
            metadata["execution"] = times
    return True


def place_for(cells: list[Json], anchor: Json | None) -> int:
    """The index behind `anchor`, which is one of `cells`; without it, the end."""
    if anchor is None:
        return len(cells)
    return next(index for index, cell in enumerate(cells) if cell is anchor) + 1


def recorded(metadata: Json, conversation_id: str) -> int:
    """How far the notebook took the conversation in: a number of the journal, or 0."""
    own = metadata.get(METADATA)
    conversations = own.get("conversations") if isinstance(own, MutableMapping) else None
    number = conversations.get(conversation_id) if isinstance(conversations, MutableMapping) else None
    return int(number) if isinstance(number, (int, float)) else 0  # a shared model knows only one kind of number


def remember(metadata: Json, conversation_id: str, number: int) -> None:
    """The notebook remembers how far the conversation was projected; an entry that is no object is replaced."""
    own = metadata.get(METADATA)
    own = dict(own) if isinstance(own, MutableMapping) else {}
    conversations = own.get("conversations")
    own["conversations"] = {
        **(conversations if isinstance(conversations, MutableMapping) else {}),
        conversation_id: number,
    }
    metadata[METADATA] = own
