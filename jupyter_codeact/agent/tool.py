"""The format `tool`: the function call `run_cell(code)` is the action.

Of several calls the first counts. It is complete when its arguments are a whole JSON object, when the next call begins,
or when the finish reason proves it. Arguments that are no JSON are repaired only where they can mean one thing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_codeact.agent.actions import Action, RunCell, answer, check_whole
from jupyter_codeact.agent.json_object import ObjectScanner, parsed
from jupyter_codeact.agent.source import runnable
from jupyter_codeact.agent.thoughts import without_thoughts
from jupyter_codeact.errors import FormatError
from jupyter_codeact.models.model import CallDelta
from jupyter_codeact.tool_call import ToolCall

NAME = "run_cell"
_SURROGATE = re.compile("[\ud800-\udfff]")
_HOW = f'Call {NAME} with one argument, as JSON: {{"code": "..."}}.'


def run_cell_tool(language: str) -> Mapping[str, Any]:
    """The function as it is offered, in the OpenAI form."""
    code = {"type": "string", "description": f"{language} code; its last expression is shown"}
    return {
        "type": "function",
        "function": {
            "name": NAME,
            "description": "Run code as a new cell of the user's notebook, in its live kernel.",
            "parameters": {"type": "object", "properties": {"code": code}, "required": ["code"]},
        },
    }


class ToolParser:
    """Implements `ReplyParser`; `read` counts the text that came before the call was complete."""

    def __init__(self) -> None:
        self.read = 0
        self._said: list[str] = []
        self._first: CallDelta | None = None  # the call so far, but for its arguments
        self._arguments: list[str] = []
        self._object = ObjectScanner()

    @property
    def call(self) -> ToolCall | None:
        if self._first is None:
            return None
        return ToolCall(id=self._first.id, name=self._first.name, arguments="".join(self._arguments))

    def feed(self, text: str, calls: Sequence[CallDelta] = ()) -> RunCell | None:
        self._said.append(text)
        self.read += len(text)
        for piece in calls:
            if self._first is None:
                self._first = CallDelta(piece.index, piece.id, piece.name)
            elif _is_other(self._first, piece):
                return self._action()
            else:
                self._first = _joined(self._first, piece)
            if self._take(piece.arguments):
                return self._action()
        return None

    def finish(self, finish_reason: str) -> Action:
        check_whole(finish_reason)
        if self._first is None:
            return answer(without_thoughts("".join(self._said)), f"code by calling {NAME}")
        return self._action()

    def _take(self, arguments: str) -> bool:
        """Whether the arguments are complete with this; what follows them is not kept."""
        before = sum(map(len, self._arguments)) if (end := self._object.feed(arguments)) is not None else 0
        if end is None:
            self._arguments.append(arguments)
            return False
        self._arguments.append(arguments[: end - before])
        return True

    def _action(self) -> RunCell:
        call = self.call
        assert call is not None
        if call.name and call.name.rpartition(".")[2] != NAME:
            raise FormatError(f"There is no function {call.name!r}, and nothing was run. {_HOW}")
        return RunCell(runnable(_SURROGATE.sub("\ufffd", code_of(call.arguments))), self.read, self.read)


def code_of(arguments: str) -> str:
    """The code that the arguments of a call hold. Raises `FormatError` when it cannot be told."""
    try:
        value = parsed(arguments)
        if isinstance(value, str):
            value = parsed(value)  # encoded twice
    except ValueError:
        bare = arguments.strip()
        if not bare or bare[0] in '{"':
            raise FormatError(f"The arguments of your call are not valid JSON, and nothing was run. {_HOW}") from None
        return arguments
    code = value.get("code") if isinstance(value, dict) else None
    if not isinstance(code, str):
        raise FormatError(f"Your call has no code, and nothing was run. {_HOW}")
    return code


def _is_other(first: CallDelta, piece: CallDelta) -> bool:
    """Whether the piece is of another call: by its index or its id, where both have one."""
    indexes = first.index is not None and piece.index is not None and first.index != piece.index
    return indexes or bool(first.id and piece.id and first.id != piece.id)


def _joined(first: CallDelta, piece: CallDelta) -> CallDelta:
    """Some endpoints repeat the name in each piece, others cut it."""
    name = first.name if piece.name == first.name else first.name + piece.name
    return CallDelta(first.index if first.index is not None else piece.index, first.id or piece.id, name)
