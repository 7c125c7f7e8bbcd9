"""Steps that were left open are closed: by the Agent as it goes, and after a crash. Nothing is run again."""

from __future__ import annotations

from jupyter_codeact.agent.edits import edit_line
from jupyter_codeact.agent.observation import observe
from jupyter_codeact.events import ApprovalRequested, CellFinished, ObservationMade
from jupyter_codeact.journal.fold import Cell, Step
from jupyter_codeact.journal.journal import Journal

NEVER_RAN = "The run was cut off before this cell ran; it was not run."
GONE = "the server stopped while this cell ran; whether it did its work is not known"


async def make_observation(journal: Journal, step: Step, chars: int) -> Cell:
    """What the model is shown of the cell of `step` is in the journal.

    A cell that is still "running" here was given to the kernel by a process that is gone: it is finished as `lost`.
    """
    cell = journal.state.cells[step.cell_id or ""]
    if cell.status == "running":
        await journal.append(CellFinished(step=step.step, cell_id=cell.cell_id, status="lost", problems=(GONE,)))
    seen = observe(
        cell_id=cell.cell_id,
        outputs=cell.outputs,
        status=cell.status if cell.status != "running" else "lost",
        execution_count=cell.execution_count,
        seconds=cell.seconds,
        problems=cell.problems,
        chars=chars,
    )
    text = seen.text
    if step.proposal is not None and step.proposal.decision == "edit":
        text = (
            f"The user edited the cell before it ran: {edit_line(_offered(journal, step.step), cell.source)}\n\n{text}"
        )
    await journal.append(ObservationMade(step=step.step, text=text, images=seen.images, left_out=seen.left_out))
    return cell


def _offered(journal: Journal, step: int) -> str:
    """What the model had proposed to run in `step`."""
    proposals = (event for event in reversed(journal.events) if isinstance(event, ApprovalRequested))
    return next((proposal.source for proposal in proposals if proposal.step == step), "")


async def recover(journal: Journal, chars: int = 4000) -> None:
    """Every step is settled: a cell whose end is not known is `lost`, a proposed one that never ran is said not to
    have run. To be called only while no run of the journal is live."""
    for step in journal.state.steps:
        if step.observation is not None or step.problem:
            continue
        if step.cell_id is not None:
            await make_observation(journal, step, chars)
        elif step.proposal is not None or step.call is not None or step.finish_reason == "action":
            await journal.append(ObservationMade(step=step.step, text=NEVER_RAN))
