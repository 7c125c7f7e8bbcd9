"""The format `fenced`: the first fenced code block in the kernel's language is the action.

A block without a language tag counts; one in another language is shown to the user and not run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jupyter_codeact.agent.actions import Action, RunCell, answer, check_whole
from jupyter_codeact.agent.source import indentation, without_indentation
from jupyter_codeact.agent.strings import OpenString
from jupyter_codeact.agent.thoughts import Thoughts
from jupyter_codeact.errors import FormatError
from jupyter_codeact.models.model import CallDelta
from jupyter_codeact.tool_call import ToolCall

ALIASES = {
    "python": frozenset({"python", "python3", "py", "py3", "ipython", "ipython3"}),
    "bash": frozenset({"bash", "sh", "shell", "zsh"}),
    "javascript": frozenset({"javascript", "js"}),
    "typescript": frozenset({"typescript", "ts"}),
    "julia": frozenset({"julia", "jl"}),
}
"""Tags that models write for a kernel's language."""

_FENCE = re.compile(r"^([ \t]*)(`{3,}|~{3,})([^\n]*)$")
_TAG = re.compile(r"[\s,:{}]")


class FencedParser:
    """Implements `ReplyParser` for a kernel of `language`; `read` counts the complete lines."""

    call: ToolCall | None = None

    def __init__(self, language: str) -> None:
        self._language = language.lower()  # R's kernel calls itself "R"
        self._tags = ALIASES.get(self._language, frozenset({self._language})) | {""}
        self._said: list[str] = []
        self._tail: list[str] = []
        self.read = 0
        self._start = 0  # of the line that is looked at
        self._thoughts = Thoughts()
        self._fence: _Fence | None = None

    def feed(self, text: str, calls: Sequence[CallDelta] = ()) -> RunCell | None:
        self._tail.append(text)
        if "\n" not in text:
            return None
        *lines, rest = "".join(self._tail).split("\n")
        self._tail = [rest]
        for line in lines:
            self._start, self.read = self.read, self.read + len(line) + 1
            if action := self._line(line):
                return action
        return None

    def finish(self, finish_reason: str) -> Action:
        rest, self._tail = "".join(self._tail), []
        self._start, self.read = self.read, self.read + len(rest)
        if rest and (action := self._line(rest)):
            return action
        check_whole(finish_reason)
        if self._fence is not None and self._fence.runs:
            if self._fence.first_close is None:
                raise FormatError("Your code block was never closed, and was not run. Send it again, closed.")
            return self._fence.action(*self._fence.first_close)
        return answer("\n".join(self._said), "a code block")

    def _line(self, line: str) -> RunCell | None:
        if self._fence is None:
            self._outside(line)
            return None
        self._said.append(line)
        closed = self._fence.take(line, self.read)
        if not closed:
            return None
        fence, self._fence = self._fence, None
        return fence.action(len(fence.lines), self.read) if fence.runs else None

    def _outside(self, line: str) -> None:
        outside = self._thoughts.without(line)
        if outside is None:
            return
        line = outside
        self._said.append(line)
        match = _FENCE.match(line)
        if match and not ("`" in match[2] and "`" in match[3]):
            tag = _tag(match[3])
            self._fence = _Fence(
                match[2],
                start=self._start,
                runs=tag in self._tags,
                strings=OpenString(self._language),
                indent=match[1],
            )


@dataclass
class _Fence:
    """An open block that begins at character `start`. `first_close` is the first line that looked like its end (lines
    before it, end in the reply)."""

    marker: str
    start: int
    runs: bool
    strings: OpenString
    indent: str

    def __post_init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 0
        self.first_close: tuple[int, int] | None = None

    def take(self, line: str, end: int) -> bool:
        """Whether `line`, which ends at `end` of the reply, closes the block; else it is part of it."""
        match = _FENCE.match(line)
        if match and match[2][0] == self.marker[0] and len(match[2]) >= len(self.marker):
            closes = not match[3].strip()
            if closes and self.first_close is None:
                self.first_close = (len(self.lines), end)
            if not (self.runs and self.strings.is_open):
                if closes and self.depth == 0:
                    return True
                self.depth += -1 if closes else 1
        self.lines.append(line)
        if self.runs:
            self.strings.feed(line)
        return False

    def action(self, lines: int, end: int) -> RunCell:
        width = self._indentation(lines)
        source = "\n".join(without_indentation(line.removesuffix("\r"), width) for line in self.lines[:lines])
        if not source.strip():
            raise FormatError("Your code block was empty. Send the code to run, or the answer as plain text.")
        return RunCell(source.strip("\n"), self.start, end)

    def _indentation(self, lines: int) -> int:
        """How far the block is indented: as its fence (CommonMark 0.31, 4.5), but no more than its first line."""
        first = next((line for line in self.lines[:lines] if line.strip()), "")
        return min(len(self.indent), indentation(first))


def _tag(info: str) -> str:
    """The language in a fence's info string: `python title="x"`, `{python}`, `{.python}`, `language-python`."""
    return _TAG.split(info.strip().lstrip("{ ."), maxsplit=1)[0].lower().removeprefix("language-")
