"""A journal in one file: JSON Lines, UTF-8, one event a line, one write an event."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from jupyter_codeact.errors import JournalCorrupt, JournalError, JournalLocked
from jupyter_codeact.events import SCHEMA_VERSION, ConversationStarted, Event, EventAdapter
from jupyter_codeact.journal.journal import MemoryJournal, utc_now

try:
    import fcntl
except ImportError:  # Windows: there, two servers on one journal are not kept apart
    fcntl = None  # type: ignore[assignment]

E = TypeVar("E", bound=Event)

SYNCED = frozenset({"run_started", "approval_decided", "cell_submitted", "stop_requested", "run_finished"})
"""Kinds that are on the disk when `append` returns: the write-ahead of a cell, decisions, and the borders of a run."""


def read(path: Path) -> tuple[list[Event], int]:
    """The events in `path`, and the bytes they take; a torn last line (no line end) is not counted.

    Raises `JournalCorrupt`, naming file and line, for any other damage.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise JournalError(f"{path}: cannot be read: {error.strerror}") from error
    size = data.rfind(b"\n") + 1
    events: list[Event] = []
    for number, line in enumerate(data[:size].split(b"\n")[:-1], start=1):
        try:
            event = EventAdapter.validate_json(line)
        except ValidationError as error:
            _refuse_newer(path, events)
            problem = error.errors(include_url=False, include_input=False)[0]["msg"]
            raise JournalCorrupt(f"{path}, line {number}: {problem}; the file was left as it is") from error
        if event.seq != number:
            raise JournalCorrupt(f"{path}, line {number}: seq is {event.seq}; the file was left as it is")
        events.append(event)
    return events, size


def _refuse_newer(path: Path, events: list[Event]) -> None:
    first = events[0] if events else None
    if isinstance(first, ConversationStarted) and first.schema_version > SCHEMA_VERSION:
        raise JournalError(f"{path}: written by a newer jupyter_codeact; upgrade to open it")


class FileJournal(MemoryJournal):
    """A journal whose events are in a file; one process writes it at a time.

    `recovered` is a line for the user when a torn last line was dropped on load, else empty.
    """

    def __init__(
        self,
        path: Path,
        now: Callable[[], str] = utc_now,
        view: Callable[[Event], Event] = lambda event: event,
    ) -> None:
        """The file is open, locked and loaded; it is made, readable for its owner only, when absent.

        `view` is how an event that is on the disk looks from here; the file keeps it as it is.
        """
        super().__init__(now)
        self.path = path
        self.recovered = ""
        self._file = _open(path)
        try:
            events, self._size = read(path)
            for event in events:
                self._load(view(event))
            torn = os.fstat(self._file).st_size - self._size
            if torn:
                os.ftruncate(self._file, self._size)
                self.recovered = f"{path}: the last line was torn; {torn} bytes were dropped"
        except (JournalError, OSError):
            os.close(self._file)
            raise

    async def append(self, event: E) -> E:
        if self._file < 0:
            raise JournalError(f"{self.path}: the journal is closed")
        stamped = self._stamp(event)
        self._write(stamped.model_dump_json().encode() + b"\n")
        self._take(stamped)
        if event.kind in SYNCED:
            await asyncio.to_thread(self._sync)
        return stamped

    def close(self) -> None:
        super().close()
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _load(self, event: Event) -> None:
        try:
            self._take(event)
        except (LookupError, StopIteration) as error:
            raise JournalCorrupt(
                f"{self.path}, line {event.seq}: refers to a run, step or cell that is not there; "
                "the file was left as it is"
            ) from error

    def _sync(self) -> None:
        try:
            os.fsync(self._file)
        except OSError as error:
            raise JournalError(f"{self.path}: cannot be written: {error.strerror}; free some space") from error

    def _write(self, line: bytes) -> None:
        try:
            written = os.write(self._file, line)
            while written < len(line):
                written += os.write(self._file, line[written:])
        except OSError as error:
            os.ftruncate(self._file, self._size)
            raise JournalError(f"{self.path}: cannot be written: {error.strerror}; free some space") from error
        self._size += len(line)


def _open(path: Path) -> int:
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as error:
        raise JournalError(f"{path}: cannot be opened: {error.strerror}") from error
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(file)
            raise JournalLocked(f"{path}: another Jupyter server has this conversation open") from error
    return file
