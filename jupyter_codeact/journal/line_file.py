"""A file of lines that one process writes, whatever the disk does."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from jupyter_codeact.errors import JournalError, JournalLocked

try:
    import fcntl
except ImportError:  # Windows: there, two servers on one file are not kept apart
    fcntl = None  # type: ignore[assignment]


class LineFile:
    """Appends whole lines; those that the disk does not take wait in memory and are written with a later one.

    `problem` says in one line for the user why lines wait, and is empty while none does.
    """

    def __init__(self, path: Path, *, is_new: bool = False) -> None:
        """The file is open and locked; it is made, readable for its owner only, when absent. Raises `JournalError`,
        `JournalLocked`.

        One that `is_new` and cannot be made yet is made with a later line, its folder too."""
        self.path = path
        self.problem = ""
        self.closed = False
        self._waiting = b""
        self._file = -1
        self._size = 0
        try:
            self._open()
        except JournalLocked:
            raise
        except JournalError as error:
            if not is_new:
                raise
            self.problem = str(error)

    def cut(self, size: int) -> int:
        """The file has `size` bytes; how many there were beyond. Raises `OSError`."""
        beyond = self._size - size
        if beyond:
            os.ftruncate(self._file, size)
            self._size = size
        return beyond

    def write(self, line: bytes) -> None:
        """`line` is at the end of the file, or waits; half a line is never left there."""
        self._waiting += line
        if self._file < 0 and not self._make():
            return
        rest = memoryview(self._waiting)
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            os.ftruncate(self._file, self._size)
            self._blame(error)
        else:
            self._size += len(self._waiting)
            self._waiting = b""
            self.problem = ""

    def sync(self) -> None:
        """What is in the file is on the disk, where the disk does its work."""
        if self._file < 0:
            return
        try:
            os.fsync(self._file)
        except OSError as error:
            self._blame(error)

    def close(self) -> None:
        """The file is closed and unlocked; what waits has been tried once more."""
        if not self.closed:
            self.write(b"")
            self.closed = True
            if self._file >= 0:
                os.close(self._file)
                self._file = -1

    def _open(self) -> None:
        self._file = _open(self.path)
        self._size = os.fstat(self._file).st_size

    def _make(self) -> bool:
        """Whether the file, which could not be made before, is there and empty."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._open()
        except JournalError as error:
            self.problem = str(error)
        except OSError as error:
            self.problem = f"{self.path.parent}: cannot be made: {error.strerror}; set CodeAct.journal_dir"
        else:
            if self._size == 0:
                return True
            os.close(self._file)
            self._file = -1
            self.problem = f"{self.path}: another conversation is in this file"
        return False

    def _blame(self, error: OSError) -> None:
        self.problem = f"{self.path}: cannot be written: {error.strerror}; free some space"


def write_new(path: Path, lines: Iterable[bytes]) -> None:
    """The file at `path`, which was not there, holds `lines`, all or nothing, for its owner only. Raises
    `JournalError`."""
    part = path.with_suffix(".part")
    try:
        file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(file, "wb") as written:
            written.writelines(lines)
            written.flush()
            os.fsync(written.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise JournalError(f"{path}: cannot be written: {error.strerror}") from error


def remove(path: Path) -> None:
    """The journal is gone from the disk. Raises `JournalLocked` while another process writes it."""
    os.close(_open(path))
    try:
        path.unlink()
    except OSError as error:
        raise JournalError(f"{path}: cannot be deleted: {error.strerror}") from error


def move(path: Path, to: Path) -> None:
    """The journal is at `to`, unchanged, and no more at `path`. Raises `JournalLocked` while another process writes it,
    `JournalError`."""
    os.close(_open(path))
    try:
        path.replace(to)
    except OSError as error:
        raise JournalError(f"{path}: cannot be moved: {error.strerror}") from error


def is_locked(path: Path) -> bool:
    """Whether a process has the journal open to write it; False where that cannot be known."""
    if fcntl is not None:
        try:
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return path.exists()
    return False


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
