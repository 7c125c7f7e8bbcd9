"""What of the notebook and its kernel is shown to the model with a message: pure, and within a budget of characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jupyter_codeact.agent.observation import outputs_text
from jupyter_codeact.agent.text import cut, plain
from jupyter_codeact.context import CellSource, NotebookContext, Variable

SOURCE_SHARE = 0.7
"""Of the room for cells, what their sources may take where there are outputs too."""
VARIABLE_SHARE = 0.3
HEADING_SHARE = 0.1
"""What is kept free for the headings of a notebook that does not fit."""
OUTPUT_CHARS = 2000
MIN_OUTPUT = 60
MIN_CELL = 200
CELL_HEAD = 40
"""About what a cell's heading line takes."""
NEIGHBOURS = 2


class SentCell(CellSource):
    """A cell as it is sent: its last outputs in nbformat's form. Only the text that is made of them is recorded."""

    outputs: tuple[dict[str, Any], ...] = ()


class SentNotebook(NotebookContext):
    """The notebook as it is sent; `cells_left_out` counts those that were not even sent."""

    cells: tuple[SentCell, ...] = ()


def shown(
    notebook: SentNotebook,
    chars: int,
    *,
    variables: Sequence[Variable] = (),
    variables_left_out: int = 0,
    note: str = "",
) -> NotebookContext:
    """What is told of the notebook and of `variables` in about `chars` characters; the cells in the notebook's order.

    Sources come first: all of them, or else those of the active cell, of its neighbours and of what was run last, and
    the headings. The last outputs of these cells share what is left: a failed cell's first, then the active one's, then
    what was run last.
    """
    if chars <= 0:
        return NotebookContext(path=notebook.path, active_cell_id=notebook.active_cell_id)
    told = list(_fitting(variables, int(chars * VARIABLE_SHARE)))
    left = chars - sum(map(_variable_chars, told))
    kept = _sources(notebook, left)
    left -= sum(len(source) + CELL_HEAD for source in kept.values())
    outputs = _outputs(notebook, kept, left)
    cells = tuple(
        CellSource(
            cell_id=cell.cell_id,
            cell_type=cell.cell_type,
            source=kept[index],
            execution_count=cell.execution_count,
            output=outputs.get(index, ""),
        )
        for index, cell in enumerate(notebook.cells)
        if index in kept
    )
    return NotebookContext(
        path=notebook.path,
        cells=cells,
        active_cell_id=notebook.active_cell_id,
        cells_left_out=notebook.cells_left_out + sum(_says_something(cell) for cell in notebook.cells) - len(cells),
        variables=tuple(told),
        variables_left_out=variables_left_out + len(variables) - len(told),
        note=note,
    )


def hidden(notebook: SentNotebook) -> SentNotebook:
    """The notebook with nothing to be shown of its cells: only where new cells go."""
    return SentNotebook(path=notebook.path, active_cell_id=notebook.active_cell_id)


def _sources(notebook: SentNotebook, chars: int) -> dict[int, str]:
    """The sources to be shown, by the cells' places."""
    cells = notebook.cells
    room = int(chars * SOURCE_SHARE) if any(cell.outputs for cell in cells) else chars
    telling = [index for index, cell in enumerate(cells) if _says_something(cell)]
    if sum(len(cells[index].source) + CELL_HEAD for index in telling) <= room:
        return {index: cells[index].source for index in telling}
    headings = {index: heading for index in telling if (heading := _heading(cells[index]))}
    kept: dict[int, str] = {}
    left = room - min(int(room * HEADING_SHARE), sum(len(heading) + CELL_HEAD for heading in headings.values()))
    for index in _by_interest(notebook, telling):
        source = cells[index].source
        if len(source) + CELL_HEAD > left and not kept and left >= MIN_CELL:
            source = cut(source, left - CELL_HEAD)[0]
        if len(source) + CELL_HEAD <= left:
            kept[index] = source
            left -= len(source) + CELL_HEAD
    left = room - sum(len(source) + CELL_HEAD for source in kept.values())
    for index, heading in headings.items():
        if index not in kept and len(heading) + CELL_HEAD <= left:
            kept[index] = heading
            left -= len(heading) + CELL_HEAD
    return kept


def _by_interest(notebook: SentNotebook, telling: Sequence[int]) -> list[int]:
    """The active cell and its neighbours from within outwards, then what was run, the latest first."""
    cells = notebook.cells
    ids = [cell.cell_id for cell in cells]
    active = ids.index(notebook.active_cell_id) if notebook.active_cell_id in ids else len(cells) - 1
    near = sorted((index for index in telling if abs(index - active) <= NEIGHBOURS), key=lambda i: abs(i - active))
    run = [index for index in telling if cells[index].execution_count is not None and index not in near]
    return near + sorted(run, key=lambda index: -(cells[index].execution_count or 0))


def _outputs(notebook: SentNotebook, kept: Iterable[int], chars: int) -> dict[int, str]:
    """The text of outputs by the cells' places, in about `chars` characters together."""
    cells = notebook.cells

    def interest(index: int) -> tuple[bool, bool, int]:
        cell = cells[index]
        failed = any(output.get("output_type") == "error" for output in cell.outputs)
        return not failed, cell.cell_id != notebook.active_cell_id, -(cell.execution_count or 0)

    texts = {}
    for index in sorted((index for index in kept if cells[index].outputs), key=interest):
        room = min(OUTPUT_CHARS, chars - CELL_HEAD)
        if room < MIN_OUTPUT:
            break
        if text := outputs_text(cells[index].outputs, room):
            texts[index] = text
            chars -= len(text) + CELL_HEAD
    return texts


def _fitting(variables: Sequence[Variable], chars: int) -> Iterable[Variable]:
    """The first of `variables`; a table that does not fit makes do without its rows, or its columns too."""
    for variable in variables:
        lesser = (variable.model_copy(update=less) for less in ({}, {"rows": ""}, {"rows": "", "columns": ()}))
        fits = next((less for less in lesser if _variable_chars(less) <= chars), None)
        if fits is None:
            return
        chars -= _variable_chars(fits)
        yield fits


def _variable_chars(variable: Variable) -> int:
    """About what it takes to tell of it."""
    columns = sum(len(column.name) + len(column.dtype) + 3 for column in variable.columns)
    return len(variable.name) + len(variable.type) + len(variable.summary) + len(variable.rows) + columns + 20


def _heading(cell: CellSource) -> str:
    """The first line of a Markdown cell."""
    return plain(cell.source.strip().partition("\n")[0])[:MIN_CELL] if cell.cell_type == "markdown" else ""


def _says_something(cell: CellSource) -> bool:
    return bool(cell.source.strip())
