"""What of the notebook is shown to the model: as much as fits, the active cell and its neighbours first."""

from __future__ import annotations

from jupyter_codeact.events import NotebookContext


def shown(notebook: NotebookContext, chars: int) -> NotebookContext:
    """The notebook with the cells nearest to the active one, in notebook order: at most `chars` characters."""
    cells = notebook.cells
    ids = [cell.cell_id for cell in cells]
    active = ids.index(notebook.active_cell_id) if notebook.active_cell_id in ids else len(cells)
    kept = set()
    for index in sorted(range(len(cells)), key=lambda index: abs(index - active)):
        chars -= len(cells[index].source)
        if chars < 0:
            break
        kept.add(index)
    return notebook.model_copy(update={"cells": tuple(cells[index] for index in sorted(kept))})
