"""What pages see of the agent's cells, as news for the model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from jupyter_codeact.agent.edits import edit_line
from jupyter_codeact.events import Change, Event, NotebookChanged
from jupyter_codeact.journal.fold import State
from jupyter_codeact.journal.journal import Journal

BACK = "it is again as it ran"


class Seen(NamedTuple):
    """A cell of the agent's as a page has it: `source` None when it is not there any more."""

    cell_id: str
    source: str | None


async def report(journal: Journal, change_id: str, seen: Iterable[Seen]) -> int:
    """What is news in `seen` is in the journal, once, and so in the next request; the seq of that.

    A report that was made before, under the same `change_id` or to the same effect, changes nothing.
    """
    for event in journal.events:
        if isinstance(event, NotebookChanged) and event.change_id == change_id:
            return event.seq
    changes = _changes(journal.state, journal.events, seen)
    if not changes:
        return journal.state.seq
    return (await journal.append(NotebookChanged(changes=tuple(changes), change_id=change_id))).seq


def _changes(state: State, events: Sequence[Event], seen: Iterable[Seen]) -> list[Change]:
    told = {
        change.cell_id: change
        for event in events
        if isinstance(event, NotebookChanged)
        for change in event.changes
        if change.what in ("cell_edited", "cell_deleted")
    }
    news = [_change(state, cell, told.get(cell.cell_id)) for cell in seen]
    return [change for change in news if change is not None]


def _change(state: State, seen: Seen, told: Change | None) -> Change | None:
    """What is to be told of a cell after `told`, if anything; nothing of one that the agent has not run."""
    cell = state.cells.get(seen.cell_id)
    if cell is None:
        return None
    if seen.source is None:
        change = Change(what="cell_deleted", cell_id=cell.cell_id)
    elif seen.source != cell.source:
        change = Change(what="cell_edited", cell_id=cell.cell_id, detail=edit_line(cell.source, seen.source))
    elif told is not None:
        change = Change(what="cell_edited", cell_id=cell.cell_id, detail=BACK)
    else:
        return None
    return None if change == told else change
