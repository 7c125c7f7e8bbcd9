"""A notebook file that follows a journal without a browser."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any, TypeAlias

import nbformat
from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines, strip_transient

from jupyter_codeact.documents.document import project
from jupyter_codeact.errors import DocumentError
from jupyter_codeact.events import CellFinished, RunFinished
from jupyter_codeact.journal.fold import State
from jupyter_codeact.journal.journal import Journal

MAJOR, MINOR = 4, 5

_Stamp: TypeAlias = "tuple[int, int, int] | None"


class FileDocument:
    """The notebook at `path`, which others may save at any time.

    It is read again when it changed on disk since it was last read or written, and written only when there is
    something new, whole or not at all.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._notebook: NotebookNode | None = None
        self._stamp: _Stamp = None

    def open(self, kernelspec: Mapping[str, str] | None = None, language: str = "python") -> NotebookNode:
        """The notebook, made when there is none; all its cells have ids, on disk too. The result is not to be changed.

        `kernelspec` (`name` and `display_name`) and `language` describe the kernel where the notebook names
        none.
        """
        notebook, is_new = self._read()
        metadata = notebook["metadata"]
        if kernelspec and "kernelspec" not in metadata:
            metadata["kernelspec"] = {"language": language, **kernelspec}
            metadata.setdefault("language_info", {"name": language})
            is_new = True
        if is_new:
            self._write(notebook)
        return notebook

    def save(self, state: State) -> bool:
        """The file holds the cells of `state`; True when it had to be written."""
        notebook, is_new = self._current()
        if not project(notebook, state) and not is_new:
            return False
        self._write(notebook)
        return True

    async def follow(self, journal: Journal, after: int = 0) -> None:
        """As `Document.follow`: saved after every cell and at the run's end.

        Reading and writing happen in a thread, projecting between them on the journal's event loop.
        """
        async with aclosing(journal.follow(after)) as events:
            async for event in events:
                if isinstance(event, (CellFinished, RunFinished)):
                    notebook, is_new = await asyncio.to_thread(self._current)
                    if project(notebook, journal.state) or is_new:
                        await asyncio.to_thread(self._write, notebook)
                if isinstance(event, RunFinished):
                    return

    def _current(self) -> tuple[NotebookNode, bool]:
        """As `_read`, which is spared while the file is as we left it; when it was deleted, what it held before."""
        stamp = _stamp(self.path)
        if self._notebook is not None and stamp in (self._stamp, None):
            return self._notebook, stamp is None
        return self._read()

    def _read(self) -> tuple[NotebookNode, bool]:
        """The notebook, and whether the file lacks something that it has here."""
        stamp = _stamp(self.path)
        try:
            content = self.path.read_bytes() if stamp else b""
        except OSError as error:
            raise DocumentError(f"Cannot read {self.path}: {error.strerror}.") from error
        notebook, is_new = _parse(content, self.path) if content.strip() else (_empty(), True)
        is_new |= _identify(notebook)
        self._notebook, self._stamp = notebook, stamp
        return notebook, is_new

    def _write(self, notebook: NotebookNode) -> None:
        # A lone surrogate has no UTF-8; its backslash form is JSON's own escape for it.
        content = as_text(notebook).encode("utf-8", "backslashreplace")
        try:
            _replace(self.path, content)
        except OSError as error:
            raise DocumentError(f"Cannot write {self.path}: {error.strerror}.") from error
        self._notebook, self._stamp = notebook, _stamp(self.path)


def as_text(notebook: NotebookNode) -> str:
    """`notebook` as nbformat writes it, byte for byte, in a third of the time.

    nbformat would also copy it again, and validate it, only to log what it finds; in a long notebook that was most of
    what a step cost.
    """
    copied = split_lines(strip_transient(nbformat.from_dict(notebook)))  # type: ignore[no-untyped-call]
    return json.dumps(copied, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")) + "\n"


def _stamp(path: Path) -> _Stamp:
    """What differs when the file was written in between; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _empty() -> NotebookNode:
    return NotebookNode(metadata=NotebookNode(), nbformat=MAJOR, nbformat_minor=MINOR, cells=[])  # type: ignore[no-untyped-call]


def _parse(content: bytes, path: Path) -> tuple[NotebookNode, bool]:
    """The notebook in `content` as nbformat 4, and whether it was of an older major format."""
    try:
        raw: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{path} is damaged or not a notebook: it is not JSON ({error}).") from error
    major = raw.get("nbformat") if isinstance(raw, dict) else None
    if not isinstance(major, int):
        raise DocumentError(f"{path} is not a notebook: it is JSON without an nbformat number.")
    if major > MAJOR:
        raise DocumentError(f"{path} has notebook format {major}, newer than {MAJOR}: update nbformat to read it.")
    if not isinstance(raw.get("nbformat_minor", 0), int):
        raise DocumentError(f"{path} is damaged: its nbformat_minor is not a number.")
    try:
        notebook: NotebookNode = nbformat.reads(content.decode("utf-8"), as_version=MAJOR)  # type: ignore[no-untyped-call]
    except (nbformat.ValidationError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DocumentError(f"{path} is damaged: {type(error).__name__} while it was read.") from error
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) and "cell_type" in cell for cell in cells):
        raise DocumentError(f"{path} is damaged: its cells are not those of notebook format {MAJOR}.")
    if not isinstance(notebook.get("metadata"), dict):
        raise DocumentError(f"{path} is damaged: it has no metadata.")
    notebook.setdefault("nbformat_minor", 0)
    return notebook, major < MAJOR


def _identify(notebook: NotebookNode) -> bool:
    """Every cell has an id, as nbformat 4.5 asks for; True when one had none or the format was older."""
    changed: bool = notebook["nbformat_minor"] < MINOR
    if changed:
        notebook["nbformat_minor"] = MINOR
    for cell in notebook["cells"]:
        if not isinstance(cell.get("id"), str):
            cell["id"] = secrets.token_hex(4)
            changed = True
    return changed


def _replace(path: Path, content: bytes) -> None:
    """The file behind `path`, through links, has `content` and its former mode: at once, or nothing is changed."""
    target = path.resolve()
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(13, "it is read-only", str(target))
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            if mode is not None:
                temporary.chmod(mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
