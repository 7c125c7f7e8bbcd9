"""The state of a conversation, folded from its events: pure, and twin of `src/client/fold.ts`.

Both are proven equal on the golden journals in `tests/journals/`. The state is JSON: what `GET conversations/{id}`
answers is `State.model_dump()`. Fields are changed in place while folding (a copy per event would make a long
conversation quadratic); whoever is handed a state treats it as read-only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from jupyter_codeact.events import (
    ApprovalDecided,
    ApprovalRequested,
    CellFinished,
    CellOutput,
    CellStatus,
    CellSubmitted,
    ConversationRenamed,
    ConversationStarted,
    Decision,
    Event,
    Limits,
    ModelReplied,
    NotebookChanged,
    ObservationMade,
    ReplyRejected,
    RunFinished,
    RunReason,
    RunStarted,
    StopRequested,
    Usage,
    UserMessage,
)
from jupyter_codeact.journal.outputs import apply_output

TITLE_CHARS = 60


class _Mutable(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Message(_Mutable):
    """What the user said; `seq` orders it among the steps."""

    seq: int
    message_id: str
    text: str
    active_cell_id: str | None


class Cell(_Mutable):
    """A cell that the kernel was given; `status` is "running" until the kernel, or a recovery, said otherwise."""

    cell_id: str
    step: int
    after_cell_id: str | None
    source: str
    submitted_seq: int
    submitted_at: str
    approved: bool = False
    outputs: list[dict[str, Any]] = []
    status: CellStatus | Literal["running"] = "running"
    execution_count: int | None = None
    seconds: float = 0.0
    finished_at: str = ""
    problems: list[str] = []


class Proposal(_Mutable):
    """A cell that waits, or waited, for approval; `decision` None: it still waits."""

    cell_id: str
    after_cell_id: str | None
    source: str
    risks: list[str]
    decision: Decision | None = None
    note: str = ""


class Observation(_Mutable):
    """What the model was shown."""

    text: str
    images: list[dict[str, Any]]
    left_out: list[str]


class Step(_Mutable):
    """One model reply and what followed. `cell_id` names the entry of `State.cells`; see `ModelReplied.seen_seq`."""

    step: int
    seq: int
    seen_seq: int
    run_id: str
    text: str
    reasoning: str
    finish_reason: str
    problem: str = ""
    proposal: Proposal | None = None
    cell_id: str | None = None
    observation: Observation | None = None
    usage: Usage
    seconds: float


class Run(_Mutable):
    """`reason` None: it is live or, where no task is, was cut off. `steps_taken` counts against `limits.steps`."""

    run_id: str
    seq: int
    started_at: str
    model: str
    connection: str
    approval: str
    limits: Limits
    steps_taken: int = 0
    usage: Usage = Usage()
    stop_requested: bool = False
    reason: RunReason | None = None
    answer: str = ""
    detail: str = ""
    finished_seq: int = 0


class State(_Mutable):
    """A conversation. `steps` and `messages` are in order of `seq`; `runs` in order of start."""

    seq: int = 0
    conversation_id: str = ""
    notebook_path: str = ""
    kernel_name: str = ""
    language: str = "python"
    title: str = ""
    started_at: str = ""
    updated_at: str = ""
    messages: list[Message] = []
    runs: list[Run] = []
    steps: list[Step] = []
    cells: dict[str, Cell] = {}

    @property
    def run(self) -> Run | None:
        """The latest run."""
        return self.runs[-1] if self.runs else None

    @property
    def step(self) -> Step | None:
        """The latest step."""
        return self.steps[-1] if self.steps else None

    @property
    def open_run(self) -> Run | None:
        """The latest run while it has not finished."""
        return self.run if self.run is not None and self.run.reason is None else None


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
            state.started_at = event.time
        case ConversationRenamed():
            state.title = event.title
        case UserMessage():
            if not state.title:
                state.title = " ".join(event.text.split())[:TITLE_CHARS]
            state.messages.append(_message(event))
        case RunStarted():
            state.runs.append(_run(event))
        case ModelReplied():
            _reply(state, event)
        case ReplyRejected():
            _step(state, event.step).problem = event.problem
        case ApprovalRequested():
            _step(state, event.step).proposal = Proposal(
                cell_id=event.cell_id,
                after_cell_id=event.after_cell_id,
                source=event.source,
                risks=list(event.risks),
            )
        case ApprovalDecided():
            proposal = _step(state, event.step).proposal
            if proposal is not None:
                proposal.decision = event.decision
                proposal.source = event.source or proposal.source
                proposal.note = event.note
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
    return Message(
        seq=event.seq,
        message_id=event.message_id,
        text=event.text,
        active_cell_id=event.context.active_cell_id,
    )


def _run(event: RunStarted) -> Run:
    return Run(
        run_id=event.run_id,
        seq=event.seq,
        started_at=event.time,
        model=event.model,
        connection=event.connection,
        approval=event.approval,
        limits=event.limits,
    )


def _reply(state: State, event: ModelReplied) -> None:
    run = state.runs[-1]
    run.steps_taken += 1
    run.usage = run.usage.plus(event.usage)
    state.steps.append(
        Step(
            step=event.step,
            seq=event.seq,
            seen_seq=event.seen_seq,
            run_id=run.run_id,
            text=event.text,
            reasoning=event.reasoning,
            finish_reason=event.finish_reason,
            usage=event.usage,
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
