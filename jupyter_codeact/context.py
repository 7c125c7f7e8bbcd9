"""What a message takes along: what is shown of the notebook and its kernel, and what the user attached.

Part of the vocabulary in `events.py`, by which everybody else has these names.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from jupyter_codeact.value import Value


class CellSource(Value):
    """One cell of the user's notebook, as shown with a message; `output` is the text of what it put out last."""

    cell_id: str
    cell_type: Literal["code", "markdown", "raw"] = "code"
    source: str = ""
    execution_count: int | None = None
    output: str = ""


class Column(Value):
    """A column of a table; `dtype` is the table's own word for it."""

    name: str
    dtype: str = ""


class Variable(Value):
    """A variable of the live kernel: `summary` is its size or its value, `rows` the first rows of a table as text."""

    name: str
    type: str
    summary: str = ""
    columns: tuple[Column, ...] = ()
    rows: str = ""


class NotebookContext(Value):
    """What of the notebook and its kernel is shown to the model with a message; new cells go after `active_cell_id`.
    The numbers say how many more there are; `note` says in one line why the variables are not all there is."""

    path: str = ""
    cells: tuple[CellSource, ...] = ()
    active_cell_id: str | None = None
    cells_left_out: int = 0
    variables: tuple[Variable, ...] = ()
    variables_left_out: int = 0
    note: str = ""


AttachmentKind: TypeAlias = Literal["text", "cell", "selection", "file", "variable", "image"]


class Attachment(Value):
    """What the user attached to a message: `name` for the user, `text` for the model; an image is `data`, in base64."""

    kind: AttachmentKind = "text"
    name: str
    text: str = ""
    mime: str = ""
    data: str = ""
