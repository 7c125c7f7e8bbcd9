"""The formats `json` and `text`, to compare with: the action is the call of a function that exists in the kernel.

They are those that CodeAct (arXiv 2402.01030) was compared with: `{"tool": "name", "args": {...}}`, and
`Action: name, value, argument=value`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jupyter_codeact.agent.actions import Action, RunCell, answer, check_whole
from jupyter_codeact.agent.calls import call_source
from jupyter_codeact.agent.json_object import ObjectScanner, parsed
from jupyter_codeact.agent.thoughts import Thoughts
from jupyter_codeact.errors import FormatError
from jupyter_codeact.models.model import CallDelta
from jupyter_codeact.tool_call import ToolCall

_OBJECT = re.compile(r"\{(?=\s*(?:\"|$))")
_ACTION, _ACTION_END = "Action:", "End Action"
_WORDS: Mapping[str, object] = {"True": True, "False": False, "None": None}
_TOKEN = re.compile(r"\"(?:\\.?|[^\"\\])*(?:\"|$)|'(?:\\.?|[^'\\])*(?:'|$)|.", re.DOTALL)
_NAMED = re.compile(r"\s*(\w+)\s*=(?!=)")


class _LineParser:
    """Reads a reply line by line, without thoughts; `_line` finds the action."""

    call: ToolCall | None = None
    _way = ""
    _inside = False
    """Whether an action has begun: then there are no thoughts."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.read = 0
        self._said: list[str] = []
        self._tail: list[str] = []
        self._thoughts = Thoughts()

    def feed(self, text: str, calls: Sequence[CallDelta] = ()) -> RunCell | None:
        self._tail.append(text)
        if "\n" not in text:
            return None
        *lines, rest = "".join(self._tail).split("\n")
        self._tail = [rest]
        for line in lines:
            if action := self._take(line, 1):
                return action
        return None

    def finish(self, finish_reason: str) -> Action:
        rest, self._tail = "".join(self._tail), []
        # A last line without its end is complete only when the reply is.
        check_whole(finish_reason)
        if action := self._take(rest, 0):
            return action
        return answer("\n".join(self._said), self._way)

    def _take(self, line: str, end: int) -> RunCell | None:
        start, self.read = self.read, self.read + len(line) + end
        outside = line if self._inside else self._thoughts.without(line)
        if outside is None:
            return None
        self._said.append(outside)
        return self._line(outside, start + len(line) - len(outside))

    def _line(self, line: str, start: int) -> RunCell | None:
        """The action that is complete with `line`, which begins at character `start` of the reply."""
        raise NotImplementedError


class JsonParser(_LineParser):
    """Implements `ReplyParser`: the first JSON object with a "tool" is the action."""

    _way = "an object with tool and args"

    def finish(self, finish_reason: str) -> Action:
        action = super().finish(finish_reason)
        if self._inside:
            raise FormatError("Your JSON object was never closed, and nothing was run. Send it again, closed.")
        return action

    def _line(self, line: str, start: int) -> RunCell | None:
        if not self._inside:
            opened = _OBJECT.search(line)
            if opened is None:
                return None
            self._inside, self._start = True, start + opened.start()
            self._object: list[str] = []
            self._scanner = ObjectScanner()
            line = line[opened.start() :]
        self._object.append(line)
        end = self._scanner.feed(line + "\n")
        if end is None:
            return None
        self._inside = False
        text = "\n".join(self._object)[:end]
        try:
            value = parsed(text)
        except ValueError as error:
            if '"tool"' not in text:
                return None
            raise FormatError(f"Your JSON object is not valid ({error}), and nothing was run. Send it again.") from None
        if not isinstance(value, dict) or "tool" not in value:
            return None
        return RunCell(self._source(value), self._start, self._start + end)

    def _source(self, value: Mapping[str, Any]) -> str:
        arguments = value.get("args") or {}
        if isinstance(value["tool"], str) and isinstance(arguments, dict):
            return call_source(self._language, value["tool"], (), arguments)
        if isinstance(value["tool"], str) and isinstance(arguments, list):
            return call_source(self._language, value["tool"], arguments, {})
        raise FormatError('Write {"tool": "name", "args": {"argument": value}}. Nothing was run.')


class TextParser(_LineParser):
    """Implements `ReplyParser`: the first line that begins with `Action:` is the action."""

    _way = "a line that begins with Action:"

    def _line(self, line: str, start: int) -> RunCell | None:
        bare = line.strip()
        if not bare.startswith(_ACTION):
            return None
        bare = bare.removeprefix(_ACTION).removesuffix(_ACTION_END).strip()
        name, *parts = _split(bare)
        arguments: list[object] = []
        named: dict[str, object] = {}
        for part in parts:
            word = _NAMED.match(part)
            if word:
                named[word[1]] = _value(part[word.end() :].strip())
            elif named:
                raise FormatError(f"{part.strip()!r} stands after a named argument; name it too. Nothing was run.")
            else:
                arguments.append(_value(part.strip()))
        return RunCell(call_source(self._language, name.strip(), arguments, named), start, self.read)


def _split(text: str) -> Iterator[str]:
    """The parts between commas that are neither in quotes nor in brackets."""
    part: list[str] = []
    depth = 0
    for sign in _TOKEN.findall(text):
        depth += (sign in "[{(") - (sign in "]})")
        if sign == "," and depth <= 0:
            yield "".join(part)
            part = []
        else:
            part.append(sign)
    yield "".join(part)


def _value(text: str) -> object:
    """A JSON value, a quoted string, or the words themselves."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("\\'", "'")
    try:
        return parsed(text)
    except ValueError:
        return text
