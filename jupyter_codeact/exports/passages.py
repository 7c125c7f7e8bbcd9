"""A conversation as a reader goes through it: what was said, what was run, how runs ended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from jupyter_codeact.agent.formats import Reply, as_written
from jupyter_codeact.agent.revisions import as_told
from jupyter_codeact.agent.text import plain
from jupyter_codeact.events import ApprovalRequested, Event, UserMessage
from jupyter_codeact.journal.fold import Cell, Run, State, Step

_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_IMAGE = re.compile(r"!(?=\[)")
_TAG = re.compile(
    r"<(?!https?://[^\s<>]*>)(?=[/!?]?[a-z][^\s>]*[\s/]|/?(?:pre|script|style|textarea)\b|[!?])", re.IGNORECASE
)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


@dataclass(frozen=True)
class Said:
    """Markdown of the user's, or else of the model's. `seq` orders it, and names it."""

    seq: int
    text: str
    by_user: bool = False


@dataclass(frozen=True)
class Note:
    """A line in words about what happened; none of anybody's."""

    seq: int
    text: str


@dataclass(frozen=True)
class Ran:
    """A cell that the kernel was given."""

    seq: int
    cell: Cell


@dataclass(frozen=True)
class Refused:
    """Code that was never run."""

    seq: int
    source: str


Passage: TypeAlias = Said | Note | Ran | Refused


def passages(events: Sequence[Event], state: State) -> list[Passage]:
    """All that a reader wants of the conversation that `state` folds, in its order."""
    found: list[Passage] = [_message(event) for event in as_told(events) if isinstance(event, UserMessage)]
    requested = {event.step: event.source for event in events if isinstance(event, ApprovalRequested)}
    runs = {run.run_id: run for run in state.runs}
    for step in state.steps:
        found += _step(step, state, runs[step.run_id], requested.get(step.step))
    for run in state.runs:
        found += _end(run)
    return sorted(found, key=lambda passage: passage.seq)


def harmless(text: str) -> str:
    """Markdown that fetches nothing when it is opened: images become links, HTML with attributes becomes text.

    Data can tell a model to write an image whose address carries what it read; rendering it would send that away.
    """
    return _closed(_TAG.sub("&lt;", _IMAGE.sub("", plain(text))))


def _closed(text: str) -> str:
    """`text` with the fence that it leaves open closed: it must not swallow what follows."""
    open_fence = ""
    for line in text.split("\n"):
        match = _FENCE.fullmatch(line)
        if match is None:
            continue
        if not open_fence:
            open_fence = match[1] if match[1][0] == "~" or "`" not in match[2] else ""
        elif match[1].startswith(open_fence) and not match[2].strip():
            open_fence = ""
    return f"{text}\n{open_fence}" if open_fence else text


def _message(event: UserMessage) -> Said:
    attached = "".join(f"\n\n*Attached: {item.name}*" for item in event.attachments)
    return Said(event.seq, harmless(event.text + attached), by_user=True)


def _step(step: Step, state: State, run: Run, requested: str | None) -> Iterator[Passage]:
    cell = state.cells[step.cell_id] if step.cell_id is not None else None
    source = requested if requested is not None else cell.source if cell else None
    is_answer = run.reason == "answered" and source is None and step is _last(state, run)
    prose = "" if is_answer else _THOUGHTS.sub("", prose_of(_text(step, state.language), source or "")).strip()
    if prose:
        yield Said(step.seq, harmless(prose))
    if step.problem:
        yield Note(step.seq, f"This reply was not understood: {step.problem}")
    if cell is not None:
        yield Ran(step.seq, cell)
    elif step.proposal is not None:
        yield Refused(step.seq, step.proposal.source)
        if step.proposal.decision == "reject":
            why = f": {step.proposal.note}" if step.proposal.note else ""
            yield Note(step.seq, f"Rejected by the user{why}")


def _end(run: Run) -> Iterator[Passage]:
    if run.reason == "answered":
        yield Said(run.finished_seq, harmless(run.answer))
    elif run.reason is not None:
        yield Note(run.finished_seq, run.detail or run.reason)


def _last(state: State, run: Run) -> Step:
    return next(step for step in reversed(state.steps) if step.run_id == run.run_id)


def _text(step: Step, language: str) -> str:
    """The reply with its code in a block, whatever format it was written in."""
    if step.action_format == "tool":
        return step.text
    return as_written(Reply(step.text, None, step.finish_reason), step.action_format, "fenced", language).text


def prose_of(text: str, source: str) -> str:
    """What a reply says besides the code that it asks to be run, which is at its end."""
    wanted = [line.strip() for line in source.split("\n")]
    lines = text.split("\n")
    for start in range(len(lines) - len(wanted), 0, -1) if source.strip() else ():
        if [line.strip() for line in lines[start : start + len(wanted)]] == wanted:
            return "\n".join(lines[: start - 1])  # without the line that opens the code
    return text
