"""A journal in one file: JSON Lines, UTF-8, one event a line, one write an event."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from jupyter_codeact.errors import JournalClosed, JournalCorrupt, JournalError, JournalNewer
from jupyter_codeact.events import SCHEMA_VERSION, Event, EventAdapter, Unsaved
from jupyter_codeact.journal.journal import MemoryJournal, utc_now
from jupyter_codeact.journal.line_file import LineFile

E = TypeVar("E", bound=Event)

SYNCED = frozenset({"run_started", "approval_decided", "cell_submitted", "stop_requested", "run_finished"})
"""Kinds that are on the disk when `append` returns: the write-ahead of a cell, decisions, and the borders of a run."""


def read(path: Path) -> tuple[list[Event], int]:
    """The events in `path`, and the bytes they take; a torn last line (no line end) is not counted.

    Raises `JournalCorrupt`, naming file and line, for any other damage; `JournalNewer` where a later version wrote it.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise JournalError(f"{path}: cannot be read: {error.strerror}") from error
    if is_newer(data):
        raise JournalNewer(f"{path}: written by a newer jupyter_codeact; upgrade to go on with it")
    size = data.rfind(b"\n") + 1
    events: list[Event] = []
    for number, line in enumerate(data[:size].split(b"\n")[:-1], start=1):
        try:
            event = EventAdapter.validate_json(line)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]["msg"]
            raise JournalCorrupt(f"{path}, line {number}: {problem}; the file was left as it is") from error
        if event.seq != number:
            raise JournalCorrupt(f"{path}, line {number}: seq is {event.seq}; the file was left as it is")
        events.append(event)
    return events, size


def dangling(path: Path, event: Event) -> str:
    """What is wrong with `event`, which cannot be folded."""
    return f"{path}, line {event.seq}: refers to a run, step or cell that is not there; the file was left as it is"


def is_newer(data: bytes) -> bool:
    """Whether a journal that begins with `data` says that a later version wrote it."""
    try:
        first = json.loads(data.partition(b"\n")[0])
    except ValueError:
        return False
    version = first.get("schema_version") if isinstance(first, dict) else None
    return isinstance(version, int) and version > SCHEMA_VERSION


class FileJournal(MemoryJournal):
    """A journal whose events are in a file; one process writes it at a time.

    What the disk does not take is kept in the process and written when it does: the conversation goes on, and who
    follows it is told. `recovered` is a line for the user when a torn last line was dropped on load, else empty.
    """

    def __init__(
        self,
        path: Path,
        now: Callable[[], str] = utc_now,
        view: Callable[[Event], Event] = lambda event: event,
        *,
        is_new: bool = False,
    ) -> None:
        """The file is open, locked and loaded; it is made, readable for its owner only, when absent. A journal that
        `is_new` is kept in the process while no file can be made.

        `view` is how an event that is on the disk looks from here; the file keeps it as it is.
        """
        super().__init__(now)
        self.path = path
        self.recovered = ""
        self._file = LineFile(path, is_new=is_new)
        if self.problem:
            return
        try:
            events, size = read(path)
            for event in events:
                self._load(view(event))
            if torn := self._file.cut(size):
                self.recovered = f"{path}: the last line was torn; {torn} bytes were dropped"
        except (JournalError, OSError):
            self._file.close()
            raise

    @property
    def problem(self) -> str:
        """Why the latest events are not on the disk, in one line for the user; empty while they are."""
        return self._file.problem

    async def append(self, event: E) -> E:
        if self._file.closed:
            raise JournalClosed
        stamped = self._stamp(event)
        before = self.problem
        self._file.write(stamped.model_dump_json().encode() + b"\n")
        self._take(stamped)
        if event.kind in SYNCED and not self.problem:
            await asyncio.to_thread(self._file.sync)
        if self.problem != before:
            self.notify(Unsaved(detail=self.problem))
        return stamped

    def close(self) -> None:
        super().close()
        self._file.close()

    def _load(self, event: Event) -> None:
        try:
            self._take(event)
        except (LookupError, StopIteration) as error:
            raise JournalCorrupt(dangling(self.path, event)) from error
