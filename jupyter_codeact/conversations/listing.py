"""The rows of the list of conversations, and where words stand in them: read from the journals, nothing is opened."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

from jupyter_codeact.conversations.sealed import known
from jupyter_codeact.errors import Invalid
from jupyter_codeact.events import (
    ConversationRenamed,
    ConversationStarted,
    EventAdapter,
    NotebookMoved,
    RunFinished,
    RunStarted,
    UserMessage,
)
from jupyter_codeact.journal.file_journal import is_newer
from jupyter_codeact.journal.fold import TITLE_CHARS
from jupyter_codeact.journal.journal import iso_utc
from jupyter_codeact.journal.state import State

MAX_SEARCH = 200
"""Characters of what is searched for."""

_RENAMED = b'"kind":"conversation_renamed"'
_MOVED = b'"kind":"notebook_moved"'
_NO_NEWS = (_RENAMED, _MOVED)
"""The lines that do not make a conversation a later one."""
_TELLING = (*_NO_NEWS, b'"kind":"run_started"', b'"kind":"run_finished"')
"""Where a line's first part holds one of these, a later title or state is in it."""

_SAID = (b'"kind":"user_message"', b'"kind":"message_revised"', b'"kind":"model_replied"')
"""The lines in which somebody says something, or something else than before."""

_TIME = re.compile(rb'"time":"([^"\\]+)"')
_HEAD = 120
"""Bytes of a line that hold its number, time and kind."""

_BEFORE, _AFTER = 30, 90
"""Characters of an excerpt before and after what was found."""


@dataclass(frozen=True)
class Summary:
    """One row of the list of conversations; times are UTC, ISO 8601.

    `updated_at` is the time of the last event but renamings and moves. `state` is how the latest run ended,
    `unfinished` when it did not, `empty` where there was none, or `damaged`. `branched_from` names another
    conversation, or is empty.
    """

    conversation_id: str
    title: str
    notebook_path: str
    root: str
    started_at: str
    updated_at: str
    state: str
    branched_from: str = ""

    @property
    def notebook(self) -> PurePath:
        """Where the notebook is, whichever folder the server shows."""
        return PurePath(self.root, self.notebook_path)

    def row(self, root: str) -> dict[str, Any]:
        """As JSON, with the notebook's path as a server that shows `root` writes it."""
        row = asdict(self)
        del row["root"]
        return {**row, "notebook_path": self.notebook.relative_to(root).as_posix()}


def summary(path: Path) -> Summary:
    """Read from the few lines that matter; the rest of the file is only looked through, and not again before the file
    has changed. A damaged journal is titled by its id. Raises `OSError`."""
    stat = path.stat()
    return _summary(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4096)
def _summary(path: Path, _size: int, modified_ns: int) -> Summary:
    """As `summary`, of a file with so many bytes: a journal that has more to tell is longer."""
    title, notebook, root, started, state, newer = "", "", "", "", "empty", False
    latest, branched_from = b"", ""
    with path.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):  # torn, or being written
                break
            head = line[:_HEAD]
            if not any(kind in head for kind in _NO_NEWS):
                latest = head
            if title and not any(kind in head for kind in _TELLING):
                continue
            try:
                newer = newer or (not started and is_newer(line))
                event = known(line) if newer else EventAdapter.validate_json(line)
            except ValueError:
                title, state = title or f"(damaged) {path.stem}", "damaged"
                break
            if isinstance(event, ConversationStarted):
                notebook, root, started = event.notebook_path, event.root, event.time
                branched_from = event.branched_from.conversation_id if event.branched_from else ""
            elif isinstance(event, UserMessage):
                title = " ".join(event.text.split())[:TITLE_CHARS]
            elif isinstance(event, ConversationRenamed):
                title = event.title
            elif isinstance(event, NotebookMoved):
                notebook, root = event.notebook_path, event.root
            elif isinstance(event, RunStarted):
                state = "unfinished"
            elif isinstance(event, RunFinished):
                state = event.reason
    time = _TIME.search(latest)
    updated = time[1].decode() if time else iso_utc(modified_ns / 1e9)
    return Summary(path.stem, title, notebook, root, started, updated, state, branched_from)


def summary_of(state: State, root: str) -> Summary:
    """The row of a conversation that is in memory only, on a server that shows `root`."""
    ended = "empty" if state.run is None else state.run.reason or "unfinished"
    return Summary(
        state.conversation_id, state.title, state.notebook_path, root, state.started_at, state.updated_at, ended
    )


class Search:
    """Finds conversations in whose title, or in what the user and the model said, every word stands."""

    def __init__(self, text: str) -> None:
        """Case means nothing. Raises `Invalid` for a text that is too long."""
        if len(text) > MAX_SEARCH:
            raise Invalid(f"search: over {MAX_SEARCH} characters; a few words are enough.")
        self._words = [re.compile(re.escape(word), re.IGNORECASE) for word in text.split()]

    def find(self, title: str, path: Path) -> str | None:
        """The text around the first word that was said in the journal at `path`, on one line; empty where the title
        has all words; None where one is missing. Raises `OSError`."""
        wanted = [word for word in self._words if not word.search(title)]
        if not wanted:
            return ""
        excerpt = ""
        for text in _said(path):
            for word in list(wanted):
                if match := word.search(text):
                    excerpt = excerpt or _around(text, match)
                    wanted.remove(word)
            if not wanted:
                return excerpt
        return None


def _said(path: Path) -> Iterable[str]:
    """What was said, in order, without what was taken back; a damaged line ends it."""
    said: dict[str, str] = {}
    with path.open("rb") as lines:
        for line in lines:
            if not any(kind in line[:_HEAD] for kind in _SAID):
                continue
            try:
                event = json.loads(line)
                said[event.get("message_id") or str(event["seq"])] = "" if event.get("withdrawn") else event["text"]
            except (ValueError, LookupError):
                break
    return said.values()


def _around(text: str, match: re.Match[str]) -> str:
    start, end = max(0, match.start() - _BEFORE), match.end() + _AFTER
    words = " ".join(text[start:end].split())
    return ("… " if start else "") + words + (" …" if end < len(text) else "")


def found(rows: Sequence[tuple[Summary, Path]], search: Search) -> Iterator[tuple[Summary, str]]:
    """Those of `rows` that `search` finds, each with the text around; one that cannot be read any more is not."""
    for row, path in rows:
        try:
            excerpt = search.find(row.title, path)
        except OSError:  # deleted meanwhile
            continue
        if excerpt is not None:
            yield row, excerpt
