"""What a reply asks for, and the Protocol of the parsers that find it: pure, in linear time, while it is streamed.

A format is a parser: `fenced`, `execute`, `tool`, and `json` and `text` for comparison; `formats.parser_for` chooses.
In all of them the first action ends the reply, and a reply without one is the answer, when its finish reason proves
that it is whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from jupyter_codeact.errors import FormatError
from jupyter_codeact.models.model import CallDelta
from jupyter_codeact.tool_call import ToolCall

_WHOLE = frozenset({"stop", "stop_sequence", "end_turn", "eos", "tool_calls", "function_call", "action"})


@dataclass(frozen=True)
class RunCell:
    """Run `source`; in the reply's text the action stands from character `start` to `end`."""

    source: str
    start: int
    end: int


@dataclass(frozen=True)
class Answer:
    """The run's answer."""

    text: str


Action: TypeAlias = RunCell | Answer


class ReplyParser(Protocol):
    """Reads one reply."""

    @property
    def read(self) -> int:
        """How many characters of the reply's text are behind the parser: at an error, those up to where it is."""
        ...

    @property
    def call(self) -> ToolCall | None:
        """What has come of the function call that is the action, up to its end; None where the text is it."""
        ...

    def feed(self, text: str, calls: Sequence[CallDelta] = ()) -> RunCell | None:
        """More of the reply; the action, as soon as it is complete. Raises `FormatError` with what to tell the model
        when it is complete and cannot be run."""
        ...

    def finish(self, finish_reason: str) -> Action:
        """The action of the whole reply. Raises `FormatError` with what to tell the model."""
        ...


def check_whole(finish_reason: str) -> None:
    """Raises `FormatError` unless the finish reason proves that the reply is whole."""
    if finish_reason not in _WHOLE:
        raise FormatError(
            f"Your reply was cut off ({finish_reason}) before it was complete, and nothing was run. "
            "Reply again, shorter; split long code over several cells."
        )


def answer(text: str, way: str) -> Answer:
    """The answer that `text` is. Raises `FormatError` when it is blank; `way` says how code is sent instead."""
    said = text.strip()
    if not said:
        raise FormatError(f"Your reply was empty. Send {way} to run, or the answer as plain text.")
    return Answer(said)
