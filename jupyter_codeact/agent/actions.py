"""From the text of a reply to what it asks for, while it is still being streamed: pure, in linear time.

The `fenced` format: the first fenced code block in the kernel's language is the action and ends the reply. A block
without a language tag counts; one in another language is shown to the user and not run. A reply without an action is
the answer, when its finish reason proves that it is whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from jupyter_codeact.agent.strings import OpenString
from jupyter_codeact.errors import FormatError

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
_WHOLE = frozenset({"stop", "end_turn", "eos", "tool_calls", "action"})


@dataclass(frozen=True)
class RunCell:
    """Run `source`; the action ends at character `end` of the reply."""

    source: str
    end: int


@dataclass(frozen=True)
class Answer:
    """The run's answer."""

    text: str


Action: TypeAlias = RunCell | Answer


class ReplyParser(Protocol):
    """Reads one reply."""

    def feed(self, text: str) -> RunCell | None:
        """More of the reply; the action, as soon as it is complete."""
        ...

    def finish(self, finish_reason: str) -> Action:
        """The action of the whole reply. Raises `FormatError` with what to tell the model."""
        ...


class FencedParser:
    """The format `fenced`, for a kernel of `language`."""

    def __init__(self, language: str) -> None:
        self._language = language.lower()  # R's kernel calls itself "R"
        self._tags = ALIASES.get(self._language, frozenset({self._language})) | {""}
        self._said: list[str] = []
        self._tail: list[str] = []
        self.read = 0
        """How many characters of the reply are behind the parser: those of the complete lines."""
        self._thinking = False
        self._fence: _Fence | None = None

    def feed(self, text: str) -> RunCell | None:
        self._tail.append(text)
        if "\n" not in text:
            return None
        *lines, rest = "".join(self._tail).split("\n")
        self._tail = [rest]
        for line in lines:
            self.read += len(line) + 1
            if action := self._line(line):
                return action
        return None

    def finish(self, finish_reason: str) -> Action:
        rest, self._tail = "".join(self._tail), []
        self.read += len(rest)
        if rest and (action := self._line(rest)):
            return action
        if finish_reason not in _WHOLE:
            raise FormatError(
                f"Your reply was cut off ({finish_reason}) before it was complete, and nothing was run. "
                "Reply again, shorter; split long code over several cells."
            )
        if self._fence is not None and self._fence.runs:
            if self._fence.first_close is None:
                raise FormatError("Your code block was never closed, and was not run. Send it again, closed.")
            return self._fence.action(*self._fence.first_close)
        answer = "\n".join(self._said).strip()
        if not answer:
            raise FormatError("Your reply was empty. Send a code block to run, or the answer as plain text.")
        return Answer(answer)

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
        # Local reasoning models write <think> ... </think> into the reply itself; code in it is not meant to run, and
        # thoughts are no answer.
        if line.lstrip().startswith("<think>"):
            self._thinking = True
        if self._thinking:
            _, closed, line = line.partition("</think>")
            self._thinking = not closed
            if not line:
                return
        self._said.append(line)
        match = _FENCE.match(line)
        if match and not ("`" in match[2] and "`" in match[3]):
            tag = _tag(match[3])
            self._fence = _Fence(match[2], runs=tag in self._tags, strings=OpenString(self._language), indent=match[1])


@dataclass
class _Fence:
    """An open block. `first_close` is the first line that looked like its end (lines before it, end in the reply)."""

    marker: str
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
        source = "\n".join(_outdented(line.removesuffix("\r"), width) for line in self.lines[:lines])
        if not source.strip():
            raise FormatError("Your code block was empty. Send the code to run, or the answer as plain text.")
        return RunCell(source.strip("\n"), end)

    def _indentation(self, lines: int) -> int:
        """How far the block is indented: as its fence (CommonMark 0.31, 4.5), but no more than its first line."""
        first = next((line for line in self.lines[:lines] if line.strip()), "")
        return min(len(self.indent), _leading(first))


def _outdented(line: str, width: int) -> str:
    return line[min(width, _leading(line)) :]


def _leading(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _tag(info: str) -> str:
    """The language in a fence's info string: `python title="x"`, `{python}`, `{.python}`, `language-python`."""
    return _TAG.split(info.strip().lstrip("{ ."), maxsplit=1)[0].lower().removeprefix("language-")
