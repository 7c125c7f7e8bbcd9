"""A conversation as a notebook to read: what was said as Markdown, what was run as code cells with their outputs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import nbformat

from jupyter_codeact.agent.prompts import LANGUAGE_NAMES
from jupyter_codeact.documents.document import METADATA, execution_times
from jupyter_codeact.documents.file_document import MAJOR, MINOR, as_text
from jupyter_codeact.events import Event
from jupyter_codeact.exports.passages import Note, Passage, Ran, Refused, Said, harmless, passages
from jupyter_codeact.exports.words import fenced, heading, one_line, quoted
from jupyter_codeact.journal.fold import Cell, State, fold

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def ipynb(events: Sequence[Event]) -> str:
    """The notebook, valid nbformat 4.5; the same for the same events."""
    state = fold(events)
    cells = [_markdown("conversation", heading(state))]
    for number, passage in enumerate(passages(events, state)):
        cells.append(_cell(passage, f"passage-{number}", state))
    notebook = {"nbformat": MAJOR, "nbformat_minor": MINOR, "metadata": _metadata(state), "cells": cells}
    return as_text(nbformat.from_dict(notebook))  # type: ignore[no-untyped-call]


def _cell(passage: Passage, cell_id: str, state: State) -> dict[str, Any]:
    match passage:
        case Said(_, text, by_user):
            return _markdown(cell_id, quoted(text) if by_user else text)
        case Note(_, text):
            return _markdown(cell_id, f"*{harmless(one_line(text))}*")
        case Refused(_, source):
            return _markdown(cell_id, fenced(source, state.language))
        case Ran(_, cell):
            return _code(cell, cell_id, state.conversation_id)


def _markdown(cell_id: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": source}


def _code(cell: Cell, cell_id: str, conversation_id: str) -> dict[str, Any]:
    times = execution_times(cell)
    own = {"conversation": conversation_id, "step": cell.step}
    return {
        "cell_type": "code",
        "id": cell.cell_id if _ID.fullmatch(cell.cell_id) else cell_id,
        "metadata": {METADATA: own, **({"execution": times} if times else {})},
        "source": cell.source,
        "outputs": cell.outputs,
        "execution_count": cell.execution_count,
    }


def _metadata(state: State) -> dict[str, Any]:
    language = state.language
    name = state.kernel_name or ("python3" if language == "python" else language)
    shown = LANGUAGE_NAMES.get(language, language)
    return {
        "kernelspec": {"name": name, "display_name": shown, "language": language},
        "language_info": {"name": language},
        "title": one_line(state.title),
    }
