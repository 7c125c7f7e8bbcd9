"""The state of a conversation, folded from its events: pure, and twin of `src/client/fold.ts`.

Both are proven equal on the golden journals in `tests/journals/`.
"""

from __future__ import annotations

from collections.abc import Iterable

from jupyter_codeact.events import (
    ApprovalDecided,
    ApprovalRequested,
    CellFinished,
    CellOutput,
    CellSubmitted,
    ConversationRenamed,
    ConversationStarted,
    Event,
    HistoryReduced,
    MessageRevised,
    ModelNudged,
    ModelReplied,
    NotebookChanged,
    NotebookMoved,
    ObservationMade,
    ReplyRejected,
    RunFinished,
    RunStarted,
    StopRequested,
    UserMessage,
)
from jupyter_codeact.journal.outputs import apply_output
from jupyter_codeact.journal.state import Cell, Enclosed, Message, Observation, Proposal, Reduction, Run, State, Step

__all__ = [
    "TITLE_CHARS",
    "Cell",
    "Enclosed",
    "Message",
    "Observation",
    "Proposal",
    "Reduction",
    "Run",
    "State",
    "Step",
    "apply",
    "fold",
]

TITLE_CHARS = 60


def fold(events: Iterable[Event]) -> State:
    """The state after `events`, which start at a conversation's beginning."""
    state = State()
    for event in events:
        apply(state, event)
    return state


def apply(state: State, event: Event) -> None:  # noqa: C901 - one case a kind; it reads as the table it is
    """`state` has taken in `event`, the one that follows its `seq`."""
    state.seq = event.seq
    state.updated_at = event.time
    match event:
        case ConversationStarted():
            state.conversation_id = event.conversation_id
            state.notebook_path = event.notebook_path
            state.kernel_name = event.kernel_name
            state.language = event.language
            state.branched_from = event.branched_from
            state.started_at = event.time
        case ConversationRenamed():
            state.title = event.title
        case NotebookMoved():
            state.notebook_path = event.notebook_path
        case UserMessage():
            if not state.title:
                state.title = " ".join(event.text.split())[:TITLE_CHARS]
            state.messages.append(_message(event))
        case MessageRevised():
            _revise(state, event)
        case RunStarted():
            state.runs.append(_run(event))
        case ModelReplied():
            _reply(state, event)
        case ReplyRejected():
            _step(state, event.step).problem = event.problem
        case ModelNudged():
            _step(state, event.step).nudge = event.text
        case HistoryReduced():
            state.reductions.append(
                Reduction(
                    seq=event.seq,
                    through_seq=event.through_seq,
                    context_tokens=event.context_tokens,
                    refused=event.refused,
                )
            )
        case ApprovalRequested():
            _step(state, event.step).proposal = Proposal(
                cell_id=event.cell_id,
                after_cell_id=event.after_cell_id,
                source=event.source,
                risks=list(event.risks),
                risk_codes=list(event.risk_codes),
            )
        case ApprovalDecided():
            proposal = _step(state, event.step).proposal
            if proposal is not None:
                proposal.decision = event.decision
                proposal.source = event.source or proposal.source
                proposal.note = event.note
            if event.approval_from_now is not None and state.open_run is not None:
                state.open_run.approval = event.approval_from_now
        case StopRequested():
            if state.open_run is not None:
                state.open_run.stop_requested = True
        case CellSubmitted():
            _submit(state, event)
        case CellOutput():
            apply_output(state.cells[event.cell_id].outputs, event)
        case CellFinished():
            _finish(state.cells[event.cell_id], event)
        case ObservationMade():
            _step(state, event.step).observation = Observation(
                text=event.text,
                images=[image.model_dump() for image in event.images],
                left_out=list(event.left_out),
            )
        case NotebookChanged():
            pass  # news for the model; nothing to show
        case RunFinished():
            _end(state, event)


def _step(state: State, number: int) -> Step:
    return next(step for step in reversed(state.steps) if step.step == number)


def _message(event: UserMessage) -> Message:
    context = event.context
    return Message(
        seq=event.seq,
        message_id=event.message_id,
        text=event.text,
        active_cell_id=context.active_cell_id,
        notebook=context.path if any(cell.source for cell in context.cells) else "",
        variables=len(context.variables),
        attachments=[
            Enclosed(kind=item.kind, name=item.name, mime=item.mime, data=item.data) for item in event.attachments
        ],
    )


def _revise(state: State, event: MessageRevised) -> None:
    """Nothing that a reply has answered to is changed."""
    seen = max((step.seen_seq or step.seq for step in state.steps[-1:]), default=0)
    for message in state.messages:
        if message.message_id == event.message_id and message.seq > seen:
            message.text = message.text if event.withdrawn else event.text
            message.withdrawn = message.withdrawn or event.withdrawn


def _run(event: RunStarted) -> Run:
    return Run(
        run_id=event.run_id,
        seq=event.seq,
        started_at=event.time,
        model=event.model,
        connection=event.connection,
        action_format=event.action_format,
        approval=event.approval,
        limits=event.limits,
        context_tokens=event.context_tokens,
        price=event.price,
    )


def _reply(state: State, event: ModelReplied) -> None:
    run = state.runs[-1]
    run.steps_taken += 1
    run.usage = run.usage.plus(event.usage)
    state.usage = state.usage.plus(event.usage)
    cost = None if run.price is None else run.price.cost(event.usage)
    if cost is not None:
        run.cost = (run.cost or 0.0) + cost
        state.cost = (state.cost or 0.0) + cost
    state.language = event.language or state.language
    state.steps.append(
        Step(
            step=event.step,
            seq=event.seq,
            seen_seq=event.seen_seq,
            run_id=run.run_id,
            text=event.text,
            call=event.call,
            action_format=event.action_format or run.action_format,
            reasoning=event.reasoning,
            finish_reason=event.finish_reason,
            usage=event.usage,
            cost=cost,
            seconds=event.seconds,
        )
    )


def _submit(state: State, event: CellSubmitted) -> None:
    step = _step(state, event.step)
    step.cell_id = event.cell_id
    state.cells[event.cell_id] = Cell(
        cell_id=event.cell_id,
        step=event.step,
        after_cell_id=event.after_cell_id,
        source=event.source,
        submitted_seq=event.seq,
        submitted_at=event.time,
        approved=step.proposal is not None,
    )


def _finish(cell: Cell, event: CellFinished) -> None:
    cell.status = event.status
    cell.execution_count = event.execution_count
    cell.seconds = event.seconds
    cell.finished_at = event.time
    cell.problems = list(event.problems)


def _end(state: State, event: RunFinished) -> None:
    run = next(run for run in reversed(state.runs) if run.run_id == event.run_id)
    run.reason = event.reason
    run.answer = event.answer
    run.detail = event.detail
    run.finished_seq = event.seq
