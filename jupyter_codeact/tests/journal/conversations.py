"""Conversations as they may stand in a journal, for property tests: every event refers to what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import count
from typing import TypeAlias

from hypothesis import strategies as st

from jupyter_codeact.events import (
    ApprovalDecided,
    ApprovalRequested,
    Attachment,
    CellFinished,
    CellOutput,
    CellSubmitted,
    Change,
    ConversationRenamed,
    ConversationStarted,
    Event,
    HistoryReduced,
    ImageReference,
    Limits,
    ModelNudged,
    ModelReplied,
    NotebookChanged,
    ObservationMade,
    Price,
    ReplyRejected,
    RunFinished,
    RunStarted,
    StopRequested,
    Usage,
    UserMessage,
)
from jupyter_codeact.journal.journal import iso_utc

Possible: TypeAlias = st.SearchStrategy[Event]

TEXT = st.text(max_size=12)
SMALL = st.integers(0, 3)
SECONDS = st.floats(0, 1e6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)


def ticking() -> Callable[[], str]:
    """A clock that goes on by a second whenever it is read."""
    seconds = count(1_700_000_000)
    return lambda: iso_utc(next(seconds))


@st.composite
def conversations(draw: st.DrawFn, min_size: int = 1, max_size: int = 14) -> list[Event]:
    """Events, not stamped yet."""
    events: list[Event] = [ConversationStarted(conversation_id="c", notebook_path=draw(TEXT))]
    for _ in range(draw(st.integers(min_size, max_size)) - 1):
        count_of = Counter(event.kind for event in events)
        runs, steps, cells = (count_of[kind] for kind in ("run_started", "model_replied", "cell_submitted"))
        events.append(draw(_next(runs, steps, cells)))
    return events


@cache
def _next(runs: int, steps: int, cells: int) -> Possible:
    possible = _said(runs)
    possible += _run(runs, steps) if runs else []
    possible += _step(steps, cells) if steps else []
    possible += _cell(steps, cells) if cells else []
    return st.one_of(possible)


def _said(runs: int) -> list[Possible]:
    attachments = st.lists(st.builds(Attachment, name=TEXT, text=TEXT), max_size=2).map(tuple)
    limits = st.builds(Limits, seconds=st.none() | st.floats(0, 9))
    price = st.none() | st.builds(Price, prompt=SECONDS, completion=SECONDS, cached=st.none() | SECONDS)
    change = st.builds(Change, what=st.just("cell_edited"), cell_id=TEXT, detail=TEXT)
    return [
        st.builds(ConversationRenamed, title=TEXT),
        st.builds(UserMessage, message_id=TEXT, text=TEXT, attachments=attachments),
        st.builds(NotebookChanged, changes=st.lists(change, max_size=2).map(tuple)),
        st.builds(StopRequested, stop_id=TEXT),
        st.builds(RunStarted, run_id=st.just(f"run{runs + 1}"), model=TEXT, limits=limits, price=price),
        st.builds(HistoryReduced, through_seq=SMALL, chars=SMALL, context_tokens=SMALL, refused=st.booleans()),
    ]


def _run(runs: int, steps: int) -> list[Possible]:
    run_id = st.integers(1, runs).map(lambda number: f"run{number}")
    usage = st.builds(Usage, prompt_tokens=SMALL, completion_tokens=SMALL, estimated=st.booleans())
    return [
        st.builds(ModelReplied, step=st.just(steps + 1), text=TEXT, reasoning=TEXT, usage=usage, seconds=SECONDS),
        st.builds(RunFinished, run_id=run_id, reason=st.sampled_from(["answered", "failed"]), answer=TEXT, detail=TEXT),
    ]


def _step(steps: int, cells: int) -> list[Possible]:
    step = st.integers(1, steps)
    risks = st.lists(TEXT, max_size=2).map(tuple)
    codes = st.lists(st.sampled_from(["deletes", "network"]), max_size=2).map(tuple)
    decision = st.sampled_from(["approve", "edit", "reject"])
    from_now = st.sampled_from([None, "ask", "auto"])
    return [
        st.builds(ReplyRejected, step=step, problem=TEXT),
        st.builds(ModelNudged, step=step, text=TEXT),
        st.builds(ApprovalRequested, step=step, cell_id=TEXT, source=TEXT, risks=risks, risk_codes=codes),
        st.builds(
            ApprovalDecided,
            decision_id=TEXT,
            step=step,
            decision=decision,
            source=TEXT,
            note=TEXT,
            approval_from_now=from_now,
        ),
        st.builds(CellSubmitted, step=step, cell_id=st.just(f"cell{cells + 1}"), source=TEXT),
    ]


def _cell(steps: int, cells: int) -> list[Possible]:
    cell_id = st.integers(1, cells).map(lambda number: f"cell{number}")
    step = st.integers(1, steps)
    output = st.none() | st.dictionaries(TEXT, JSON, max_size=2)
    images = st.lists(st.builds(ImageReference, cell_id=cell_id, output=SMALL, mime=TEXT), max_size=2).map(tuple)
    status = st.sampled_from(["ok", "error", "interrupted", "aborted", "lost"])
    return [
        st.builds(CellOutput, cell_id=cell_id, op=st.sampled_from(["append", "replace"]), index=SMALL, output=output),
        st.builds(CellOutput, cell_id=cell_id, op=st.just("clear")),
        st.builds(CellFinished, step=step, cell_id=cell_id, status=status, seconds=SECONDS),
        st.builds(ObservationMade, step=step, text=TEXT, images=images),
    ]
