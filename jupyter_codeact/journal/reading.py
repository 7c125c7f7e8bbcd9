"""A journal read from its file by somebody who does not write it: no lock is needed, nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jupyter_codeact.errors import JournalCorrupt
from jupyter_codeact.events import Event
from jupyter_codeact.journal.file_journal import dangling, read
from jupyter_codeact.journal.fold import State, apply


@dataclass(frozen=True)
class Record:
    """A conversation as it stood on the disk."""

    events: Sequence[Event]
    state: State


def record(path: Path, view: Callable[[Event], Event] = lambda event: event) -> Record:
    """What the journal in `path` holds, also while another process writes it; `view` is as for `FileJournal`.

    A last line that is torn, or being written, is not counted. Raises `JournalError`; for damage `JournalCorrupt`,
    naming file and line.
    """
    events = [view(event) for event in read(path)[0]]
    state = State()
    for event in events:
        try:
            apply(state, event)
        except (LookupError, StopIteration) as error:
            raise JournalCorrupt(dangling(path, event)) from error
    return Record(events, state)
