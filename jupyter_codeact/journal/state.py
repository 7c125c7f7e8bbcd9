"""The state of a conversation: what folding its events makes, and what `GET conversations/{id}` answers.

It is JSON. Fields are changed in place while folding (a copy per event would make a long conversation quadratic);
whoever is handed a state treats it as read-only.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from jupyter_codeact.events import (
    ActionFormat,
    AttachmentKind,
    BranchPoint,
    CellStatus,
    Decision,
    Limits,
    Price,
    Risk,
    RunReason,
    ToolCall,
    Usage,
)


class _Mutable(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Enclosed(_Mutable):
    """What the user attached to a message, as far as it is shown to them: an image is `data`, in base64."""

    kind: AttachmentKind
    name: str
    mime: str = ""
    data: str = ""


class Message(_Mutable):
    """What the user said; `seq` orders it among the steps. One that was `withdrawn` was never told to the model.

    `notebook` is the path of the notebook where the model was shown its cells, else empty; `variables` is how many
    variables of the kernel it was shown.
    """

    seq: int
    message_id: str
    text: str
    active_cell_id: str | None
    withdrawn: bool = False
    notebook: str = ""
    variables: int = 0
    attachments: list[Enclosed] = []


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
    risk_codes: list[Risk] = []
    decision: Decision | None = None
    note: str = ""


class Observation(_Mutable):
    """What the model was shown."""

    text: str
    images: list[dict[str, Any]]
    left_out: list[str]


class Step(_Mutable):
    """One model reply and what followed. `cell_id` names the entry of `State.cells`; see `ModelReplied`.
    `nudge` is what the model was told when it went round in circles; `cost` None: no price is known."""

    step: int
    seq: int
    seen_seq: int
    run_id: str
    text: str
    call: ToolCall | None
    action_format: ActionFormat
    reasoning: str
    finish_reason: str
    problem: str = ""
    nudge: str = ""
    proposal: Proposal | None = None
    cell_id: str | None = None
    observation: Observation | None = None
    usage: Usage
    cost: float | None = None
    seconds: float


class Run(_Mutable):
    """`reason` None: it is live or, where no task is, was cut off. `steps_taken` counts against `limits.steps`."""

    run_id: str
    seq: int
    started_at: str
    model: str
    connection: str
    action_format: ActionFormat
    approval: str
    limits: Limits
    context_tokens: int | None = None
    price: Price | None = None
    steps_taken: int = 0
    usage: Usage = Usage()
    cost: float | None = None
    stop_requested: bool = False
    reason: RunReason | None = None
    answer: str = ""
    detail: str = ""
    finished_seq: int = 0


class Reduction(_Mutable):
    """At event `seq` the model's view of the events up to `through_seq` was shortened, to keep to `context_tokens`."""

    seq: int
    through_seq: int
    context_tokens: int
    refused: bool


class State(_Mutable):
    """A conversation. `steps` and `messages` are in order of `seq`; `runs` in order of start. `usage` is the sum of all
    runs; `cost` that of the runs whose price is known, None when there is none."""

    seq: int = 0
    conversation_id: str = ""
    notebook_path: str = ""
    kernel_name: str = ""
    language: str = "python"
    title: str = ""
    branched_from: BranchPoint | None = None
    started_at: str = ""
    updated_at: str = ""
    messages: list[Message] = []
    runs: list[Run] = []
    steps: list[Step] = []
    cells: dict[str, Cell] = {}
    reductions: list[Reduction] = []
    usage: Usage = Usage()
    cost: float | None = None

    @property
    def inherited_seq(self) -> int:
        """The number of the last event that tells what was before this conversation branched off; 0 where it did not.
        Cells up to there are another conversation's."""
        return self.branched_from.through_seq if self.branched_from is not None else 0

    def said_after(self, seq: int) -> bool:
        """Whether the user said something after event `seq`, and did not take it back."""
        return any(message.seq > seq and not message.withdrawn for message in self.messages)

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
