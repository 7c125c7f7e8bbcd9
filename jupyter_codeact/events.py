"""The vocabulary of a conversation: durable events, live notices, and the values inside them.

An event is one immutable fact in the past tense. `Journal.append` stamps `seq` (1, 2, 3 ... within a conversation) and
`time` (UTC, ISO 8601); an event that was not appended yet has `seq` 0. Journals outlive code: new fields have
defaults, kinds are never renamed. The TypeScript twin `src/events.ts` is generated from these classes.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from jupyter_codeact import branch_point, change, context, notices, risk, tool_call, usage
from jupyter_codeact.value import Value as _Value

SCHEMA_VERSION = 1

CellSource: TypeAlias = context.CellSource
Column: TypeAlias = context.Column
Variable: TypeAlias = context.Variable
NotebookContext: TypeAlias = context.NotebookContext
Attachment: TypeAlias = context.Attachment
AttachmentKind: TypeAlias = context.AttachmentKind
BranchPoint: TypeAlias = branch_point.BranchPoint
Change: TypeAlias = change.Change
Usage: TypeAlias = usage.Usage
Price: TypeAlias = usage.Price
Limits: TypeAlias = usage.Limits
ToolCall: TypeAlias = tool_call.ToolCall
ActivityState: TypeAlias = notices.ActivityState
ReplyDelta: TypeAlias = notices.ReplyDelta
Activity: TypeAlias = notices.Activity
Lease: TypeAlias = notices.Lease
Unsaved: TypeAlias = notices.Unsaved
Unwritten: TypeAlias = notices.Unwritten
ReadOnly: TypeAlias = notices.ReadOnly
ActionFormat: TypeAlias = Literal["auto", "fenced", "execute", "tool", "json", "text"]
Approval: TypeAlias = Literal["ask", "ask-if-risky", "auto"]
CellStatus: TypeAlias = Literal["ok", "error", "interrupted", "aborted", "lost"]
Decision: TypeAlias = Literal["approve", "edit", "reject"]
Risk: TypeAlias = risk.Risk
RunReason: TypeAlias = Literal["answered", "limit", "stopped", "failed"]


class ImageReference(_Value):
    """An image that the model was shown: output number `output` (0-based) of cell `cell_id`, as `mime`."""

    cell_id: str
    output: int
    mime: str


class _Event(_Value):
    seq: int = 0
    time: str = ""


class ConversationStarted(_Event):
    """`notebook_path` is relative to `root`, the folder that the server shows (empty where that is no local folder).
    `nonce` is the random word in the marks around what the model is told; older journals have none. `branched_from` is
    set where the conversation goes on from a point of another one."""

    kind: Literal["conversation_started"] = "conversation_started"
    conversation_id: str
    notebook_path: str
    root: str = ""
    kernel_name: str = ""
    language: str = "python"
    nonce: str = ""
    schema_version: int = SCHEMA_VERSION
    branched_from: BranchPoint | None = None


class ConversationRenamed(_Event):
    kind: Literal["conversation_renamed"] = "conversation_renamed"
    title: str


class NotebookMoved(_Event):
    """The notebook of the conversation is at `notebook_path` from here on, relative to `root` as where it began."""

    kind: Literal["notebook_moved"] = "notebook_moved"
    notebook_path: str
    root: str = ""


class UserMessage(_Event):
    kind: Literal["user_message"] = "user_message"
    message_id: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    context: NotebookContext = NotebookContext()


class MessageRevised(_Event):
    """The user changed a message to `text`, or took it back, before a request told the model of it; it has no effect on
    one that a request had told of. `revision_id` is the page's."""

    kind: Literal["message_revised"] = "message_revised"
    message_id: str
    revision_id: str = ""
    text: str = ""
    withdrawn: bool = False


class RunStarted(_Event):
    """`context_tokens` and `price` are what was known of the model then. `kernel` names the kernel and its process, so
    that another one, or a restart, is noticed; empty: not known."""

    kind: Literal["run_started"] = "run_started"
    run_id: str
    model: str
    connection: str = ""
    action_format: ActionFormat = "fenced"
    approval: Approval = "ask"
    limits: Limits = Limits()
    context_tokens: int | None = None
    price: Price | None = None
    kernel: str = ""


class ModelReplied(_Event):
    """`text` ends where the action ends, and so does `call`, a function call. `finish_reason` is the endpoint's, or
    "action" when the reply was cut there; `action_format` None is the run's. `seen_seq` numbers the last event that the
    request told of: none after it was seen. `language` is what it named."""

    kind: Literal["model_replied"] = "model_replied"
    step: int
    seen_seq: int = 0
    text: str
    language: str = ""
    call: ToolCall | None = None
    action_format: ActionFormat | None = None
    reasoning: str = ""
    finish_reason: str = "stop"
    usage: Usage = Usage()
    seconds: float = 0.0


class ReplyRejected(_Event):
    kind: Literal["reply_rejected"] = "reply_rejected"
    step: int
    problem: str


class ModelNudged(_Event):
    """After `step` the model is told, once, that it goes round in circles."""

    kind: Literal["model_nudged"] = "model_nudged"
    step: int
    text: str


class HistoryReduced(_Event):
    """From here on the model is shown less of what came before, since the next request would not have fitted.

    Of the observations up to event `through_seq` their first `chars` characters and no images; with `notebooks`, the
    same of the notebooks and attachments in messages; of steps up to event `dropped_seq` nothing. This is an event so
    that what any request said follows from the journal alone. `refused`: the endpoint had refused the request before;
    then `prompt_tokens` is how long it found it, 0 where it did not say. `context_tokens` is the limit to keep."""

    kind: Literal["history_reduced"] = "history_reduced"
    through_seq: int
    chars: int
    notebooks: bool = False
    dropped_seq: int = 0
    context_tokens: int
    refused: bool = False
    prompt_tokens: int = 0


class ApprovalRequested(_Event):
    """`cell_id` and `after_cell_id` are those the cell will have when it is approved. `risk_codes` are those of
    `risks`, in the same order; older journals have none."""

    kind: Literal["approval_requested"] = "approval_requested"
    step: int
    cell_id: str
    after_cell_id: str | None = None
    source: str
    risks: tuple[str, ...] = ()
    risk_codes: tuple[Risk, ...] = ()


class ApprovalDecided(_Event):
    """`source` is what runs: the requested source, or the user's edit of it. `approval_from_now`, where it is set, is
    the approval of the rest of the run."""

    kind: Literal["approval_decided"] = "approval_decided"
    decision_id: str
    step: int
    decision: Decision
    source: str = ""
    note: str = ""
    approval_from_now: Approval | None = None


class StopRequested(_Event):
    kind: Literal["stop_requested"] = "stop_requested"
    stop_id: str = ""


class CellSubmitted(_Event):
    """The kernel may have seen `source`. After None means at the end of the notebook."""

    kind: Literal["cell_submitted"] = "cell_submitted"
    step: int
    cell_id: str
    after_cell_id: str | None = None
    source: str


class CellOutput(_Event):
    """append: `output` becomes output number `index`; replace: it takes the place of number `index`;
    clear: all outputs go and `index` and `output` mean nothing. `output` is an nbformat 4 output."""

    kind: Literal["cell_output"] = "cell_output"
    cell_id: str
    op: Literal["append", "replace", "clear"]
    index: int = 0
    output: dict[str, Any] | None = None


class CellFinished(_Event):
    """`problems` are one-line facts about the execution that the model is told (messages missing, kernel died, ...)."""

    kind: Literal["cell_finished"] = "cell_finished"
    step: int
    cell_id: str
    status: CellStatus
    execution_count: int | None = None
    seconds: float = 0.0
    problems: tuple[str, ...] = ()


class ObservationMade(_Event):
    """What the model was shown of a step; `left_out` says what was shortened and why."""

    kind: Literal["observation_made"] = "observation_made"
    step: int
    text: str
    images: tuple[ImageReference, ...] = ()
    left_out: tuple[str, ...] = ()


class NotebookChanged(_Event):
    """`change_id` is the page's, where a page reported the changes."""

    kind: Literal["notebook_changed"] = "notebook_changed"
    changes: tuple[Change, ...]
    change_id: str = ""


class RunFinished(_Event):
    """`answer` is set when `reason` is answered; otherwise `detail` says in one line what happened and what to do."""

    kind: Literal["run_finished"] = "run_finished"
    run_id: str
    reason: RunReason
    answer: str = ""
    detail: str = ""
    usage: Usage = Usage()


Event: TypeAlias = (
    ConversationStarted
    | ConversationRenamed
    | NotebookMoved
    | UserMessage
    | MessageRevised
    | RunStarted
    | ModelReplied
    | ReplyRejected
    | ModelNudged
    | HistoryReduced
    | ApprovalRequested
    | ApprovalDecided
    | StopRequested
    | CellSubmitted
    | CellOutput
    | CellFinished
    | ObservationMade
    | NotebookChanged
    | RunFinished
)


Notice: TypeAlias = ReplyDelta | Activity | Lease | Unsaved | Unwritten | ReadOnly

EventAdapter: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
NoticeAdapter: TypeAdapter[Notice] = TypeAdapter(Annotated[Notice, Field(discriminator="kind")])
