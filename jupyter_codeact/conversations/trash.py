"""Deleted conversations, kept for as long as somebody may want to undo that."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from jupyter_codeact.errors import JournalError, Unknown
from jupyter_codeact.journal.line_file import move

KEPT = 3600
"""Seconds for which a deleted conversation can be brought back, at least."""

_NAME = re.compile(r"([A-Za-z0-9_-]+)\.(\d+)\.jsonl")
"""A conversation's id, and when it was deleted in seconds since the epoch: the file's own time is its last event's."""


class Trash:
    """Journals in `directory`, which is made, for its owner only, when the first one comes. `now` is in seconds."""

    def __init__(self, directory: Path, now: Callable[[], float] = time.time) -> None:
        self.directory = directory
        self._now = now

    def put(self, path: Path) -> None:
        """The journal at `path` is here. Raises `JournalLocked` while another process writes it, `JournalError`."""
        self.empty()
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise JournalError(f"{self.directory}: cannot be made: {error.strerror}") from error
        move(path, self.directory / f"{path.stem}.{int(self._now())}.jsonl")

    def restore(self, path: Path) -> None:
        """The journal of that name is back at `path`, as it was; the latest where there are more.

        Raises `Unknown` when it is not here, `JournalError`.
        """
        kept = [(deleted, file) for name, deleted, file in self._files() if name == path.stem]
        if not kept:
            raise Unknown(f"Conversation {path.stem} is not kept any more; it cannot be brought back.")
        move(max(kept)[1], path)

    def empty(self) -> None:
        """What was deleted longer ago than `KEPT` is gone for good."""
        for _, deleted, file in self._files():
            if self._now() - deleted > KEPT:
                file.unlink(missing_ok=True)

    def _files(self) -> list[tuple[str, int, Path]]:
        """Name, time of deletion and file of all that is here."""
        matches = [(_NAME.fullmatch(file.name), file) for file in self.directory.glob("*.jsonl")]
        return [(match[1], int(match[2]), file) for match, file in matches if match]
