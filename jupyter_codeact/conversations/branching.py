"""A conversation that goes on from a point of another one: its first events, made from the other's; pure."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_codeact.errors import Invalid
from jupyter_codeact.events import (
    BranchPoint,
    Change,
    ConversationStarted,
    Event,
    MessageRevised,
    NotebookChanged,
    RunFinished,
    UserMessage,
)
from jupyter_codeact.journal.fold import Step, fold

NOT_TAKEN_BACK = (
    "what was said and run after it is left out here, but the kernel and the notebook still hold what its cells did; "
    "look there before you rely on either"
)
"""What the model is told."""

BRANCHED = "Branched here."

_KEPT = (UserMessage, MessageRevised, NotebookChanged)
"""What stays of a step that is left out: it is no part of it."""


def branch(events: Sequence[Event], seq: int, conversation_id: str, now: str) -> list[Event]:
    """The journal of a new conversation: what the one of `events` held before its message `seq`, and that it branched.

    A run that was at work then has ended here; the step that it was in the middle of is left out, what the user said
    during it is not. Numbers stay as they were up to there. Raises `Invalid` where event `seq` is no message.
    """
    if not 1 <= seq <= len(events) or not isinstance(events[seq - 1], UserMessage):
        raise Invalid(f"branch.seq: event {seq} of that conversation is no message of the user's.")
    first, *before = events[: seq - 1]
    assert isinstance(first, ConversationStarted)
    state = fold(events[: seq - 1])
    run, step = state.open_run, state.step
    if run is not None and step is not None and step.run_id == run.run_id and _is_open(step):
        before = [event for event in before if event.seq < step.seq or isinstance(event, _KEPT)]
        run = fold([first, *before]).open_run
    if run is not None:
        before.append(RunFinished(run_id=run.run_id, reason="stopped", detail=BRANCHED, usage=run.usage, time=now))
    news = Change(what="conversation_branched", detail=NOT_TAKEN_BACK)
    before.append(NotebookChanged(changes=(news,), time=now))
    point = BranchPoint(conversation_id=first.conversation_id, seq=seq, title=state.title, through_seq=len(before) + 1)
    started = {"conversation_id": conversation_id, "branched_from": point, "time": now}
    made: list[Event] = [first.model_copy(update=started), *before]
    return [event.model_copy(update={"seq": number}) for number, event in enumerate(made, start=1)]


def _is_open(step: Step) -> bool:
    """Whether the reply asks for something whose outcome is not known yet."""
    if step.problem or step.observation is not None:
        return False
    asks = step.proposal is not None or step.cell_id is not None or step.call is not None
    return asks or step.finish_reason == "action"
