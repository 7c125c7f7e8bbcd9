"""Cells that wait for approval, in a notebook that no page writes: as `src/notebook/projector.ts` does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jupyter_codeact.documents.document import METADATA, Json, place_for, recorded, remember, source_of
from jupyter_codeact.journal.fold import State, Step


def settle(notebook: Json, state: State, offered: Mapping[str, str]) -> None:
    """The decisions of `state` show on the cells that were proposed. Call it before `project`.

    `offered` has the sources as they were proposed, by cell id. A cell that ran is proposed no more; where it was
    edited elsewhere and not in the notebook, it holds what ran. One that was rejected, or that its run left behind, is
    gone; what the user wrote into the latter stays, as the user's own.
    """
    over = {run.run_id for run in state.runs if run.reason is not None}
    marked = {cell.get("id"): cell for cell in notebook["cells"] if _mark(cell).get("proposed")}
    if not marked:
        return
    for step in state.steps:
        proposal = step.proposal
        present = marked.get(proposal.cell_id) if proposal is not None else None
        if proposal is None or present is None or step.seq <= state.inherited_seq:
            continue
        untouched = source_of(present) == offered.get(proposal.cell_id)
        if step.cell_id is not None:
            if untouched:
                present["source"] = state.cells[step.cell_id].source
            present["metadata"][METADATA] = {"conversation": state.conversation_id, "step": step.step}
        elif proposal.decision == "reject" or (step.run_id in over and untouched):
            notebook["cells"].remove(present)
        elif step.run_id in over:
            del present["metadata"][METADATA]


def propose(notebook: Json, state: State) -> None:
    """The cell that waits for approval is in the notebook, marked as proposed. Call it behind `project`.

    Its outputs are trusted, since it runs only when the user approves it. One that the user deleted is not made again.
    """
    step = state.step
    if step is None or not _waits(step, state):
        return
    proposal = step.proposal
    assert proposal is not None
    known = max(recorded(notebook["metadata"], state.conversation_id), state.inherited_seq)
    cells = notebook["cells"]
    by_id = {cell.get("id"): cell for cell in cells}
    if proposal.cell_id in by_id or step.seq <= known:
        return
    earlier = [by_id.get(cell.cell_id) for cell in state.cells.values()]
    previous = next((cell for cell in reversed(earlier) if cell is not None), None)
    anchor = by_id.get(proposal.after_cell_id, previous) if proposal.after_cell_id is not None else None
    mark = {"conversation": state.conversation_id, "step": step.step, "proposed": True}
    cells.insert(
        place_for(cells, anchor),
        {
            "cell_type": "code",
            "id": proposal.cell_id,
            "metadata": {METADATA: mark, "trusted": True},
            "source": proposal.source,
            "outputs": [],
            "execution_count": None,
        },
    )
    remember(notebook["metadata"], state.conversation_id, step.seq)


def _waits(step: Step, state: State) -> bool:
    waiting = step.proposal is not None and step.proposal.decision is None and step.cell_id is None
    return waiting and state.open_run is not None and state.open_run.run_id == step.run_id


def _mark(cell: Json) -> Mapping[str, Any]:
    mark = (cell.get("metadata") or {}).get(METADATA)
    return mark if isinstance(mark, Mapping) else {}
