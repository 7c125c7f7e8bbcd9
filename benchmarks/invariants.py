"""What must hold of conversations after any faults, read from the disk alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from jupyter_codeact.documents.document import project
from jupyter_codeact.errors import CodeActError
from jupyter_codeact.journal.fold import Cell, State
from jupyter_codeact.journal.reading import Record, record

MARK = "with open('marks.txt', 'a') as file: file.write('{mark}\\n')"
"""The line by which a cell leaves its mark; no two cells have the same."""


def marking(mark: str, seconds: float) -> str:
    """The source of a cell that leaves `mark`, works for so long, and prints the mark."""
    return f"import time\n{MARK.format(mark=mark)}\ntime.sleep({seconds:.2f})\nprint({mark!r})"


def check(folder: Path, tabs: Mapping[str, State], counts: Counter[str]) -> Iterator[str]:
    """What is not as it must be, a line each; `counts` has been told what there was.

    `tabs` is what the page of each conversation knew at last. Below `folder` are a server's data, the notebooks and
    the marks.
    """
    file = folder / "marks.txt"
    marks = Counter(file.read_text("utf-8").split() if file.exists() else [])
    yield from (f"{mark} ran {times} times" for mark, times in marks.items() if times > 1)
    known: set[str] = set()
    for name, seen in tabs.items():
        try:
            found = record(folder / "data" / "codeact" / "conversations" / f"{name}.jsonl")
        except CodeActError as error:
            yield f"{name}: {error}"
            continue
        _count(found, counts)
        known.update(_mark(cell) for cell in found.state.cells.values())
        yield from (f"{name}: {problem}" for problem in _wrong(found, seen, marks))
        yield from (f"{name}: {problem}" for problem in _notebook(folder / f"{name}.ipynb", found.state))
    yield from (f"{mark} was left by a cell that no journal has" for mark in marks if mark not in known)


def _count(found: Record, counts: Counter[str]) -> None:
    counts["events"] += len(found.events)
    counts["cells"] += len(found.state.cells)
    counts.update(f"cells {cell.status}" for cell in found.state.cells.values())
    counts.update(f"runs {run.reason or 'cut off'}" for run in found.state.runs)


def _mark(cell: Cell) -> str:
    return cell.source.rpartition("print('")[2].partition("'")[0]


def _wrong(found: Record, seen: State, marks: Counter[str]) -> Iterator[str]:
    if not found.state.runs:
        yield "nothing happened"
    if seen != found.state:
        yield f"its page knew something else (up to {seen.seq} of {found.state.seq})"
    for cell in found.state.cells.values():
        if cell.status == "ok" and marks[_mark(cell)] != 1:
            yield f"cell {cell.cell_id} is ok and left no mark"
        if cell.status == "running":
            yield f"cell {cell.cell_id} never ended"


def _notebook(file: Path, state: State) -> Iterator[str]:
    """The notebook on the disk is exactly what its journal says."""
    if not file.exists():
        if state.cells:
            yield "there is no notebook"
        return
    saved: Any = nbformat.read(file, as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    try:
        nbformat.validate(saved)
    except nbformat.ValidationError as error:
        yield f"the notebook is not valid: {error}"
    if project(saved, state):
        yield "the notebook lacks something that its journal has"
    if [cell["id"] for cell in saved.cells] != list(state.cells):
        yield f"the notebook has the cells {[cell['id'] for cell in saved.cells]}, its journal {list(state.cells)}"
    for cell in saved.cells:
        if (ran := state.cells.get(cell["id"])) is not None:
            here = (cell["source"], cell["outputs"], cell["execution_count"])
            if here != (ran.source, ran.outputs, ran.execution_count):
                yield f"cell {ran.cell_id} is not in the notebook as it is in the journal"
