"""`jupyter codeact conversations`: what is kept, whoever has it open."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path, PurePath
from typing import TextIO

from jupyter_codeact.agent.text import plain
from jupyter_codeact.conversations.listing import Summary
from jupyter_codeact.conversations.store import Store
from jupyter_codeact.errors import CodeActError, Conflict, Invalid, JournalError, JournalLocked, Unknown
from jupyter_codeact.exports.formats import Format, export, format_named
from jupyter_codeact.exports.markdown import markdown
from jupyter_codeact.journal.line_file import is_locked, remove
from jupyter_codeact.journal.reading import Record, record
from jupyter_codeact.settings import CodeAct

FAILED, USAGE = 1, 2
SHORT_ID = 8


def conversations(options: argparse.Namespace, settings: CodeAct) -> int:
    """The exit code: 0 done, 1 not or not all of it, 2 usage."""
    kept = Kept(Path(settings.journal_dir))
    match options.action:
        case "list":
            return _list(kept, options.notebook, as_json=options.json)
        case "show":
            sys.stdout.write(markdown(kept.read(kept.find(options.id)).events, images=False))
            return 0
        case "export":
            form = format_named(options.format)
            if options.all:
                return _export_all(kept, form, options.output, successful=options.successful)
            return _export(kept, kept.find(options.id), form, options.output, successful=options.successful)
        case _:
            return _delete(kept, kept.find(options.id), sure=options.yes)


class Kept:
    """The conversations in `directory`, of all servers; read without opening them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def rows(self) -> list[Summary]:
        """All, the latest first."""
        return sorted(Store(self._directory).summaries(), key=lambda row: row.updated_at, reverse=True)

    def find(self, beginning: str) -> str:
        """The id that begins so. Raises `Unknown`, or `Conflict` where several do."""
        ids = [row.conversation_id for row in self.rows()]
        found = [known for known in ids if known == beginning] or [
            known for known in ids if known.startswith(beginning)
        ]
        if not found:
            raise Unknown(f"There is no conversation {beginning}; `jupyter codeact conversations list` shows all.")
        if len(found) > 1:
            raise Conflict(
                f"{len(found)} conversations begin with {beginning}: {', '.join(found[:5])}; give more of it."
            )
        return found[0]

    def path(self, conversation_id: str) -> Path:
        """The file."""
        return self._directory / f"{conversation_id}.jsonl"

    def read(self, conversation_id: str) -> Record:
        """What is in it. Raises `JournalError`, naming file and line."""
        return record(self.path(conversation_id))


def _list(kept: Kept, notebook: str, *, as_json: bool) -> int:
    rows = kept.rows()
    if notebook:
        wanted = Path(notebook).resolve()
        rows = [row for row in rows if Path(row.notebook).resolve() == wanted]
    states = [_state(kept, row) for row in rows]
    if as_json:
        for row, state in zip(rows, states, strict=True):
            facts = {**asdict(row), "notebook_path": str(row.notebook), "state": state}
            del facts["root"]
            sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
        return 0
    length = _id_length([row.conversation_id for row in rows])
    table = [
        (row.conversation_id[:length], _local(row.updated_at), state, _near(row.notebook), " ".join(row.title.split()))
        for row, state in zip(rows, states, strict=True)
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for line in table:
        cells = [plain(cell).ljust(width) for cell, width in zip(line, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
    return 0


def _state(kept: Kept, row: Summary) -> str:
    is_running = row.state == "unfinished" and is_locked(kept.path(row.conversation_id))
    return "running" if is_running else row.state


def _id_length(ids: list[str]) -> int:
    """How much of the ids tells them apart."""
    length = SHORT_ID
    while len({name[:length] for name in ids}) < len(ids):
        length += 1
    return length


def _local(time: str) -> str:
    return datetime.fromisoformat(time.replace("Z", "+00:00")).astimezone().strftime("%Y-%m-%d %H:%M")


def _near(notebook: PurePath) -> str:
    here = Path.cwd()
    return str(notebook.relative_to(here) if notebook.is_relative_to(here) else notebook)


def _export(kept: Kept, conversation_id: str, form: Format, output: str, *, successful: bool) -> int:
    conversation = kept.read(conversation_id)
    if successful and not _is_successful(conversation):
        raise Conflict(f"The latest run of conversation {conversation_id} did not end with an answer.")
    made = export(conversation, form)
    if not output:
        sys.stdout.write(made.text)
    else:
        path = Path(output) / made.file_name if Path(output).is_dir() else Path(output)
        _write(path, made.text)
    return 0


def _export_all(kept: Kept, form: Format, output: str, *, successful: bool) -> int:
    """Those that can be read are written; the others are named."""
    if not form.lines and not output:
        raise Invalid("All conversations do not fit into one file of this format: name a folder with --output.")
    damaged: list[str] = []
    chosen = _readable(kept, damaged, successful=successful)
    if form.lines:
        text = "".join(export(conversation, form).text for conversation in chosen)
        if output:
            _write(Path(output), text)
        else:
            sys.stdout.write(text)
    else:
        _make_folder(Path(output))
        for conversation in chosen:
            made = export(conversation, form)
            _write(Path(output) / made.file_name, made.text)
    for problem in damaged:
        sys.stderr.write(f"jupyter codeact: {problem}\n")
    return FAILED if damaged else 0


def _readable(kept: Kept, damaged: list[str], *, successful: bool) -> Iterator[Record]:
    for row in reversed(kept.rows()):
        try:
            conversation = kept.read(row.conversation_id)
        except JournalError as error:
            damaged.append(str(error))
            continue
        if not successful or _is_successful(conversation):
            yield conversation


def _is_successful(conversation: Record) -> bool:
    run = conversation.state.run
    return run is not None and run.reason == "answered"


def _delete(kept: Kept, conversation_id: str, *, sure: bool) -> int:
    path = kept.path(conversation_id)
    if not sure and not sys.stdin.isatty():
        sys.stderr.write("Asking needs a terminal; to delete without asking: --yes\n")
        return USAGE
    if not sure and not _agreed(sys.stderr, next(row for row in kept.rows() if row.conversation_id == conversation_id)):
        return FAILED
    try:
        remove(path)
    except JournalLocked as error:
        raise JournalLocked(
            f"{path}: a Jupyter server has this conversation open; delete it in that server's panel, or stop the server"
        ) from error
    return 0


def _agreed(terminal: TextIO, row: Summary) -> bool:
    terminal.write(f'Delete "{plain(row.title)}" about {plain(str(row.notebook))} for good? [y]es / [n]o: ')
    terminal.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise CodeActError(
            f"{path}: cannot be written: {os.strerror(error.errno or 0)}; name another --output"
        ) from error


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CodeActError(f"{path}: is no folder and cannot be made one; name another --output") from error
